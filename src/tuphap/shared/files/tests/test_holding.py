"""Files of a form that came back: for their sender alone, and not for long."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.ids import new_id
from tuphap.shared.files import api, holding

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DESK = Actor(kind=ActorKind.STAFF, name="Trần Thị Quầy", user_id=new_id())
OTHER = Actor(kind=ActorKind.STAFF, name="Lê Văn Khác", user_id=new_id())


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> Path:
    settings.HELD_FILES = tmp_path / "held"
    return tmp_path / "held"


def _png() -> bytes:
    import io

    from PIL import Image

    made = io.BytesIO()
    Image.new("L", (8, 8), 255).save(made, "PNG")
    return made.getvalue()


def test_what_is_held_comes_back_to_its_sender_alone() -> None:
    told = holding.hold(_png(), name="don.png", media_type="image/png", actor=DESK, at=AT)
    found = holding.held(told.token, actor=DESK, at=AT + timedelta(hours=11))
    assert (found.name, found.read()) == ("don.png", _png())
    with pytest.raises(holding.NotHeld):
        holding.held(told.token, actor=OTHER, at=AT)


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "A" * 32, "a/" * 16])
def test_no_other_token_finds_anything(token: str) -> None:
    with pytest.raises(holding.NotHeld):
        holding.held(token, actor=DESK, at=AT)


def test_a_bad_file_is_not_held(_folder: Path) -> None:
    with pytest.raises(api.FileType):
        holding.hold(b"MZ program", name="don.png", media_type="image/png", actor=DESK, at=AT)
    assert not _folder.exists()


def test_what_is_old_is_not_found_and_goes(_folder: Path) -> None:
    old = holding.hold(_png(), name="cu.png", media_type="image/png", actor=DESK, at=AT)
    later = AT + holding.KEPT + timedelta(minutes=1)
    new = holding.hold(_png(), name="moi.png", media_type="image/png", actor=DESK, at=later)
    half = _folder / "half-written"
    half.mkdir()
    os.utime(half, (AT.timestamp(), AT.timestamp()))
    with pytest.raises(holding.NotHeld):
        holding.held(old.token, actor=DESK, at=later)
    assert holding.drop_old(at=later) == 2
    assert [place.name for place in _folder.iterdir()] == [new.token]
    assert (_folder / new.token).stat().st_mode & 0o077 == 0
    with pytest.raises(holding.NotHeld):
        old.read()
