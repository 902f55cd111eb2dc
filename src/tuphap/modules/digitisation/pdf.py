"""What the scans of a book are made of: a PDF with one picture a page. Read from its structure, nothing is drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any


class Unreadable(ValueError):
    """It does not open as a PDF."""


def count_pages(content: bytes) -> int:
    """The pages of a PDF; nought where its tree of pages is empty.

    :raises Unreadable: it does not open, or has no tree of pages.
    """
    from pyhanko.pdf_utils.misc import PdfError  # loaded by the first who looks into one, as in shared.files
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return int(PdfFileReader(io.BytesIO(content), strict=False).root["/Pages"]["/Count"])
    except (PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise Unreadable("không đọc được cấu trúc PDF") from error


def pictures(content: bytes, *, most: int) -> Iterator[bytes]:
    """The largest picture of each of the first pages as it lies there, as JPEG or PNG; pages without one are left out.

    Browsers show it without a reader of PDFs, telephones too. A file that does not open has none.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        pages = reader.root["/Pages"]["/Kids"]
        for index in range(min(len(pages), most)):
            objects = pages[index].get("/Resources", {}).get("/XObject", {})
            images = [objects[name] for name in objects if objects[name].get("/Subtype") == "/Image"]
            if images:
                yield _as_file(max(images, key=lambda one: int(one["/Width"]) * int(one["/Height"])))
    except (PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError):
        return


def _as_file(image: Any) -> bytes:
    """:raises ValueError: a picture that is stored in a way that no scanner uses."""
    if image.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        return bytes(image.encoded_data)
    from PIL import Image

    size = int(image["/Width"]), int(image["/Height"])
    mode = {"/DeviceRGB": "RGB", "/DeviceGray": "L"}.get(str(image.get("/ColorSpace")), "")
    if not mode or int(image.get("/BitsPerComponent", 8)) != 8:
        raise ValueError("unusual picture")
    out = io.BytesIO()
    Image.frombytes(mode, size, image.data).save(out, "PNG")
    return out.getvalue()
