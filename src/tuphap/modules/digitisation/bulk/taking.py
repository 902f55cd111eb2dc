"""A file from a form onto the disk: looked at for malware, then laid down as every other."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from tuphap.modules.civil_status.public import EntryKind
from tuphap.shared.files.scanner import scan

from . import rules

if TYPE_CHECKING:
    from .sources import Source

_SPREADSHEET = b"PK\x03\x04"
_MOST_UNPACKED = 2 * 1024 * 1024 * 1024  # bytes: a million rows of fifteen columns, several times over
_LARGEST_SPREADSHEET = 30 * 1024 * 1024  # bytes: some ten thousand rows a second are read of such a file


def from_upload(upload: Any, folder: Path, kind: EntryKind) -> Source:
    """Lay down what a form has sent.

    :raises FileInfected, ScannerAway: malware was found, or nobody could look for it.
    :raises rules.UnreadableSource, rules.SourceTooLarge: see :func:`from_file`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part") as kept:
        for block in upload.chunks():
            kept.write(block)
        kept.flush()
        path = Path(kept.name)
        scan(path.read_bytes())
        return from_file(path, folder, kind, name=Path(upload.name).name)


def from_file(path: Path, folder: Path, kind: EntryKind, *, name: str = "") -> Source:
    """Lay down a file while somebody waits for it.

    :raises rules.UnreadableSource: it is none of the forms that are read, or is damaged.
    :raises rules.SourceTooLarge: a spreadsheet that takes minutes to read.
    """
    from . import sources

    with path.open("rb") as file:
        packed = file.read(4) == _SPREADSHEET
    if packed:
        _check_packed(path)
    return sources.lay_down(path, folder, kind, name=name or path.name)


def _check_packed(path: Path) -> None:
    if path.stat().st_size > _LARGEST_SPREADSHEET:
        raise rules.SourceTooLarge(limit=_LARGEST_SPREADSHEET // (1024 * 1024))
    try:
        with ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except BadZipFile as error:
        raise rules.UnreadableSource(what="tệp bị hỏng hoặc chưa tải lên hết") from error
    if unpacked > _MOST_UNPACKED:
        raise rules.UnreadableSource(what="tệp giải nén ra quá lớn")
