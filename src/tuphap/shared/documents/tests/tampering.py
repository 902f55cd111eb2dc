"""What somebody does to an issued file before showing it."""

from __future__ import annotations

import io

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject


def with_byte_changed(issued: bytes) -> bytes:
    """One bit, within the page's own content, which both signatures cover."""
    content = bytearray(issued)
    content[content.index(b"stream") + 60] ^= 1
    return bytes(content)


def with_page_added(issued: bytes) -> bytes:
    """A page more, in an update of its own after the last signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(issued))
    text = generic.StreamObject(stream_data=b"BT /F1 20 Tf 100 700 Td (Them) Tj ET")
    writer.insert_page(PageObject(contents=writer.add_object(text), media_box=(0, 0, 595, 842)))
    return written(writer)


def with_annotation_added(issued: bytes) -> bytes:
    """A note upon the first page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(issued))
    note = generic.DictionaryObject({
        generic.pdf_name("/Type"): generic.pdf_name("/Annot"), generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
        generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (10, 10, 40, 40))),
        generic.pdf_name("/Contents"): generic.pdf_string("sửa: sinh năm 1990"),
    })
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(note))
    return written(writer)


def written(writer: IncrementalPdfFileWriter) -> bytes:
    """The file with its update."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
