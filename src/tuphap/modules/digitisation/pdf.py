"""How many pages a PDF has: read from its structure, nothing is drawn."""

from __future__ import annotations

import io


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
