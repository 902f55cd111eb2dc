"""The way of an entry: keyed by one, perhaps by two, proofed by another, approved by a third, or returned."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tuphap.kernel.refusal import Invalid
from tuphap.modules.civil_status.tests.paper import UNREAD, raw
from tuphap.modules.digitisation import operations, rules
from tuphap.modules.digitisation.models import Entry, Tally
from tuphap.modules.digitisation.rules import State
from tuphap.shared.access import api as access
from tuphap.shared.notices.models import Notice

from .shelf import AT, Shelf, approved, birth, keyed, made_book, made_entry, practised, proofed

pytestmark = pytest.mark.django_db


def next_of(shelf: Shelf, who: str = "keyer", **more: object) -> Entry:
    return operations.take_next(actor=shelf.who(who), **{"at": AT, **more})  # type: ignore[arg-type]


def test_two_keyers_are_never_given_the_same_entry(shelf: Shelf) -> None:
    practised(shelf)
    book = made_book(shelf)
    one, two = made_entry(book, 1), made_entry(book, 2)
    assert next_of(shelf) == one
    assert next_of(shelf) == one  # he is at it still
    assert next_of(shelf, "other") == two
    with pytest.raises(rules.TakenByAnother):
        keyed(shelf, one, by="other")
    with pytest.raises(rules.TakenByAnother):
        operations.take(entry_id=one.pk, actor=shelf.who("other"), at=AT)
    keyed(shelf, one)
    with pytest.raises(rules.NothingToDo):
        next_of(shelf)
    later = AT + rules.CLAIM_HOLDS + timedelta(seconds=1)
    assert next_of(shelf, at=later) == two  # the other has gone to lunch


def test_an_entry_may_be_left_for_later(shelf: Shelf) -> None:
    practised(shelf)
    book = made_book(shelf)
    one, two = made_entry(book, 1), made_entry(book, 2)
    assert next_of(shelf) == one
    assert next_of(shelf, after=one.pk) == two
    assert next_of(shelf, "other") == one


def test_keyers_see_the_books_of_their_offices(shelf: Shelf) -> None:
    made_entry(made_book(shelf), 1)
    with pytest.raises(rules.NothingToDo):
        next_of(shelf, "elsewhere")
    for who in ("proofer", "approver", "manager"):
        with pytest.raises(access.Forbidden):
            next_of(shelf, who)


def test_nothing_is_left_open_and_nothing_is_put_right(shelf: Shelf) -> None:
    entry = made_entry(made_book(shelf), 1)
    with pytest.raises(Invalid) as refused:
        keyed(shelf, entry, typed=birth(sex=raw("")))
    assert [one.field for one in refused.value.problems] == ["child.sex"]
    with pytest.raises(rules.DayOutsideBook):
        operations.key(entry_id=entry.pk, what=entry.what, registered_on=date(2001, 5, 5), typed=birth(),
                       actor=shelf.who("keyer"), at=AT)
    with pytest.raises(rules.WrongKind):
        operations.key(entry_id=entry.pk, what="civil_status.death", registered_on=date(1998, 5, 5), typed={},
                       actor=shelf.who("keyer"), at=AT)
    done = keyed(shelf, entry, typed=birth("nguyễn văn lâm?", born_on=raw("mồng năm tháng Ba"), ethnicity=UNREAD))
    assert done.state == State.KEYED
    child = done.content["child"]
    assert child["born_on"] == {"raw": "mồng năm tháng Ba", "value": "", "standing": "given", "read": False}
    assert child["ethnicity"]["standing"] == "illegible"
    assert child["name"]["raw"] == "nguyễn văn lâm?"


def test_keyer_proofer_and_approver_are_three(shelf: Shelf) -> None:
    practised(shelf)
    book = made_book(shelf)
    entry = keyed(shelf, made_entry(book, 1), by="other")
    with pytest.raises(rules.OwnWork):
        proofed(shelf, entry, by="other")
    with pytest.raises(rules.NotCompared):
        operations.proof(entry_id=entry.pk, compared=False, actor=shelf.who("proofer"), at=AT)
    with pytest.raises(access.Forbidden):
        proofed(shelf, entry, by="keyer")
    proofed(shelf, entry)
    with pytest.raises(access.Forbidden):
        approved(shelf, entry, by="head")  # the commune approves, as long as nobody says otherwise
    assert approved(shelf, entry).state == State.APPROVED
    with pytest.raises(rules.WrongState):
        approved(shelf, entry)


def test_the_department_approves_where_the_province_says_so(shelf: Shelf) -> None:
    practised(shelf, approver="department")
    entry = proofed(shelf, keyed(shelf, made_entry(made_book(shelf), 1)))
    with pytest.raises(access.Forbidden):
        approved(shelf, entry)
    assert approved(shelf, entry, by="head").state == State.APPROVED


def test_a_practice_has_its_day_and_its_ground(shelf: Shelf) -> None:
    practised(shelf)
    for wrong, field in (
        ({"keyed_twice": 101}, "keyed_twice"), ({"approver": "district"}, "approver"), ({"basis": " "}, "basis"),
        ({"valid_from": AT.date() - timedelta(days=1)}, "valid_from"), ({"name_pattern": "("}, "name_pattern"),
        ({"unit_id": shelf.world.here.pk}, "unit"),
    ):
        with pytest.raises(rules.BadPractice) as refused:
            practised(shelf, **{"valid_from": AT.date() + timedelta(days=9), **wrong})
        assert refused.value.field == field
    with pytest.raises(rules.PracticeExists):
        practised(shelf)


def test_it_is_returned_to_its_keyer_with_reasons(shelf: Shelf) -> None:
    practised(shelf)
    book = made_book(shelf)
    entry = proofed(shelf, keyed(shelf, made_entry(book, 1)))
    with pytest.raises(rules.NothingReturned):
        operations.return_entry(entry_id=entry.pk, reasons={"child.name": " "}, actor=shelf.who("approver"), at=AT)
    with pytest.raises(rules.UnknownEntry):
        operations.return_entry(entry_id=entry.pk, reasons={"child.hat": "x"}, actor=shelf.who("approver"), at=AT)
    back = operations.return_entry(
        entry_id=entry.pk, reasons={"child.name": "Chữ đệm là Văng"}, actor=shelf.who("approver"), at=AT)
    assert (back.state, back.proofer, back.returned) == (State.RETURNED, None, {"child.name": "Chữ đệm là Văng"})
    assert Notice.objects.filter(to_user=shelf.users["keyer"], template="digitisation.returned").count() == 1
    with pytest.raises(rules.WrongState):
        keyed(shelf, entry, by="other")
    made_entry(book, 2)
    assert next_of(shelf) == entry  # what came back goes before what is new
    again = keyed(shelf, entry, typed=birth("NGUYỄN VĂNG LÂM"))
    assert (again.state, again.returned) == (State.KEYED, {})


def test_a_page_that_nobody_can_read(shelf: Shelf) -> None:
    entry = made_entry(made_book(shelf), 1)
    with pytest.raises(rules.ReasonRequired):
        operations.set_unreadable(entry_id=entry.pk, reason=" ", actor=shelf.who("keyer"), at=AT)
    done = operations.set_unreadable(entry_id=entry.pk, reason="Mực nhòe hết", actor=shelf.who("keyer"), at=AT)
    assert (done.state, done.returned) == (State.UNREADABLE, {"line": "Mực nhòe hết"})


# --- Keyed twice ------------------------------------------------------------------------------------------------------


def test_the_sample_is_keyed_twice_blind_and_errors_are_counted(shelf: Shelf) -> None:
    practised(shelf, keyed_twice=100)
    entry = keyed(shelf, made_entry(made_book(shelf), 1))
    assert entry.keyed_twice
    with pytest.raises(rules.NothingToDo):
        next_of(shelf)  # not his own again
    assert next_of(shelf, "other") == entry
    with pytest.raises(rules.SecondMissing):
        proofed(shelf, entry)
    keyed(shelf, entry, by="other", typed=birth("NGUYỄN VĂN LAM", ethnicity=UNREAD))
    entry.refresh_from_db()
    assert (entry.content["child"]["name"]["raw"], entry.state) == ("NGUYỄN VĂN LÂM", State.KEYED)
    with pytest.raises(rules.OwnWork):
        proofed(shelf, entry, by="other")
    with pytest.raises(rules.NotDecided) as refused:
        proofed(shelf, entry, decided={"child.name": "first"})
    assert refused.value.field == "child.ethnicity"
    done = proofed(shelf, entry, decided={"child.name": "first", "child.ethnicity": "second"})
    assert done.content["child"]["name"]["raw"] == "NGUYỄN VĂN LÂM"
    assert done.content["child"]["ethnicity"]["standing"] == "illegible"
    wrong = {(row.keyer.username, row.place) for row in Tally.objects.filter(wrong=1)}
    assert wrong == {("sh.keyer", "child.ethnicity"), ("sh.other", "child.name")}
    assert set(Tally.objects.values_list("checked", flat=True)) == {1}


def test_errors_are_counted_once_and_add_up(shelf: Shelf) -> None:
    practised(shelf, keyed_twice=100)
    book = made_book(shelf)
    for number in (1, 2):
        entry = keyed(shelf, made_entry(book, number))
        keyed(shelf, entry, by="other", typed=birth("NGUYỄN VĂN LAM"))
        proofed(shelf, entry, decided={"child.name": "first"})
    operations.return_entry(entry_id=entry.pk, reasons={"line": "Xem lại số"}, actor=shelf.who("approver"), at=AT)
    keyed(shelf, entry)
    proofed(shelf, entry, decided={"child.name": "first"})
    row = Tally.objects.get(keyer=shelf.users["other"], place="child.name")
    assert (row.checked, row.wrong) == (2, 2)
    assert Tally.objects.get(keyer=shelf.users["keyer"], place="child.name").wrong == 0


# --- The whole book ---------------------------------------------------------------------------------------------------


def test_a_book_is_approved_at_once_but_for_ones_own(shelf: Shelf) -> None:
    practised(shelf)
    book = made_book(shelf)
    for number in (1, 2, 3):
        proofed(shelf, keyed(shelf, made_entry(book, number)))
    keyed(shelf, made_entry(book, 4))
    with pytest.raises(rules.SampleNotSeen):
        operations.approve_book(book_id=book.pk, seen=False, actor=shelf.who("approver"), at=AT)
    with pytest.raises(access.Forbidden):
        operations.approve_book(book_id=book.pk, seen=True, actor=shelf.who("proofer"), at=AT)
    assert operations.approve_book(book_id=book.pk, seen=True, actor=shelf.who("approver"), at=AT) == 3
    with pytest.raises(rules.NothingToDo):
        operations.approve_book(book_id=book.pk, seen=True, actor=shelf.who("approver"), at=AT)
    assert sorted(Entry.objects.filter(book=book).values_list("state", flat=True)) == ["approved"] * 3 + ["keyed"]
