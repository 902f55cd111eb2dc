"""The legs of a joined birth as data: their order, their states, their clocks. No Django, no clock, no database.

Basis: Nghị định 63/2024/NĐ-CP. A leg that fails undoes none: the act, the certificate and the legs before it stay.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from tuphap.kernel.refusal import Conflict, NotFound, Refusal

from ..rules import InForce

JOINED_PROCEDURE = "tam.lien-thong-khai-sinh"
CONSENT_PAPER = "dong_y_cho_o"

# Names of the queue's tasks, told to the log's reactions.
OPEN_LEGS = "civil_status.open_legs"
NUMBER_KNOWN = "civil_status.number_known"


class Event(StrEnum):
    """What the log is told of legs."""

    LEGS_OPENED = "civil_status.legs.opened"
    LEG_SENT = "civil_status.leg.sent"
    LEG_UNCLEAR = "civil_status.leg.needs_verification"
    LEG_DONE = "civil_status.leg.done"
    LEG_FAILED = "civil_status.leg.failed"
    LEG_ENDED = "civil_status.leg.ended"


class LegKind(StrEnum):
    """Which agency's part."""

    NUMBER = "number"
    RESIDENCE = "residence"
    INSURANCE = "insurance"


ORDER = (LegKind.NUMBER, LegKind.RESIDENCE, LegKind.INSURANCE)
LEG_TITLES = {
    LegKind.NUMBER: "Cấp số định danh cá nhân",
    LegKind.RESIDENCE: "Đăng ký thường trú",
    LegKind.INSURANCE: "Cấp thẻ bảo hiểm y tế",
}
AGENCY_TITLES = {
    LegKind.NUMBER: "Cơ quan công an (CSDL quốc gia về dân cư)",
    LegKind.RESIDENCE: "Cơ quan công an (CSDL về cư trú)",
    LegKind.INSURANCE: "Bảo hiểm xã hội",
}
# By which dated parameter each leg's share of the whole limit is set: working days from receipt.
DAYS_PARAMETER = {
    LegKind.NUMBER: "joined_number_days",
    LegKind.RESIDENCE: "joined_residence_days",
    LegKind.INSURANCE: "joined_insurance_days",
}


class LegState(StrEnum):
    """Where a leg stands."""

    WAITING = "waiting"
    SENT = "sent"
    NEEDS_VERIFICATION = "needs_verification"
    DONE = "done"
    FAILED = "failed"
    ENDED = "ended"


LEG_STATE_TITLES = {
    LegState.WAITING: "Chờ bước trước",
    LegState.SENT: "Đã gửi, chờ trả lời",
    LegState.NEEDS_VERIFICATION: "Thông tin cần xác minh",
    LegState.DONE: "Đã hoàn thành",
    LegState.FAILED: "Không thành công",
    LegState.ENDED: "Đã kết thúc nhánh",
}
LEG_TONES = {
    LegState.WAITING: "grey", LegState.SENT: "blue", LegState.NEEDS_VERIFICATION: "amber", LegState.DONE: "green",
    LegState.FAILED: "red", LegState.ENDED: "grey",
}

# (from, to). An answer that comes after all still counts: the agency has acted, whatever we had given up.
LEG_EDGES = frozenset(
    {
        (LegState.WAITING, LegState.SENT),
        (LegState.WAITING, LegState.DONE),
        (LegState.WAITING, LegState.ENDED),
        (LegState.SENT, LegState.DONE),
        (LegState.SENT, LegState.NEEDS_VERIFICATION),
        (LegState.SENT, LegState.FAILED),
        (LegState.SENT, LegState.ENDED),
        (LegState.NEEDS_VERIFICATION, LegState.SENT),
        (LegState.NEEDS_VERIFICATION, LegState.DONE),
        (LegState.NEEDS_VERIFICATION, LegState.ENDED),
        (LegState.FAILED, LegState.SENT),
        (LegState.FAILED, LegState.DONE),
        (LegState.FAILED, LegState.NEEDS_VERIFICATION),
        (LegState.FAILED, LegState.ENDED),
        (LegState.ENDED, LegState.DONE),
    }
)
OVER = frozenset({LegState.DONE, LegState.ENDED})
# What an officer must look at.
WANTS_SOMEBODY = frozenset({LegState.NEEDS_VERIFICATION, LegState.FAILED})
MAY_RESEND = WANTS_SOMEBODY
MAY_END = frozenset(set(LegState) - OVER)


