"""Names, partial dates, personal numbers, addresses: what is taken, what is refused, and how each is told."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from tuphap.shared.orgs import api as orgs
from tuphap.shared.people.api import (
    ETHNICITIES,
    FOREIGN,
    NATIONALITIES,
    PROVINCES,
    Address,
    BadAddress,
    BadDate,
    BadName,
    BadPersonalNumber,
    PartialDate,
    PersonName,
    Sex,
    check_personal_number,
    registration_province,
)

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
PARTIAL = st.one_of(
    st.dates(date(1850, 1, 1), date(2150, 1, 1)).map(PartialDate.of),
    st.builds(PartialDate, st.integers(1850, 2150), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(1850, 2150)),
)


class Declared(BaseModel):
    name: PersonName
    born_on: PartialDate | None = None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nguyễn  Thị\tÁnh ", "Nguyễn Thị Ánh"), (unicodedata.normalize("NFD", "Đỗ Thúy"), "Đỗ Thúy"),
        ("Y Bhăm Niê", "Y Bhăm Niê"), ("H’Hen Niê", "H'Hen Niê"), ("Ê-ban", "Ê-ban"), ("Lê Hoà", "Lê Hoà"),
        ("An", "An"), ("O'Neil-Smith", "O'Neil-Smith"), ("Kơ̆ Să", "Kơ̆ Să"), ("Müller", "Müller"),
    ],
)
def test_names_that_papers_bear(typed: str, kept: str) -> None:
    assert PersonName(typed).text == str(PersonName(typed)) == kept


@pytest.mark.parametrize("typed", [
    "", "A", "x" * 101, "Nguyễn 2", "Nguyễn_Ánh", "Иван", "李明", "An!", "An.", "-An", "An-", "'", "A--n", "An @",
    "Ａn",
])
def test_names_that_no_paper_bears(typed: str) -> None:
    with pytest.raises(BadName):
        PersonName(typed)


def test_a_name_s_parts_and_keys() -> None:
    name = PersonName("Đặng Thị Minh Khuê")
    assert (name.surname, name.middle, name.given) == ("Đặng", "Thị Minh", "Khuê")
    assert name.upper == "ĐẶNG THỊ MINH KHUÊ"
    assert name.search_key == "dang thi minh khue"
    assert PersonName.search_words(" KHUÊ  đặng") == ["khue", "dang"]
    assert PersonName("Trần Hòa").sort_key == PersonName("trần hoà").sort_key
    listed = [PersonName(n) for n in ("Trần Bình", "Nguyễn Văn An", "Lê Ân", "Đỗ An")]
    in_order = [str(n) for n in sorted(listed, key=lambda n: n.sort_key)]
    assert in_order == ["Đỗ An", "Nguyễn Văn An", "Lê Ân", "Trần Bình"]


@pytest.mark.parametrize(
    ("text", "iso", "shown", "earliest", "latest"),
    [
        ("2026-03-05", "2026-03-05", "05/03/2026", date(2026, 3, 5), date(2026, 3, 5)),
        ("5/3/2026", "2026-03-05", "05/03/2026", date(2026, 3, 5), date(2026, 3, 5)),
        ("2024-02", "2024-02", "02/2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("12/1956", "1956-12", "12/1956", date(1956, 12, 1), date(1956, 12, 31)),
        (" 1956 ", "1956", "1956", date(1956, 1, 1), date(1956, 12, 31)),
    ],
)
def test_partial_dates(text: str, iso: str, shown: str, earliest: date, latest: date) -> None:
    read = PartialDate.parse(text)
    assert (read.isoformat(), str(read), read.earliest, read.latest) == (iso, shown, earliest, latest)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-02-30", "29/02/2025", "0/2025", "00/01/2025", "99", "1700", "2026-", "5/3/26", "abc"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(BadDate):
        PartialDate.parse(text)


def test_a_day_needs_its_month() -> None:
    with pytest.raises(BadDate):
        PartialDate(2026, None, 5)
    with pytest.raises(BadDate):
        PartialDate(2026, 0)


def test_dates_in_words_and_ages() -> None:
    assert PartialDate(2026, 3, 15).in_words() == "Ngày mười lăm tháng ba năm hai nghìn không trăm hai mươi sáu"
    assert PartialDate(1956).in_words() == "Năm một nghìn chín trăm năm mươi sáu"
    assert PartialDate(2006, 2, 28).years_until(date(2026, 2, 27)) == (19, 19)
    assert PartialDate(2006).years_until(date(2026, 2, 27)) == (19, 20)
    assert PartialDate(2006).may_equal(PartialDate(2006, 5)) and not PartialDate(2006).may_equal(PartialDate(2007, 1))


@given(PARTIAL)
def test_a_partial_date_is_read_as_it_was_written(when: PartialDate) -> None:
    assert PartialDate.parse(when.isoformat()) == when == PartialDate.parse(str(when))
    assert when.earliest <= when.latest and when.may_equal(when)
    assert when.is_complete == (when.earliest == when.latest)


@given(PARTIAL, PARTIAL)
def test_dates_that_cannot_meet_sort_by_their_text(one: PartialDate, other: PartialDate) -> None:
    assume(not one.may_equal(other))
    assert (one.isoformat() < other.isoformat()) == (one.latest < other.earliest)


@given(PARTIAL, st.integers(0, 60_000))
def test_ages_lie_between_their_bounds(born: PartialDate, days: int) -> None:
    least, greatest = born.years_until(born.latest + timedelta(days=days))
    assert 0 <= least <= greatest <= least + 1


def test_values_stand_in_models_as_text() -> None:
    declared = Declared.model_validate_json('{"name": " Lê  An", "born_on": "1990-05"}')
    assert declared.name == PersonName("Lê An") and declared.born_on == PartialDate(1990, 5)
    assert declared.model_dump(mode="json") == {"name": "Lê An", "born_on": "1990-05"}
    assert Declared.model_validate(declared.model_dump()) == declared
    assert Declared.model_json_schema()["properties"]["name"]["type"] == "string"
    with pytest.raises(ValidationError) as fault:
        Declared.model_validate({"name": "An {2}", "born_on": "30/02/2026"})
    assert [(e["loc"], e["type"]) for e in fault.value.errors()] == [
        (("name",), "people.bad_name"), (("born_on",), "people.bad_date")]
    with pytest.raises(ValidationError, match="chuỗi ký tự"):
        Declared.model_validate({"name": 5})


@pytest.mark.parametrize(
    ("number", "birth", "sex", "codes"),
    [
        ("031090123456", PartialDate(1990, 5, 1), Sex.MALE, []),
        ("031190123456", PartialDate(1990), "female", []),
        ("030226000123", PartialDate(2026, 3, 5), Sex.MALE, []),
        ("030326000123", None, None, []),
        ("031190123456", PartialDate(1991), Sex.FEMALE, ["birth_year"]),
        ("031090123456", PartialDate(2090), Sex.FEMALE, ["birth_year", "sex"]),
        ("003090123456", None, None, ["province"]),
        ("097090123456", None, Sex.FEMALE, ["province", "sex"]),
    ],
)
def test_personal_numbers(number: str, birth: PartialDate | None, sex: Sex | None, codes: list[str]) -> None:
    warnings = check_personal_number(number, birth=birth, sex=sex)
    assert [w.code for w in warnings] == codes
    assert all(w.message.endswith(".") for w in warnings)


@pytest.mark.parametrize("number", ["", "03109012345", "0310901234567", "03109012345x", "000000000000", "٠٣١٠٩٠١٢٣٤٥٦"])
def test_numbers_that_are_none(number: str) -> None:
    with pytest.raises(BadPersonalNumber):
        check_personal_number(number, birth=None, sex=None)


@given(st.integers(1900, 2399), st.sampled_from(Sex), st.sampled_from(sorted(PROVINCES)), st.integers(1, 999_998))
def test_a_number_made_by_the_rule_fits(year: int, sex: Sex, province: str, rest: int) -> None:
    assume(year <= 2199)
    century = (year // 100 - 19) * 2 + (sex is Sex.FEMALE)
    number = f"{province}{century}{year % 100:02d}{rest:06d}"
    assert check_personal_number(number, birth=PartialDate(year), sex=sex) == []


def test_the_lists() -> None:
    assert len(ETHNICITIES) == 55 and len(set(ETHNICITIES.values())) == 55
    assert next(iter(ETHNICITIES)) == "Kinh" and ETHNICITIES["Tày"] == "02" and ETHNICITIES[FOREIGN] == "55"
    assert ETHNICITIES["Rơ-măm"] == "54"
    assert next(iter(NATIONALITIES)) == "Việt Nam" and len(NATIONALITIES) >= 195
    assert len(set(NATIONALITIES.values())) == len(NATIONALITIES)
    assert all(code.isupper() and len(code) == 2 and name == name.strip() for name, code in NATIONALITIES.items())
    assert all(unicodedata.is_normalized("NFC", name) for name in (*ETHNICITIES, *NATIONALITIES))
    assert len(PROVINCES) == 63 and registration_province("031090123456") == "Hải Phòng"


@pytest.mark.django_db
@pytest.mark.usefixtures("country")
class TestAddresses:
    def test_it_reads_in_the_names_of_its_day(self) -> None:
        then = Address(unit_code="11296", as_of=BEFORE, detail=" Số 5  ngõ 12 ")
        assert str(then) == "Số 5 ngõ 12, phường Quán Toan, quận Hồng Bàng, thành phố Hải Phòng"
        assert then.then_and_now(on=BEFORE) == then.text
        assert then.then_and_now(on=AFTER) == f"{then.text} (nay là phường Hồng An, thành phố Hải Phòng)"
        now = then.now(on=AFTER)
        assert (now.unit_code, now.as_of, now.detail) == ("11602", AFTER, "Số 5 ngõ 12")
        assert now.text == "Số 5 ngõ 12, phường Hồng An, thành phố Hải Phòng"

    def test_what_was_sent_as_text_does_not_hide_the_code(self) -> None:
        assert Address(unit_code="11602", as_of=AFTER, text="phường Khác").text == "phường Hồng An, thành phố Hải Phòng"

    def test_a_divided_commune_needs_a_person_s_choice(self) -> None:
        then = Address(unit_code="00025", as_of=BEFORE)
        assert then.then_and_now(on=AFTER).count("; phường") == 2
        with pytest.raises(orgs.SplitNeedsChoice):
            then.now(on=AFTER)
        assert then.now(on=AFTER, choice="00199").unit_code == "00199"

    def test_it_is_stored_and_read_again(self) -> None:
        address = Address(unit_code="11602", as_of=AFTER, detail="Tổ 3")
        assert Address.model_validate(address.model_dump(mode="json")) == address

    @pytest.mark.parametrize(
        ("fields", "fault"),
        [({"unit_code": "00001"}, "orgs.unknown_unit"), ({}, "people.bad_address"),
         ({"unit_code": "11602", "street": "x"}, "extra_forbidden")],
    )
    def test_what_it_refuses(self, fields: dict[str, str], fault: str) -> None:
        with pytest.raises(ValidationError) as refused:
            Address.model_validate({"as_of": "2025-07-01", **fields})
        assert [e["type"] for e in refused.value.errors()] == [fault]


def test_an_address_abroad_is_its_text() -> None:
    address = Address(as_of=AFTER, text="  12 Rue de  Paris, Pháp")
    assert address.is_abroad and str(address) == address.then_and_now(on=AFTER) == "12 Rue de Paris, Pháp"
    assert address.now(on=AFTER) == address
    with pytest.raises(BadAddress):
        address.unit()
