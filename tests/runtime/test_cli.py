"""What the command ``tuphap`` tells the shell."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tuphap import cli
from tuphap.runtime import doctor, verify


@pytest.mark.parametrize("good", [True, False])
@pytest.mark.parametrize(
    ("arguments", "where", "what"),
    [
        (("verify", __file__), verify, "verify_file"), (("audit", "verify"), verify, "verify_audit"),
        (("doctor",), doctor, "examine"),
    ],
)
def test_the_exit_code_says_what_was_found(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], where: object, what: str, good: bool
) -> None:
    @contextmanager
    def here(**asked: bool) -> Iterator[Path]:
        yield Path()

    monkeypatch.setattr(cli, "platform", here)
    monkeypatch.setattr(where, what, lambda *told, **named: good)
    monkeypatch.setattr(sys, "argv", ["tuphap", *arguments])
    assert cli.main() == (0 if good else 1)


def test_a_wrong_argument_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["tuphap", "verify", "/no/such/file.pdf"])
    assert cli.main() == 2
