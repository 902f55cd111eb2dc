"""The generic path: a declaration that is data, a paper worded, reviewed, signed; and what goes wrong on the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import standing_at
from tuphap.kernel.refusal import Invalid
from tuphap.modules.one_stop_shop import operations, queries, rules
from tuphap.modules.one_stop_shop.generic import operations as generic
from tuphap.modules.one_stop_shop.generic.answers import declaration
from tuphap.modules.one_stop_shop.generic.forms import pages
from tuphap.modules.one_stop_shop.models import Decision
from tuphap.modules.one_stop_shop.rules import DecisionState
from tuphap.shared.access import api as access
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Dossier, Procedure, State
from tuphap.shared.dossiers.rules import NotReviewed
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.numbering.models import Number
from tuphap.shared.operation.testing import setting_up

from .department import LAW_FIRM, Department, fail, sign
from .steps import MONDAY, PICTURE, text_of

pytestmark = pytest.mark.django_db


def look(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def offered(dossier: Dossier, who: str, department: Department) -> set[Action]:
    offers = queries.available_actions(look(dossier), department.who(who), morning(MONDAY, 11))
    return {offer.action for offer in offers}


# -- the whole road


def test_from_the_citizen_to_a_result_that_is_ready(department: Department) -> None:
    dossier = department.received()
    assert dossier.code.startswith("H31.09-") and dossier.applicant_name == "Nguyễn Thị Lan"
    assert dossier.applicant["address"].startswith("Số 1, đường Cảng, ")
    operations.assign(dossier_id=dossier.pk, to_user_id=department.people["specialist"].pk,
                      actor=department.who("head"), at=morning(MONDAY, 9, 10))
    department.word(dossier)
    operations.propose(dossier_id=dossier.pk, actor=department.who("specialist"), at=morning(MONDAY, 10, 10))
    assert Action.REVIEW in offered(dossier, "head", department)
    assert Action.APPROVE not in offered(dossier, "director", department)
    with pytest.raises(NotReviewed):
        operations.approve(dossier_id=dossier.pk, actor=department.who("director"), at=morning(MONDAY, 10, 15))
    operations.review(dossier_id=dossier.pk, actor=department.who("head"), at=morning(MONDAY, 10, 20))
    with documents.signing_by_hand():
        operations.approve(dossier_id=dossier.pk, actor=department.who("director"), at=morning(MONDAY, 10, 30))
    decision = Decision.objects.get(dossier=dossier)
    assert (decision.state, decision.number, look(dossier).state) == ("pending", "01/2026", State.AWAITING_SIGNATURE)
    sign(decision)
    done = look(dossier)
    assert done.state == State.RESULT_READY and done.result["number"] == "01/2026"
    assert done.result["documents"] == [{"id": str(decision.document_id), "title": "Giấy đăng ký hoạt động"}]
    line = documents.Document.objects.get(pk=decision.document_id).register_line
    assert line["kind"] == "Giấy đăng ký hoạt động của tổ chức hành nghề luật sư" and "Lan" not in str(line)


def test_work_waits_for_the_head_then_for_the_director(department: Department) -> None:
    dossier = department.assigned()
    department.word(dossier)
    operations.propose(dossier_id=dossier.pk, actor=department.who("specialist"), at=morning(MONDAY, 10, 10))
    at = morning(MONDAY, 11)

    def waiting(who: str) -> list[Action]:
        return [item.action for item in queries.worklist(department.who(who), at).items]

    assert waiting("head") == [Action.REVIEW] and waiting("director") == []
    assert queries.number_to_sign(actor=department.who("head"), at=at) == 0
    operations.review(dossier_id=dossier.pk, actor=department.who("head"), at=at)
    assert waiting("head") == [] and waiting("director") == [Action.APPROVE]
    assert queries.number_to_sign(actor=department.who("director"), at=at) == 1


def test_a_true_signature_and_seal_over_the_paper(department: Department, signing_services: Any) -> None:
    actor, at = system_actor("test"), morning(MONDAY)
    documents.keys.ensure_person_key(user=department.people["director"], office=department.office, actor=actor, at=at)
    documents.keys.ensure_office_seal(office=department.office, actor=actor, at=at)
    decision = department.approved()
    documents.sign_now(decision.document_id, at=morning(MONDAY, 10, 31))
    signed = Decision.objects.get(pk=decision.pk)
    content = documents.content(signed.document)
    assert signed.state == DecisionState.SIGNED and content.count(b"/ByteRange") == 2
    checked = documents.verify_pdf(content, at=morning(MONDAY, 11))
    assert checked.content.state is documents.Content.SAME
    assert [line.indication for line in checked.signatures] == [documents.Indication.PASSED] * 2


# -- who may, and when


def test_a_commune_has_no_power_over_what_is_the_department_s(department: Department) -> None:
    commune = department.office.admin_unit.children.first().offices.get(valid_to__isnull=True)
    with pytest.raises(rules.WrongOffice):
        operations.start_draft(procedure_code=LAW_FIRM, resolving_unit_id=commune.pk, actor=department.who("lan"),
                               at=morning(MONDAY))
    with pytest.raises(rules.WrongOffice):
        operations.start_draft(procedure_code="1.000894", resolving_unit_id=department.office.pk,
                               actor=department.who("lan"), at=morning(MONDAY))


def test_nobody_proposes_without_a_paper(department: Department) -> None:
    dossier = department.assigned()
    with pytest.raises(dossiers.UnresolvedErrors) as refused:
        operations.propose(dossier_id=dossier.pk, actor=department.who("specialist"), at=morning(MONDAY, 10))
    assert refused.value.params["codes"] == ["one_stop.no_draft"]


def test_only_the_assigned_officer_words_the_paper_and_only_in_hand(department: Department) -> None:
    dossier = department.received()
    with pytest.raises(dossiers.NotAssigned):
        department.word(dossier)
    operations.assign(dossier_id=dossier.pk, to_user_id=department.people["specialist"].pk,
                      actor=department.who("head"), at=morning(MONDAY, 9, 10))
    for who in ("receiver", "head", "director"):
        with pytest.raises(access.Forbidden):
            department.word(dossier, who=who)
    with pytest.raises(rules.EmptyDecision):
        department.word(dossier, paragraphs=["  "])
    first = department.word(dossier)
    again = department.word(dossier, title="Sửa lại")
    assert first.pk == again.pk and Decision.objects.get().title == "Sửa lại"
    operations.propose(dossier_id=dossier.pk, actor=department.who("specialist"), at=morning(MONDAY, 10, 10))
    with pytest.raises(dossiers.StateConflict):
        department.word(dossier)


def test_the_department_sees_its_own_dossiers_and_no_commune_s(department: Department) -> None:
    dossier = department.received()
    at = morning(MONDAY, 11)
    with setting_up():
        other = look(dossier)
        commune = department.office.admin_unit.children.first().offices.get(valid_to__isnull=True)
        other.receiving_unit = other.resolving_unit = commune
        other.save()
    for who in ("receiver", "specialist", "head", "director"):
        assert not queries.visible(department.who(who), at=at).exists(), who


# -- signing that fails


def test_a_failed_signature_is_tried_again_under_the_same_number(department: Department) -> None:
    decision = department.approved()
    fail(decision)
    failed = Decision.objects.get(pk=decision.pk)
    assert (failed.state, failed.failure, failed.failures) == ("failed", "Máy ký không trả lời", 1)
    for who in ("specialist", "head"):
        with pytest.raises(access.Forbidden):
            generic.retry_signing(decision_id=decision.pk, actor=department.who(who), at=morning(MONDAY, 11))
    with documents.signing_by_hand():
        generic.retry_signing(decision_id=decision.pk, actor=department.who("director"), at=morning(MONDAY, 11))
    with pytest.raises(rules.WrongDecisionState):
        generic.retry_signing(decision_id=decision.pk, actor=department.who("director"), at=morning(MONDAY, 11))
    sign(Decision.objects.get(pk=decision.pk), at=morning(MONDAY, 11, 5))
    assert Number.objects.get(series__code=rules.DECISION_SERIES).state == Number.State.CONFIRMED


def test_a_number_given_up_keeps_its_line_and_the_dossier_goes_back(department: Department) -> None:
    decision = department.approved()
    director = department.who("director")
    with pytest.raises(rules.WrongDecisionState):
        generic.void_decision(decision_id=decision.pk, reason="x", actor=director, at=morning(MONDAY, 11))
    fail(decision)
    with pytest.raises(rules.VoidReasonRequired):
        generic.void_decision(decision_id=decision.pk, reason=" ", actor=director, at=morning(MONDAY, 11))
    generic.void_decision(decision_id=decision.pk, reason="Sai tên", actor=director, at=morning(MONDAY, 11))
    dossier = look(decision.dossier)
    assert dossier.state == State.AWAITING_APPROVAL and dossier.reviewed_by_id is None
    rows = {d.state: d for d in Decision.objects.filter(dossier=dossier)}
    assert set(rows) == {"void", "draft"} and rows["draft"].title == rows["void"].title
    number = Number.objects.get(series__code=rules.DECISION_SERIES)
    assert rows["void"].void_reason == "Sai tên" and number.state == Number.State.VOID
    operations.review(dossier_id=dossier.pk, actor=department.who("head"), at=morning(MONDAY, 11, 10))
    with documents.signing_by_hand():
        operations.approve(dossier_id=dossier.pk, actor=director, at=morning(MONDAY, 11, 20))
    assert Decision.objects.get(dossier=dossier, state="pending").number == "02/2026"


# -- answers


EVERY_KIND: list[dict[str, Any]] = [
    {"code": "person", "title": "Người", "fields": [
        {"code": "name", "label": "Họ tên", "kind": "name"}, {"code": "phone", "label": "Điện thoại", "kind": "phone"},
    ]},
    {"code": "all", "title": "Mọi loại", "fields": [
        {"code": "a_text", "label": "Chữ", "kind": "text", "most": 5},
        {"code": "a_long", "label": "Đoạn", "kind": "long_text", "required": False},
        {"code": "a_date", "label": "Ngày", "kind": "date"},
        {"code": "a_partial", "label": "Năm", "kind": "partial_date", "required": False},
        {"code": "a_number", "label": "Số", "kind": "number", "least": 1, "most": 9},
        {"code": "a_money", "label": "Tiền", "kind": "money", "required": False},
        {"code": "a_choice", "label": "Chọn", "kind": "choice", "choices": ["Một", "Hai"]},
        {"code": "a_yes", "label": "Có không", "kind": "yes_no"},
        {"code": "an_email", "label": "Thư", "kind": "email", "required": False},
        {"code": "a_tax", "label": "Mã số thuế", "kind": "tax_code", "required": False},
        {"code": "a_unit", "label": "Xã", "kind": "unit", "required": False},
        {"code": "a_pin", "label": "Số định danh", "kind": "personal_number", "required": False},
    ]},
]
SOUND = {"a_text": "năm", "a_date": "2026-03-02", "a_number": 3, "a_choice": "Hai", "a_yes": False}


@pytest.mark.parametrize(("field", "value"), [
    ("a_text", "dài quá"), ("a_text", ""), ("a_text", 5), ("a_date", "31/02/2026"), ("a_date", None),
    ("a_partial", "hôm qua"), ("a_number", 0), ("a_number", 10), ("a_number", True), ("a_number", "ba"),
    ("a_money", -1), ("a_choice", "Ba"), ("a_yes", None), ("a_yes", "maybe"), ("an_email", "khong"), ("a_tax", "123"),
    ("a_unit", "99999"), ("a_pin", "111111111111"),
])
def test_each_kind_of_question_has_its_rule(department: Department, field: str, value: Any) -> None:
    model = declaration(Procedure(form=EVERY_KIND))
    person = {"name": "An Bình", "phone": "0912 345 678"}
    whole = model.model_validate({"person": person, "all": SOUND})
    assert whole.applicant().phone == "0912345678"
    with pytest.raises(ValueError) as refused:
        model.model_validate({"person": person, "all": {**SOUND, field: value}})
    assert field in str(refused.value)


def test_every_seeded_form_makes_pages_and_a_model(department: Department) -> None:
    for procedure in dossiers.procedures(on=MONDAY).filter(handler=rules.GENERIC):
        model, drawn = declaration(procedure), pages(procedure)
        assert [page.code for page in drawn] == list(model.model_fields)
        for page in drawn:
            form = page.form()
            assert "label" in str(form) and not page.form({}).is_valid()
            assert list(form.fields) == list(model.model_fields[page.code].annotation.model_fields)  # type: ignore[union-attr]


def test_an_organisation_applies_with_its_tax_code(department: Department) -> None:
    at, lan = morning(MONDAY, 8), department.who("lan")
    dossier = operations.start_draft(procedure_code="tam.luat-su.cham-dut", resolving_unit_id=department.office.pk,
                                     actor=lan, at=at)
    place = department.answers()["person"]["address"]
    told = {"name": "Văn phòng luật sư Hoa Phượng", "tax_code": "0201234567", "representative": "Trần Văn An",
            "position": "Trưởng văn phòng", "representative_number": "031090000111", "phone": "02253 123 456",
            "address": place}
    with pytest.raises(Invalid) as refused:
        operations.save_page(dossier_id=dossier.pk, page="organisation", answers={**told, "tax_code": "12"}, actor=lan,
                             at=at)
    assert [p.field for p in refused.value.problems] == ["organisation.tax_code"]
    operations.save_page(dossier_id=dossier.pk, page="organisation", answers=told, actor=lan, at=at)
    operations.save_page(dossier_id=dossier.pk, page="practice", answers={"content": "Chấm dứt"}, actor=lan, at=at)
    applicant = dossiers.applicant_of(look(dossier))
    assert (applicant.kind, applicant.registration_number) == ("organisation", "0201234567")
    assert applicant.key() == "0201234567"


# -- the law changes while a dossier is on its way


def new_version(code: str, first: date, **changes: Any) -> Procedure:
    """As officials enact it, without the permission."""
    with setting_up():
        old = dossiers.procedure_in_force(code, on=first)
        Procedure.objects.filter(pk=old.pk).update(valid_to=first)
        columns = {f.attname: getattr(old, f.attname) for f in old._meta.concrete_fields if f.attname != "id"}
        return Procedure.objects.create(**{**columns, "valid_from": first, **changes})


def test_a_draft_goes_over_to_the_new_version_while_its_form_still_fits(department: Department) -> None:
    dossier = department.draft()
    tuesday = date(2026, 3, 3)
    newer = new_version(LAW_FIRM, tuesday, limit_value=3, limit_unit="WD")
    operations.submit(dossier_id=dossier.pk, actor=department.who("lan"), at=morning(tuesday))
    received = operations.receive(dossier_id=dossier.pk, actor=department.who("receiver"), at=morning(tuesday, 10),
                                  fee_deferred=True)
    assert received.procedure_id == newer.pk and received.due_at.date() == date(2026, 3, 6)


def test_what_was_received_before_keeps_its_law(department: Department) -> None:
    dossier = department.received()
    due, law = dossier.due_at, dossier.procedure_id
    new_version(LAW_FIRM, date(2026, 3, 3), limit_value=3, limit_unit="WD", form=EVERY_KIND)
    operations.recompute_due(dossier_id=dossier.pk, reason="Lịch", actor=system_actor("timers"), at=morning(MONDAY, 11))
    kept = dossiers.get_visible(dossier.code, department.who("specialist"), morning(date(2026, 3, 4)))
    assert (kept.due_at, kept.procedure_id) == (due, law)
    assert [page.code for page in kept.form_pages()] == ["person", "practice"]


def test_a_draft_whose_form_changed_names_the_pages_to_look_at(department: Department) -> None:
    dossier = department.draft()
    tuesday, lan = date(2026, 3, 3), department.who("lan")
    form = [*dossier.procedure.form, {"code": "extra", "title": "Trang mới", "fields": [
        {"code": "reason", "label": "Lý do"}]}]
    newer = new_version(LAW_FIRM, tuesday, form=form)
    with pytest.raises(dossiers.LawChanged) as refused:
        operations.submit(dossier_id=dossier.pk, actor=lan, at=morning(tuesday))
    assert "quy định mới từ ngày 03/03/2026" in refused.value.message and "Trang mới" in refused.value.message
    assert "Người yêu cầu" not in refused.value.message
    operations.save_page(dossier_id=dossier.pk, page="extra", answers={"reason": "Có"}, actor=lan, at=morning(tuesday))
    assert look(dossier).procedure_id == newer.pk
    assert operations.submit(dossier_id=dossier.pk, actor=lan, at=morning(tuesday)).state == State.SUBMITTED


def test_pages_that_are_asked_no_more_are_left_out(department: Department) -> None:
    dossier = department.draft()
    tuesday = date(2026, 3, 3)
    new_version(LAW_FIRM, tuesday, form=dossier.procedure.form[:1])
    sent = operations.submit(dossier_id=dossier.pk, actor=department.who("lan"), at=morning(tuesday))
    assert list(sent.answers) == ["person"]


# -- pages


def client_of(department: Department, name: str) -> Client:
    client = Client()
    force_login(client, department.people[name])
    return client


def act(client: Client, dossier: Dossier, action: str, **typed: Any) -> Any:
    answer = client.post(reverse("one_stop_shop:act", args=[dossier.pk, action]), typed)
    assert answer.status_code == 302, text_of(answer)
    return answer


def test_the_whole_road_over_pages_without_script(department: Department, signing_services: Any) -> None:
    actor, at = system_actor("test"), morning(MONDAY)
    documents.keys.ensure_person_key(user=department.people["director"], office=department.office, actor=actor, at=at)
    documents.keys.ensure_office_seal(office=department.office, actor=actor, at=at)
    with standing_at(morning(MONDAY, 9)), documents.signing_by_hand():
        dossier = _filed_over_pages(department)
        _handled_over_pages(department, dossier)
        decision = Decision.objects.select_related("document").get(dossier=dossier)
        documents.sign_now(decision.document_id, at=morning(MONDAY, 9, 1))
    with standing_at(morning(MONDAY, 9, 30)):
        done, lan = look(dossier), client_of(department, "lan")
        own = text_of(lan.get(f"/ho-so-cua-toi/{done.code}/"))
        assert "Giấy đăng ký hoạt động" in own and "01/2026" in own
        paper = lan.get(reverse("one_stop_shop:own_result", args=[done.pk, decision.document_id]))
        assert paper.content.startswith(b"%PDF")
        checked = text_of(Client().get(reverse("documents:verify_code", args=[decision.document.code])))
        assert "01/2026" in checked and "Nguyễn Thị Lan" not in checked


def _filed_over_pages(department: Department) -> Dossier:
    lan, told = client_of(department, "lan"), department.answers()
    assert "Nộp trực tuyến" in text_of(lan.get(f"/thu-tuc/{LAW_FIRM}/"))
    start = reverse("one_stop_shop:start", args=[LAW_FIRM])
    assert "Sở Tư pháp" in text_of(lan.get(start)) and "Chọn xã, phường" not in text_of(lan.get(start))
    begun = lan.post(start, {"noi": department.office.pk})
    dossier = Dossier.objects.get(applicant_user=department.people["lan"])
    first = text_of(lan.get(begun.url))
    assert "Nguyễn Thị Lan" in first and "031192000123" in first  # what the account says of its owner
    wrong = lan.post(begun.url, {"name": "Lan 2", "phone": "0912345678"})
    assert wrong.status_code == 422 and 'value="Lan 2"' in text_of(wrong)
    place = told["person"]["address"]
    person = {**told["person"], "address_detail": place["detail"], "address_unit": place["unit_code"]}
    second = lan.post(begun.url, {k: v for k, v in person.items() if k != "address"})
    assert second.url == reverse("one_stop_shop:fill", args=[dossier.pk, "practice"]), text_of(second)
    papers = lan.post(second.url, told["practice"])
    for component in dossier.procedure.components:
        if component["mandatory"] and not component["replaced_by_database"]:
            scan = SimpleUploadedFile("a.png", PICTURE, content_type="image/png")
            code = component["code"]
            assert lan.post(papers.url, {"thanh_phan": code, f"{code}-tep": scan}).status_code == 302
    check = reverse("one_stop_shop:check", args=[dossier.pk])
    assert "Đăng ký hoạt động văn phòng luật sư." in text_of(lan.get(check))
    sent = lan.post(check, {"cach_nhan": "truc_tuyen", "cam_doan": "on"})
    assert sent.url == reverse("one_stop_shop:sent", args=[dossier.pk]), text_of(sent)
    return look(dossier)


def _handled_over_pages(department: Department, dossier: Dossier) -> None:
    receiver, head = client_of(department, "receiver"), client_of(department, "head")
    specialist, director = client_of(department, "specialist"), client_of(department, "director")
    act(receiver, dossier, "receive", pay="cash")
    code = look(dossier).code
    assert "Đã tiếp nhận" in text_of(receiver.get(f"/mot-cua/ho-so/{code}/"))
    act(head, dossier, "assign", to_user_id=str(department.people["specialist"].pk))
    page = f"/mot-cua/ho-so/{code}/"
    before = text_of(specialist.get(page))
    assert "Soạn văn bản" in before and "Chưa soạn" in before
    word = reverse("one_stop_shop:draft_decision", args=[dossier.pk])
    assert "Căn cứ Luật Luật sư" in text_of(specialist.get(word))
    assert head.get(word).status_code == 403
    empty = specialist.post(word, {"kind": "granted", "title": "", "paragraphs": ""})
    assert empty.status_code == 422
    saved = specialist.post(word, {"kind": "granted", "title": "Giấy đăng ký hoạt động", "enclosures": "Danh sách",
                                   "paragraphs": "Căn cứ Luật Luật sư;\n\nSở Tư pháp cấp Giấy đăng ký hoạt động."})
    assert saved.url == page
    preview = specialist.get(reverse("one_stop_shop:preview_decision", args=[dossier.pk]))
    assert preview["Content-Type"] == "application/pdf" and preview.content.startswith(b"%PDF")
    act(specialist, dossier, "propose")
    act(head, dossier, "review")
    assert code in text_of(director.get("/mot-cua/ky/"))
    director.post("/mot-cua/ky/", {"hs": str(dossier.pk)})
    assert look(dossier).state == State.AWAITING_SIGNATURE


def test_failed_signings_are_listed_tried_again_or_given_up(department: Department) -> None:
    decision = department.approved()
    fail(decision)
    with standing_at(morning(MONDAY, 11)), documents.signing_by_hand():
        director = client_of(department, "director")
        shown = text_of(director.get("/mot-cua/ky/loi/"))
        assert "số 01/2026" in shown and "Máy ký không trả lời" in shown
        assert client_of(department, "specialist").get("/mot-cua/ky/loi/").status_code == 403
        director.post(reverse("one_stop_shop:void_decision", args=[decision.pk]), {"reason": ""})
        assert Decision.objects.get().state == DecisionState.FAILED
        director.post(reverse("one_stop_shop:retry_signing", args=[decision.pk]))
        assert Decision.objects.get().state == DecisionState.PENDING
        fail(Decision.objects.get())
        director.post(reverse("one_stop_shop:void_decision", args=[decision.pk]), {"reason": "Sai"})
    assert look(decision.dossier).state == State.AWAITING_APPROVAL
