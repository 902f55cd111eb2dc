"""Entries of old books: transcribed, proposed, returned, confirmed by another; how the acts that they become behave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from django.db.utils import IntegrityError

from tuphap.modules.civil_status import operations as register
from tuphap.modules.civil_status import papers, persons, queries, rules
from tuphap.modules.civil_status.copies import declaration as asking
from tuphap.modules.civil_status.copies import operations as copies
from tuphap.modules.civil_status.copies.papers import sections_of
from tuphap.modules.civil_status.events.standing import standing_of
from tuphap.modules.civil_status.events.targets import in_full
from tuphap.modules.civil_status.models import Act, BirthAct, Book, OldEntry, Party
from tuphap.modules.civil_status.old_books import operations
from tuphap.modules.civil_status.old_books import queries as old_books
from tuphap.modules.civil_status.old_books import rules as old
from tuphap.modules.civil_status.old_books.declare import KINDS, LINE
from tuphap.modules.one_stop_shop.tests.steps import PICTURE
from tuphap.shared.access import api as access
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.indicators import api as indicators
from tuphap.shared.notices.models import Notice
from tuphap.shared.operation.testing import setting_up

from .paper import (
    BIRTH,
    LATER,
    NOTHING,
    SIGNED,
    WHAT,
    Places,
    begun,
    confirmed,
    entered,
    grown,
    line,
    office_then,
    proposed,
    raw,
    transcribed,
)
from .test_events import DEATH, MARRIAGE, couple, dead, found
from .test_events import registered as registered_event
from .test_follow_ups import CHANGE, COPY, changed
from .world import AT, TODAY, World, sign

pytestmark = pytest.mark.django_db


# --- On the way into the register -------------------------------------------------------------------------------------


def test_an_entry_becomes_an_act_of_its_old_book(world: World) -> None:
    entry = proposed(world, number="15A", volume="02B")
    act = confirmed(world, entry)
    assert isinstance(act, BirthAct)
    assert (act.state, act.origin, act.display_number, act.page) == ("registered", "old_book", "15A/1998", 23)
    assert (act.unit, act.unit_name) == (office_then(world), office_then(world).name)
    assert (act.dossier, act.reserved, act.signer, act.signed_at) == (None, None, None, None)
    assert (act.signer_name, act.signer_title, act.preparer_name) == ("Trần Văn Chủ", "Chủ tịch", "Lê Thị Hồ Sơ")
    assert (act.book.title, act.book.is_open) == ("Sổ đăng ký khai sinh năm 1998, quyển số 02B", False)
    assert (act.child.name, act.born_on, act.sex, act.child.ethnicity) == ("Nguyễn Văn Lâm", "1998-03-05", "male", "")
    assert act.mother is not None
    assert (act.mother.born_on, act.father) == ("1975", None)
    entry.refresh_from_db()
    assert (entry.state, entry.confirmer, entry.act_id) == ("entered", world.users["chairman"], act.pk)
    assert {n.template for n in Notice.objects.filter(to_user=world.users["officer"])} == {
        "civil_status.old_entry_entered"}


def test_what_the_book_does_not_say_and_what_nobody_can_read_are_two_things(world: World) -> None:
    act = entered(world)
    told = {label: value for _, lines in ((s.title, s.lines) for s in sections_of(act)[:1]) for label, value in lines}
    assert told["Dân tộc"] == "không ghi"
    assert told["Quốc tịch"] == "không đọc được"
    assert told["Họ, chữ đệm, tên"] == "NGUYỄN VĂN LÂM"
    mother = dict(next(s for s in sections_of(act) if s.title == "Người mẹ").lines)
    assert mother["Ngày, tháng, năm sinh"] == "năm Ất Mão (1975)"
    father = dict(next(s for s in sections_of(act) if s.title == "Người cha").lines)
    assert set(father.values()) == {"không ghi"}


def test_nothing_is_left_open(world: World) -> None:
    entry, officer = begun(world), world.who("officer")
    for code, places, field in (
        ("child", {**BIRTH["child"], "ethnicity": raw("")}, "ethnicity"),  # neither written nor said to be empty
        ("child", {**BIRTH["child"], "name": NOTHING}, "name"),  # without it there is no act
        ("child", {**BIRTH["child"], "born_on": raw("mồng năm tháng Ba")}, "born_on"),
        ("child", {**BIRTH["child"], "sex": raw("?")}, "sex"),
        ("child", {**BIRTH["child"], "ethnicity": {"raw": "Kinh", "standing": "not_stated"}}, "ethnicity"),
        ("child", {**BIRTH["child"], "personal_number": raw("123")}, "personal_number"),
        ("mother", {**BIRTH["mother"], "standing": NOTHING, "residence": {"raw": "x", "standing": "?"}}, "residence"),
    ):
        with pytest.raises(old.NotRead) as refused:
            operations.write_part(entry_id=entry.pk, part=code, places=places, actor=officer, at=AT)
        assert refused.value.field == field
    with pytest.raises(old.BadPage):
        operations.write_part(entry_id=entry.pk, part=LINE, places={**SIGNED, "page": raw("bìa")}, actor=officer, at=AT)
    with pytest.raises(old.UnknownPart):
        operations.write_part(entry_id=entry.pk, part="husband", places={}, actor=officer, at=AT)
    with pytest.raises(old.NotWhole):
        operations.propose(entry_id=entry.pk, actor=officer, at=AT)
    bare = operations.start(what="civil_status.birth", unit_id=office_then(world).pk, line=line(world, number="16"),
                            actor=officer, at=AT)
    with pytest.raises(old.ScanMissing):
        operations.propose(entry_id=bare.pk, actor=officer, at=AT)


def test_another_confirms_and_looks_at_the_scan(world: World) -> None:
    entry = proposed(world)
    for who, compared, refusal in (
        ("officer", True, access.Forbidden), ("stranger", True, access.Forbidden), ("chairman", False, old.NotCompared),
    ):
        with pytest.raises(refusal):
            operations.confirm(entry_id=entry.pk, compared=compared, actor=world.who(who), at=LATER)
    own = transcribed(world, number="16")
    operations.write_part(entry_id=own.pk, part=LINE, places=SIGNED, actor=world.who("deputy"), at=AT)
    operations.propose(entry_id=own.pk, duplicate_reason="Sinh đôi", actor=world.who("officer"), at=AT)
    with pytest.raises(old.ConfirmerIsTranscriber):  # one letter is enough
        operations.confirm(entry_id=own.pk, compared=True, actor=world.who("deputy"), at=LATER)
    assert confirmed(world, entry, by="deputy").state == "registered"
    with pytest.raises(old.WrongEntryState):
        operations.confirm(entry_id=entry.pk, compared=True, actor=world.who("chairman"), at=LATER)


def test_it_is_returned_with_reasons_and_proposed_again(world: World) -> None:
    entry, officer = proposed(world), world.who("officer")
    with pytest.raises(old.WrongEntryState):
        operations.write_part(entry_id=entry.pk, part=LINE, places=SIGNED, actor=officer, at=LATER)
    with pytest.raises(old.NothingReturned):
        operations.return_entry(entry_id=entry.pk, reasons={"child.name": " "}, actor=world.who("chairman"), at=LATER)
    with pytest.raises(old.UnknownPart):
        operations.return_entry(entry_id=entry.pk, reasons={"child.hair": "x"}, actor=world.who("chairman"), at=LATER)
    entry = operations.return_entry(
        entry_id=entry.pk, reasons={"child.name": "Sổ ghi Lầm", "mother.born_on": ""}, actor=world.who("chairman"),
        at=LATER)
    assert (entry.state, entry.returned) == ("returned", {"child.name": "Sổ ghi Lầm"})
    assert Notice.objects.get(to_user=world.users["officer"]).template == "civil_status.old_entry_returned"
    child = {**BIRTH["child"], "name": raw("NGUYỄN VĂN LẦM")}
    operations.write_part(entry_id=entry.pk, part="child", places=child, actor=officer, at=LATER)
    entry = operations.propose(entry_id=entry.pk, actor=officer, at=LATER)
    assert entry.returned == {}
    assert confirmed(world, entry).party(rules.PartyRole.CHILD).name == "Nguyễn Văn Lầm"  # type: ignore[union-attr]


def test_it_is_given_up_with_a_reason_and_for_good(world: World) -> None:
    entry = proposed(world)
    with pytest.raises(rules.ReasonRequired):
        operations.withdraw(entry_id=entry.pk, reason=" ", actor=world.who("officer"), at=LATER)
    with pytest.raises(access.Forbidden):
        operations.withdraw(entry_id=entry.pk, reason="nhầm", actor=world.who("stranger"), at=LATER)
    operations.withdraw(entry_id=entry.pk, reason="Chép nhầm dòng", actor=world.who("officer"), at=LATER)
    with pytest.raises(old.WrongEntryState):
        operations.propose(entry_id=entry.pk, actor=world.who("officer"), at=LATER)
    assert proposed(world).state == "proposed", "the line is free again"


# --- The line ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("more", "refusal"), [
    ({"volume": "1"}, old.BadVolume), ({"volume": "00"}, old.BadVolume), ({"number": "15a"}, old.BadNumber),
    ({"number": "00015"}, old.BadNumber), ({"year": 1930}, old.BadYear), ({"year": 2027}, old.BadYear),
    ({"registered_on": date(1997, 12, 31)}, old.DayOutsideBook), ({"office_name": " "}, old.OfficeNameMissing),
    ({"year": 2026, "registered_on": TODAY + timedelta(days=1)}, old.DayOutsideBook),
])
def test_a_line_that_no_book_has_is_refused(world: World, more: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        begun(world, **more)


def test_who_works_elsewhere_does_not_transcribe_here(world: World) -> None:
    with pytest.raises(access.Forbidden):
        operations.start(what="civil_status.birth", unit_id=office_then(world).pk, line=line(world),
                         actor=world.who("stranger"), at=AT)


def test_an_office_is_asked_whether_it_was_there(world: World) -> None:
    then = office_then(world)
    with pytest.raises(old.OfficeWasNot) as refused:
        begun(world, unit=world.here)  # formed in 2025
    assert then.name in refused.value.message
    with pytest.raises(old.OfficeWasNot):
        begun(world, registered_on=date(2025, 8, 1), year=2025)  # gone by then
    with pytest.raises(old.OfficeIsListed):
        begun(world, unit=world.here, stands_for=True)
    name = "Ủy ban nhân dân xã Chẳng Còn, huyện An Hải"
    act = entered(world, unit=world.here, stands_for=True, office_name=name)
    assert (act.unit, act.office_then, act.unit_name) == (world.here, name, name)
    assert act.book.office_then == name


def test_two_offices_that_one_keeps_the_books_of_have_each_its_numbers(world: World) -> None:
    for place, name in enumerate(("Ủy ban nhân dân xã Một", "Ủy ban nhân dân xã Hai")):
        parts = {"child": {**BIRTH["child"], "name": raw(f"Lê Văn {'AB'[place]}n")}}
        entered(world, "birth", parts, unit=world.here, stands_for=True, office_name=name)
    assert Act.objects.filter(number=15, year=1998).count() == Book.objects.filter(year=1998).count() == 2


def test_a_number_stands_once(world: World) -> None:
    act = entered(world)
    with pytest.raises(rules.NumberTaken) as refused:
        begun(world)
    assert (refused.value.field, act.display_number in refused.value.message) == ("number", True)
    assert begun(world, number="15A").display_number == "15A/1998"
    another = {"child": {**BIRTH["child"], "name": raw("Phạm Văn Quyển Hai")}}
    anew = entered(world, "birth", another, volume="02")  # its numbers begin with 1 again
    assert (anew.display_number, str(anew.book)) == (act.display_number, "KS.1998.02")
    other = {"child": {**BIRTH["child"], "name": raw("Vũ Thị Khác")}}
    first = proposed(world, "birth", other, number="17")
    second = transcribed(world, "birth", other, number="17")
    with pytest.raises(old.OpenedTwice):
        operations.propose(entry_id=second.pk, actor=world.who("officer"), at=AT)
    confirmed(world, first)
    with pytest.raises(rules.NumberTaken):
        operations.propose(entry_id=second.pk, actor=world.who("officer"), at=AT)


def test_an_office_that_began_in_mid_year_has_the_lower_numbers_on_paper(world: World) -> None:
    register.open_book(unit_id=world.here.pk, kind="KS", year=2026, first_number=51, actor=world.who("officer"), at=AT)
    this_year: dict[str, Any] = {"unit": world.here, "year": 2026, "registered_on": date(2026, 1, 20),
                                 "office_name": world.here.name}
    with pytest.raises(old.NumberInSystem):
        begun(world, number="51", **this_year)
    act = entered(world, number="50", **this_year)
    assert (act.book.volume, act.book.origin) == (1, "old_book")
    ours = world.registered(world.distinct(1))
    assert (ours.number, ours.book.origin) == (51, "register")


def test_numbers_here_do_not_begin_below_those_on_paper(world: World) -> None:
    this_year: dict[str, Any] = {"unit": world.here, "year": 2026, "registered_on": date(2026, 1, 20),
                                 "office_name": world.here.name}
    entered(world, number="50", **this_year)
    with pytest.raises(rules.OldNumberAhead):
        register.open_book(
            unit_id=world.here.pk, kind="KS", year=2026, first_number=50, actor=world.who("officer"), at=AT)
    with pytest.raises(rules.OldNumberAhead):
        world.approve(world.dossier())


def test_a_day_long_after_the_books_year_wants_a_reason(world: World) -> None:
    assert proposed(world, registered_on=date(1999, 1, 5)).state == "proposed"  # the book went on
    entry = transcribed(world, number="16", registered_on=date(2001, 1, 5))
    with pytest.raises(old.DayNeedsReason):
        operations.propose(entry_id=entry.pk, duplicate_reason="Con khác", actor=world.who("officer"), at=AT)
    operations.propose(entry_id=entry.pk, duplicate_reason="Con khác", day_reason="Sổ dùng ba năm",
                       actor=world.who("officer"), at=AT)


def test_the_same_birth_twice_wants_a_reason(world: World) -> None:
    entered(world)
    with pytest.raises(rules.PossibleDuplicate) as refused:
        proposed(world, number="16")
    assert "15/1998" in refused.value.message
    why = {"duplicate_reason": "Cháu khác cùng tên, mẹ khác"}
    assert confirmed(world, proposed(world, number="16", why=why)).state == "registered"
    assert proposed(world, "marriage", number="16").state == "proposed", "another kind of book"


def test_what_was_entered_meanwhile_is_seen_when_confirming(world: World) -> None:
    entry = proposed(world, number="16")
    entered(world)
    with pytest.raises(rules.PossibleDuplicate):
        operations.confirm(entry_id=entry.pk, compared=True, actor=world.who("chairman"), at=LATER)


# --- The database holds it --------------------------------------------------------------------------------------------


def _refused(change: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), setting_up():
        change()


def test_the_database_keeps_what_was_proposed_and_what_was_entered(world: World) -> None:
    entry = proposed(world)
    rows = OldEntry.objects.filter(pk=entry.pk)
    _refused(lambda: rows.update(content={}))
    _refused(lambda: rows.update(state="draft"))
    _refused(rows.delete)
    _refused(lambda: rows.update(state="entered"))
    act = confirmed(world, entry)
    for change in ({"state": "returned"}, {"content": {}}, {"act": None}, {"confirmer": world.users["officer"]}):
        _refused(lambda change=change: rows.update(**change))
    acts = Act.objects.filter(pk=act.pk)
    for change in ({"number": 16}, {"facts": {}}, {"origin": "register"}, {"signed_at": AT}, {"state": "void"},
                   {"signer": world.users["chairman"]}):
        _refused(lambda change=change: acts.update(**change))
    _refused(lambda: Party.objects.filter(act_id=act.pk).update(ethnicity="Kinh"))
    _refused(lambda: Party.objects.create(act_id=act.pk, role="father", name="Ai Đó"))


def test_the_database_keeps_books_apart(world: World) -> None:
    act = entered(world)
    ours = world.registered()
    for book, model in ((ours.book, act), (act.book, ours)):
        copied = Act.objects.get(pk=model.pk)
        copied.pk, copied.book, copied.number, copied.reserved, copied.page = None, book, 99, None, 99
        copied._state.adding, copied.dossier = True, None
        _refused(copied.save)


# --- As every other act -----------------------------------------------------------------------------------------------


def test_it_is_nobodys_registration_of_today(world: World) -> None:
    for what in WHAT:
        entered(world, what)
    scope = indicators.scope_for(
        world.who("chairman"), rules.Permission.VIEW, at=LATER, period_from=date(2017, 1, 1), period_to=LATER.date())
    counted = {code: indicators.count(code, scope) for code in (one.code for one in indicators.indicators)
               if code.startswith("civil_status.")}
    assert counted.pop("civil_status.old_entries") == 3
    assert not {code: many for code, many in counted.items() if many}
    assert old_books.by_officer(scope) == [old_books.Transcribed(world.here.name, "Lê Thị Hồ Sơ", 3)]
    assert not queries.waiting_for_number(world.who("officer"), LATER).exists(), "nobody asks the police"


def test_it_is_found_and_told_with_the_person(world: World) -> None:
    act = entered(world, "birth", {"child": {**BIRTH["child"], "personal_number": raw("031098000015")}})
    officer = world.who("officer")
    seen = queries.search_acts(queries.Wanted(text="van lam", number="15/1998"), kind="", actor=officer, at=LATER,
                               purpose="thử")
    assert [one.pk for one in seen] == [act.pk]
    shown = queries.found(str(act.pk))
    assert shown is not None
    assert "15/1998" in shown.words
    told = persons.person("031098000015", actor=officer, at=LATER, purpose="thử")
    assert told is not None
    assert [line.act.pk for line in told.appearances] == [act.pk]
    assert queries.check_birth(number="15/1998", office="", name="Nguyễn Văn Lâm", born_on=date(1998, 3, 5),
                               actor=world.who("bank"), at=LATER, purpose="mở tài khoản").matches


def test_who_married_on_paper_is_married(world: World) -> None:
    act = entered(world, "marriage")
    told = found(world, MARRIAGE, couple(world), at=LATER)  # Lê Thị Hồng, born 05/04/1999, marries again
    assert told["already_married"] == "error"
    assert standing_of(Q(search_key="bui van cu")).marital == rules.MaritalState.MARRIED
    entered(world, "death", number="16", registered_on=date(2001, 2, 3), year=2001)
    assert "already_married" not in found(world, MARRIAGE, couple(world), at=LATER)
    assert "chết ngày 01/02/2001" in in_full(act).annotations.get().text


def test_who_may_be_married_on_paper_is_looked_at(world: World) -> None:
    """The book tells but the year of birth: that is no proof, and no reason to pass it over."""
    wife = {"wife": grown("Lê Thị Hồng", "1999")}
    entered(world, "marriage", wife)
    told = found(world, MARRIAGE, couple(world), at=LATER)
    assert (told["wife_perhaps_married"], "already_married" in told) == ("warning", False)
    other = couple(world, wife={"born_on": "2001-04-05", "personal_number": "031301000012"})
    assert "wife_perhaps_married" not in found(world, MARRIAGE, other, at=LATER)


def test_a_death_that_came_first_ends_the_marriage_that_comes_later(world: World) -> None:
    entered(world, "death", number="16", registered_on=date(2001, 2, 3), year=2001)
    entered(world, "marriage")
    assert standing_of(Q(search_key="le thi hong")).marital == rules.MaritalState.WIDOWED


def test_a_note_of_the_margin_does_here_what_it_says(world: World) -> None:
    note = {"kind": "divorce", "text": "Ly hôn theo bản án số 4 ngày 02/03/2003", "noted_on": "2003-03-20",
            "decision_no": "4/2003", "authority": "TAND huyện An Hải"}
    act = entered(world, "marriage", notes=[note])
    (kept,) = act.annotations.all()
    assert (kept.noted_on, kept.noted_by, kept.decision_no) == (date(2003, 3, 20), "Ghi trong sổ giấy", "4/2003")
    assert standing_of(Q(search_key="le thi hong")).marital == rules.MaritalState.DIVORCED
    entry = begun(world, number="16")
    for wrong, field in (
        ({"kind": "divorce"}, "kind"), ({"text": " "}, "text"), ({"noted_on": "1990-01-01"}, "noted_on"),
    ):
        with pytest.raises(old.BadNote) as refused:
            operations.write_notes(entry_id=entry.pk, notes=[{**note, "kind": "old_note"}, {
                **note, "kind": "old_note", **wrong}], actor=world.who("officer"), at=AT)
        assert refused.value.field == f"notes.1.{field}"


def test_who_died_on_paper_is_dead(world: World) -> None:
    parts = {"deceased": grown("Nguyễn Văn Cảng", "1941", sex=raw("Nam"), personal_number=raw("031041000011"))}
    entered(world, "death", parts)
    told = found(world, DEATH, dead(world, deceased={
        "name": "Nguyễn Văn Cảng", "born_on": "1941", "personal_number": "031041000011"}), at=LATER)
    assert told["possible_duplicate"] == "error"


def test_it_is_corrected_and_cancelled(world: World) -> None:
    act = entered(world)
    asked = changed(world, act, "correction", ("child.name", "Nguyễn Văn Lam"), ("child.born_on", "06/03/1998"))
    asked["target"]["name"] = "Nguyễn Văn Lâm"
    registered_event(world, CHANGE, asked, at=LATER)
    added = changed(world, act, "addition", ("child.ethnicity", "Kinh"))
    added["target"]["name"] = "Nguyễn Văn Lâm"
    registered_event(world, CHANGE, added, at=LATER + timedelta(days=1))
    today = in_full(act)
    data = papers.extract_data(BirthAct.objects.get(pk=act.pk), extract_number="9", on=TODAY)
    assert (data["child"]["name"], data["child"]["born"]) == ("NGUYỄN VĂN LAM", "06/03/1998")
    assert (data["child"]["ethnicity"], data["child"]["nationality"]) == ("Kinh", "không đọc được")
    assert dict(sections_of(today)[0].lines)["Dân tộc"] == "Kinh"
    register.cancel_act(
        act_id=act.pk, decision_no="5/QĐ", decided_on=TODAY, authority="UBND", reason="trái luật",
        actor=world.who("chairman"), at=LATER + timedelta(days=2))
    assert Act.objects.get(pk=act.pk).state == "cancelled"


def test_its_personal_number_is_noted_when_it_comes(world: World) -> None:
    act = entered(world)
    noted = register.set_personal_number(
        act_id=act.pk, number="031098000015", source="Thẻ căn cước", actor=world.who("officer"), at=LATER)
    assert (noted.child.personal_number, noted.personal_number_state) == ("031098000015", "given")


# --- Copies -----------------------------------------------------------------------------------------------------------


def wanted(world: World, act_kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "target": {"book": act_kind, "number": "15/1998", "office": world.address(), "name": name, **more},
        "request": {"copies": 1, "purpose": "bổ sung hồ sơ"},
        "requester": {"relation": "self", "name": name, "personal_number": "031098000015", "phone": "0912345678",
                      "residence": world.address()},
    }


def test_a_copy_of_what_is_only_on_paper_waits_for_its_transcription(world: World) -> None:
    asked = wanted(world, "KS", "Nguyễn Văn Lâm", on_paper=True, volume="01", page="23",
                   registered_on="1998-03-20", office_then=office_then(world).name)
    dossier = world.dossier(asked, procedure=COPY)
    officer = world.who("officer")

    def codes() -> set[str]:
        return {f.code.removeprefix("civil_status.") for f in asking.checks(dossier, officer, LATER)}

    assert codes() == {"old_entry_wanted"}
    with pytest.raises(dossiers.UnresolvedErrors):
        copies.approve_copy(dossier_id=dossier.pk, actor=world.who("chairman"), at=LATER)
    entry = proposed(world)
    assert codes() == {"old_entry_open"}
    confirmed(world, entry)
    assert codes() == set()
    with documents.signing_by_hand():
        paper = copies.approve_copy(dossier_id=dossier.pk, actor=world.who("chairman"), at=LATER)
    told = paper.document.data
    assert told["taken_from"] == "Sổ đăng ký khai sinh năm 1998, quyển số 01, trang 23"
    assert (told["registered_at"], told["number"]) == (office_then(world).name, "15/1998")
    assert (told["child"]["ethnicity"], told["child"]["native_place"], told["father"]["name"]) == ("không ghi",) * 3
    assert told["child"]["nationality"] == "không đọc được"
    sign(paper.document, at=LATER)
    dossier.refresh_from_db()
    assert dossier.state == dossiers.State.RESULT_READY
    assert documents.render(rules.Template.BIRTH_EXTRACT, told, on=TODAY).startswith(b"%PDF")


def test_a_copy_of_a_marriage_on_paper_says_what_the_book_says(world: World) -> None:
    entered(world, "marriage")
    dossier = world.dossier(wanted(world, "KH", "Bùi Văn Cũ"), procedure=COPY)
    with documents.signing_by_hand():
        paper = copies.approve_copy(dossier_id=dossier.pk, actor=world.who("chairman"), at=LATER)
    told = paper.document.data
    husband = dict(map(tuple, told["sections"][0]["lines"]))
    assert husband["Họ, chữ đệm, tên"] == "BÙI VĂN CŨ"
    assert (husband["Ngày, tháng, năm sinh"], husband["Dân tộc"]) == ("1970", "không ghi")
    assert told["taken_from"].startswith("Sổ đăng ký kết hôn năm 1998, quyển số 01")
    assert documents.render(rules.Template.EXTRACT, told, on=TODAY).startswith(b"%PDF")


def _sample_of(what: str) -> Places:
    """Every place of such an entry, filled with what its kind can be."""
    by_kind = {"name": "Phạm Văn Mẫu", "day": "02/03/1995", "sex": "Nam", "text": "Nội dung"}
    return {
        part.code: {
            place.code: raw("7") if place.code == "page" else NOTHING if place.code == "personal_number"
            else raw(by_kind[place.kind]) for place in part.places
        } for part in KINDS[what].parts
    }


@pytest.mark.parametrize("what", KINDS)
def test_every_kind_of_entry_is_entered_and_told(world: World, what: str) -> None:
    parts, officer = _sample_of(what), world.who("officer")
    begun_at = operations.start(
        what=what, unit_id=office_then(world).pk, line=line(world),
        scan=operations.Scan(PICTURE, "trang.png", "image/png"), actor=officer, at=AT)
    for code, places in parts.items():
        operations.write_part(entry_id=begun_at.pk, part=code, places=places, actor=officer, at=AT)
    act = confirmed(world, operations.propose(entry_id=begun_at.pk, actor=officer, at=AT))
    lines = [text for section in sections_of(act) for text in section.lines]
    assert ("Họ, chữ đệm, tên", "PHẠM VĂN MẪU") in lines
    assert len(lines) == sum(len(part.places) for part in KINDS[what].parts if part.code != LINE)
    assert queries.about(act)
    assert act.title
