"""What a machine reads is a suggestion: a fake Tesseract on the path, the real one where it is installed."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from tuphap.modules.civil_status.public import ENTRY_KINDS
from tuphap.modules.digitisation import ocr, pdf

from .shelf import scan_of

KIND = ENTRY_KINDS["civil_status.birth"]
TOLD = """SỔ ĐĂNG KÝ KHAI SINH
Họ và tên: NGUYỄN VĂN LÂM
Ngày, tháng, năm sinh: 05/3/1998 .....
Giới tính : Nam
Nơi sinh: Trạm xá xã
Họ và tên: Trần Thị Hoa
Dân tộc:
"""


def picture_of(*lines: str) -> bytes:
    """A page as a scanner makes it: one picture in a PDF."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (1200, 120 * len(lines) + 80), 255)
    draw = ImageDraw.Draw(page)
    for row, line in enumerate(lines):
        draw.text((40, 40 + 120 * row), line, fill=0, font=ImageFont.load_default(size=52))
    out = io.BytesIO()
    page.save(out, format="PDF", resolution=150)
    return out.getvalue()


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name which says what it is told to say, and keeps what it was given."""
    (tmp_path / "told").write_text(TOLD, encoding="utf-8")
    program = tmp_path / "tesseract"
    program.write_text('#!/bin/sh\nif [ "$1" = --list-langs ]; then echo vie; exit 0; fi\n'
                       f"cat > {tmp_path}/given\ncat {tmp_path}/told\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_lines_with_a_head_that_is_known_are_suggestions(fake: Path) -> None:
    told = ocr.suggestions(KIND, ocr.read(picture_of("x"), "application/pdf"))
    assert told == {
        "child.name": "NGUYỄN VĂN LÂM", "child.born_on": "05/3/1998", "child.sex": "Nam",
        "event.place": "Trạm xá xã", "mother.name": "Trần Thị Hoa"}
    assert (fake / "given").read_bytes()[:2] in (b"\xff\xd8", b"\x89P")  # the picture itself, out of its PDF


def test_what_fails_suggests_nothing(fake: Path) -> None:
    assert ocr.read(scan_of("no picture"), "application/pdf") == ""
    assert ocr.read(b"%PDF broken", "application/pdf") == ""
    (fake / "tesseract").write_text("#!/bin/sh\n[ \"$1\" = --list-langs ] && echo vie && exit 0\nexit 1\n")
    assert ocr.read(picture_of("x"), "application/pdf") == ""


def test_without_it_there_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not ocr.is_installed()
    assert ocr.read(picture_of("x"), "application/pdf") == ""


@pytest.mark.skipif(not ocr.is_installed(), reason="Tesseract with Vietnamese is not installed")
def test_the_real_one_reads_a_page() -> None:
    read = ocr.read(picture_of("Ho va ten: TRAN VAN NAM", "Dan toc: Kinh"), "application/pdf")
    assert ocr.suggestions(KIND, read) == {"child.name": "TRAN VAN NAM", "child.ethnicity": "Kinh"}


def test_pages_are_counted() -> None:
    assert pdf.count_pages(scan_of("x", pages=7)) == 7
    assert pdf.count_pages(picture_of("x")) == 1
    for wrong in (b"", b"GIF89a", b"%PDF-1.4 half"):
        with pytest.raises(pdf.Unreadable):
            pdf.count_pages(wrong)
