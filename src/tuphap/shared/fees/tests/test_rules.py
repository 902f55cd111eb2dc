"""What is owed, by examples of the law and by properties; the text of the code to pay by, against others' codes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel.refusal import Refusal
from tuphap.shared.dossiers.api import law
from tuphap.shared.fees import ledger, rules, vietqr
from tuphap.shared.fees.rules import Charge, Count, Tariff

# TT 226/2016/TT-BTC: two pages at 2.000, 1.000 from the third, never more than 200.000 a copy.
COPY = Tariff("ban_sao", "Phí chứng thực bản sao", 2000, unit="trang", then_from=3, then_amount=1000, cap=200_000,
              exempt=("poor", "merit"), counted_by="request.pages", copies_by="request.copies")


@pytest.mark.parametrize(("pages", "copies", "owed"), [
    (1, 1, 2000), (2, 1, 4000), (3, 1, 5000), (10, 1, 12_000), (10, 3, 36_000), (198, 1, 200_000), (500, 2, 400_000),
    (0, 5, 0), (5, 0, 0),
])
def test_pages_of_a_copy(pages: int, copies: int, owed: int) -> None:
    assert rules.charge(COPY, Count(pages, copies)) == Charge(owed, 0, owed)


def test_filing_online_costs_less_by_whole_dong() -> None:
    less = replace(COPY, online_percent=15)
    assert rules.charge(less, Count(3), online=True) == Charge(5000, 750, 4250)
    assert rules.charge(less, Count(3)) == Charge(5000, 0, 5000)
    assert rules.charge(replace(less, amount=9, then_from=0, then_amount=0), Count(1), online=True) == Charge(9, 1, 8)


def test_who_is_exempt_owes_nothing_and_the_tariff_stays_told() -> None:
    assert rules.charge(COPY, Count(3), exemption="poor") == Charge(5000, 0, 0)


def test_who_owes_less_owes_the_rest_and_reductions_add_up_to_all_of_it_at_most() -> None:
    half = replace(COPY, reduced=("student",), reduced_percent=50)
    assert rules.charge(half, Count(3), exemption="student") == Charge(5000, 2500, 2500)
    assert rules.charge(half, Count(3), exemption="poor") == Charge(5000, 0, 0)
    both = replace(half, online_percent=60)
    assert rules.charge(both, Count(3), online=True, exemption="student") == Charge(5000, 5000, 0)
    assert half.spared == (
        "Miễn cho: hộ nghèo; người có công với cách mạng, thân nhân liệt sĩ. Giảm 50% cho: học sinh, sinh viên."
    )
    assert [one.title for _, one in half.exemptions][-1] == "Học sinh, sinh viên (giảm 50%)"


@pytest.mark.parametrize(("tariff", "count", "exemption", "why"), [
    (replace(COPY, amount=None), Count(), "", rules.Unpriced), (COPY, Count(-1), "", rules.BadCount),
    (COPY, Count(10_000), "", rules.BadCount), (COPY, Count(1, 1000), "", rules.BadCount),
    (COPY, Count(), "disabled", rules.NotExempt), (replace(COPY, amount=10**9, cap=0), Count(2), "", rules.BadCount),
])
def test_what_is_not_reckoned(tariff: Tariff, count: Count, exemption: str, why: type[Refusal]) -> None:
    with pytest.raises(why):
        rules.charge(tariff, count, exemption=exemption)


money = st.integers(0, 50_000)
tariffs = st.builds(
    Tariff, code=st.just("x"), name=st.just("Phí"), amount=money, then_from=st.sampled_from([0, 2, 3, 10]),
    then_amount=money, cap=st.sampled_from([0, 1000, 200_000]), online_percent=st.integers(0, 100),
    exempt=st.just(("poor",)), reduced=st.just(("student",)), reduced_percent=st.integers(1, 99),
)
counts = st.builds(Count, st.integers(0, 50), st.integers(0, 20))


@given(tariffs, counts, st.booleans())
def test_never_negative_within_the_cap_and_free_when_exempt(tariff: Tariff, count: Count, online: bool) -> None:
    made = rules.charge(tariff, count, online=online)
    assert 0 <= made.amount <= made.full and made.amount == made.full - made.reduction
    assert not tariff.cap or made.full <= tariff.cap * count.copies
    assert rules.charge(tariff, count, online=online, exemption="poor").amount == 0
    less = rules.charge(tariff, count, online=online, exemption="student")
    assert 0 <= less.amount <= made.amount and less.amount == less.full - less.reduction
    assert online or made.reduction == 0
    more = Count(count.quantity + 1, count.copies)
    assert rules.charge(tariff, more, online=online).full >= made.full
    assert made.full == sum(rules.charge(tariff, Count(count.quantity)).full for _ in range(count.copies))


@given(st.dictionaries(st.sampled_from(["request", "x"]), st.one_of(st.none(), st.integers(), st.dictionaries(
    st.sampled_from(["pages", "copies"]), st.one_of(st.none(), st.booleans(), st.text(), st.integers())))))
def test_whatever_was_declared_is_counted_or_counts_as_one(answers: dict[str, object]) -> None:
    found = rules.counted(COPY, answers)
    assert 0 <= found.quantity <= rules.MOST_COUNTED and 0 <= found.copies <= rules.MOST_COPIES


def test_what_the_declaration_says_is_counted() -> None:
    assert rules.counted(COPY, {"request": {"pages": 12, "copies": 3}}) == Count(12, 3)
    assert rules.counted(COPY, {"request": {"pages": True}}) == Count(1, 1)


def test_a_row_of_the_catalogue_is_read_whole_and_old_rows_still_are() -> None:
    row = {"code": "a", "name": "Phí", "amount": 8000, "condition": "", "basis": "TT 281/2016/TT-BTC"}
    assert Tariff.read(row) == Tariff("a", "Phí", 8000, basis="TT 281/2016/TT-BTC")
    told = law.FeeText.model_validate({**row, "unit": "trang", "then_from": 3, "then_amount": 1000, "exempt": ["poor"]})
    read = Tariff.read(told.model_dump(mode="json"))
    assert (read.then_from, read.then_amount, read.exempt) == (3, 1000, ("poor",))
    assert law.FeeText.model_fields.keys() <= Tariff.__dataclass_fields__.keys()
    assert "từ trang thứ 3: 1.000 đồng" in read.words
    assert all(code in rules.EXEMPTIONS for code in ("on_time", "poor", "merit", "disabled"))


@pytest.mark.parametrize("wrong", [
    {"then_from": 1, "then_amount": 5}, {"then_from": 3}, {"then_amount": 5}, {"online_percent": 101}, {"cap": -1},
    {"counted_by": "pages"}, {"exempt": ["Hộ nghèo"]}, {"reduced": ["student"]}, {"reduced_percent": 50},
    {"reduced": ["poor"], "reduced_percent": 50, "exempt": ["poor"]},
])
def test_rows_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        law.FeeText.model_validate({"code": "a", "name": "Phí", "amount": 1, "basis": "x", **wrong})


# -- what becomes of money


@pytest.mark.parametrize(("state", "came", "found"), [
    (None, 1, rules.Misfit.UNKNOWN_ORDER), (rules.OrderState.OPEN, 5000, None),
    (rules.OrderState.OPEN, 4999, rules.Misfit.WRONG_AMOUNT), (rules.OrderState.PAID, 5000, rules.Misfit.PAID_BEFORE),
    (rules.OrderState.CLOSED, 5000, rules.Misfit.ORDER_CLOSED),
])
def test_money_fits_an_open_order_of_just_its_amount(
    state: rules.OrderState | None, came: int, found: rules.Misfit | None
) -> None:
    assert rules.misfit(state=state, owed=5000, came=came) is found


def test_a_refund_ends_once() -> None:
    ends = {rules.RefundState.DONE, rules.RefundState.DECLINED}
    assert not any(before in ends for before, _ in rules.REFUND_EDGES)


# -- the code


# Codes that others have made: a bank's for "Chuyen tien", the example of a purchase with an order number.
OTHERS = (
    "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien"
    "6304BBB8",
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS6869"
    "0819thanh toan don hang63042E2E",
)


def test_the_check_of_a_code_is_the_one_that_others_compute() -> None:
    assert vietqr.crc("123456789") == 0x29B1
    assert [f"{vietqr.crc(code[:-4]):04X}" for code in OTHERS] == ["BBB8", "2E2E"]


def test_codes_of_others_are_read_and_ours_are_written_as_theirs() -> None:
    wanted = vietqr.Transfer("970416", "257678859", 1000, "Chuyen tien")
    assert vietqr.read(OTHERS[0]) == wanted and vietqr.text_of(wanted) == OTHERS[0]
    assert vietqr.read(OTHERS[1]) == vietqr.Transfer("970403", "0011012345678", 180_000, "thanh toan don hang")


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.from_regex(r"[0-9A-Z]{4,19}", fullmatch=True),
       st.integers(1, 10**10), st.from_regex(r"[0-9A-Z]{1,25}", fullmatch=True), st.data())
def test_a_code_says_what_was_put_in_and_a_spoilt_one_nothing(
    bank: str, account: str, amount: int, content: str, data: st.DataObject
) -> None:
    wanted = vietqr.Transfer(bank, account, amount, content)
    text = vietqr.text_of(wanted)
    assert vietqr.read(text) == wanted
    place = data.draw(st.integers(0, len(text) - 1))
    spoilt = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1:]
    with pytest.raises(vietqr.NotVietQR):
        vietqr.read(spoilt)


@pytest.mark.parametrize("wrong", [
    vietqr.Transfer("97041", "257678859", 1, "x"), vietqr.Transfer("970416", "1", 1, "x"),
    vietqr.Transfer("970416", "257678859", 0, "x"), vietqr.Transfer("970416", "257678859", 1, "Nguyễn"),
])
def test_what_no_code_can_ask_for(wrong: vietqr.Transfer) -> None:
    with pytest.raises(ValueError):
        vietqr.text_of(wrong)


@pytest.mark.parametrize("text", ["", "6304", "0002", "x" * 40])
def test_other_texts_are_no_code(text: str) -> None:
    with pytest.raises(vietqr.NotVietQR):
        vietqr.read(text)


def test_a_reference_says_nothing_and_is_found_in_what_banks_make_of_it() -> None:
    made = {ledger.new_reference() for _ in range(200)}
    assert len(made) == 200 and all(len(one) == 13 and one.startswith("TPS") for one in made)
    one = made.pop()
    for words in (one, one.lower(), f"MBVCB.123.{one}.CT tu 0011", f"{one[:5]} {one[5:]}", f"TPS TPS{one}"):
        assert one in ledger.references_in(words)
    assert not ledger.references_in("chuyen tien TPS123") and not ledger.references_in("")
