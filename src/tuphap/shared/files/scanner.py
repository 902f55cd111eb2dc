"""The port to a malware scanner. The built-in one knows only the industry's test file; a real one is set by name."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tuphap.kernel.refusal import Refusal


class FileInfected(Refusal):
    code = "files.infected"
    message_vi = "Tệp bị từ chối vì có mã độc ({name})."


class Scanner(Protocol):
    """Says what is wrong with a file, or None where nothing was found."""

    def scan(self, content: bytes) -> str | None: ...


class BuiltIn:
    """Finds the EICAR test file, wherever in the content it stands: shows that refusal works end to end."""

    # In two pieces, or every scanner on the way would take this source for the thing itself.
    MARK = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

    def scan(self, content: bytes) -> str | None:
        return "EICAR" if self.MARK in content else None


def scan(content: bytes) -> None:
    """Have the configured scanner (``settings.FILE_SCANNER``) look at the content.

    :raises FileInfected: it found something.
    """
    found = _scanner().scan(content)
    if found is not None:
        raise FileInfected(name=found)


def _scanner() -> Scanner:
    name = getattr(settings, "FILE_SCANNER", None)
    scanner: Scanner = import_string(name)() if name else BuiltIn()
    return scanner
