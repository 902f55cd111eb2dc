"""Files of a form that came back with errors: kept aside for their sender, who need not choose them again.

What is held is no record: no row names it, no backup takes it, and it goes by itself after some hours.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tuphap.kernel.actor import Actor
from tuphap.kernel.refusal import NotFound

from .api import check

KEPT = timedelta(hours=12)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class NotHeld(NotFound):
    code = "files.not_held"
    message_vi = "Tệp đã chọn trước đó không còn được giữ. Vui lòng chọn lại tệp."


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One file kept aside; ``token`` finds it again, for its sender alone."""

    token: str
    name: str
    media_type: str
    size: int
    sender: str
    held_at: str

    def read(self) -> bytes:
        """:raises NotHeld: it has gone meanwhile."""
        try:
            return (_place(self.token) / "content").read_bytes()
        except FileNotFoundError as gone:
            raise NotHeld() from gone


def hold(content: bytes, *, name: str, media_type: str, actor: Actor, at: datetime) -> HeldFile:
    """Check the file as ``store`` does, and keep it aside for this person.

    :raises Refusal: it is not taken in, as ``api.check`` says.
    """
    kind = check(content, media_type=media_type)
    told = HeldFile(
        token=secrets.token_urlsafe(24), name=name[:200], media_type=kind.media_type, size=len(content),
        sender=str(actor.user_id), held_at=at.isoformat(),
    )
    place = _place(told.token)
    place.mkdir(parents=True, mode=0o700)
    (place / "content").write_bytes(content)
    (place / "told.json").write_text(json.dumps(asdict(told), ensure_ascii=False))  # last: what has it is whole
    return told


def held(token: str, *, actor: Actor, at: datetime) -> HeldFile:
    """What this person had kept aside under this token.

    :raises NotHeld: nothing, or another's, or it has been too long.
    """
    found = _read(_place(token)) if _TOKEN.fullmatch(token) else None
    if found is None or found.sender != str(actor.user_id) or _is_old(found, at):
        raise NotHeld()
    return found


def drop_old(*, at: datetime) -> int:
    """Remove what has been held for too long; answers how many."""
    root = Path(settings.HELD_FILES)
    dropped = 0
    for place in sorted(root.iterdir()) if root.is_dir() else []:
        found = _read(place)
        stale = _is_old(found, at) if found else at.timestamp() - place.stat().st_mtime > KEPT.total_seconds()
        if stale:
            shutil.rmtree(place, ignore_errors=True)
            dropped += 1
    return dropped


def _place(token: str) -> Path:
    return Path(settings.HELD_FILES) / token


def _read(place: Path) -> HeldFile | None:
    try:
        return HeldFile(**json.loads((place / "told.json").read_text()))
    except (OSError, ValueError):
        return None


def _is_old(found: HeldFile, at: datetime) -> bool:
    return at - datetime.fromisoformat(found.held_at) > KEPT
