"""Each role calls each operation that it may: the answer is the 2xx of the description, and fits it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.db import transaction
from django.http import HttpResponse
from tests.matrix.bodies import sent_to_api
from tests.matrix.play import filled
from tests.matrix.routes import Route, operations

from tuphap.modules.civil_status import rules

from .contract import hold_to, holds_something
from .table import by_situation, rows

if TYPE_CHECKING:
    from .house import House

pytestmark = pytest.mark.django_db


def test_every_operation_succeeds_for_somebody() -> None:
    """A new operation must be entered in the table, with who may call it and from where."""
    table = {row.route.key for row in rows() if any(answer.startswith("2") for answer in row.answers.values())}
    described = {f"{route.method} {route.address}" for route in operations()}
    assert described - table == set()
    assert table - described == set()


# Situations that share a house, one after another and each undone: to build one takes as long as a dozen calls.
_SHARES = 8


@pytest.mark.parametrize("share", range(_SHARES))
def test_each_role_gets_what_is_described(share: int, house: House) -> None:
    """Who is refused is always tried; of those who are served, so many until one was told something."""
    _try_situations(share, house, everybody=False)


@pytest.mark.full
@pytest.mark.parametrize("share", range(_SHARES))
def test_everybody_gets_it(share: int, house: House) -> None:
    _try_situations(share, house, everybody=True)


def _try_situations(share: int, house: House, *, everybody: bool) -> None:
    wrong = []
    for before in list(by_situation())[share::_SHARES]:
        with house.undone():
            wrong += [f"{before}: {fault}" for fault in _call_everything(before, house, everybody=everybody)]
    assert not wrong, "\n".join(wrong)


def _call_everything(before: str, house: House, *, everybody: bool) -> list[str]:
    """Every call of this situation, and what was not as described."""
    getattr(house, before)()
    described = schemathesis.openapi.from_dict(house.clients["passer-by"].get("/api/v1/openapi.json").json())
    wrong = []
    for row in by_situation()[before]:
        operation, told = described[_path(row.route)][row.route.method], False
        for role, expected in row.answers.items():
            if told and expected.startswith("2") and not everybody:
                continue
            response = _call(house, role, row.route)
            try:
                hold_to(operation, response)
            except AssertionError as fault:
                wrong.append(f"{row.route.key} by {role}: {fault}")
                continue
            given = str(response.status_code)
            if given != expected if expected != "." else not given.startswith("4"):
                wrong.append(f"{row.route.key} by {role}: {given}, expected {expected}")
            elif given.startswith("2"):
                told = told or given == "204" or not _is_json(response) or holds_something(response.json())
        if not told and not wrong:
            wrong.append(f"{row.route.key}: nobody was told anything")
    return wrong


def test_of_several_approvals_each_has_its_outcome(house: House) -> None:
    house.proposed()
    asked = json.dumps({"dossier_ids": [str(house.objects["dossier_id"])]})
    for role, code in (("citizen", "access.forbidden"), ("officer", "access.forbidden"), ("chairman", "")):
        response = house.clients[role].post("/api/v1/approvals", asked, content_type="application/json")
        (outcome,) = response.json()
        assert (outcome["done"], outcome["code"]) == (code == "", code), role


def test_a_child_not_yet_born_is_not_declared(house: House) -> None:
    """Neither online nor at the desk; the refusal stands beside the day of birth."""
    house.objects["answers"]["child"]["born_on"] = "2026-03-10"
    house.draft()
    online = _call(house, "citizen", Route("", "POST", "/api/v1/dossiers/<reference>/submit"))
    desk = _call(house, "receiver", Route("", "POST", "/api/v1/counter/dossiers"))
    for response in (online, desk):
        assert response.status_code == 422, response.content
        (fault,) = response.json()["errors"]
        assert (fault["field"], fault["code"]) == ("child.born_on", rules.BornInTheFuture.code)


def _path(route: Route) -> str:
    return route.address.replace("<", "{").replace(">", "}")


def _call(house: House, role: str, route: Route) -> HttpResponse:
    """The answer to one call by one role; what it changed is undone."""
    objects, client, headers = house.objects_of(role), house.clients[role], house.headers[role]
    address, point = filled(route, objects), transaction.savepoint()
    if route.method == "GET":
        response: Any = client.get(address, _asked(route, objects), **headers)
    else:
        body, kind = sent_to_api(route.address, objects)
        response = client.generic(route.method, address, body, content_type=kind, **headers)
    transaction.savepoint_rollback(point)
    return response


def _asked(route: Route, objects: dict[str, Any]) -> dict[str, str]:
    return {"code": objects["reference"], "phone": "5678"} if route.address.endswith("/tracking") else {}


def _is_json(response: HttpResponse) -> bool:
    return response["content-type"].startswith("application/json")
