"""The legs of the joined procedures as data: their flows, order, states, clocks. No Django, no clock, no database.

Basis: Nghị định 63/2024/NĐ-CP. A leg that fails undoes none: the act, its papers and the other legs stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tuphap.kernel.refusal import Conflict, NotFound, Refusal
from tuphap.shared.people.api import PartialDate

from ..rules import JOINED_DEATH_HANDLER, JOINED_HANDLER, BookKind, InForce

CONSENT_PAPER = "dong_y_cho_o"

# Names of the queue's tasks, told to the log's reactions.
OPEN_LEGS = "civil_status.open_legs"
RECALL_LEGS = "civil_status.recall_legs"
NUMBER_KNOWN = "civil_status.number_known"


class Event(StrEnum):
    """What the log is told of legs."""

    LEGS_OPENED = "civil_status.legs.opened"
    LEG_SENT = "civil_status.leg.sent"
    LEG_UNCLEAR = "civil_status.leg.needs_verification"
    LEG_DONE = "civil_status.leg.done"
    LEG_FAILED = "civil_status.leg.failed"
    LEG_ENDED = "civil_status.leg.ended"
    LEG_RECALLED = "civil_status.leg.recalled"
    RECALL_ANSWERED = "civil_status.leg.recall_answered"


class Service(StrEnum):
    """Whose part a leg may be: codes of the systems that the exchange speaks with."""

    POLICE = "police"
    RESIDENCE = "residence"
    INSURANCE = "insurance"
    ASSISTANCE = "assistance"


SERVICE_TITLES = {
    Service.POLICE: "Cơ quan công an (CSDL quốc gia về dân cư)",
    Service.RESIDENCE: "Cơ quan công an (CSDL về cư trú)",
    Service.INSURANCE: "Bảo hiểm xã hội",
    Service.ASSISTANCE: "Cơ quan bảo trợ xã hội, người có công",
}
# By which name what an agency has told is said to come from it.
SOURCES = {
    Service.POLICE: "CSDL quốc gia về dân cư", Service.RESIDENCE: "CSDL về cư trú",
    Service.INSURANCE: "Bảo hiểm xã hội Việt Nam", Service.ASSISTANCE: "Hệ thống bảo trợ xã hội, người có công",
}


class LegKind(StrEnum):
    """What is to be done elsewhere."""

    NUMBER = "number"
    RESIDENCE = "residence"
    INSURANCE = "insurance"
    DEATH_NOTICE = "notice"
    RESIDENCE_REMOVAL = "removal"
    AID = "aid"
    PAYMENTS_STOP = "stop"


LEG_TITLES = {
    LegKind.NUMBER: "Cấp số định danh cá nhân",
    LegKind.RESIDENCE: "Đăng ký thường trú",
    LegKind.INSURANCE: "Cấp thẻ bảo hiểm y tế",
    LegKind.DEATH_NOTICE: "Cập nhật việc chết vào CSDL dân cư",
    LegKind.RESIDENCE_REMOVAL: "Xóa đăng ký thường trú",
    LegKind.AID: "Giải quyết mai táng phí",
    LegKind.PAYMENTS_STOP: "Dừng chi trả hằng tháng",
}
# By which dated parameter each leg's share of the whole limit is set: working days from receipt.
DAYS_PARAMETER = {
    LegKind.NUMBER: "joined_number_days",
    LegKind.RESIDENCE: "joined_residence_days",
    LegKind.INSURANCE: "joined_insurance_days",
    LegKind.DEATH_NOTICE: "joined_notice_days",
    LegKind.RESIDENCE_REMOVAL: "joined_removal_days",
    LegKind.AID: "joined_aid_days",
    LegKind.PAYMENTS_STOP: "joined_stop_days",
}


@dataclass(frozen=True, slots=True)
class Flow:
    """What a registration of one book sets going at other agencies.

    :param handler, procedure: of the declaration that opens every leg; any other opens the first leg alone.
    :param legs: in the order in which they are shown and due, each with those that must be over before it goes.
    """

    handler: str
    procedure: str
    legs: Mapping[LegKind, tuple[LegKind, ...]]

    @property
    def first(self) -> LegKind:
        return next(iter(self.legs))

    def place(self, kind: LegKind) -> int:
        return list(self.legs).index(kind) + 1


FLOWS: dict[BookKind, Flow] = {
    BookKind.BIRTH: Flow(JOINED_HANDLER, "tam.lien-thong-khai-sinh", {
        LegKind.NUMBER: (), LegKind.RESIDENCE: (LegKind.NUMBER,),
        LegKind.INSURANCE: (LegKind.NUMBER, LegKind.RESIDENCE),
    }),
    # Money is stopped and granted side by side: neither waits for the other.
    BookKind.DEATH: Flow(JOINED_DEATH_HANDLER, "tam.lien-thong-khai-tu", {
        LegKind.DEATH_NOTICE: (), LegKind.RESIDENCE_REMOVAL: (LegKind.DEATH_NOTICE,),
        LegKind.AID: (LegKind.DEATH_NOTICE, LegKind.RESIDENCE_REMOVAL),
        LegKind.PAYMENTS_STOP: (LegKind.DEATH_NOTICE, LegKind.RESIDENCE_REMOVAL),
    }),
}
# Sent to the police themselves, who then give the number by which every other agency knows the person.
NEEDS_NO_NUMBER = frozenset({LegKind.NUMBER})


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
CANCELLED_MEANWHILE = "Việc hộ tịch đã bị hủy bỏ."
MAY_END = frozenset(set(LegState) - OVER)


class RecallState(StrEnum):
    """What an agency says of its part once it knows that the registration was cancelled."""

    TOLD = "told"
    UNDONE = "undone"
    NOTED = "noted"


RECALL_TITLES = {
    RecallState.TOLD: "Đã báo hủy, chờ trả lời",
    RecallState.UNDONE: "Cơ quan đã hủy kết quả",
    RecallState.NOTED: "Cơ quan đã ghi nhận việc hủy",
}
RECALL_TONES = {RecallState.TOLD: "blue", RecallState.UNDONE: "grey", RecallState.NOTED: "amber"}


# --- A joined birth ---------------------------------------------------------------------------------------------------


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


# --- A joined death ---------------------------------------------------------------------------------------------------


class Home(StrEnum):
    """Where the dead were registered as permanent residents."""

    LAST = "last"
    OTHER = "other"


HOME_TITLES = {Home.LAST: "Nơi cư trú cuối cùng đã khai", Home.OTHER: "Nơi khác"}


class Household(StrEnum):
    """Who heads the household that the dead leave."""

    OTHER = "other"
    DEAD = "dead"
    ALONE = "alone"


HOUSEHOLD_TITLES = {
    Household.OTHER: "Chủ hộ là người khác", Household.DEAD: "Người chết là chủ hộ, hộ còn người khác",
    Household.ALONE: "Hộ chỉ có người chết",
}


class Aid(StrEnum):
    """Which money for the funeral is asked for; nobody has more than one of them."""

    INSURANCE = "insurance"
    SOCIAL = "social"
    MERIT = "merit"
    NONE = "none"


AID_TITLES = {
    Aid.INSURANCE: "Trợ cấp mai táng của bảo hiểm xã hội", Aid.SOCIAL: "Hỗ trợ chi phí mai táng (bảo trợ xã hội)",
    Aid.MERIT: "Mai táng phí đối với người có công", Aid.NONE: "Không đề nghị",
}


class Payment(StrEnum):
    """What the dead were paid every month."""

    PENSION = "pension"
    SOCIAL = "social"
    MERIT = "merit"


PAYMENT_TITLES = {
    Payment.PENSION: "Lương hưu, trợ cấp bảo hiểm xã hội hằng tháng", Payment.SOCIAL: "Trợ cấp xã hội hằng tháng",
    Payment.MERIT: "Trợ cấp ưu đãi người có công hằng tháng",
}


class Way(StrEnum):
    """How the aid is paid."""

    ACCOUNT = "account"
    CASH = "cash"


WAY_TITLES = {Way.ACCOUNT: "Chuyển vào tài khoản ngân hàng", Way.CASH: "Nhận tiền mặt"}


class Seeker(StrEnum):
    """Who asks for the aid."""

    DECLARANT = "declarant"
    OTHER = "other"


SEEKER_TITLES = {Seeker.DECLARANT: "Người đi khai tử", Seeker.OTHER: "Người khác"}

# Which agency grants each aid, and which stops each payment.
AID_FROM = {
    Aid.INSURANCE: Service.INSURANCE, Aid.SOCIAL: Service.ASSISTANCE, Aid.MERIT: Service.ASSISTANCE,
}
PAID_BY = {
    Payment.PENSION: Service.INSURANCE, Payment.SOCIAL: Service.ASSISTANCE, Payment.MERIT: Service.ASSISTANCE,
}

# The paper that an aid is asked for with, beside the declaration; an officer may answer for its absence.
AID_PAPERS: tuple[InForce[Mapping[Aid, str]], ...] = (
    InForce(
        {Aid.INSURANCE: "to_khai_than_nhan", Aid.MERIT: "giay_to_nguoi_co_cong"}, date(2024, 7, 1), None,
        "Nghị định 63/2024/NĐ-CP; chưa đối chiếu với quyết định công bố",
    ),
)
AID_PAPER_TITLES = {
    "to_khai_than_nhan": "tờ khai của thân nhân", "giay_to_nguoi_co_cong": "giấy tờ về người có công",
}


# The number of an account at a bank of this country.
ACCOUNT = r"^[0-9A-Za-z]{6,19}$"
ACCOUNT_FORM = "Số tài khoản gồm 6 đến 19 chữ số, chữ cái."


class DeathDayNeeded(Refusal):
    """Aid and payments are reckoned from the day of death."""

    code = "civil_status.joined_death_day_needed"
    message_vi = "Thủ tục liên thông cần đủ ngày, tháng, năm chết."
    field = "death.died_on"


class NotForAid(Refusal):
    """Only the leg of the aid is paid into an account."""

    code = "civil_status.not_an_aid_leg"
    message_vi = "Chỉ nhánh giải quyết mai táng phí mới sửa số tài khoản được."
    field = "account"


class NoAccount(Refusal):
    code = "civil_status.paid_in_cash"
    message_vi = "Người đề nghị nhận tiền mặt, không có số tài khoản để sửa."
    field = "account"


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


def check_death_day(died_on: PartialDate) -> None:
    """Refuse a day of death of which only a part is known.

    :raises DeathDayNeeded: as said.
    """
    if died_on.earliest != died_on.latest:
        raise DeathDayNeeded()


def to_go(flow: Flow, legs: Iterable[tuple[LegKind, LegState]], *, has_number: bool) -> set[LegKind]:
    """The kinds whose turn it is: what must be over before them is, or was never opened."""
    states: dict[LegKind, set[LegState]] = {}
    for kind, state in legs:
        states.setdefault(kind, set()).add(state)
    return {
        kind for kind, told in states.items()
        if LegState.WAITING in told and (has_number or kind in NEEDS_NO_NUMBER)
        and all(states.get(before, set()) <= OVER for before in flow.legs[kind])
    }


def check_shares(flow: Flow, days: Mapping[LegKind, int], *, whole: int) -> None:
    """Refuse shares that run backwards or past the whole limit.

    :raises ValueError: as said.
    """
    shares = [days[kind] for kind in flow.legs]
    if shares != sorted(shares) or shares[-1] > whole or shares[0] < 0:
        raise ValueError(f"the shares {shares} do not fit into {whole} working days")
