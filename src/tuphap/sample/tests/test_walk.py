"""The walk: rounds and their parts, several processes, what fails in one of them, and where a broken walk goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tuphap.kernel.clock import VIETNAM, now
from tuphap.sample import size
from tuphap.sample.stories import Happening
from tuphap.sample.walk import Round, WorkerLost, come_to, rounds, shares, walk

# Whoever runs the tests has threads of his own; none of them is asked for anything in the processes that begin here.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=VIETNAM)


def _note(line: str) -> Callable[[Path, datetime], None]:
    """A happening that leaves a line behind, with the process that did it."""
    def do(folder: Path, at: datetime) -> None:
        assert now() == at
        with (folder / "done").open("a") as out:
            out.write(f"{line} {os.getpid()}\n")

    return do


def _day(number: int, *places: str) -> list[Happening]:
    day = MORNING + timedelta(days=number)
    happenings = [Happening(day + timedelta(minutes=n), _note(f"{number}{place}"), place)
                  for n, place in enumerate(places)]
    return [*happenings, Happening(day + timedelta(hours=15), _note(f"{number}-"))]


def _walk(every: list[Round], folder: Path, *, workers: int) -> list[int]:
    told: list[int] = []
    walk(every, folder, workers=workers, mark=folder / "walked", tell=lambda done, at: told.append(done))
    return told


def _done(folder: Path) -> list[tuple[str, int]]:
    lines = (folder / "done").read_text().split("\n")[:-1]
    return [(line.split()[0], int(line.split()[1])) for line in lines]


def test_a_round_ends_with_what_happens_alone() -> None:
    noon = Happening(MORNING + timedelta(hours=4), _note("noon"))
    beside = Happening(noon.at, _note("beside"), "a")
    found = rounds([*_day(1, "a"), *_day(0, "a", "b"), noon, beside])
    assert [[h.place for h in one.together] for one in found] == [["a", "b", "a"], ["a"]]
    assert found[0].alone[0] == noon, "at one instant the communes come first"
    assert sum(map(len, found)) == 7 and [one.ends for one in found] == sorted(one.ends for one in found)


def test_each_commune_belongs_to_one_process_and_all_have_about_as_much_to_do() -> None:
    found = shares(rounds([*_day(0, "a", "a", "a", "b", "b", "c", "d"), *_day(1, "a", "c")]), 2)
    assert sorted(place for part in found for place in part) == ["a", "b", "c", "d"]
    assert found == [frozenset({"a", "d"}), frozenset({"b", "c"})]


def test_two_processes_do_everything_once_and_wait_for_each_other_in_the_evening(tmp_path: Path) -> None:
    every = rounds([h for number in range(4) for h in _day(number, "a", "b", "c")])
    told = _walk(every, tmp_path, workers=2)
    lines = _done(tmp_path)
    assert sorted(line for line, _ in lines) == sorted(f"{n}{p}" for n in range(4) for p in "abc-")
    for number in range(4):
        assert {line[0] for line, _ in lines[number * 4:number * 4 + 4]} == {str(number)}
        assert lines[number * 4 + 3] == (f"{number}-", os.getpid())
    assert len({process for _, process in lines}) == 3 and len({p for line, p in lines if line.endswith("a")}) == 1
    assert told == sorted(told) and told[-1] == 16
    assert come_to(tmp_path / "walked") == every[-1].ends


@pytest.mark.parametrize("workers", [1, 2])
def test_a_broken_walk_goes_on_with_the_round_that_broke(tmp_path: Path, workers: int) -> None:
    broken = [True]

    def breaks(folder: Path, at: datetime) -> None:
        if broken[0]:
            raise ValueError("a refusal that no story foresaw")

    every = rounds([*_day(0, "a", "b"), *_day(1, "a", "b"), *_day(2, "a", "b"),
                    Happening(MORNING + timedelta(days=1, hours=2), breaks, "b")])
    with pytest.raises((RuntimeError, ValueError), match="a refusal that no story foresaw"):
        _walk(every, tmp_path, workers=workers)
    assert come_to(tmp_path / "walked") == every[0].ends
    (tmp_path / "done").unlink()
    broken[0] = False
    told = _walk(every, tmp_path, workers=workers)
    assert sorted(line for line, _ in _done(tmp_path)) == ["1-", "1a", "1b", "2-", "2a", "2b"]
    assert told[-1] == sum(map(len, every))


def test_a_process_that_is_killed_ends_the_walk(tmp_path: Path) -> None:
    def dies(folder: Path, at: datetime) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(WorkerLost):
        _walk(rounds([*_day(0, "a", "b"), Happening(MORNING + timedelta(hours=1), dies, "b")]), tmp_path, workers=2)


def test_a_sample_goes_on_with_the_size_that_it_was_begun_with(tmp_path: Path) -> None:
    wanted = size.of_dossiers(2000, dense=6, others=18)
    assert size.begun_with(tmp_path / "size.json", wanted) == wanted
    assert size.begun_with(tmp_path / "size.json", size.Size()) == wanted
    told: Any = wanted.births + wanted.requests + wanted.events + wanted.paid_days * 6 + wanted.lives
    assert told == 2000 and wanted.is_living and not size.Size().is_living
