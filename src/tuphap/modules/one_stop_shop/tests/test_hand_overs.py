"""Papers handed over by lists: who gives, who takes, what is late, and what form 06 tells of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from tuphap.kernel.clock import standing_at
from tuphap.modules.one_stop_shop import queries, rules
from tuphap.modules.one_stop_shop.handover import operations
from tuphap.modules.one_stop_shop.handover import queries as lists
from tuphap.modules.one_stop_shop.models import HandOver
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, Work, client_of, text_of
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.notices.models import Notice
from tuphap.shared.operation.api import Once

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY, NEXT_MONDAY = date(2026, 3, 3), date(2026, 3, 6), date(2026, 3, 9)


def make(work: Work, *ids: UUID, who: str = "desk", at: datetime = morning(MONDAY, 10), **more: Any) -> list[HandOver]:
    return operations.hand_over(dossier_ids=ids, actor=work.town.who(who), at=at, **more)


def take(work: Work, one: HandOver, *, who: str = "officer", left: dict[UUID, str] | None = None,
         at: datetime = morning(MONDAY, 10, 30)) -> HandOver:
    return operations.take_over(hand_over_id=one.pk, left=left or {}, actor=work.town.who(who), at=at)


@pytest.mark.parametrize(("came", "by"), [
    (morning(MONDAY, 8), morning(MONDAY, 17)),
    (morning(MONDAY, 14, 59), morning(MONDAY, 17)),
    (morning(MONDAY, 15), morning(TUESDAY, 8, 30)),
    (morning(FRIDAY, 16), morning(NEXT_MONDAY, 8, 30)),
    (morning(date(2026, 3, 7), 9), morning(NEXT_MONDAY, 8, 30)),
])
def test_the_same_day_or_first_thing_on_the_next(came: datetime, by: datetime, catalogue: None) -> None:
    working = calendar.working_calendar()
    assert rules.hand_over_by(at=came, working=working, cutoff_hour=15, morning_hours=1) == by


def test_received_papers_wait_bundled_by_who_gets_them(work: Work) -> None:
    first, second = work.assign(work.file()), work.file(number="031090000222")
    third = work.assign(work.file(number="031090000333"), to="second")
    online = work.receive(work.submit_online())
    desk, at = work.town.who("desk"), morning(MONDAY, 10)
    found = lists.bundles(lists.waiting(desk, at))
    assert [(b.to_name, [i.dossier.pk for i in b.items]) for b in found] == [
        ("Cán bộ Officer", [first.pk]), (work.town.commune.name, [second.pk]), ("Cán bộ Second", [third.pk]),
    ]
    assert online.pk not in {item.dossier.pk for bundle in found for item in bundle.items}  # there is no paper
    assert lists.waiting(work.town.who("stranger"), at) == [] == lists.waiting(work.town.who("chairman"), at)
    late = lists.waiting(desk, morning(TUESDAY, 7, 45))
    assert all(item.is_late for item in late) and not any(i.is_late for b in found for i in b.items)


def test_a_list_is_numbered_signed_for_and_told_on_form_06(work: Work) -> None:
    dossiers = [work.assign(work.file(number=f"03109000{n}111")) for n in range(3)]
    (one,) = make(work, *(d.pk for d in dossiers))
    assert one.number == "01/2026" and one.to_person == work.town.people["officer"]
    assert Notice.objects.filter(to_user=work.town.people["officer"], template="one_stop.hand_over_made").count() == 1
    assert lists.waiting(work.town.who("desk"), morning(MONDAY, 10)) == []
    with pytest.raises(rules.ReasonForEach, match=dossiers[1].reference):
        take(work, one, left={dossiers[1].pk: "  "})
    done = take(work, one, left={dossiers[1].pk: "Thiếu giấy chứng sinh"})
    assert done.taken_by == work.town.people["officer"]
    lines = {line.dossier_id: line for line in done.lines.all()}
    assert [lines[d.pk].taken for d in dossiers] == ["taken", "left", "taken"]
    assert Notice.objects.filter(to_user=work.town.people["desk"], template="one_stop.hand_over_left").count() == 1
    step = next(s for s in queries.control_sheet(dossiers[0]) if s.title == "Phân công")
    assert (step.handed_at, step.received_at) == (morning(MONDAY, 9, 10), morning(MONDAY, 10, 30))
    assert "phiếu số 01/2026" in step.note
    assert not any("phiếu số" in s.note for s in queries.control_sheet(dossiers[1]))
    with pytest.raises(rules.HandOverSettled, match="đã được Cán bộ Officer ký nhận"):
        take(work, one)
    (again,) = make(work, dossiers[1].pk, at=morning(MONDAY, 11))  # what was left behind may go on another list
    assert again.number == "02/2026"


def test_nobody_signs_for_what_is_not_theirs(work: Work) -> None:
    dossier = work.assign(work.file())
    (one,) = make(work, dossier.pk)
    with pytest.raises(rules.OwnHandOver):
        take(work, one, who="desk")
    with pytest.raises(rules.NotTheReceiver):
        take(work, one, who="head")  # it bears a name, and the head does not handle such dossiers
    with pytest.raises(rules.UnknownHandOver):
        take(work, one, who="stranger")
    assert take(work, one, who="second").taken_by == work.town.people["second"]  # a colleague of the same work


def test_without_a_name_the_head_may_sign_and_a_mistaken_list_is_cancelled(work: Work) -> None:
    dossier = work.file()
    (one,) = make(work, dossier.pk)
    with pytest.raises(rules.NotTheMaker):
        operations.cancel(hand_over_id=one.pk, reason="Nhầm", actor=work.town.who("head"), at=morning(MONDAY, 10, 5))
    with pytest.raises(rules.VoidReasonRequired):
        operations.cancel(hand_over_id=one.pk, reason=" ", actor=work.town.who("desk"), at=morning(MONDAY, 10, 5))
    operations.cancel(hand_over_id=one.pk, reason="Nhầm", actor=work.town.who("desk"), at=morning(MONDAY, 10, 5))
    with pytest.raises(rules.HandOverSettled, match="đã bị hủy"):
        take(work, one, who="head")
    (two,) = make(work, dossier.pk)
    assert take(work, two, who="head").taken_at == morning(MONDAY, 10, 30)


def test_a_dossier_goes_each_way_once_and_the_same_key_makes_one_list(work: Work) -> None:
    dossier = work.file()
    once = Once("khoa-ban-giao-1")
    assert [one.pk for one in make(work, dossier.pk, once=once)] == [
        one.pk for one in make(work, dossier.pk, once=once)
    ]
    with pytest.raises(rules.HandedOverAlready, match=dossier.reference):
        make(work, dossier.pk)
    with pytest.raises(rules.HandedOverAlready):
        make(work, work.file(number="031090000222").pk, who="stranger")
    with pytest.raises(rules.NothingToHandOver):
        make(work)


def test_results_go_back_to_the_desk(work: Work) -> None:
    dossier = work.assign(work.file())
    for step in (work.propose, work.approve, work.sign):
        dossier = step(dossier)
    (one,) = make(work, dossier.pk, who="officer", at=morning(MONDAY, 10))
    assert one.way == rules.Way.TO_DESK and one.to_unit == work.town.commune
    with pytest.raises(rules.NotTheReceiver):
        take(work, one, who="second")
    assert take(work, one, who="desk").taken_by == work.town.people["desk"]


# -- pages


def test_the_pages_from_one_key_to_both_signatures(work: Work) -> None:
    dossiers = [work.assign(work.file(number=f"03109000{n}111")) for n in range(2)]
    desk, officer = client_of(work, "desk"), client_of(work, "officer")
    with standing_at(morning(TUESDAY, 9)):
        page = text_of(desk.get("/mot-cua/ban-giao/"))
        assert "chậm bàn giao" in page and dossiers[0].reference in page and 'data-shortcut="l"' in page
        none = desk.post("/mot-cua/ban-giao/lap/", {"once": "khoa-bg-0"})
        assert none.status_code == 422 and "chọn ít nhất một hồ sơ" in text_of(none)
        made = desk.post("/mot-cua/ban-giao/lap/", {"tat_ca": "1", "once": "khoa-bg-1"})
        one = HandOver.objects.get()
        assert made.url == reverse("one_stop_shop:hand_over", args=[one.pk])
        assert "Ký nhận" not in text_of(desk.get(made.url)) and "Hủy phiếu" in text_of(desk.get(made.url))
        assert "Chờ ông/bà ký nhận" in text_of(officer.get("/mot-cua/ban-giao/"))
        address = reverse("one_stop_shop:take_over", args=[one.pk])
        assert desk.post(address, {"nhan": [str(d.pk) for d in dossiers]}).status_code == 403  # two people sign
        kept = {"nhan": [str(dossiers[0].pk)], "once": "khoa-bg-2"}
        silent = officer.post(address, kept)
        assert silent.status_code == 422 and dossiers[1].reference in text_of(silent)
        assert silent.content.decode().count('aria-invalid="true"') == 1, "beside the one that is left without a word"
        assert text_of(silent).count("checked") == text_of(officer.get(made.url)).count("checked") - 1
        officer.post(address, {**kept, f"ly_do_{dossiers[1].pk}": "Thiếu đơn", "once": "khoa-bg-3"})
        assert "Thiếu đơn" in text_of(desk.get(made.url))
        sheet = text_of(desk.get(reverse("one_stop_shop:print_hand_over", args=[one.pk])))
        assert "Bên giao" in sheet and "Cán bộ Officer" in sheet and "Bàn giao chậm; Thiếu đơn" in sheet
        paper = desk.get(reverse("one_stop_shop:hand_over_pdf", args=[one.pk]))
        assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
        assert client_of(work, "stranger").get(made.url).status_code == 404
