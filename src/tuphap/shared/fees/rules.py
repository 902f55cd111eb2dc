"""What is owed for a dossier, and what may become of money: pure. Amounts are whole đồng and come from dated rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from tuphap.kernel.refusal import Conflict, NotFound, Refusal


class Permission(StrEnum):
    """What may be granted about money."""

    COLLECT = "fees.collect"
    VIEW = "fees.view"
    MANAGE = "fees.manage"


class Event(StrEnum):
    """What the fees tell the log."""

    ASSESSED = "fees.assessed"
    CLAIMED = "fees.exemption_claimed"
    EXEMPTED = "fees.exempted"
    ASKED = "fees.asked"
    PAID = "fees.paid"
    VOIDED = "fees.receipt_voided"
    ORDER_OPENED = "fees.order_opened"
    ORDER_CLOSED = "fees.order_closed"
    TRANSFER_HEARD = "fees.transfer_heard"
    TRANSFER_UNMATCHED = "fees.transfer_unmatched"
    TRANSFER_SETTLED = "fees.transfer_settled"
    REFUND_ASKED = "fees.refund_asked"
    REFUND_SENT = "fees.refund_sent"
    REFUNDED = "fees.refunded"
    REFUND_FAILED = "fees.refund_failed"
    REFUND_DECLINED = "fees.refund_declined"
    ACCOUNT_SET = "fees.account_set"
    ASKED_GATEWAY = "fees.gateway_asked"


# -- who owes nothing, and what shows it


@dataclass(frozen=True, slots=True)
class Exemption:
    """A reason for which a fee that names it is not owed, or owed in part; ``proof`` is what the desk looks at."""

    title: str
    proof: str
    basis: str


_LAW = "Luật Phí và lệ phí 97/2015/QH13, Điều 10"
EXEMPTIONS: dict[str, Exemption] = {
    "on_time": Exemption("Đăng ký đúng hạn", "Ngày sinh, ngày chết trên giấy chứng sinh, giấy báo tử",
                         "Luật Hộ tịch 60/2014/QH13, Điều 11"),
    "poor": Exemption("Hộ nghèo", "Giấy chứng nhận hộ nghèo, hoặc mã hộ nghèo đã tra cứu", _LAW),
    "merit": Exemption("Người có công với cách mạng, thân nhân liệt sĩ",
                       "Giấy chứng nhận người có công, giấy chứng nhận gia đình liệt sĩ", _LAW),
    "disabled": Exemption("Người khuyết tật", "Giấy xác nhận khuyết tật", _LAW),
    "elderly": Exemption("Người cao tuổi", "Thẻ căn cước (từ đủ 60 tuổi)", f"{_LAW}; Luật Người cao tuổi 2009"),
    "child": Exemption("Trẻ em", "Giấy khai sinh hoặc thẻ căn cước (dưới 16 tuổi)", _LAW),
    "minority": Exemption("Đồng bào dân tộc thiểu số ở xã có điều kiện kinh tế - xã hội đặc biệt khó khăn",
                          "Xác nhận nơi cư trú", _LAW),
    "student": Exemption("Học sinh, sinh viên", "Thẻ học sinh, thẻ sinh viên còn hạn", _LAW),
}


# -- what is owed


@dataclass(frozen=True, slots=True)
class Tariff:
    """One fee of a procedure's version; see ``dossiers.law.FeeText`` for what each part means."""

    code: str
    name: str
    amount: int | None
    condition: str = ""
    basis: str = ""
    unit: str = ""
    then_from: int = 0
    then_amount: int = 0
    cap: int = 0
    online_percent: int = 0
    exempt: tuple[str, ...] = ()
    reduced: tuple[str, ...] = ()
    reduced_percent: int = 0
    asked: bool = False
    counted_by: str = ""
    copies_by: str = ""

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Tariff:
        """A row of ``Procedure.fee_rules``; what it does not say is as by default."""
        known = {field.name for field in fields(cls)}
        told = {name: value for name, value in row.items() if name in known}
        return cls(**{**told, **{name: tuple(told.get(name, ())) for name in ("exempt", "reduced")}})

    @property
    def is_owed_with_filing(self) -> bool:
        """Whether filing costs it: it has an amount that is set, and nobody need ask for it."""
        return bool(self.amount) and not self.asked

    @property
    def in_copies(self) -> bool:
        """Whether it is counted within each of several copies."""
        return bool(self.copies_by or self.cap)

    @property
    def words(self) -> str:
        """How much, how counted, when less is owed; as people say it."""
        each = f" mỗi {self.unit}" if self.unit else ""
        parts = [
            "theo mức của tỉnh, thành phố" if self.amount is None else
            f"{_dong(self.amount)}{each}" if self.amount else "miễn",
            f"từ {self.unit or 'đơn vị'} thứ {self.then_from}: {_dong(self.then_amount)}" if self.then_from else "",
            f"tối đa {_dong(self.cap)} một bản" if self.cap else "",
            f"giảm {self.online_percent}% khi nộp trực tuyến" if self.online_percent else "",
            "thu khi cơ quan yêu cầu" if self.asked else "", self.condition,
        ]
        return "; ".join(part for part in parts if part)

    @property
    def reasons(self) -> tuple[str, ...]:
        """For which nothing is owed, then for which less is."""
        return (*self.exempt, *self.reduced)

    @property
    def exemptions(self) -> list[tuple[str, Exemption]]:
        """The same with their words; a reason that spares a part says how much."""
        part = f" (giảm {self.reduced_percent}%)"
        return [
            (code, replace(one, title=one.title + part) if code in self.reduced else one)
            for code in self.reasons if (one := EXEMPTIONS.get(code))
        ]

    @property
    def spared(self) -> str:
        """Who owes nothing, and who owes less, as people say it."""
        titles = [
            "; ".join(EXEMPTIONS[code].title.lower() for code in codes if code in EXEMPTIONS)
            for codes in (self.exempt, self.reduced)
        ]
        told = (f"Miễn cho: {titles[0]}." if titles[0] else "",
                f"Giảm {self.reduced_percent}% cho: {titles[1]}." if titles[1] else "")
        return " ".join(filter(None, told))


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


