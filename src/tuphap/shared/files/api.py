"""Files taken in and kept: checked, content-addressed, on disk for certain before the database speaks of them."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from django.conf import settings

from tuphap.kernel.actor import Actor
from tuphap.kernel.ids import new_id
from tuphap.kernel.refusal import NotFound, Refusal
from tuphap.kernel.text import tidy

from .kinds import KINDS, LARGEST, Kind, kind_of, recognise
from .models import StoredFile
from .refusals import (
    FileEmpty,
    FileInfected,
    FileNoScan,
    FileTooLarge,
    FileType,
    FileUnreadable,
    FileUnsafe,
    FileUnsigned,
    ScannerAway,
)
from .scanner import scan

__all__ = [
    "KINDS", "LARGEST", "FileDamaged", "FileEmpty", "FileInfected", "FileMissing", "FileNoScan", "FileTooLarge",
    "FileType", "FileUnreadable", "FileUnsafe", "FileUnsigned", "ScannerAway", "StoredFile", "check", "open_file",
    "read", "store",
]


class FileMissing(NotFound):
    code = "files.missing"
    message_vi = "Tệp không còn trong kho lưu trữ."


class FileDamaged(Refusal):
    """The bytes in the store are no longer those that were taken in."""

    code = "files.damaged"
    message_vi = "Tệp trong kho lưu trữ đã bị thay đổi, không thể sử dụng."
    status = 500


def store(
    content: bytes | BinaryIO, *, name: str, media_type: str, actor: Actor, at: datetime, scan_of_paper: bool = False,
    made_here: bool = False,
) -> StoredFile:
    """Check the file, put its bytes on disk, then enter the row. Called inside an operation.

    A transaction that rolls back afterwards leaves bytes that no row names; they harm nobody.

    :param content: the bytes, or a stream that is read to its end.
    :param name: as the sender calls it; only its last part is kept.
    :param scan_of_paper: only a picture of a paper will do.
    :param made_here: this very process has made it; only its kind is looked at, not what a stranger might have hidden
        in it (a third of what it costs to issue a paper).
    :raises FileNoScan: it is none. The others: as ``check``.
    """
    data = content if isinstance(content, bytes) else content.read(LARGEST + 1)
    kind = kind_of(data, media_type=media_type) if made_here else check(data, media_type=media_type)
    if scan_of_paper and not kind.is_picture_of_paper:
        raise FileNoScan()
    sha256 = hashlib.sha256(data).hexdigest()
    _keep(sha256, data)
    return StoredFile.objects.create(
        name=_plain_name(name, kind.ending), media_type=kind.media_type, size=len(data), sha256=sha256,
        uploaded_by_id=actor.user_id, uploaded_at=at,
    )


def check(data: bytes, *, media_type: str) -> Kind:
    """What kind of file this is, if it may be taken in.

    :raises FileEmpty, FileTooLarge, FileType, FileUnreadable, FileUnsafe, FileUnsigned: see :mod:`.refusals`.
    :raises FileInfected, ScannerAway: malware was found, or nobody could look for it.
    """
    scan(data)
    return recognise(data, media_type=media_type)


def open_file(stored: StoredFile) -> BinaryIO:
    """The stored bytes as a stream, for answers that are sent while they are read.

    :raises FileMissing: the store has lost them.
    """
    try:
        return _place(stored.sha256).open("rb")
    except FileNotFoundError as error:
        raise FileMissing() from error


def read(stored: StoredFile) -> bytes:
    """The stored bytes, checked against their hash.

    :raises FileMissing: the store has lost them.
    :raises FileDamaged: they are not what was taken in.
    """
    with open_file(stored) as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise FileDamaged()
    return data


def _place(sha256: str) -> Path:
    return Path(settings.FILE_STORE) / sha256[:2] / sha256[2:4] / sha256


def _keep(sha256: str, data: bytes) -> None:
    """Have the bytes on disk under their hash: file first, then the folders that name it."""
    place = _place(sha256)
    if place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == sha256:
        return
    root = Path(settings.FILE_STORE)
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_name(f".{new_id()}")
    with half.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.chmod(0o440)
    half.rename(place)
    for folder in (place.parent, place.parent.parent, root):
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain_name(name: str, ending: str) -> str:
    """The last part of the name, without what file systems and headers choke on, with the right ending."""
    last = PurePosixPath(PureWindowsPath(tidy(name)).as_posix()).name
    stem = PurePosixPath(last).stem.strip(". ") or "tep"
    return f"{''.join(c for c in stem if c not in '<>:|?*')[:180]}{ending}"