class Host(StrEnum):
    """In whose household the child is registered."""

    MOTHER = "mother"
    FATHER = "father"
    OTHER = "other"


HOST_TITLES = {
    Host.MOTHER: "Nơi thường trú của mẹ",
    Host.FATHER: "Nơi thường trú của cha",
    Host.OTHER: "Nơi khác, được chủ hộ và chủ sở hữu chỗ ở hợp pháp đồng ý",
}

# Full years below which a child has a health card of this class, and may come by the joined procedure.
UNDER_AGE_YEARS: tuple[InForce[int], ...] = (
    InForce(6, date(2015, 7, 1), None, "Nghị định 63/2024/NĐ-CP; Luật Bảo hiểm y tế, Điều 12"),
)


class WrongLegState(Conflict):
    code = "civil_status.wrong_leg_state"
    message_vi = "Nhánh đang ở trạng thái “{state}”, không thực hiện được thao tác này."


class UnknownLeg(NotFound):
    code = "civil_status.unknown_leg"
    message_vi = "Không tìm thấy nhánh liên thông."


class NotForNumber(Refusal):
    """Only the police's leg is verified by a number."""

    code = "civil_status.not_a_number_leg"
    message_vi = "Chỉ nhánh cấp số định danh mới nhập số được."


class NumberDisagrees(Conflict):
    """The police tell another number than the one that stands in the register."""

    code = "civil_status.number_disagrees"
    message_vi = "Cơ quan công an trả lời một số định danh khác với số đã ghi trong sổ; cần đối chiếu."


class NoReference(Refusal):
    """The agency says that it is done, and tells no number of what it has done."""

    code = "civil_status.leg_without_reference"
    message_vi = "Trả lời thiếu số của kết quả."


class TooOld(Refusal):
    code = "civil_status.joined_too_old"
    message_vi = "Thủ tục liên thông chỉ dành cho trẻ dưới {years} tuổi."
    field = "child.born_on"


class DayNeeded(Refusal):
    """Other agencies take no date of which only a part is known."""

    code = "civil_status.joined_day_needed"
    message_vi = "Thủ tục liên thông cần đủ ngày, tháng, năm sinh của trẻ."
    field = "child.born_on"


class ConsentMissing(Refusal):
    code = "civil_status.consent_missing"
    message_vi = "Đăng ký thường trú tại nơi không phải của cha, mẹ: cần văn bản đồng ý của chủ hộ, chủ sở hữu chỗ ở."


def check_edge(current: LegState, to: LegState) -> None:
    """Refuse a step that the table does not have.

    :raises WrongLegState: as said.
    """
    if (current, to) not in LEG_EDGES:
        raise WrongLegState(state=LEG_STATE_TITLES[current])


def next_to_go(states: dict[LegKind, LegState], *, has_number: bool) -> LegKind | None:
    """The leg whose turn it is: all before it are over; agencies after the police know people by number."""
    for kind in ORDER:
        state = states.get(kind)
        if state is None or state in OVER:
            continue
        goes = state is LegState.WAITING and (kind is LegKind.NUMBER or has_number)
        return kind if goes else None
    return None


def check_shares(days: dict[LegKind, int], *, whole: int) -> None:
    """Refuse shares that run backwards or past the whole limit.

    :raises ValueError: as said.
    """
    shares = [days[kind] for kind in ORDER]
    if shares != sorted(shares) or shares[-1] > whole or shares[0] < 0:
        raise ValueError(f"the shares {shares} do not fit into {whole} working days")