MOST_COUNTED, MOST_COPIES, MOST_OWED = 9_999, 999, 1_000_000_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many units in one copy, and how many copies."""

    quantity: int = 1
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Charge:
    """What one fee comes to: ``full`` by the tariff, ``reduction`` for filing online and for who owes less, ``amount``
    owed."""

    full: int
    reduction: int
    amount: int


def price_of_copy(tariff: Tariff, quantity: int) -> int:
    """What so many units of one copy cost, never more than the cap.

    :raises Unpriced: the province has not set the fee.
    """
    if tariff.amount is None:
        raise Unpriced(name=tariff.name)
    first = quantity if not tariff.then_from else min(quantity, tariff.then_from - 1)
    price = tariff.amount * first + tariff.then_amount * (quantity - first)
    return min(price, tariff.cap) if tariff.cap else price


def charge(tariff: Tariff, count: Count, *, online: bool = False, exemption: str = "") -> Charge:
    """What the fee comes to for so much; nothing for who is exempt, a part for whom it is reduced.

    :raises Unpriced: the province has not set the fee.
    :raises BadCount: fewer than none, or more than can be meant.
    :raises NotExempt: the fee does not name this reason.
    """
    if not 0 <= count.quantity <= MOST_COUNTED or not 0 <= count.copies <= MOST_COPIES:
        raise BadCount(quantity=MOST_COUNTED, copies=MOST_COPIES)
    full = price_of_copy(tariff, count.quantity) * count.copies
    if full > MOST_OWED:
        raise BadCount(quantity=MOST_COUNTED, copies=MOST_COPIES)
    return owed_of(tariff, full, online=online, exemption=exemption)


def owed_of(tariff: Tariff, full: int, *, online: bool = False, exemption: str = "") -> Charge:
    """What is left of the full price. Reductions add up: each is of the full price, and none goes below nothing.

    :raises NotExempt: the fee does not name this reason.
    """
    if exemption and exemption not in tariff.reasons:
        raise NotExempt(name=tariff.name)
    percent = (tariff.online_percent if online else 0) + (tariff.reduced_percent if exemption in tariff.reduced else 0)
    reduction = full * min(percent, 100) // 100
    return Charge(full, reduction, 0 if exemption in tariff.exempt else full - reduction)


def counted(tariff: Tariff, answers: Mapping[str, Any]) -> Count:
    """How much the declaration says; one where it says nothing that can be counted."""
    return Count(_answer(answers, tariff.counted_by, MOST_COUNTED), _answer(answers, tariff.copies_by, MOST_COPIES))


def _answer(answers: Mapping[str, Any], path: str, most: int) -> int:
    page, _, field = path.partition(".")
    block = answers.get(page) if page else None
    value = block.get(field) if isinstance(block, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int):
        return 1
    return value if 0 <= value <= most else 1


# -- what becomes of money


class Method(StrEnum):
    """How it was paid."""

    CASH = "cash"
    TRANSFER = "transfer"
    PAPER = "paper"


METHOD_TITLES: dict[Method, str] = {
    Method.CASH: "Tiền mặt tại quầy", Method.TRANSFER: "Trực tuyến (chuyển khoản)",
    Method.PAPER: "Biên lai lập ngoài hệ thống",
}


class OrderState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"


ORDER_TITLES: dict[OrderState, str] = {
    OrderState.OPEN: "Chờ thanh toán", OrderState.PAID: "Đã thanh toán", OrderState.CLOSED: "Đã hủy",
}


class TransferState(StrEnum):
    """What became of money that came to an account of ours."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    ASSIGNED = "assigned"
    RETURNED = "returned"


