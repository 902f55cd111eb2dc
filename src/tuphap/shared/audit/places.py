"""Where checkpoints are kept besides the database: the port, and the places this installation knows.

``AUDIT_CHECKPOINT_PLACES`` lists them: folders (best on another machine, write-once) and ``mailto:`` addresses (the
department's official mail, where every message is kept by others).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage

from .checkpoints import Statement, as_text, file_name


class Place(Protocol):
    """Keeps a checkpoint; the same one may come twice."""

    def keep(self, statement: Statement) -> None:
        """:raises OSError: it could not be kept; tried again later."""


class Folder:
    """A folder of files, one for each checkpoint; a file that is there is never written over."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, statement: Statement) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        target = self.path / file_name(statement)
        if target.exists():
            return
        half = self.path / f".{target.name}.{os.getpid()}"
        with half.open("w", encoding="utf-8") as file:
            file.write(as_text(statement))
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Mail:
    """A message for each checkpoint."""

    def __init__(self, address: str) -> None:
        self.address = address

    def keep(self, statement: Statement) -> None:
        message = EmailMessage(
            f"Điểm kiểm nhật ký Tư Pháp Số đến mục {statement.seq_to}", as_text(statement), to=[self.address]
        )
        message.send()


def place_for(name: str) -> Place:
    """The place that a line of the setting names."""
    if name.startswith("mailto:"):
        return Mail(name.removeprefix("mailto:"))
    return Folder(Path(name))


def configured() -> tuple[str, ...]:
    """The places of this installation, as the setting writes them."""
    return tuple(str(place) for place in settings.AUDIT_CHECKPOINT_PLACES)
