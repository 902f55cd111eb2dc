"""Asked for, signed, entered; and every way in which that can fail without losing or doubling anything."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal
from tuphap.kernel.signer import SignerDown

from . import cancelling

pytestmark = pytest.mark.django_db


def jobs() -> list[dict]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT args, lock FROM procrastinate_jobs WHERE task_name = 'documents.sign'")
        return [{"args": args, "lock": lock} for args, lock in cursor.fetchall()]


def run_job(document, attempts: int) -> None:
    from tuphap.shared.documents import tasks

    tasks.sign.func(SimpleNamespace(job=SimpleNamespace(attempts=attempts)), str(document.pk))


def fresh(document):
    return type(document).objects.get(pk=document.pk)


def test_a_request_queues_its_job_in_the_same_transaction(office) -> None:
    from .offices import ACTOR, ask

    document = ask(office=office.unit, signer=office.chairman, actor=ACTOR, at=now())
    (job,) = jobs()
    assert str(document.pk) in str(job["args"])
    assert job["lock"] == f"document-{document.pk}"
    assert (document.state, document.sha256, document.signed_at) == ("pending", "", None)


@pytest.mark.django_db(transaction=True)
def test_a_request_that_rolls_back_leaves_no_job(office) -> None:
    from tuphap.shared.documents.models import Document

    with pytest.raises(Refusal):
        cancelling.ask_and_refuse(office)
    assert jobs() == []
    assert Document.objects.count() == 0


def test_a_form_that_does_not_go_with_its_data_is_refused_at_once(office) -> None:
    from tuphap.shared.documents import api as documents

    with pytest.raises(documents.CannotRender):
        office.ask(facts={"name": "thiếu mọi thứ khác"})


def test_the_job_signs_once(office) -> None:
    from tuphap.shared.documents import api as documents

    from .offices import calls

    document = office.ask()
    run_job(document, 0)
    first = documents.content(fresh(document))
    run_job(document, 1)
    assert documents.content(fresh(document)) == first
    assert calls == [("signed", str(document.pk))]


def test_signing_follows_the_clock_it_is_given(office, noon) -> None:
    from tuphap.shared.documents import api as documents

    document, content = office.issue(noon)
    found = documents.verify_pdf(content, at=now())
    assert document.signed_at == noon
    assert {line.stamped_at for line in found.signatures} == {noon}
    assert {line.claimed_at for line in found.signatures} == {noon}


@pytest.mark.parametrize(("break_it", "code"), [
    (lambda services: services.stop_signer(), "signer.down"),
    (lambda services: services.behave("tsa", "down"), "documents.stamp_down"),
    (lambda services: services.behave("tsa", "wrong"), "documents.stamp_down"),
    (lambda services: (services.forget_lists(), services.behave("crl", "down")), "documents.revocation_unknown"),
    (lambda services: (services.forget_lists(), services.behave("crl", "wrong")), "documents.revocation_unknown"),
])
def test_while_a_service_is_away_nothing_is_signed_and_nothing_lost(office, break_it, code) -> None:
    from tuphap.shared.documents import tasks
    from tuphap.shared.documents.models import Document
    from tuphap.shared.files.models import StoredFile

    from .offices import calls

    document = office.ask()
    break_it(office.services)
    for attempts in range(tasks.TRIES - 1):
        with pytest.raises(Refusal) as refused:
            run_job(document, attempts)
        assert refused.value.code == code
    assert fresh(document).state == Document.State.PENDING
    assert calls == []
    run_job(document, tasks.TRIES - 1)
    given_up = fresh(document)
    assert given_up.state == Document.State.FAILED
    assert given_up.failure == refused.value.message
    assert calls == [("failed", refused.value.message)]
    assert StoredFile.objects.count() == 0
    run_job(document, 0)
    assert calls[1:] == [], "a job that comes late finds nothing to do"


def test_a_failed_document_can_be_tried_again_with_another_number(office) -> None:
    from tuphap.shared.documents import api as documents

    from .offices import ACTOR, FACTS

    document = office.ask()
    documents.give_up(document_id=document.pk, reason="thử", actor=ACTOR, at=now())
    cancelling.retry(document=document, data={**FACTS, "number": "16/2026"}, actor=ACTOR, at=now())
    assert document.state == "pending"
    assert len(jobs()) == 1
    signed = documents.sign_now(document.pk, at=now())
    assert signed.data["number"] == "16/2026"
    with pytest.raises(documents.NotPending):
        cancelling.retry(document=signed, data=None, actor=ACTOR, at=now())


def test_the_outcomes_refusal_undoes_the_whole_entry(office, monkeypatch) -> None:
    from tuphap.shared.documents import api as documents
    from tuphap.shared.files.models import StoredFile

    from . import offices

    document = office.ask()
    monkeypatch.setattr(offices, "on_signed", cancelling.refuse_outcome)
    with pytest.raises(Refusal):
        documents.sign_now(document.pk, at=now())
    assert fresh(document).state == "pending"
    assert StoredFile.objects.count() == 0
    monkeypatch.setattr(offices, "on_signed", cancelling.forget_to_attach)
    with pytest.raises(RuntimeError, match="did not attach"):
        documents.sign_now(document.pk, at=now())
    assert fresh(document).state == "pending"


def test_certificates_must_be_there_in_force_and_not_revoked(office, noon) -> None:
    from tuphap.shared.documents import api as documents

    from .offices import ACTOR

    document = office.ask()
    assert documents.keys.can_sign(user_id=office.chairman.pk, office_id=office.unit.pk, at=now())
    for long_ago_or_ahead in (datetime(2024, 12, 31, tzinfo=UTC), now() + timedelta(days=9000)):
        assert not documents.keys.can_sign(
            user_id=office.chairman.pk, office_id=office.unit.pk, at=long_ago_or_ahead)
        with pytest.raises(documents.NoCertificate):
            documents.sign_now(document.pk, at=long_ago_or_ahead)
    seal = documents.Certificate.objects.get(kind="seal", office=office.unit)
    office.services.authorities.authority.revoke(
        authority="public-duty", serial=int(seal.serial), at=now() - timedelta(minutes=1))
    office.services.forget_lists()
    with pytest.raises(Refusal) as refused:
        documents.sign_now(document.pk, at=now())
    assert refused.value.code == "documents.certificate_revoked"
    documents.keys.retire(certificate=seal, actor=ACTOR, at=now())
    newer = documents.keys.ensure_office_seal(office=office.unit, actor=ACTOR, at=now())
    assert newer.pk != seal.pk
    assert newer.key_id != seal.key_id
    assert documents.sign_now(document.pk, at=now()).seal_certificate == newer


def test_ensuring_a_key_twice_makes_one(office) -> None:
    from tuphap.shared.documents import api as documents

    from .offices import ACTOR

    again = documents.keys.ensure_person_key(user=office.chairman, office=office.unit, actor=ACTOR, at=now())
    assert documents.Certificate.objects.filter(kind="person").count() == 1
    assert again.anchor == "public-duty"


def test_imported_certificates_are_looked_at(office, settings) -> None:
    from tuphap.kernel import signer
    from tuphap.shared.documents import api as documents
    from tuphap.shared.documents.keys import certificate_request

    from .offices import ACTOR

    settings.CA_URL = ""
    documents.Certificate.objects.get(kind="seal")
    request = certificate_request("imported-1")
    assert b"BEGIN CERTIFICATE REQUEST" in request
    authority = office.services.authorities.authority
    names = {"name": office.unit.name, "office": office.unit.name, "office_code": office.unit.code}

    def bring(issuer: str, key_id: str, **days):
        from cryptography.hazmat.primitives import serialization

        key = serialization.load_der_public_key(signer.public_key("imported-1"))
        made = authority.issue(request=key, names=names, authority=issuer, **days)
        pem = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in (made, *authority.chain(issuer)))
        return documents.keys.import_certificate(
            pem=pem, key_id=key_id, office=office.unit, user=None, actor=ACTOR, at=now())

    signer.create_key("imported-2")
    for issuer, key_id, days, why in (
        ("public-duty", "imported-2", {}, "khoá này"), ("public", "imported-1", {}, "loại cơ quan này"),
        ("public-duty", "imported-1", {"valid_to": now() - timedelta(days=1)}, "hết hạn"),
    ):
        with pytest.raises(Refusal, match=why):
            bring(issuer, key_id, **days)
    with pytest.raises(Refusal, match="không đọc được"):
        documents.keys.import_certificate(
            pem=b"junk", key_id="imported-1", office=office.unit, user=None, actor=ACTOR, at=now())
    assert bring("public-duty", "imported-1").kind == "seal"


def test_without_an_authority_of_its_own_the_platform_asks_for_an_import(office, settings) -> None:
    from tuphap.shared.documents import api as documents

    from .offices import ACTOR

    settings.CA_URL = ""
    documents.keys.retire(certificate=documents.Certificate.objects.get(kind="seal"), actor=ACTOR, at=now())
    with pytest.raises(Refusal) as refused:
        documents.keys.ensure_office_seal(office=office.unit, actor=ACTOR, at=now() + timedelta(seconds=1))
    assert refused.value.code == "documents.no_authority"


def test_a_signed_row_is_final_whatever_writes_it(office) -> None:
    from django.db import IntegrityError, transaction

    from tuphap.shared.operation.testing import setting_up

    document, _ = office.issue()
    rows = type(document).objects.filter(pk=document.pk)
    for change in (
        lambda: rows.update(data={}), lambda: rows.update(register_line={"number": "1/2026"}),
        lambda: rows.update(sha256="0" * 64), lambda: rows.update(state="pending"), lambda: rows.update(code="x"),
        lambda: rows.update(signed_at=now()), rows.delete,
    ):
        with setting_up(), pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_register_moves_once_and_tells_why(office) -> None:
    from django.db import IntegrityError, transaction

    from tuphap.shared.audit.models import Entry
    from tuphap.shared.documents import api as documents
    from tuphap.shared.operation.testing import setting_up

    from .offices import ACTOR

    document, content = office.issue()
    newer, _ = office.issue()
    cancelling.cancel(document=document, actor=ACTOR, at=now())
    assert document.register_state == "cancelled"
    line = documents.verify_pdf(content, at=now()).register
    assert (line.standing, line.reason) == ("cancelled", "Nội dung không đúng")
    for again in (cancelling.cancel, lambda **k: cancelling.replace(by=newer, **k)):
        with pytest.raises(documents.NotInForce):
            again(document=document, actor=ACTOR, at=now())
    with setting_up(), pytest.raises(IntegrityError), transaction.atomic():
        type(document).objects.filter(pk=document.pk).update(register_state="in_force")
    with pytest.raises(documents.NotPending):
        cancelling.void(document=document, actor=ACTOR, at=now())
    events = Entry.objects.filter(event__startswith="documents.", subject_id=str(document.pk))
    assert list(events.order_by("pk").values_list("event", flat=True)) == [
        "documents.requested", "documents.signed", "documents.cancelled"]


def test_a_waiting_document_can_be_given_up(office) -> None:
    from tuphap.shared.documents import api as documents

    from .offices import ACTOR

    document = office.ask()
    cancelling.void(document=document, actor=ACTOR, at=now())
    assert document.state == "void"
    with pytest.raises(documents.NotPending):
        documents.sign_now(document.pk, at=now())


def test_a_file_changed_in_the_store_is_not_handed_out(office, settings) -> None:
    from pathlib import Path

    from tuphap.shared.documents import api as documents

    document, content = office.issue()
    place = Path(settings.FILE_STORE) / document.sha256[:2] / document.sha256[2:4] / document.sha256
    place.chmod(0o600)
    place.write_bytes(content + b"%")
    with pytest.raises(Refusal):
        documents.content(document)
    place.unlink()


@pytest.mark.django_db(transaction=True)
def test_many_hands_on_one_document_enter_it_once(office) -> None:
    from django.db import connection

    from tuphap.shared.documents import api as documents
    from tuphap.shared.files.models import StoredFile

    from .offices import calls

    document = office.ask()
    faults: list[Exception] = []

    def one() -> None:
        try:
            documents.sign_now(document.pk, at=now())
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert calls == [("signed", str(document.pk))]
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_signer_fails_in_between_and_every_document_is_signed_in_the_end(office) -> None:
    from django.db import connection

    from tuphap.shared.documents import api as documents

    waiting = [office.ask() for _ in range(12)]

    def one(document) -> None:
        for _ in range(200):
            try:
                documents.sign_now(document.pk, at=now())
                break
            except SignerDown:
                continue
        connection.close()

    threads = [threading.Thread(target=one, args=(document,)) for document in waiting]
    for thread in threads:
        thread.start()
    for _ in range(3):
        office.services.stop_signer()
        office.services.start_signer()
    for thread in threads:
        thread.join()
    for document in waiting:
        assert documents.verify_pdf(documents.content(fresh(document)), at=now()).is_good