TRANSFER_TITLES: dict[TransferState, str] = {
    TransferState.MATCHED: "Khớp lệnh thanh toán", TransferState.UNMATCHED: "Chưa khớp",
    TransferState.ASSIGNED: "Đã ghi cho hồ sơ", TransferState.RETURNED: "Trả lại người chuyển",
}


class Misfit(StrEnum):
    """Why money fits no order."""

    UNKNOWN_ORDER = "unknown_order"
    WRONG_AMOUNT = "wrong_amount"
    PAID_BEFORE = "paid_before"
    ORDER_CLOSED = "order_closed"


MISFIT_TITLES: dict[Misfit, str] = {
    Misfit.UNKNOWN_ORDER: "Không có lệnh thanh toán mang nội dung này", Misfit.WRONG_AMOUNT: "Sai số tiền",
    Misfit.PAID_BEFORE: "Lệnh đã được thanh toán trước đó", Misfit.ORDER_CLOSED: "Lệnh đã hủy",
}


def misfit(*, state: OrderState | None, owed: int, came: int) -> Misfit | None:
    """Whether money that came fits an order; ``state`` None: there is no such order."""
    if state is None:
        return Misfit.UNKNOWN_ORDER
    if state is OrderState.PAID:
        return Misfit.PAID_BEFORE
    if state is OrderState.CLOSED:
        return Misfit.ORDER_CLOSED
    return None if owed == came else Misfit.WRONG_AMOUNT


class RefundState(StrEnum):
    ASKED = "asked"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    DECLINED = "declined"


REFUND_TITLES: dict[RefundState, str] = {
    RefundState.ASKED: "Chờ chi trả", RefundState.SENT: "Đã gửi ngân hàng", RefundState.DONE: "Đã hoàn trả",
    RefundState.FAILED: "Ngân hàng không chi trả được", RefundState.DECLINED: "Không hoàn trả",
}
REFUND_EDGES = frozenset({
    (RefundState.ASKED, RefundState.SENT), (RefundState.ASKED, RefundState.DONE),
    (RefundState.ASKED, RefundState.DECLINED), (RefundState.SENT, RefundState.DONE),
    (RefundState.SENT, RefundState.FAILED), (RefundState.FAILED, RefundState.DONE),
    (RefundState.FAILED, RefundState.SENT),
})
# Refunds that may still take money out of the till or have done so.
LIVE_REFUNDS = (RefundState.ASKED, RefundState.SENT, RefundState.DONE, RefundState.FAILED)

# The gateway is asked about an order that waits: first after a while, and no longer than money may be on its way.
ASK_AFTER, ASK_UNTIL = timedelta(minutes=1), timedelta(days=30)


