"""What is taken in, what is refused, and that what was taken in stays as it was."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.operation.api import operation

ACTOR = system_actor("test")


@operation
def take_in(*, content, name: str, media_type: str, actor, at):
    from tuphap.shared.files import api as files

    return files.store(content, name=name, media_type=media_type, actor=actor, at=at)


def kept(content, name="giay.pdf", media_type="application/pdf"):
    return take_in(content=content, name=name, media_type=media_type, actor=ACTOR, at=now())


def pdf(root: dict | None = None, *, secret: str = "", stream_xrefs: bool = True) -> bytes:
    writer = PdfFileWriter(stream_xrefs=stream_xrefs)
    content = generic.StreamObject(stream_data=b"BT ET")
    writer.insert_page(PageObject(contents=writer.add_object(content), media_box=(0, 0, 100, 100)))
    for key, value in (root or {}).items():
        writer.root[pdf_name(key)] = value
    if secret:
        writer.encrypt(owner_pass=secret, user_pass=secret)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def script(code: str = "app.alert(1)") -> generic.DictionaryObject:
    return nested(S=pdf_name("/JavaScript"), JS=generic.pdf_string(code))


def nested(**values) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): value for key, value in values.items()})


def named(value: object) -> str | None:
    """A short name for a whole file; it holds its day, and every process of a divided run must give the same."""
    return "file" if isinstance(value, bytes) else None


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "media_type", "ending"), [
    (pdf(), "application/pdf", ".pdf"), (pdf(stream_xrefs=False), "application/pdf", ".pdf"),
    (picture("JPEG"), "image/jpeg", ".jpg"), (picture("PNG"), "image/png", ".png"),
    (picture("PNG"), "application/octet-stream", ".png"),
], ids=named)
def test_papers_and_pictures_are_taken_in(content, media_type, ending) -> None:
    from tuphap.shared.files import api as files

    stored = kept(content, "Giấy chứng sinh.bin", media_type)
    assert stored.name == f"Giấy chứng sinh{ending}"
    assert files.read(stored) == content
    with files.open_file(stored) as file:
        assert file.read() == content


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "media_type", "code"), [
    (b"", "application/pdf", "files.empty"),
    (b"MZ" + b"\0" * 100, "application/pdf", "files.type"),
    (b"<html><script>1</script>", "text/html", "files.type"),
    (picture("PNG"), "application/pdf", "files.type"),
    (pdf(), "image/png", "files.type"),
    (b"%PDF-" + b"\0" * 21 * 1024 * 1024, "application/pdf", "files.too_large"),
    (b"%PDF-1.7 and nothing after it", "application/pdf", "files.unreadable"),
    (pdf()[:-200], "application/pdf", "files.unreadable"),
    (picture("JPEG")[:20], "image/jpeg", "files.unreadable"),
    (pdf(secret="mat-khau"), "application/pdf", "files.unsafe"),
    (pdf({"/OpenAction": script()}), "application/pdf", "files.unsafe"),
    (pdf({"/AA": nested(WC=script())}), "application/pdf", "files.unsafe"),
    (pdf({"/Names": nested(EmbeddedFiles=nested(Names=generic.ArrayObject()))}), "application/pdf", "files.unsafe"),
    (pdf({"/OpenAction": nested(S=pdf_name("/Launch"))}), "application/pdf", "files.unsafe"),
], ids=named)
def test_everything_else_is_refused(content, media_type, code) -> None:
    with pytest.raises(Refusal) as refused:
        kept(content, media_type=media_type)
    assert refused.value.code == code


@pytest.mark.django_db
def test_a_script_hidden_in_an_older_revision_or_a_packed_object_is_found() -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    later = IncrementalPdfFileWriter(io.BytesIO(pdf()))
    later.add_object(script("hidden()"), obj_stream=later.prepare_object_stream())
    later.update_root()
    out = io.BytesIO()
    later.write(out)
    assert b"hidden()" not in out.getvalue()
    with pytest.raises(Refusal) as refused:
        kept(out.getvalue())
    assert refused.value.code == "files.unsafe"


@pytest.mark.django_db
def test_the_industrys_test_virus_is_refused_wherever_it_stands() -> None:
    from tuphap.shared.files.scanner import BuiltIn

    for content in (BuiltIn.MARK, pdf() + b"\n%" + BuiltIn.MARK, picture("JPEG") + BuiltIn.MARK):
        with pytest.raises(Refusal) as refused:
            kept(content)
        assert refused.value.code == "files.infected"


@pytest.mark.django_db
def test_a_scanner_is_chosen_by_name(settings) -> None:
    settings.FILE_SCANNER = f"{__name__}.Suspicious"
    with pytest.raises(Refusal, match="Mẫu thử"):
        kept(pdf())


class Suspicious:
    """A scanner that likes nothing."""

    def scan(self, content: bytes) -> str | None:
        return "Mẫu thử"


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "name"), [
    ("../../etc/passwd", "passwd.pdf"), ("C:\\Users\\lan\\khai sinh.PDF", "khai sinh.pdf"), ("...", "tep.pdf"),
    ("a\x00b\n<c>.pdf", "a b c.pdf"), ("", "tep.pdf"), ("x" * 500, "x" * 180 + ".pdf"),
])
def test_names_are_made_harmless(given, name) -> None:
    assert kept(pdf(), given).name == name


@pytest.mark.django_db
def test_the_same_bytes_are_kept_once_and_a_changed_store_is_noticed(settings) -> None:
    from tuphap.shared.files import api as files

    content = pdf()
    first, second = kept(content), kept(content, "other.pdf")
    assert first.sha256 == second.sha256
    assert first.pk != second.pk
    place = Path(settings.FILE_STORE) / first.sha256[:2] / first.sha256[2:4] / first.sha256
    assert len(list(place.parent.iterdir())) == 1
    place.chmod(0o600)
    place.write_bytes(content + b" ")
    with pytest.raises(files.FileDamaged):
        files.read(first)
    kept(content)
    assert files.read(first) == content, "what is taken in again mends the store"
    place.unlink()
    with pytest.raises(files.FileMissing):
        files.read(first)


@pytest.mark.django_db
def test_bytes_and_folders_are_on_disk_before_the_row_is_written(monkeypatch) -> None:
    from tuphap.shared.files import api as files
    from tuphap.shared.files.models import StoredFile

    order: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        order.append("folder" if Path(f"/proc/self/fd/{descriptor}").resolve().is_dir() else "file")
        real(descriptor)

    create = StoredFile.objects.create
    monkeypatch.setattr(files.os, "fsync", fsync)
    monkeypatch.setattr(StoredFile.objects, "create", lambda **row: (order.append("row"), create(**row))[1])
    kept(pdf({"/Lang": generic.pdf_string("vi")}))
    assert order == ["file", "folder", "folder", "folder", "row"]


@pytest.mark.django_db
def test_a_row_cannot_be_changed_or_removed() -> None:
    from django.db import IntegrityError, transaction

    from tuphap.shared.operation.testing import setting_up

    stored = kept(pdf())
    for change in (lambda: type(stored).objects.filter(pk=stored.pk).update(name="x"), stored.delete):
        with setting_up(), pytest.raises(IntegrityError), transaction.atomic():
            change()
