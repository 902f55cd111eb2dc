"""From facts to a PDF/A-2b: the same facts on the same day give the same bytes.

Typst runs over the template's text with a root folder that holds nothing but the common library, the fonts shipped
here and no others, no packages, no clock. Facts travel as JSON: typst shows strings and never reads them as markup.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings

from tuphap.kernel.clock import VIETNAM, localtime
from tuphap.kernel.qr import qr_svg
from tuphap.kernel.refusal import Refusal

from .declarations import DocumentTemplate, template_on

HERE = Path(__file__).parent
ROOT = HERE / "typst"
FONTS = HERE / "fonts"
STANDARD: Final = "a-2b"


class CannotRender(Refusal):
    """The template does not go with the data: a defect of the module, told plainly."""

    code = "documents.cannot_render"
    message_vi = "Không tạo được văn bản theo mẫu {template}."
    status = 500


@dataclass(frozen=True, slots=True)
class Issue:
    """What the platform itself prints on an issued paper: its code, who signs, for which office, when."""

    code: str
    signer: str
    signer_title: str
    agency: str
    at: datetime


def render(template_code: str, data: dict[str, Any], *, on: date, issue: Issue | None = None) -> bytes:
    """The paper as PDF/A-2b.

    :param data: what the template shows; JSON values.
    :param on: the day that chooses the template's version and dates the file.
    :param issue: without it the paper is a preview and says so.
    :raises UnknownTemplate: no version is in use on this day.
    :raises CannotRender: the template does not go with this data.
    """
    return render_version(template_on(template_code, on=on), data, on=on, issue=issue)


def render_version(
    template: DocumentTemplate, data: dict[str, Any], *, on: date, issue: Issue | None = None
) -> bytes:
    """Like :func:`render`, with the version already chosen."""
    meta: dict[str, Any] = {"title": template.title, "date": [on.year, on.month, on.day], "preview": issue is None}
    if issue is not None:
        meta |= _issued(issue)
    compiler = typst.Compiler(
        input=template.source.read_bytes(), root=str(ROOT), font_paths=_fonts(), ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "meta": json.dumps(meta, ensure_ascii=False)},
        package_path=_nowhere(), package_cache_path=_nowhere(),
    )
    moment = issue.at if issue is not None else datetime.combine(on, time(), VIETNAM)
    try:
        paper = compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=int(moment.timestamp()))
    except typst.TypstError as error:
        raise CannotRender(template=template.code, detail=error.message) from error
    if not isinstance(paper, bytes):
        raise CannotRender(template=template.code, detail="no bytes")
    return paper


def check_address(code: str) -> str:
    """The address behind the QR code: the public check of this very document."""
    return f"{settings.PUBLIC_URL}/xac-minh/{code}/"


def spaced(code: str) -> str:
    """The code in groups of five, as it is printed and read aloud."""
    return " ".join(code[start:start + 5] for start in range(0, len(code), 5))


def signed_at_text(at: datetime) -> str:
    """The time of signing as the box shows it, with its offset."""
    return localtime(at).strftime("%H:%M:%S %d/%m/%Y +07:00")


def _issued(issue: Issue) -> dict[str, Any]:
    groups = spaced(issue.code).split(" ")
    return {
        "code": issue.code,
        "code_spaced": spaced(issue.code),
        "code_lines": [" ".join(groups[:3]), " ".join(groups[3:])],
        "check_address": f"{settings.PUBLIC_URL}/xac-minh".removeprefix("https://").removeprefix("http://"),
        "qr": qr_svg(check_address(issue.code)),
        "signer": issue.signer,
        "signer_title": issue.signer_title,
        "agency": issue.agency,
        "signed_at": signed_at_text(issue.at),
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _nowhere() -> str:
    """A folder without typst packages: templates may not fetch any."""
    folder = Path(tempfile.gettempdir()) / "tuphap-no-typst-packages"
    return str(folder)
