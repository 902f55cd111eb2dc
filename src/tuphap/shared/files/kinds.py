"""Which files are taken in, known by what they contain and never by what they are called."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .refusals import FileEmpty, FileTooLarge, FileType, FileUnreadable, FileUnsafe
from .writings import check_signed_xml, check_word

# What reads pictures and PDFs is loaded by the first who looks into one: every process knows of files, few open them.
if TYPE_CHECKING:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.reader import PdfFileReader

LARGEST = 20 * 1024 * 1024  # bytes; the limit that the portal states beside every upload
MOST_PIXELS = 100_000_000  # A3 at 600 dpi, with room
MOST_OBJECTS = 200_000  # of a PDF; a scanned book of a thousand pages has some ten thousand


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken in: its media type, its first bytes, the ending of its name.

    ``also``: by which other media types senders call it.
    """

    media_type: str
    magic: bytes
    ending: str
    also: tuple[str, ...] = ()

    @property
    def is_picture_of_paper(self) -> bool:
        """Whether it can be the scan of a paper."""
        return self.ending in (".pdf", ".jpg", ".png")


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = (
    Kind("application/pdf", b"%PDF-", ".pdf"),
    Kind("image/jpeg", b"\xff\xd8\xff", ".jpg", ("image/jpg",)),
    Kind("image/png", b"\x89PNG\r\n\x1a\n", ".png"),
    Kind(WORD, b"PK\x03\x04", ".docx", ("application/zip",)),
    Kind("application/xml", b"<", ".xml", ("text/xml",)),
)
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"


def recognise(content: bytes, *, media_type: str) -> Kind:
    """The kind of this content, which was looked through for what may not be taken in.

    :param media_type: what the sender says it is; ``application/octet-stream`` says nothing.
    :raises FileEmpty, FileTooLarge, FileType, FileUnreadable, FileUnsafe, FileUnsigned: see :mod:`.refusals`.
    """
    kind = kind_of(content, media_type=media_type)
    _CHECKS[kind.ending](content)
    return kind


def kind_of(content: bytes, *, media_type: str) -> Kind:
    """The kind by size and first bytes alone.

    :raises FileEmpty, FileTooLarge, FileType: see :mod:`.refusals`.
    """
    if not content:
        raise FileEmpty()
    if len(content) > LARGEST:
        raise FileTooLarge(limit=LARGEST // (1024 * 1024))
    begin = content[:64].lstrip(_BEFORE_XML)
    kind = next((k for k in KINDS if (begin if k.ending == ".xml" else content).startswith(k.magic)), None)
    if kind is None or media_type not in (kind.media_type, *kind.also, "application/octet-stream", ""):
        raise FileType()
    return kind


def _check_picture(content: bytes) -> None:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            width, height = picture.size
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise FileUnreadable() from error
    if width * height > MOST_PIXELS:
        raise FileTooLarge(limit=LARGEST // (1024 * 1024))


def _check_pdf(content: bytes) -> None:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(content), strict=False)
        if reader.encrypted:
            raise FileUnsafe(reason="tệp được đặt mật khẩu hoặc mã hoá")
        if "/Pages" not in reader.root:
            raise FileUnreadable()
        for count, value in enumerate(_dictionaries(reader)):
            if count > MOST_OBJECTS:
                raise FileUnreadable()
            _check_dictionary(value)
    except (PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise FileUnreadable() from error


def _dictionaries(reader: PdfFileReader) -> Iterator[generic.DictionaryObject]:
    """Every dictionary of every revision, those in compressed object streams and nested ones too."""
    from pyhanko.pdf_utils import generic

    for revision in range(reader.xrefs.total_revisions):
        for reference in reader.xrefs.explicit_refs_in_revision(revision):
            stored = reader.get_object(
                reference, revision=revision, transparent_decrypt=False
            )
            waiting: list[Any] = [stored]
            while waiting:
                value = waiting.pop()
                if isinstance(value, generic.DictionaryObject):
                    yield value
                    waiting.extend(value.raw_get(key) for key in value)
                elif isinstance(value, generic.ArrayObject):
                    waiting.extend(value.raw_get(index) for index in range(len(value)))


SCRIPTED = frozenset({"/JavaScript", "/Launch", "/Rendition", "/RichMediaExecute", "/ImportData", "/SubmitForm"})


def _check_dictionary(value: generic.DictionaryObject) -> None:
    action = value.raw_get("/S") if "/S" in value else None
    if action in SCRIPTED or "/JS" in value or "/JavaScript" in value:
        raise FileUnsafe(reason="tệp có chứa mã lệnh")
    kind = value.raw_get("/Type") if "/Type" in value else None
    subtype = value.raw_get("/Subtype") if "/Subtype" in value else None
    if kind in ("/EmbeddedFile", "/Filespec") or subtype in ("/FileAttachment", "/RichMedia") or "/EF" in value:
        raise FileUnsafe(reason="tệp có đính kèm tệp khác")
    if "/EmbeddedFiles" in value:
        raise FileUnsafe(reason="tệp có đính kèm tệp khác")


_CHECKS: dict[str, Callable[[bytes], None]] = {
    ".pdf": _check_pdf, ".jpg": _check_picture, ".png": _check_picture, ".docx": check_word, ".xml": check_signed_xml,
}
