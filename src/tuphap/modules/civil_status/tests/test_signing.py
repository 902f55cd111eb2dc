"""The true road of a signature: typst, the signer process's protocol, two signatures, time stamps, the register."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status import operations, rules
from tuphap.modules.civil_status.models import Act, BirthAct, Paper
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.numbering.models import Number
from tuphap.shared.operation.testing import setting_up

from .test_events import MARRIAGE, couple, decide
from .world import AT, SIGNING, World

SYSTEM = system_actor("test")


@pytest.fixture
def signing_world(world: World, signing_services: Any) -> World:
    """The office holds a true seal and the chairman a true key, of the sample authority."""
    with setting_up():
        documents.Certificate.objects.all().delete()
    documents.keys.ensure_person_key(user=world.users["chairman"], office=world.here, actor=SYSTEM, at=AT)
    documents.keys.ensure_office_seal(office=world.here, actor=SYSTEM, at=AT)
    return world


@pytest.mark.django_db
def test_a_birth_is_signed_sealed_and_ready(signing_world: World) -> None:
    dossier = signing_world.dossier(signing_world.answers(copies={"copies": 1}))
    act = signing_world.approve(dossier)
    for paper in act.papers.order_by("pk"):
        documents.sign_now(paper.document_id, at=AT)
    done = BirthAct.objects.get(pk=act.pk)
    assert done.state == rules.ActState.REGISTERED
    assert Dossier.objects.get(pk=dossier.pk).state == dossiers.State.RESULT_READY
    for paper in done.papers.select_related("document"):
        content = documents.content(paper.document)
        assert content.startswith(b"%PDF") and content.count(b"/ByteRange") == 2
        assert paper.document.register_line["number"] in ("01/2026",)
    again = documents.sign_now(done.papers.order_by("pk")[0].document_id, at=AT)
    assert again.state == Document.State.SIGNED


@pytest.mark.django_db
def test_a_marriage_is_signed_handed_out_and_found_true(signing_world: World) -> None:
    act = decide(signing_world, MARRIAGE, couple(signing_world))
    documents.sign_now(act.papers.get().document_id, at=AT)
    assert Act.objects.get(pk=act.pk).state == rules.ActState.REGISTERED
    paper, client = act.papers.get(), Client()
    force_login(client, signing_world.users["officer"])
    with standing_at(AT):
        handed = client.get(reverse("civil_status:paper", args=[act.pk, paper.pk]))
        checked = documents.verify_pdf(handed.content, at=AT)
    assert handed["Content-Type"] == "application/pdf"
    assert [str(line.indication) for line in checked.signatures] == ["TOTAL-PASSED"] * 2
    assert checked.register is not None and str(checked.register.standing) == "in_force"


@pytest.mark.django_db
def test_a_signer_that_is_away_costs_no_number(signing_world: World, signing_services: Any) -> None:
    act = signing_world.approve(signing_world.dossier())
    document = act.papers.get().document
    signing_services.stop_signer()
    try:
        with pytest.raises(Exception) as away:
            documents.sign_now(document.pk, at=AT)
    finally:
        signing_services.start_signer()
    assert BirthAct.objects.get(pk=act.pk).state == rules.ActState.PENDING_SIGNATURE
    documents.give_up(document_id=document.pk, reason=str(away.value)[:200], actor=SIGNING, at=AT)
    with documents.signing_by_hand():
        operations.retry_signing(act_id=act.pk, actor=signing_world.who("chairman"), at=AT)
    documents.sign_now(document.pk, at=AT)
    done = BirthAct.objects.get(pk=act.pk)
    assert (done.display_number, done.state) == ("01/2026", rules.ActState.REGISTERED)


def _decide_and_sign(world: World, how_many: int) -> None:
    """Decide and truly sign in real threads; some originals fail first and are tried again or given up."""
    chance = random.Random(7)
    made = [world.dossier(world.distinct(n)) for n in range(how_many)]
    fates = {d.pk: chance.choice(["signs", "signs", "retries", "gives up"]) for d in made}
    chairman = world.who("chairman")

    def approve(dossier_id: UUID) -> Document:
        with documents.signing_by_hand():
            act = operations.approve_birth(dossier_id=dossier_id, actor=chairman, at=AT)
        return Paper.objects.select_related("document").get(act=act).document

    def one(dossier_id: UUID) -> None:
        try:
            document = approve(dossier_id)
            if fates[dossier_id] != "signs":
                documents.give_up(document_id=document.pk, reason="Máy ký bận", actor=SIGNING, at=AT)
            act_id = UUID(document.subject_id)
            if fates[dossier_id] == "retries":
                with documents.signing_by_hand():
                    operations.retry_signing(act_id=act_id, actor=chairman, at=AT)
            elif fates[dossier_id] == "gives up":
                operations.void_act(act_id=act_id, reason="Máy ký hỏng", actor=chairman, at=AT)
                document = approve(dossier_id)
            documents.sign_now(document.pk, at=AT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, [d.pk for d in made]))
    given_up = sum(fate == "gives up" for fate in fates.values())
    numbers = list(Number.objects.order_by("value").values_list("value", flat=True))
    assert numbers == list(range(1, how_many + given_up + 1))
    assert sorted(Act.objects.values_list("number", flat=True)) == numbers
    assert Act.objects.filter(state=rules.ActState.REGISTERED).count() == how_many
    assert Document.objects.filter(state=Document.State.SIGNED).count() == how_many
    assert set(Dossier.objects.values_list("state", flat=True)) == {dossiers.State.RESULT_READY}


@pytest.mark.django_db(transaction=True)
def test_many_decisions_and_true_signatures_at_once(signing_world: World) -> None:
    _decide_and_sign(signing_world, 8)


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_fifty_decisions_and_true_signatures_at_once(signing_world: World) -> None:
    _decide_and_sign(signing_world, 50)
