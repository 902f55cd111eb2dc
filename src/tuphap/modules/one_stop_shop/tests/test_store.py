"""The citizen's store: every signed result with its standing today, and taken into a new dossier with its source."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import standing_at
from tuphap.modules.one_stop_shop import queries, slips
from tuphap.modules.one_stop_shop.rules import ResultNotForFiler
from tuphap.modules.one_stop_shop.store import operations as store
from tuphap.modules.one_stop_shop.store import queries as stored
from tuphap.modules.one_stop_shop.store import rules
from tuphap.modules.one_stop_shop.tests.steps import text_of
from tuphap.shared.accounts.models import User
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.dossiers.api import Attachment, Dossier
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.files import api as files
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up

from .department import Department, sign
from .steps import MONDAY

pytestmark = pytest.mark.django_db
AT = morning(MONDAY, 11)
TITLE = "Giấy đăng ký hoạt động"


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with standing_at(AT):
        yield


@operation
def cancel(*, document: Document, actor: Actor, at: datetime) -> Document:
    return documents.cancel(document, reason_code="wrong_content", decision="01/QĐ", actor=actor, at=at)


def ready(department: Department) -> Document:
    """Lan's first result, signed."""
    decision = department.approved()
    sign(decision)
    decision.document.refresh_from_db()
    files._keep(decision.document.sha256, f"%PDF signed {decision.document_id}".encode())
    return decision.document


def lan_s(department: Department) -> Client:
    client = Client()
    force_login(client, department.people["lan"])
    return client


def test_a_result_is_there_checked_and_used_again(department: Department) -> None:
    document, lan = ready(department), lan_s(department)
    page = text_of(lan.get("/kho-ket-qua/"))
    assert TITLE in page and "Còn giá trị" in page and reverse("documents:verify_code", args=[document.code]) \
        in page
    assert lan.get(reverse("one_stop_shop:stored_file", args=[document.pk])).content.startswith(b"%PDF")
    draft = department.draft(at=AT)
    component = draft.procedure.components[0]["code"]
    assert TITLE in text_of(lan.get(reverse("one_stop_shop:papers", args=[draft.pk])))
    take = reverse("one_stop_shop:attach_stored", args=[draft.pk])
    assert lan.post(take, {"thanh_phan": component, "giay": "x"}).status_code == 404
    assert lan.post(take, {"thanh_phan": component, "giay": str(document.pk)}).status_code == 302
    paper = Attachment.objects.get(dossier=draft, source="store")
    assert paper.file is not None and paper.lookup is not None
    assert paper.file.sha256 == document.sha256 == paper.lookup["sha256"] and paper.lookup["code"] == document.code
    assert lan.get(reverse("one_stop_shop:own_file", args=[draft.pk, paper.pk])).status_code == 200


def test_what_was_cancelled_is_shown_so_and_not_used(department: Department) -> None:
    document, lan = ready(department), department.who("lan")
    draft = department.draft(at=AT)
    component = draft.procedure.components[0]["code"]
    told = {"dossier_id": draft.pk, "component": component, "document_id": document.pk, "actor": lan, "at": AT}
    store.attach_result(**told)
    cancel(document=document, actor=system_actor("test"), at=AT)
    assert "Đã bị huỷ bỏ" in text_of(lan_s(department).get("/kho-ket-qua/"))
    with pytest.raises(rules.NoLongerValid, match="huỷ bỏ"):
        store.attach_result(**told)
    assert stored.usable(lan, AT) == []
    found = [f for f in draft.handler.find(draft, actor=lan, at=AT) if f.code == "dossiers.result_ended"]
    assert [f.severity for f in found] == ["error"]


def test_the_slip_says_that_it_came_from_the_store(department: Department) -> None:
    assert slips._SOURCES["store"] == "Bản điện tử từ kho kết quả"


def test_another_s_result_is_not_even_there(department: Department) -> None:
    document = ready(department)
    with setting_up():
        other = User.objects.create_citizen(issuer="https://id.test", subject="khac", full_name="Người Khác",
                                            personal_number="031192000999", assurance_level=2)
    client = Client()
    force_login(client, other)
    assert TITLE not in text_of(client.get("/kho-ket-qua/"))
    assert client.get(reverse("one_stop_shop:stored_file", args=[document.pk])).status_code == 404
    for pk in (document.pk, uuid4()):
        with pytest.raises(rules.UnknownResult):
            stored.get(pk, Actor(kind=department.who("lan").kind, name="x", user_id=other.pk), AT)


def test_a_representative_holds_a_result_only_while_they_may(department: Department) -> None:
    document, lan = ready(department), department.who("lan")
    told = {
        "ground": "authorised", "name": "Trần Thị Dân", "personal_number": "031192000999", "kinship": "other",
        "authorisation": {"writing": "certified", "number": "1", "issued_on": "2026-02-20", "valid_to": "2026-03-02"},
    }
    with setting_up():
        Dossier.objects.filter(result__has_key="documents").update(
            representation=told, represented_number="031192000999")
        dan = User.objects.create_citizen(issuer="https://id.test", subject="dan", full_name="Trần Thị Dân",
                                          personal_number="031192000999", assurance_level=2)
    assert stored.get(document.pk, lan, AT).may_hold
    with standing_at(morning(MONDAY.replace(day=3))) as later:
        held = stored.get(document.pk, lan, later)
        assert not held.may_hold and held.whose == "Trần Thị Dân"
        client = lan_s(department)
        assert client.get(reverse("one_stop_shop:stored_file", args=[document.pk])).status_code == 403
        assert "Trả cho người ủy quyền" in text_of(client.get("/kho-ket-qua/"))
        own = Actor(kind=lan.kind, name="Trần Thị Dân", user_id=dan.pk)
        assert stored.get(document.pk, own, later).may_hold
        draft = department.draft(at=later)
        with pytest.raises(ResultNotForFiler):
            store.attach_result(dossier_id=draft.pk, component=draft.procedure.components[0]["code"],
                                document_id=document.pk, actor=lan, at=later)
        assert queries.own_dossiers(own, at=later).count() == 1
