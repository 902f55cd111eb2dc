"""The door: it believes nobody before the signature, does nothing twice, and holds what comes early."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connections
from django.test import Client

from tuphap.kernel.clock import now
from tuphap.shared.audit.models import Entry
from tuphap.shared.exchange import envelope, inbox, keys
from tuphap.shared.exchange.models import Call, Inbound, Outbound
from tuphap.shared.exchange.rules import Received, Sent
from tuphap.shared.notices.models import Notice
from tuphap.shared.operation.testing import run_jobs, setting_up

from . import world
from .kinds import EFFECT, HEARD

pytestmark = pytest.mark.django_db(transaction=True)
CLIENT = "VN/GOV/BCA/DANCU"
PATH = "/r1/VN/GOV/H31/TUPHAP/number-news"
NEWS = {"act": "a1", "number": "031326000017", "replaces": "", "reason": ""}


class Police:
    """A partner whose key is known, and who can be made to lie."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        keys.lay_out(keys.folder(), CLIENT, envelope.pem(self.public))

    def sealed(self, body: Any = None, *, message_id: str = "", at: Any = None, path: str = PATH,
               key: ec.EllipticCurvePrivateKey | None = None, **headers: str) -> envelope.Request:
        names = {
            envelope.CLIENT: CLIENT, envelope.ID: message_id or str(uuid4()), envelope.USER: "VNSYSTEM",
            envelope.KIND: "police.number-news", **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        text = body if isinstance(body, bytes) else envelope.canonical(NEWS if body is None else body).encode()
        return envelope.seal_request(
            path, {n: v for n, v in names.items() if v}, text, key=envelope.fingerprint(self.public), at=at or now(),
            sign=lambda signed: (key or self.key).sign(signed, ec.ECDSA(hashes.SHA256())),
        )

    def news(self, subject: str, sequence: int, **more: Any) -> Any:
        body = {**NEWS, "act": f"a{sequence}", **more}
        return self.post(self.sealed(body, X_Message_Subject=subject, X_Message_Sequence=str(sequence)))

    def post(self, sealed: envelope.Request, *, body: bytes | None = None, **changed: str) -> Any:
        headers = {**sealed.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
        given = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in headers.items() if n != "Content-Type"}
        return Client(raise_request_exception=False).post(
            f"/api/xroad{sealed.path}", data=sealed.body if body is None else body,
            content_type="application/json", **given,
        )


@pytest.fixture
def police(country: None, signing_services: Any, settings: Any, db: None) -> Police:
    settings.TRUST_FOLDER = signing_services.trust
    keys._own.cache_clear()
    keys.own_fingerprint()
    return Police()


def heard() -> list[tuple[str, int]]:
    rows = Entry.objects.filter(event=HEARD).order_by("pk").values_list("facts", flat=True)
    return [(fact["about"], fact["sequence"]) for fact in rows]


def is_ours(sealed: envelope.Request, response: Any) -> bool:
    """Whether the answer is signed by us and goes with this request."""
    names = (*envelope.ANSWER_SIGNED, envelope.SIGNATURE)
    headers = {name: response[name] for name in names if name in response}
    key = keys.partner_key("VN/GOV/H31/TUPHAP", headers[envelope.KEY])
    text = envelope.signed_answer(response.status_code, headers, response.content)
    envelope.check(text, headers[envelope.SIGNATURE], key)
    return bool(headers[envelope.REQUEST_HASH] == sealed.hash)


def test_a_message_is_taken_in_and_answered_under_our_signature(police: Police) -> None:
    sealed = police.sealed(X_Road_Issue="H31.101-260310-0001")
    response = police.post(sealed)
    assert response.status_code == 200 and response.json()["outcome"] == "recorded"
    assert is_ours(sealed, response)
    assert response[envelope.SERVICE] == "VN/GOV/H31/TUPHAP" and response[envelope.ID] == sealed.header(envelope.ID)
    call = Call.objects.get()
    assert (call.direction, call.result, call.service, call.dossier_code) == (
        "in", "ok", "police", "H31.101-260310-0001")
    assert call.request_hash == sealed.hash and call.unit_id == world.department().pk


def test_a_repeated_message_gets_the_same_answer_and_nothing_is_done_again(police: Police) -> None:
    message_id = str(uuid4())
    answers = [police.post(police.sealed(message_id=message_id)) for _ in range(3)]
    assert len({a.content for a in answers}) == 1 and {a.status_code for a in answers} == {200}
    assert len(heard()) == Inbound.objects.count() == 1 and Call.objects.count() == 3


def test_one_id_for_two_messages_is_refused(police: Police) -> None:
    message_id = str(uuid4())
    police.post(police.sealed(message_id=message_id))
    response = police.post(police.sealed({**NEWS, "act": "khác"}, message_id=message_id))
    assert response.status_code == 409 and response[envelope.ERROR] == "exchange.id_used"
    assert len(heard()) == 1


@pytest.mark.parametrize(
    ("spoil", "status", "code"),
    [
        ({"body": b'{"act":"b","number":"031326000017"}'}, 401, "bad_signature"),
        ({"X_Road_Issue": "H31.1-260310-0002"}, 401, "bad_signature"),
        ({"X_Message_Sequence": "7", "X_Message_Subject": "x"}, 401, "bad_signature"),
        ({"X_Message_Signature": "AAAA"}, 401, "bad_signature"),
        ({"X_Message_Key": "sha256:00"}, 401, "unknown_key"),
        ({"X_Road_Client": "VN/GOV/BCA/CUTRU"}, 401, "unknown_key"),
        ({"X_Road_Client": f"{CLIENT},{CLIENT}"}, 401, "client_unknown"),
        ({"X_Road_Client": "VN/GOV/XX/YY"}, 401, "client_unknown"),
        ({"X_Road_Client": ""}, 401, "client_unknown"),
    ],
)
def test_what_is_not_as_it_was_signed_is_refused_and_logged(
    police: Police, spoil: dict[str, Any], status: int, code: str
) -> None:
    response = police.post(police.sealed(), **spoil)
    assert response.status_code == status and response[envelope.ERROR] == code
    assert not Inbound.objects.exists() and not heard()
    assert Call.objects.get().result == code


def test_another_key_under_a_known_name_is_refused(police: Police) -> None:
    response = police.post(police.sealed(key=ec.generate_private_key(ec.SECP256R1())))
    assert response.status_code == 401 and response[envelope.ERROR] == "bad_signature"


@pytest.mark.parametrize(
    ("shift", "code"),
    [(timedelta(minutes=6), "clock_skew"), (-timedelta(hours=25), "replay_window"), (timedelta(minutes=4), ""),
     (-timedelta(hours=23), "")],
)
def test_the_window_of_time(police: Police, shift: timedelta, code: str) -> None:
    response = police.post(police.sealed(at=now() + shift))
    assert response.get(envelope.ERROR, "") == code and response.status_code == (400 if code else 200)


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        ({"act": "a"}, {}, 422, "exchange.schema"),
        (b"[]", {}, 422, "exchange.schema"),
        (b"{", {}, 400, "unreadable"),
        (b'{"act":"a\\u0000"}', {}, 400, "unreadable"),
        (b'{"act":NaN}', {}, 400, "unreadable"),
        (b"\xff\xfe", {}, 400, "unreadable"),
        (b"[" * 100_000, {}, 400, "unreadable"),
        (None, {"X_Message_Kind": "police.none"}, 422, "exchange.kind_unknown"),
        (None, {"X_Message_Kind": "portal.online-submission"}, 422, "exchange.kind_unknown"),
        (None, {"X_Message_Reply_To": str(uuid4())}, 422, "exchange.reply_unknown"),
        (None, {"X_Message_Reply_To": "x"}, 400, "unreadable"),
        (None, {"X_Message_Sequence": "1"}, 400, "bad_header"),
        (None, {"X_Message_Sequence": "-1", "X_Message_Subject": "x"}, 400, "bad_header"),
        (None, {"X_Road_Id": "khong"}, 400, "unreadable"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_code(
    police: Police, body: Any, headers: dict[str, str], status: int, code: str
) -> None:
    owner = world.person("chu", world.department(), "exchange.messages.manage")
    response = police.post(police.sealed(body, **headers))
    assert (response.status_code, response[envelope.ERROR]) == (status, code)
    assert not Inbound.objects.exists()
    alarming = code in ("exchange.schema", "exchange.kind_unknown")
    assert Notice.objects.filter(to_user=owner, template="exchange.refused").exists() == alarming


def test_a_wrong_address_or_form_finds_no_door(police: Police) -> None:
    assert Client().get(f"/api/xroad{PATH}").status_code == 405
    assert Client().post("/api/xroad/r1/VN/GOV/H99/X/y", b"{}", content_type="application/json").status_code == 404
    response = Client().post(f"/api/xroad{PATH}", {"a": "b"})
    assert response.status_code == 415 and response[envelope.ERROR] == "content_type"


def test_a_message_that_comes_early_is_held_until_the_missing_one_is_there(police: Police) -> None:
    early = [police.news("person:1", n).status_code for n in (3, 2)]
    aside = police.news("person:2", 1)
    assert early == [202, 202] and aside.status_code == 200 and heard() == [("person:2", 1)]
    assert police.news("person:1", 1).status_code == 200
    run_jobs("exchange")
    assert heard() == [("person:2", 1), ("person:1", 1), ("person:1", 2), ("person:1", 3)]


def test_a_missing_message_makes_a_dead_letter_that_its_owner_may_handle(police: Police) -> None:
    from tuphap.shared.exchange import operations, tasks

    owner = world.person("chu", world.department(), "exchange.messages.manage")
    police.news("person:1", 2), police.news("person:1", 3)
    with setting_up():
        Inbound.objects.update(received_at=now() - timedelta(hours=2))
    tasks.look()
    assert {m.state for m in Inbound.objects.all()} == {Received.DEAD}
    assert Notice.objects.filter(to_user=owner, template="exchange.dead_letter").count() == 1
    second = Inbound.objects.get(sequence=2)
    operations.handle_again(message_id=second.pk, actor=world.by(owner), at=now())
    run_jobs("exchange")
    assert heard() == [("person:1", 2), ("person:1", 3)]  # the one behind it goes on by itself
    late = police.news("person:1", 1)
    assert late.status_code == 202 and Inbound.objects.get(sequence=1).error == "late"
    operations.pass_over(message_id=Inbound.objects.get(sequence=1).pk, reason="Đã xử lý bằng văn bản",
                         actor=world.by(owner), at=now())
    assert Inbound.objects.get(sequence=1).state == Received.GIVEN_UP and len(heard()) == 2


def test_dead_letters_of_a_gap_go_on_when_the_missing_one_comes_after_all(police: Police) -> None:
    from tuphap.shared.exchange import tasks

    police.news("person:1", 2)
    with setting_up():
        Inbound.objects.update(received_at=now() - timedelta(hours=2))
    tasks.look()
    assert Inbound.objects.get().state == Received.DEAD
    assert police.news("person:1", 1).status_code == 200
    run_jobs("exchange")
    assert heard() == [("person:1", 1), ("person:1", 2)]


def test_what_the_module_refuses_is_refused_every_time_and_the_subject_goes_on(police: Police) -> None:
    message_id = str(uuid4())

    def sealed() -> envelope.Request:
        return police.sealed({**NEWS, "reason": "không nhận"}, message_id=message_id, X_Message_Subject="p",
                             X_Message_Sequence="1")

    for _ in range(2):
        response = police.post(sealed())
        assert response.status_code == 422 and response[envelope.ERROR] == "test.unwanted"
    assert Inbound.objects.get().state == Received.REFUSED
    assert police.news("p", 2).status_code == 200 and heard() == [("p", 2)]


def test_a_defect_keeps_nothing_so_that_the_sender_comes_again(police: Police, caplog: Any) -> None:
    response = police.post(police.sealed({**NEWS, "reason": "hỏng"}))
    assert response.status_code == 500 and not Inbound.objects.exists()
    assert Call.objects.get().result == "defect"


def test_without_a_signer_the_sender_is_asked_to_come_again(police: Police, signing_services: Any) -> None:
    message_id = str(uuid4())
    signing_services.stop_signer()
    first = police.post(police.sealed(message_id=message_id))
    assert first.status_code == 503 and envelope.SIGNATURE not in first
    signing_services.start_signer()
    second = police.post(police.sealed(message_id=message_id))
    assert second.status_code == 200 and len(heard()) == 1


def test_many_at_once_have_one_effect(police: Police) -> None:
    message_id = str(uuid4())
    statuses: list[int] = []

    def post() -> None:
        try:
            statuses.append(police.post(police.sealed(message_id=message_id, X_Message_Subject="p",
                                                      X_Message_Sequence="1")).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 6 and len(heard()) == 1


def test_an_answer_that_overtakes_its_own_receipt_counts(police: Police) -> None:
    """The call with the answer may come before we have noted that the message was accepted."""
    message = world.send(actor=world.ME, at=now(), kind="police.issue-number", subject="birth:1",
                         body=world.number_wanted("1"), unit_id=world.commune().pk)
    answer = {"outcome": "issued", "number": "031326000017", "note": ""}
    sealed = police.sealed(answer, path=PATH.replace("number-news", "issue-number"),
                           X_Message_Kind="police.issue-number", X_Message_Reply_To=str(message.pk))
    assert police.post(sealed).status_code == 200
    again = police.sealed(answer, path=PATH.replace("number-news", "issue-number"),
                          X_Message_Kind="police.issue-number", X_Message_Reply_To=str(message.pk))
    assert police.post(again).status_code == 200
    message = Outbound.objects.get()
    assert message.state == Sent.ANSWERED
    assert Entry.objects.filter(event=EFFECT).count() == 1
    assert Inbound.objects.filter(reply_to=message, unit=message.unit).count() == 2


def test_another_agency_cannot_answer_for_the_one_that_was_asked(police: Police) -> None:
    message = world.send(actor=world.ME, at=now(), kind="residence.register", subject="birth:1",
                         body=world.residence_wanted("1", "031326000017"), unit_id=world.commune().pk)
    sealed = police.sealed({"outcome": "registered"}, X_Message_Kind="residence.register",
                           X_Message_Reply_To=str(message.pk))
    response = police.post(sealed)
    assert response.status_code == 422 and response[envelope.ERROR] == "exchange.reply_unknown"
    assert Outbound.objects.get().state == Sent.QUEUED


def test_no_content_in_the_logs(police: Police, caplog: Any) -> None:
    police.post(police.sealed({**NEWS, "number": "031399999999"}))
    police.post(police.sealed({"act": "a", "number": "031399999999x"}))
    told = caplog.text + repr(list(Call.objects.values())) + repr(list(Entry.objects.values()))
    assert "031399999999" not in told


def test_the_agency_is_the_one_who_acts() -> None:
    from tuphap.shared.exchange.declarations import services

    assert inbox.agency(services["police"]).name == "CSDL quốc gia về dân cư"
