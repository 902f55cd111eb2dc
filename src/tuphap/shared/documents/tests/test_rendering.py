"""Papers as they look: every Vietnamese letter in four styles, the same bytes each time, and text that stays text."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tuphap.kernel.ids import new_public_code

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
EVERY = [*LETTERS, *(letter.upper() for letter in LETTERS), *"bcdghklmnpqrstvxBCDGHKLMNPQRSTVX0123456789.,;:()–…“”/₫"]
ON = date(2026, 11, 21)
poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="not on this machine: poppler-utils")
STYLES = """#import "/vanban.typ": *
#show: paper
#for style in ((400, "normal"), (700, "normal"), (400, "italic"), (700, "italic")) {
  block(text(weight: style.at(0), style: style.at(1), data.letters))
}
"""


def template(tmp_path: Path, source: str, name: str = "probe"):
    from tuphap.shared.documents.declarations import DocumentTemplate

    place = tmp_path / f"{name}.typ"
    place.write_text(source)
    return DocumentTemplate(f"test.{name}", "Văn bản thử", "1", date(2020, 1, 1), place)


def rendered(tmp_path: Path, source: str, data: dict) -> bytes:
    from tuphap.shared.documents.rendering import render_version

    return render_version(template(tmp_path, source), data, on=ON)


def text_of(paper: bytes, tmp_path: Path) -> str:
    place = tmp_path / "paper.pdf"
    place.write_bytes(paper)
    told = subprocess.run(["pdftotext", "-raw", place, "-"], capture_output=True, text=True, check=True, timeout=60)
    return unicodedata.normalize("NFC", told.stdout)


@poppler
def test_every_letter_of_vietnamese_is_there_in_four_styles(tmp_path) -> None:
    paper = rendered(tmp_path, STYLES, {"letters": " ".join(EVERY)})
    words = text_of(paper, tmp_path).split()
    assert [words.count(letter) >= 4 for letter in EVERY] == [True] * len(EVERY)
    fonts = subprocess.run(
        ["pdffonts", tmp_path / "paper.pdf"], capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()[2:]
    names = {line.split()[0].split("+")[1] for line in fonts}
    assert names == {f"LiberationSerif{style}" for style in ("", "-Bold", "-Italic", "-BoldItalic")}
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts), "embedded, subset, with Unicode"


def test_every_letter_has_a_glyph_of_its_own(tmp_path) -> None:
    """An absent glyph is drawn as the same empty box; here each letter must be drawn, and differently."""
    import typst

    from tuphap.shared.documents.rendering import FONTS

    for style in ("weight: 400", "weight: 700", 'weight: 400, style: "italic"', 'weight: 700, style: "italic"'):
        source = f"""#set page(width: 16mm, height: 16mm, margin: 2mm)
#for letter in json(bytes(sys.inputs.letters)) {{
  page(text(font: "Liberation Serif", size: 24pt, fallback: false, {style}, letter))
}}"""
        import json

        pictures = typst.compile(
            source.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True, format="png", ppi=40.0,
            sys_inputs={"letters": json.dumps([*LETTERS, *(x.upper() for x in LETTERS), "\U0010fffd"])},
        )
        assert isinstance(pictures, list)
        assert len(set(pictures)) == len(pictures) == 2 * len(LETTERS) + 1


def test_the_same_facts_give_the_same_bytes() -> None:
    from tuphap.shared.documents.rendering import Issue, render_version

    from .offices import FACTS, TEMPLATE

    issue = Issue(new_public_code(), "Trần Văn Ơn", "Chủ tịch", "UBND", datetime(2026, 11, 21, 3, tzinfo=UTC))
    first, second = (render_version(TEMPLATE, FACTS, on=ON, issue=issue) for _ in range(2))
    assert first == second
    assert render_version(TEMPLATE, FACTS, on=date(2026, 11, 22), issue=issue) != first
    assert b"pdfaid:part" in first
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>\s*<pdfaid:conformance>B", first)


@poppler
@pytest.mark.parametrize("text", [
    "#panic()", '#read("/etc/passwd")', "*đậm* _nghiêng_ = Tiêu đề", "$x^2$", "<nhãn> @nhãn", "\\u{41} \\ #{1+1}",
    '"]; #sys.inputs', "`raw` ```typ #panic()```", "/* chú thích */ // hết", "#import \"/vanban.typ\": *", "[#emph[x]]",
])
def test_text_from_people_stays_text(text, tmp_path) -> None:
    from tuphap.shared.documents.rendering import render_version

    from .offices import FACTS, TEMPLATE

    paper = render_version(TEMPLATE, {**FACTS, "place": text, "number": text}, on=ON)
    shown = "".join(text_of(paper, tmp_path).split())
    assert shown.count("".join(text.split())) >= 2


@pytest.mark.parametrize("source", [
    '#read("/etc/passwd")', '#read("../../../../etc/passwd")', '#read("/../fonts/OFL.txt")', '#image("/x.png")',
    '#import "@preview/cades:0.3.0": *', "#panic(1)", "#data.nothing",
])
def test_a_template_reaches_nothing_but_the_common_library(source, tmp_path) -> None:
    from tuphap.shared.documents.rendering import CannotRender

    with pytest.raises(CannotRender):
        rendered(tmp_path, f'#import "/vanban.typ": *\n{source}', {})


def test_the_common_library_never_reads_text_as_code() -> None:
    from tuphap.shared.documents.rendering import ROOT

    for place in ROOT.glob("*.typ"):
        assert "eval(" not in place.read_text()


def test_versions_take_over_on_their_day(tmp_path) -> None:
    from tuphap.shared.documents import declarations

    def version(number: str, day: date):
        return declarations.DocumentTemplate("test.dated", "Văn bản", number, day, tmp_path / "x.typ")

    for made in (version("1", date(2025, 1, 1)), version("2", date(2026, 3, 1))):
        made.install()
    assert declarations.template_on("test.dated", on=date(2026, 2, 28)).version == "1"
    assert declarations.template_on("test.dated", on=date(2026, 3, 1)).version == "2"
    with pytest.raises(declarations.UnknownTemplate):
        declarations.template_on("test.dated", on=date(2024, 12, 31))
    with pytest.raises(ValueError, match="twice"):
        version("2", date(2026, 4, 1)).install()


@poppler
@pytest.mark.django_db
def test_the_printed_paper_says_who_signed_and_its_qr_code_leads_to_the_check(office, noon, tmp_path) -> None:
    from tuphap.shared.documents import api as documents

    document, content = office.issue(noon)
    text = " ".join(text_of(content, tmp_path).split())
    assert "Ký bởi: TRẦN VĂN ƠN" in text
    assert "Thời gian ký: 12:00:00 15/06/2025 +07:00" in text
    assert documents.spaced(document.code) in text
    subprocess.run(["pdftoppm", "-r", "150", "-png", "paper.pdf", "page"], cwd=tmp_path, check=True, timeout=60)
    page = Image.open(next(tmp_path.glob("page*.png")))
    for turned in (page, page.rotate(7, expand=True, fillcolor="white")):
        read = zxingcpp.read_barcodes(turned, formats=zxingcpp.BarcodeFormat.QRCode)
        assert [found.text for found in read] == [documents.check_address(document.code)]
