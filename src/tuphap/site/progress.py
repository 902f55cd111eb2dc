"""How far the sample has been filled: kept in one small file, shown by the front page and the terminal."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` steps; ``what`` says in Vietnamese what is being filled. ``finished``: nothing is left."""

    done: int
    total: int
    what: str
    finished: bool = False

    @property
    def percent(self) -> int:
        """Whole per cent; 100 only when finished."""
        if self.finished:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


def _path(home: Path) -> Path:
    return home / "state" / "sample.json"


def report(home: Path, progress: Progress) -> None:
    """Keep ``progress``; a reader sees the old one or the new one, never half of one."""
    path = _path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps({**asdict(progress), "at": time.time()}, ensure_ascii=False))
    part.replace(path)


def read(home: Path) -> Progress | None:
    """What was last kept, or None where no sample was ever begun."""
    try:
        kept = json.loads(_path(home).read_text())
    except (OSError, ValueError):
        return None
    return Progress(done=kept["done"], total=kept["total"], what=kept["what"], finished=kept["finished"])
