"""Word documents and signed XML: what makes them so, and what may hide in them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile, ZipInfo

from .refusals import FileType, FileUnreadable, FileUnsafe, FileUnsigned

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_PARTS = 2_000
LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes, of all parts together: ten times the largest file
LARGEST_LOOKED_INTO = 5 * 1024 * 1024  # bytes, of one list of types or relations

_TYPES = "[Content_Types].xml"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LINK = "/hyperlink"  # the one relation to something outside that loads nothing by itself
_ENCRYPTED = 0x1
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"


def check_word(content: bytes) -> None:
    """A Word document (OOXML) without macros, controls, packed files, and content fetched from elsewhere.

    :raises FileType: another kind of packed file, or a document that may carry macros.
    :raises FileUnreadable: damaged, or unpacking to more than anybody writes.
    :raises FileUnsafe: see above.
    """
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise FileUnreadable()
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise FileUnsafe(reason="tệp được đặt mật khẩu hoặc mã hoá")
            _check_types(packed)
            for part in parts:
                _check_part(part)
                if part.filename.endswith(".rels"):
                    _check_relations(packed, part)
            if packed.testzip() is not None:
                raise FileUnreadable()
    except (BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise FileUnreadable() from error


def _check_types(packed: ZipFile) -> None:
    if _TYPES not in packed.namelist():
        raise FileType()
    told = {part.get("ContentType", "") for part in _parsed(packed, packed.getinfo(_TYPES))}
    if any("macroEnabled" in one or "vbaProject" in one for one in told):
        raise FileUnsafe(reason="tệp có chứa mã lệnh")
    if _DOCUMENT not in told:
        raise FileType()


def _check_part(part: ZipInfo) -> None:
    name = part.filename.lower()
    if name.endswith("vbaproject.bin") or "/activex/" in name:
        raise FileUnsafe(reason="tệp có chứa mã lệnh")
    if "/embeddings/" in name:
        raise FileUnsafe(reason="tệp có đính kèm tệp khác")


def _check_relations(packed: ZipFile, part: ZipInfo) -> None:
    for relation in _parsed(packed, part):
        if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith(_LINK):
            raise FileUnsafe(reason="tệp lấy nội dung từ nơi khác")


def _parsed(packed: ZipFile, part: ZipInfo) -> _Element:
    if part.file_size > LARGEST_LOOKED_INTO:
        raise FileUnreadable()
    return _xml(packed.read(part))


def check_signed_xml(content: bytes) -> None:
    """XML that bears a signature (XMLDSig). Whose it is, and whether it holds, the officer who looks at it says.

    :raises FileUnreadable: no XML.
    :raises FileUnsafe: it declares entities, or how it is to be shown.
    :raises FileUnsigned: it bears none.
    """
    if not any(_is_whole(one) for one in _xml(content).iter(f"{_SIGNATURE}Signature")):
        raise FileUnsigned()


def _is_whole(signature: _Element) -> bool:
    value = signature.findtext(f"{_SIGNATURE}SignatureValue") or ""
    return signature.find(f"{_SIGNATURE}SignedInfo") is not None and bool(value.strip())


def _xml(content: bytes) -> _Element:
    """The root, read without entities, without the network, and without what unfolds."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise FileUnreadable() from error
    before = list(root.itersiblings(preceding=True))
    if root.getroottree().docinfo.doctype or any(one.tag is etree.ProcessingInstruction for one in before):
        raise FileUnsafe(reason="tệp có khai báo thực thể hoặc cách trình bày riêng")
    return root
