"""What the platform has acknowledged, written down where no kill reaches: a file of this process, on disk at once."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Ledger:
    """One line for every acknowledged step: which dossier, which step, under which key, and what the answer said."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _descriptor: int = -1

    def __post_init__(self) -> None:
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, step: str, *, dossier: str, key: str, **said: Any) -> None:
        line = json.dumps({"step": step, "dossier": dossier, "key": key, **said}, ensure_ascii=False) + "\n"
        with self._lock:
            os.write(self._descriptor, line.encode())
            os.fsync(self._descriptor)

    def lines(self) -> list[dict[str, Any]]:
        """Everything that was acknowledged, in the order in which it was."""
        return [json.loads(line) for line in self.path.read_text().splitlines()]
