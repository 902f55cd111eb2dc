"""A program is read without looks for circles; afterwards they are looked for again, though seldom."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tuphap.kernel import heap


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    gc.enable()


def test_what_was_read_is_permanent() -> None:
    before = gc.get_freeze_count()
    with heap.reading():
        assert not gc.isenabled()
        program = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(program)
    assert gc.get_threshold()[0] == heap.ALLOCATIONS


def test_a_program_that_cannot_be_read_leaves_the_looks_on() -> None:
    with pytest.raises(ImportError), heap.reading():
        raise ImportError
    assert gc.isenabled()
