"""What a machine reads in a scan: suggestions beside the places, never content. Works where Tesseract is installed.

Scans are PDFs of one picture a page: the picture is taken out as it lies there, nothing is drawn anew. Tesseract
(program ``tesseract`` with the language ``vie``) is a program of its own, called with a time limit; where it is not
installed, or fails, there are no suggestions and nothing else changes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping

from tuphap.engines.vietnamese import fold
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status.public import EntryKind

from . import pdf

PROGRAM = "tesseract"
SECONDS = 12  # of one page: a person waits for the page meanwhile, not for this
MOST_PAGES = 2
# How else printed books head a place than the form does; folded. The form's own titles are tried as well.
HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("ho va ten", "ho ten", "ho chu dem ten"), "born_on": ("ngay thang nam sinh", "sinh ngay", "ngay sinh"),
    "sex": ("gioi tinh", "nam nu"), "ethnicity": ("dan toc",), "nationality": ("quoc tich",), "place": ("noi sinh",),
    "native_place": ("que quan",), "residence": ("noi cu tru", "noi thuong tru", "cho o"),
    "died_on": ("chet ngay", "ngay chet"), "cause": ("nguyen nhan chet", "nguyen nhan"), "page": ("trang so",),
}


def is_installed() -> bool:
    """Whether Tesseract is there with Vietnamese."""
    program = shutil.which(PROGRAM)
    if program is None:
        return False
    try:
        told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return "vie" in (told.stdout + told.stderr).split()


def read(content: bytes, media_type: str) -> str:
    """The text that Tesseract sees in a scan; empty where it is not installed, sees nothing, or takes too long."""
    if not is_installed():
        return ""
    pictures = pdf.pictures(content, most=MOST_PAGES) if media_type == "application/pdf" else iter((content,))
    return "\n".join(filter(None, map(_read_picture, pictures)))


def _read_picture(picture: bytes) -> str:
    command = [str(shutil.which(PROGRAM)), "stdin", "stdout", "-l", "vie", "--psm", "6"]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def suggestions(kind: EntryKind, text: str) -> dict[str, str]:
    """Places of which a line of the text seems to tell: path → what follows its head. The first line that fits counts.

    A head that several people of the form have (name, day of birth) goes to them in the order of the form.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        head, colon, told = tidy(line).partition(":")
        told = tidy(told.strip(" .…_-"))
        if not colon or not told:
            continue
        wanted = re.sub(r"[^a-z ]", "", fold(head)).strip()
        wanted = " ".join(wanted.split())
        path = next((path for path, heads in _heads(kind) if path not in found and wanted in heads), None)
        if path is not None:
            found[path] = told[:400]
    return found


def _heads(kind: EntryKind) -> Iterator[tuple[str, tuple[str, ...]]]:
    for part in kind.parts:
        for place in part.places:
            own = " ".join(re.sub(r"[^a-z ]", "", fold(place.title)).split())
            yield f"{part.code}.{place.code}", (own, *HEADS.get(place.code, ()))
