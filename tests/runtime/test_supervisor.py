"""The supervisor with small programs in place of the platform's: what dies comes back, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.harness.homes import wait_until

from tuphap.runtime.home import Home, HomeInUse
from tuphap.runtime.process import is_alive
from tuphap.runtime.services import Service
from tuphap.runtime.supervisor import Supervisor

SLEEP = "import time; time.sleep(600)"


def program(name: str, code: str, **more: object) -> Service:
    return Service(name, (sys.executable, "-c", code), **more)  # type: ignore[arg-type]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(home: Home, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(home, environment={"TUPHAP_TEST_MARK": "told"}, say=said.append)
    yield made
    made.stop()


def _pid(home: Home, name: str) -> int:
    return int((home.path / "run" / f"{name}.pid").read_text())


def _step_until(supervisor: Supervisor, what) -> None:
    def look() -> bool:
        supervisor.step()
        return what()

    wait_until(look, seconds=20)


def test_a_killed_child_comes_back_and_its_own_children_do_not_stay(
    supervisor: Supervisor, home: Home, said: list[str]
) -> None:
    note = home.path / "grandchild"
    supervisor.add(program("web", (
        "import subprocess, sys, pathlib, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n" + SLEEP
    )))
    wait_until(lambda: note.exists() and note.read_text())
    first, grandchild = _pid(home, "web"), int(note.read_text())
    os.kill(first, signal.SIGKILL)
    _step_until(supervisor, lambda: _pid(home, "web") != first)
    wait_until(lambda: not is_alive(grandchild))
    assert "SIGKILL" in said[0]


def test_one_that_fails_at_its_start_is_given_more_and_more_time(
    supervisor: Supervisor, home: Home, said: list[str]
) -> None:
    supervisor.add(program("web", "raise SystemExit(3)"))
    _step_until(supervisor, lambda: len(said) >= 3)
    assert [line.split("chạy lại sau ")[1].split(" ")[0] for line in said[:3]] == ["0.4", "0.8", "1.6"]


def test_a_secret_comes_by_pipe_and_stands_in_no_environment(supervisor: Supervisor, home: Home) -> None:
    note = home.path / "note"
    supervisor.add(program(
        "signer", f"import sys, pathlib; pathlib.Path({str(note)!r}).write_text(sys.stdin.readline()); {SLEEP}",
        secret="open-sesame",
    ))
    wait_until(lambda: note.exists() and note.read_text() == "open-sesame\n")
    process = Path(f"/proc/{_pid(home, 'signer')}")
    assert b"open-sesame" not in (process / "environ").read_bytes()
    assert b"open-sesame" not in (process / "cmdline").read_bytes()
    assert b"TUPHAP_TEST_MARK=told" in (process / "environ").read_bytes()


def test_the_owners_address_reaches_only_the_service_that_is_told_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://the-owner@/x")
    supervisor = Supervisor(home, environment={})
    code = "import os; print(os.environ.get('DATABASE_OWNER_URL', 'not told'))"
    assert supervisor.run_once(program("web", code)).strip() == "not told"
    told = program("prepare", code, environment={"DATABASE_OWNER_URL": "postgresql://x"})
    assert supervisor.run_once(told).strip() == "postgresql://x"


def test_what_ends_by_itself_is_not_started_again_but_after_a_failure_it_is(supervisor: Supervisor, home: Home) -> None:
    note = home.path / "note"
    supervisor.add(program("sample", (
        f"import pathlib, sys; note = pathlib.Path({str(note)!r}); seen = note.exists(); "
        "note.touch(); sys.exit(not seen)"
    ), once=True))
    _step_until(supervisor, lambda: supervisor.is_finished("sample"))
    ended = _pid(home, "sample")
    supervisor.step()
    assert _pid(home, "sample") == ended


def test_stopping_kills_even_those_who_will_not_listen(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuphap.runtime.supervisor.PATIENCE", 0.5)
    supervisor = Supervisor(home, environment={}, say=lambda text: None)
    note = home.path / "note"
    supervisor.add(program("deaf", (
        "import pathlib, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"pathlib.Path({str(note)!r}).touch(); " + SLEEP
    )))
    supervisor.add(program("polite", SLEEP))
    wait_until(note.exists)
    pids = [_pid(home, "deaf"), _pid(home, "polite")]
    supervisor.stop()
    assert not any(is_alive(pid) for pid in pids)


def test_a_command_that_fails_says_why(supervisor: Supervisor) -> None:
    with pytest.raises(RuntimeError, match="prepare: no ink"):
        supervisor.run_once(program("prepare", "raise SystemExit('no ink')"))


def test_one_holder_at_a_time(home: Home) -> None:
    with home.held(), pytest.raises(HomeInUse, match=str(os.getpid())), home.held():
        pass
    with home.held():
        pass


def test_secrets_are_made_once_and_for_our_eyes_alone(home: Home) -> None:
    made = home.secret("database-owner")
    assert len(made) >= 40
    assert home.secret("database-owner") == made
    assert (home.path / "keys" / "database-owner").stat().st_mode & 0o777 == 0o600
    assert (home.path / "keys").stat().st_mode & 0o777 == 0o700
