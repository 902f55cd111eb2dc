"""Filing for another, as pure rules: who needs which paper, who never may, until when the filer may hold a result."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel.refusal import Invalid
from tuphap.shared.dossiers import representation
from tuphap.shared.dossiers.representation import (
    CLOSE,
    Ground,
    InPersonOnly,
    Kinship,
    NotAMinor,
    Representation,
    SelfRepresented,
    Writing,
    full_age_on,
    may_hold_result,
)

TODAY = date(2026, 3, 2)
EXTRACT, MARRIAGE = "2.000635", "1.000894"
PAPER = {"writing": "certified", "number": "12/2026", "issued_on": "2026-02-20", "issuer": "UBND phường Hải An"}


def told(**changed: Any) -> Representation:
    """Somebody authorises another, soundly."""
    whole = {"ground": "authorised", "name": "Trần Thị Dân", "personal_number": "031160000111", "kinship": "other",
             "authorisation": PAPER}
    return representation.read({**whole, **changed})


def check(what: Representation, *, code: str = EXTRACT, sector: str = "Hộ tịch", today: date = TODAY) -> None:
    representation.check(what, filer_number="031090000222", procedure="Thủ tục", procedure_code=code, sector=sector,
                         today=today)


def faults(what: Representation, **more: Any) -> set[str]:
    with pytest.raises(Invalid) as refused:
        check(what, **more)
    return {(problem.field or "").removeprefix("representation.") for problem in refused.value.problems}


def asked(what: Representation) -> dict[str, bool]:
    paper = {"code": "van_ban_uy_quyen", "name": "Văn bản ủy quyền (nếu ủy quyền)", "mandatory": False}
    return {c["code"]: c["mandatory"] for c in representation.components(what, [paper])}


def test_a_parent_of_a_minor_needs_no_authorisation() -> None:
    child = told(ground="parent", name="Trần Bé", personal_number="", born_on="2020-05-01", kinship="father",
                 authorisation=None)
    check(child)
    assert asked(child) == {"van_ban_uy_quyen": False}
    assert faults(child.model_copy(update={"kinship": Kinship.SIBLING})) == {"kinship"}
    assert faults(child.model_copy(update={"born_on": None})) == {"born_on"}
    with pytest.raises(NotAMinor):
        check(child, today=date(2038, 5, 1))
    check(child, today=date(2038, 4, 30))


@given(st.dates(date(1950, 1, 1), date(2020, 12, 31)))
def test_one_comes_of_age_on_a_birthday(born_on: date) -> None:
    day = full_age_on(born_on)
    assert day.year - born_on.year == 18
    assert (day.month, day.day) in {(born_on.month, born_on.day), (3, 1)}
    child = told(ground="parent", born_on=born_on, kinship="mother", authorisation=None)
    assert not may_hold_result(child, on=day) and may_hold_result(child, on=day - timedelta(days=1))


@pytest.mark.parametrize("kinship", list(Kinship))
def test_only_close_relatives_write_plainly_and_only_in_civil_status(kinship: Kinship) -> None:
    plain = told(kinship=kinship, authorisation={"writing": "plain", "issued_on": "2026-02-20"})
    if kinship in CLOSE:
        check(plain)
        assert asked(plain) == {"van_ban_uy_quyen": True, "quan_he_nhan_than": True}
    else:
        assert faults(plain) == {"authorisation.writing"}
    assert faults(plain, sector="Luật sư") == {"authorisation.writing"}
    check(told(kinship=kinship), sector="Luật sư")


def test_an_authorisation_is_whole_in_force_and_not_for_oneself() -> None:
    check(told())
    assert asked(told()) == {"van_ban_uy_quyen": True}
    assert faults(told(authorisation=None)) == {"authorisation"}
    assert faults(told(authorisation={**PAPER, "number": ""})) == {"authorisation.number"}
    assert faults(told(authorisation={**PAPER, "issued_on": "2026-03-03"})) == {"authorisation.issued_on"}
    assert faults(told(authorisation={**PAPER, "valid_to": "2026-03-01"})) == {"authorisation.valid_to"}
    assert faults(told(personal_number="")) == {"personal_number"}
    with pytest.raises(SelfRepresented):
        check(told(personal_number="031090000222"))
    with pytest.raises(Invalid):
        told(personal_number="12")
    with pytest.raises(Invalid):
        told(nickname="x")


def test_a_certified_electronic_copy_stands_for_the_scan() -> None:
    assert asked(told(authorisation={**PAPER, "e_copy": "CT-2026-000123"})) == {"van_ban_uy_quyen": False}


def test_nobody_marries_by_another() -> None:
    with pytest.raises(InPersonOnly, match="04/2020"):
        check(told(), code=MARRIAGE)


def test_a_guardian_names_the_paper_and_brings_it() -> None:
    ward = told(ground="guardian", authorisation=None, guardianship="02/2025, UBND phường Hải An")
    check(ward)
    assert asked(ward)["giay_to_giam_ho"]
    assert faults(ward.model_copy(update={"guardianship": ""})) == {"guardianship"}


def test_the_officer_is_told_what_to_look_at() -> None:
    def codes(what: Representation, today: date = TODAY) -> list[tuple[str, str]]:
        return [(point.code, point.severity) for point in representation.points(what, today=today)]

    assert codes(told()) == [("dossiers.authorisation_seen", "warning")]
    ended = told(authorisation={**PAPER, "valid_to": "2026-03-01"})
    assert codes(ended) == [("dossiers.authorisation_ended", "error")]
    child = told(ground="parent", born_on="2020-05-01", kinship="father", authorisation=None)
    assert codes(child) == []
    assert codes(child, date(2040, 1, 1)) == [("dossiers.of_age_now", "warning")]


def test_how_far_an_authorisation_reaches() -> None:
    assert may_hold_result(told(), on=TODAY)
    assert not may_hold_result(told(authorisation={**PAPER, "receives_result": False}), on=TODAY)
    until = told(authorisation={**PAPER, "valid_to": "2026-03-02"})
    assert may_hold_result(until, on=TODAY) and not may_hold_result(until, on=TODAY + timedelta(days=1))


def test_every_ground_and_writing_has_its_words() -> None:
    assert set(representation.GROUND_TITLES) == set(representation.GROUND_WORDS) == set(Ground)
    assert set(representation.WRITING_TITLES) == set(Writing)
    assert set(representation.KINSHIP_TITLES) == set(Kinship)
