"""What nobody would type, sent by everybody: no answer is a failure of ours, and each is as the API is described.

What is sound is sent by everybody in ``test_table.py``; generated sound calls besides, in the full run.

A generated call is undone. Its address names what lies there where the table says that the call can succeed; its fields
are sound or generated, as chance will have it; who makes it is drawn by lot, and in the long round it is everybody.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from tests.matrix.bodies import json_of
from tests.matrix.play import named
from tests.matrix.scene import ROLES

from .contract import CHECKS
from .table import by_situation, rows

if TYPE_CHECKING:
    from .house import House

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
CSRF = "x" * 32
QUICK, LONG = 2, 3  # generated calls for each operation
SOUND = 0.7


@pytest.mark.full
@pytest.mark.parametrize("mode", GenerationMode)
def test_no_input_breaks_an_operation(mode: GenerationMode, standing: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _try_everything(standing, mode, monkeypatch, examples=QUICK, seed=0, by=1)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mode", GenerationMode)
def test_nor_does_any_of_many(mode: GenerationMode, standing: House, monkeypatch: pytest.MonkeyPatch) -> None:
    _try_everything(standing, mode, monkeypatch, examples=LONG, seed=1, by=len(ROLES))


def _try_everything(
    standing: House, mode: GenerationMode, monkeypatch: pytest.MonkeyPatch, *, examples: int, seed: int, by: int
) -> None:
    monkeypatch.setattr("tuphap.shared.documents.limits.CHECKS_A_MINUTE", 1_000_000)
    found, callers = _objects(standing), Callers({role: _proof(standing, role) for role in ROLES})
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", _application)
    wrong = []
    for one in described.get_all_operations():
        operation = one.ok()
        address = operation.path.replace("{", "<").replace("}", ">")
        places = [found[row.before] for row in rows() if row.route.key == f"{operation.method.upper()} {address}"]

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None,
        )
        @given(
            _plausible(operation.as_strategy(generation_mode=mode), address, places),
            st.lists(st.sampled_from(ROLES), min_size=by, max_size=by, unique=True),
        )
        def fuzz(case: Case, roles: list[str]) -> None:
            callers.send(case, roles)

        with _heard() as broken:
            try:
                fuzz()
            except (AssertionError, FailureGroup) as fault:
                wrong.append(f"{operation.label}: {fault}\n{''.join(broken[-1:])}")
    assert not wrong, "\n".join(wrong)
    callers.have_come_far()


@dataclass(slots=True)
class Callers:
    """Everybody, by what they are known, and which answers each was given."""

    proofs: dict[str, dict[str, Any]]
    seen: dict[str, set[int]] = field(default_factory=dict)

    def send(self, case: Case, roles: Iterable[str]) -> None:
        """Make the call as each of these; what it changed is undone."""
        for role in roles:
            with _undone():
                response = case.call(**self.proofs[role])
                if response.status_code < 400:
                    connection.check_constraints()  # as the commit would
            self.seen.setdefault(role, set()).add(response.status_code)
            case.validate_response(response, checks=CHECKS)

    def have_come_far(self) -> None:
        """Nobody but the passer-by was turned away at the door, and within they were served, refused and corrected."""
        within = {role: statuses for role, statuses in self.seen.items() if 401 not in statuses}
        assert within.keys() == self.seen.keys() - {"passer-by"}, self.seen
        assert {200, 403, 404, 422} <= set().union(*within.values()), self.seen


@contextmanager
def _undone() -> Iterator[None]:
    """A transaction that is rolled back; operations begin theirs within it, as within a test's own."""
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]
    with whole:
        yield
        transaction.set_rollback(True)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What was raised within and answered with a 500: the answer itself does not say."""
    raised: list[str] = []

    def note(**signal: object) -> None:
        raised.append(traceback.format_exc())

    got_request_exception.connect(note)
    try:
        yield raised
    finally:
        got_request_exception.disconnect(note)


def _objects(house: House) -> dict[str, dict[str, Any]]:
    """What lies where, for each situation of the table; each about a family of its own."""
    found = {}
    for number, before in enumerate(by_situation()):
        house.begin(house.world.distinct(number))
        getattr(house, before)()
        found[before] = {**house.objects, "own_grant_id": house.objects["grant_id"]}
    return found


@st.composite
def _plausible(
    draw: st.DrawFn, cases: st.SearchStrategy[Case], address: str, places: Sequence[dict[str, Any]]
) -> Case:
    """A generated call; in the places of some of its values what is there, or would be taken."""
    case, place, chance = draw(cases), draw(st.sampled_from(places)), draw(st.randoms())
    case.cookies = {}
    for name in case.path_parameters or {}:
        if chance.random() < SOUND:
            case.path_parameters[name] = named(name, address, place)
    if isinstance(case.body, dict):
        wanted = json_of(address, place)
        for name in sorted(case.body.keys() & wanted.keys()):
            if chance.random() < SOUND:
                case.body[name] = wanted[name]
    if address.endswith("/tracking") and isinstance(case.query, dict) and chance.random() < SOUND:
        case.query |= {"code": place["reference"], "phone": "5678"}
    return case


def _proof(house: House, role: str) -> dict[str, Any]:
    """By what the caller is known: the bank by its token, the others by a session and its CSRF token."""
    session = house.clients[role].cookies.get(settings.SESSION_COOKIE_NAME)
    if session is None:
        return {"headers": {"Authorization": house.headers[role].get("HTTP_AUTHORIZATION", "")}}
    cookies = {settings.SESSION_COOKIE_NAME: session.value, settings.CSRF_COOKIE_NAME: CSRF}
    return {"headers": {"X-CSRFToken": CSRF}, "cookies": cookies}


_handler = ClientHandler(enforce_csrf_checks=True)


def _application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The platform as WSGI has it, on the test's own connection."""
    response = _handler(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]
