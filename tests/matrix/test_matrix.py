"""Each role at each door, before an object of another commune; and no door that the table does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import pytest

from .expected import TABLE
from .routes import Route, operations, pages

if TYPE_CHECKING:
    from .scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
ROLES = (
    "passer-by", "citizen", "receiver", "officer", "chairman", "director", "inspector", "administrator", "bank",
)
# A method that the table does not list is tried by these, in turns: what is shut to them is shut by the method, not by
# rights.
TRIES_SHUT_DOORS = ("citizen", "administrator")
SHUT = {"in", "401", "403", "404", "405"}


def expected() -> dict[str, dict[str, str]]:
    """The table: door → role → answer."""
    rows = {}
    for line in TABLE.splitlines():
        if line.strip() and not line.startswith("#"):
            method, address, *answers = line.split()
            assert len(answers) == len(ROLES), line
            rows[f"{method} {address}"] = dict(zip(ROLES, answers, strict=True))
    return rows


def doors() -> dict[str, Route]:
    """Every door: pages by their names, operations of the API by their addresses."""
    found = {f"{route.method} {route.name}": route for route in pages()}
    return found | {f"{route.method} {route.address}": route for route in operations()}


def test_no_door_is_unlisted() -> None:
    """A new address must be entered in the table, with an answer for every role."""
    table, names = expected(), {key.partition(" ")[2] for key in expected()}
    unlisted = {route.name for route in pages() if route.name not in names}
    unlisted |= {key for key in (f"{r.method} {r.address}" for r in operations()) if key not in table}
    assert not unlisted, f"not in the table: {sorted(unlisted)}"


def test_the_table_speaks_of_doors_that_exist() -> None:
    assert not expected().keys() - doors().keys()


def tried_first(key: str, role: str, answers: dict[str, str]) -> bool:
    """Whether in every run, or in the full one.

    Of those refused alike every other one is tried where something would be written, in turn one a door where one only
    reads; of those who get one and the same answer, in turn one a door.
    """
    answer = answers[role]
    alike = [other for other in ROLES if answers[other] == answer]
    if answer.startswith("2") or answer == "go" or key.startswith("GET "):
        return role == in_turn(key, alike)
    return len(alike) == 1 or (alike.index(role) + crc32(key.encode())) % 2 == 0


def in_turn(key: str, roles: Sequence[str]) -> str:
    """Whose turn it is at this door."""
    return roles[crc32(key.encode()) % len(roles)]


# Who are tried before one and the same scene: to build it takes as long as dozens of doors.
COMPANIES = {
    "outside": ("passer-by", "citizen", "bank"), "commune": ("receiver", "officer", "chairman"),
    "department": ("director", "inspector", "administrator"),
}


@pytest.mark.parametrize("company", COMPANIES)
def test_every_answer_is_the_expected_one(company: str, law: None) -> None:
    _try_doors(COMPANIES[company], first=True)


@pytest.mark.full
@pytest.mark.parametrize("company", COMPANIES)
def test_everybody_else_gets_what_is_expected(company: str, law: None) -> None:
    _try_doors(COMPANIES[company], first=False)


def _try_doors(company: tuple[str, ...], *, first: bool) -> None:
    from .scene import build

    scene = build()
    wrong = [fault for role in company for fault in _wrong_answers(scene, role, first=first)]
    assert not wrong, "\n".join(wrong)


def _wrong_answers(scene: Scene, role: str, *, first: bool) -> list[str]:
    from .play import answer

    table, wrong = expected(), []
    for key, route in doors().items():
        is_api = route.address.startswith("/api/")
        if (role == "bank" and not is_api) or (key not in table and role not in TRIES_SHUT_DOORS):
            continue
        if first != (tried_first(key, role, table[key]) if key in table else role == in_turn(key, TRIES_SHUT_DOORS)):
            continue
        given = answer(scene, role, route)
        if key not in table:
            if given not in SHUT:
                wrong.append(f"{role} at {key}: {given}, and it is not listed")
        elif given != table[key][role]:
            wrong.append(f"{role} at {key}: {given}, expected {table[key][role]}")
    return wrong
