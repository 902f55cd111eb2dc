"""The code on an identity card, as scanners type it."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.shared.people.api import IdentityCard, Sex, UnreadableCard, read_card

CODE = "031090011873|142536475|Trần Văn Khánh|20111990|Nam|Số 5 Cát Bi, Cát Bi, Hải An, Hải Phòng|15042021"
KHANH = IdentityCard(
    personal_number="031090011873", former_number="142536475", name="Trần Văn Khánh", born_on=date(1990, 11, 20),
    sex=Sex.MALE, residence="Số 5 Cát Bi, Cát Bi, Hải An, Hải Phòng", issued_on=date(2021, 4, 15),
)


@pytest.mark.parametrize("typed", [
    CODE, f"  {CODE}\r\n", f"{CODE}||Trần Văn Nam|Lê Thị Hoa|", CODE.replace("Nam", "NAM"),
])
def test_a_card_is_read_as_it_is_scanned(typed: str) -> None:
    assert read_card(typed) == KHANH


def test_a_first_card_names_no_former_number_and_perhaps_no_day_of_issue() -> None:
    card = read_card("031303009126||Vũ Thùy Linh|26092003|Nữ|Phường Lê Chân, Thành phố Hải Phòng|")
    assert (card.former_number, card.issued_on, card.sex) == ("", None, Sex.FEMALE)


@pytest.mark.parametrize("typed", [
    "", "031090011873", "https://vneid.gov.vn/abc", CODE.rpartition("|")[0],
    CODE.replace("031090011873", "03109001187"),
    CODE.replace("20111990", "31111990"), CODE.replace("|Nam|", "|X|"), CODE.replace("Trần Văn Khánh", "Tr4n"),
])
def test_what_is_no_card_or_was_misread_is_refused(typed: str) -> None:
    with pytest.raises(UnreadableCard):
        read_card(typed)


@given(st.text(max_size=200))
def test_whatever_a_scanner_types_the_answer_is_a_card_or_a_refusal(typed: str) -> None:
    with contextlib.suppress(UnreadableCard):
        read_card(typed)