# -- refusals


class Unpriced(Refusal):
    """The province has not set this fee."""

    code = "fees.unpriced"
    message_vi = "Khoản “{name}” chưa có mức thu trong danh mục; vui lòng nhập số tiền theo nghị quyết của tỉnh."
    field = "amount"


class BadCount(Refusal):
    code = "fees.bad_count"
    message_vi = "Số lượng từ 0 đến {quantity}, số bản từ 0 đến {copies}, và tổng không quá một tỷ đồng."
    field = "quantity"


class NotExempt(Refusal):
    code = "fees.not_exempt"
    message_vi = "Quy định về khoản “{name}” không miễn, giảm cho trường hợp này."
    field = "exemption"


class ProofRequired(Refusal):
    code = "fees.proof_required"
    message_vi = "Vui lòng ghi giấy tờ chứng minh được miễn, giảm phí, lệ phí."
    field = "proof"


class NothingOwed(Conflict):
    code = "fees.nothing_owed"
    message_vi = "Hồ sơ không còn khoản phí, lệ phí nào phải nộp."


class UnknownFee(Refusal):
    code = "fees.unknown_fee"
    message_vi = "Thủ tục không có khoản thu này."
    field = "fee"


class FeePaid(Conflict):
    """What was paid is not changed; it is voided or refunded."""

    code = "fees.fee_paid"
    message_vi = "Khoản này đã nộp, không thay đổi được."


class NoReceiptNumber(Refusal):
    code = "fees.no_receipt_number"
    message_vi = "Vui lòng nhập số biên lai."
    field = "receipt_no"


class UnknownReceipt(NotFound):
    code = "fees.unknown_receipt"
    message_vi = "Không tìm thấy biên lai."


class ReceiptVoided(Conflict):
    code = "fees.receipt_voided"
    message_vi = "Biên lai này đã hủy."


class OnlyCashToday(Conflict):
    """A mistaken receipt is voided on its own day; later the money goes back by a refund."""

    code = "fees.only_cash_today"
    message_vi = "Chỉ hủy được biên lai tiền mặt lập trong ngày; trường hợp khác làm thủ tục hoàn trả."


class ReasonRequired(Refusal):
    code = "fees.reason_required"
    message_vi = "Vui lòng nêu lý do."
    field = "reason"


class NoAccount(Conflict):
    code = "fees.no_account"
    message_vi = "{unit} chưa khai báo tài khoản thu phí, lệ phí nên chưa thanh toán trực tuyến được."


class UnknownTransfer(NotFound):
    code = "fees.unknown_transfer"
    message_vi = "Không tìm thấy khoản chuyển tiền."


class TransferSettled(Conflict):
    code = "fees.transfer_settled"
    message_vi = "Khoản chuyển tiền này đã được xử lý."


class AmountDiffers(Conflict):
    code = "fees.amount_differs"
    message_vi = "Hồ sơ còn phải nộp {owed} đồng, khác số tiền đã chuyển {came} đồng."


class UnknownRefund(NotFound):
    code = "fees.unknown_refund"
    message_vi = "Không tìm thấy đề nghị hoàn trả."


class RefundMoved(Conflict):
    code = "fees.refund_moved"
    message_vi = "Đề nghị hoàn trả đang ở trạng thái “{state}”, không thực hiện được việc này."


class RefundAsked(Conflict):
    code = "fees.refund_asked"
    message_vi = "Biên lai này đã có đề nghị hoàn trả."


class PayerAsked(Conflict):
    """Who asks for money to be paid back does not pay it."""

    code = "fees.payer_asked"
    message_vi = "Người đề nghị hoàn trả không được tự chi trả; vui lòng chuyển cho người khác trong bộ phận tài chính."


class OneOrder(Conflict):
    """Two have opened an order for the same dossier at once."""

    code = "fees.one_order"
    message_vi = "Hồ sơ đã có lệnh thanh toán đang chờ. Vui lòng tải lại trang."


class BadAccount(Refusal):
    code = "fees.bad_account"
    message_vi = "Mã ngân hàng gồm 6 chữ số; số tài khoản gồm từ 4 đến 19 chữ số hoặc chữ cái."
    field = "number"
