"""What may change in an act, and how an act stands after changes: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel.refusal import Refusal
from tuphap.modules.civil_status import rules
from tuphap.modules.civil_status.current import as_it_stands, columns_of, names_in, value_of
from tuphap.modules.civil_status.fields import BY_BOOK, FIELDS, BadValue, ChangeKind, Field, Kind, check_day, check_kind
from tuphap.modules.civil_status.models import Act, Annotation, BirthAct, Party
from tuphap.modules.civil_status.rules import BookKind

NAME, DAY, SEX, PLACE = (FIELDS[f"child.{column}"] for column in ("name", "born_on", "sex", "native_place"))
SOUND = {
    Kind.NAME: "Lê Minh Anh", Kind.DAY: "05/03/1999", Kind.SEX: "Nữ", Kind.ETHNICITY: "tày", Kind.TEXT: "Thôn Đông",
}


def test_every_entry_reads_what_it_shows() -> None:
    for field in FIELDS.values():
        kept = field.read(SOUND[field.kind])
        assert field.read(field.show(kept)).casefold() == kept.casefold(), field.path
        assert field.books and field in BY_BOOK[next(iter(field.books))]


@pytest.mark.parametrize(("field", "text", "kept"), [
    (NAME, "  lê   minh anh ", "lê minh anh"), (DAY, "3/1999", "1999-03"), (DAY, "1999", "1999"),
    (SEX, "nam", "male"), (SEX, "NỮ", "female"), (FIELDS["child.ethnicity"], "tày", "Tày"),
])
def test_what_is_typed_is_kept_as_the_register_keeps_it(field: Field, text: str, kept: str) -> None:
    assert field.read(text).casefold() == kept.casefold()


@pytest.mark.parametrize(("field", "text"), [
    (NAME, ""), (NAME, "An1"), (DAY, "31/02/1999"), (DAY, "hôm qua"), (SEX, "khác"), (PLACE, "   "),
    (FIELDS["child.ethnicity"], "Xyz"),
])
def test_what_is_none_of_its_kind_is_refused(field: Field, text: str) -> None:
    with pytest.raises(Refusal):
        field.read(text)


@given(kind=st.sampled_from(ChangeKind), path=st.sampled_from(sorted(FIELDS)), before=st.sampled_from(["", "a", "b"]),
       after=st.sampled_from(["a", "b"]))
def test_a_kind_of_change_does_one_thing(kind: ChangeKind, path: str, before: str, after: str) -> None:
    """Only what is empty is added to; only what is there is changed, and never into itself."""
    field = FIELDS[path]
    try:
        check_kind(kind, field, before=before, after=after)
    except BadValue:
        return
    assert (kind is ChangeKind.ADDITION) == (before == "")
    assert before != after
    assert kind is not ChangeKind.ETHNICITY or field.kind is Kind.ETHNICITY
    assert kind is not ChangeKind.CHANGE or field.kind is Kind.NAME or path.split(".")[0] in ("mother", "father")


def test_a_day_of_birth_lies_before_the_registration() -> None:
    check_day(DAY, "2026-03", registered_on=date(2026, 3, 1))
    with pytest.raises(BadValue):
        check_day(DAY, "2026-03-02", registered_on=date(2026, 3, 1))


def birth(notes: list[tuple[str, str, bool]]) -> BirthAct:
    """A birth of a mother alone, with these changes noted one after another; the last says whether it was cancelled."""
    act = BirthAct(kind=BookKind.BIRTH, state=rules.ActState.REGISTERED, born_on="2026-03-05", sex="female", place="A",
                   native_place="B")
    act.act_ptr_id = act.id  # never saved
    people = [
        Party(act=act, role="child", sex="female", ethnicity="Kinh", nationality="Việt Nam", **{
            **columns_of("name", "Lê Minh Anh"), **columns_of("born_on", "2026-03-05")}),
        Party(act=act, role="mother", sex="female", **columns_of("name", "Đào Thị Hoa")),
    ]
    noted = []
    for place, (path, after, is_cancelled) in enumerate(notes):
        state = rules.ActState.CANCELLED if is_cancelled else rules.ActState.REGISTERED
        noted.append(Annotation(
            pk=place, source=Act(state=state), changes=[{"field": path, "before": "", "after": after}],
            created_at=datetime(2026, 4, 1, tzinfo=UTC) + timedelta(days=place)))
    act._prefetched_objects_cache = {"parties": people, "annotations": noted}  # type: ignore[attr-defined]
    return act


_VALUES = {Kind.NAME: ["Vũ An", "Vũ Bình"], Kind.DAY: ["2026-03-04", "2025"], Kind.SEX: ["male", "female"],
           Kind.ETHNICITY: ["Tày", "Nùng"], Kind.TEXT: ["X", "Y"]}


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, str, bool]]:
    paths = draw(st.lists(st.sampled_from([field.path for field in BY_BOOK[BookKind.BIRTH]]), max_size=8))
    return [(path, draw(st.sampled_from(_VALUES[FIELDS[path].kind])), draw(st.booleans())) for path in paths]


@given(changes())
def test_an_act_stands_as_the_last_note_of_each_entry_says(notes: list[tuple[str, str, bool]]) -> None:
    written, standing = birth(notes), as_it_stands(birth(notes))
    last = {path: after for path, after, is_cancelled in notes if not is_cancelled}
    for field in BY_BOOK[BookKind.BIRTH]:
        assert value_of(standing, field) == last.get(field.path, value_of(written, field)), field.path
    assert value_of(written, NAME) == "Lê Minh Anh", "what is written stays"
    assert (standing.born_on, standing.sex) == (standing.child.born_on, standing.child.sex)
    assert standing.child.search_key == columns_of("name", standing.child.name)["search_key"]


def test_names_that_changes_give_are_searched_for_without_accents() -> None:
    given_names = [{"field": "child.name", "after": "Đặng Mỹ Lệ"}, {"field": "child.place", "after": "X"},
                   {"field": "mother.name", "after": "Trần Ửng"}]
    assert names_in(given_names) == "dang my le | tran ung"
