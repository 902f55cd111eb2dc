"""One person at one door: the address filled in, the request made, the answer in one word."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, transaction

from .bodies import FORM, sent_to_api
from .routes import Route
from .scene import Scene

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


# Whose business it is: they oversee the province; the bank is told of the certificate that it names.
_MAY_READ = ("director", "inspector", "bank")


def answer(scene: Scene, role: str, route: Route) -> str:
    """``in``: sent to the login page; ``go``: sent elsewhere; else the status. What it changed is undone.

    :raises AssertionError: somebody who was refused has changed something nevertheless, or somebody has seen a name
        that is none of his business.
    """
    client, headers = scene.clients[role], scene.headers[role]
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    address = filled(route, scene.objects)
    if scene.state is None:
        scene.state = _state()  # every request is undone: what it is now, it is before each of them
    point = transaction.savepoint()
    if route.method == "GET":
        query = {"code": "H31.1-260309-0001", "phone": "5678"} if address.endswith("/tracking") else {}
        response = client.get(address, query, **headers)
    elif address.startswith("/api/"):
        body, kind = sent_to_api(route.address, scene.objects)
        response = client.generic(route.method, address, body, content_type=kind, **headers)
    else:
        response = client.post(address, FORM, **headers)
    word = _word(response)
    refused = word not in ("200", "201", "204", "go") or route.address.endswith("/approvals")
    changed = refused and _state() != scene.state
    transaction.savepoint_rollback(point)
    for name, value in cookies.items():
        client.cookies[name] = value
    if role not in _MAY_READ:
        text = "" if response.streaming else response.content.decode("utf-8", "replace")
        shown = [secret for secret in scene.secrets if secret in text]
        assert not shown, f"{role} was shown {shown} at {route.key}"
    assert not changed, f"{role} was refused at {route.key} and changed something"
    return word


def _word(response: Any) -> str:
    if response.status_code == 302:
        return "in" if response["location"].startswith("/dang-nhap/") else "go"
    return str(response.status_code)


def filled(route: Route, objects: dict[str, Any]) -> str:
    """The address with these objects in the places of its parameters."""
    return _PARAMETER.sub(lambda found: named(found[1], route.address, objects), route.address)


def named(parameter: str, address: str, objects: dict[str, Any]) -> str:
    """What stands in the place of one parameter of this address."""
    if parameter == "code":
        return _code(address, objects)
    if parameter == "grant_id" and ("uy-quyen" in address or "delegations" in address):
        parameter = "loan_id"
    if parameter == "message_id" and ("nhan-ve" in address or "/received/" in address):
        parameter = "received_id"
    return str(objects[parameter])


def _code(address: str, objects: dict[str, Any]) -> str:
    if "/tham-so/" in address or "/parameters/" in address:
        return "close_days"
    if address.startswith("/ho-tich/"):
        return str(objects["reference"])
    if address.startswith(("/xac-minh/", "/api/v1/documents/")):
        return str(objects["document_code"])
    if address.startswith("/api/v1/exchange/"):
        return str(objects["service"])
    return "dossiers.received" if "danh-sach" in address or "figures" in address else "1.001193"


_STATE = """
SELECT (SELECT string_agg(state || version, ',' ORDER BY id) FROM dossiers_dossier),
       (SELECT string_agg(state, ',' ORDER BY id) FROM civil_status_act),
       (SELECT count(*) FROM civil_status_book), (SELECT count(*) FROM documents_document),
       (SELECT count(*) || ' ' || count(revoked_at) FROM access_grant),
       (SELECT count(*) || ' ' || count(revoked_at) FROM accounts_apitoken),
       (SELECT count(*) || ' ' || count(disabled_at) FROM accounts_user),
       (SELECT string_agg(password, ',' ORDER BY id) FROM accounts_user),
       (SELECT count(ended_at) FROM accounts_session), (SELECT count(read_at) FROM notices_notice),
       (SELECT count(*) FROM calendar_calendarday), (SELECT count(*) FROM dossiers_procedure),
       (SELECT count(*) || ' ' || count(valid_to) FROM dossiers_procedureparameter),
       (SELECT count(*) FROM administration_decree), (SELECT count(*) FROM administration_lawchange),
       (SELECT string_agg(state || title, ',' ORDER BY id) FROM one_stop_shop_decision),
       (SELECT string_agg(state || content::text || notes::text || volume, ',' ORDER BY id) FROM civil_status_oldentry),
       (SELECT string_agg(state || content::text, ',' ORDER BY id) FROM digitisation_entry),
       (SELECT count(*) FROM digitisation_book), (SELECT count(*) FROM digitisation_claim),
       (SELECT count(*) FROM digitisation_practice), (SELECT count(*) FROM digitisation_scanissue),
       (SELECT string_agg(state, ',' ORDER BY id) FROM civil_status_leg), (SELECT count(*) FROM exchange_outbound),
       (SELECT string_agg(state, ',' ORDER BY id) FROM fees_refund), (SELECT count(voided_at) FROM fees_receipt),
       (SELECT string_agg(state, ',' ORDER BY id) FROM fees_transfer), (SELECT count(*) FROM fees_account),
       (SELECT string_agg(state || counted::text || typed::text, ',' ORDER BY id) FROM reporting_report),
       (SELECT count(*) FROM reporting_form), (SELECT count(*) FROM direction_closing),
       (SELECT count(*) FROM direction_reopening),
       (SELECT count(*) || ' ' || count(taken_at) || ' ' || count(cancelled_at) FROM one_stop_shop_handover),
       (SELECT count(*) || ' ' || count(verified_at) || ' ' || count(sent_back_at) FROM dossiers_signedscan)
"""


def _state() -> Any:
    """What must not have changed; to plan so many looks takes longer than to take them, so they are planned once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = 'matrix_state'")
        if cursor.fetchone() is None:
            cursor.execute(f"PREPARE matrix_state AS {_STATE}")
        cursor.execute("EXECUTE matrix_state")
        return cursor.fetchone()
