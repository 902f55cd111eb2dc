"""How a dossier fares: by which way it comes, what goes wrong, how long it takes, and where the present finds it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tuphap.kernel.clock import localdate
from tuphap.modules.one_stop_shop.post.rules import ParcelState, check_digit
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.dossiers.rules import REFUSAL_REASONS, Action, Level, Overlay

from .life import REAL_NONE, Life
from .province import TIMERS, Office, Seat
from .times import LAST, OPENS, Times

Place = tuple[int, int]  # of a working day, and the minute

STANDING_DAYS, STANDING = 8, 0.30  # of the last days' dossiers so many stand at some step when the present comes
FORGOTTEN = 0.004  # of all others
LATE = 0.045  # of the dossiers of an office that is as slow as most
ENDLESS = 1_000  # steps, more than any takes
ABANDONED = 0.02  # results that nobody fetches
SATISFIED = (5, 5, 5, 4, 4, 5, 3, 4)
ANNOYED = (3, 2, 3, 4, 1)
FEE = 8_000
_MISSING = ("Bản chụp giấy tờ bị mờ, đề nghị chụp lại rõ bốn góc.", "Thiếu giấy tờ chứng minh nơi cư trú.",
            "Tờ khai chưa có chữ ký của người yêu cầu.")
_REASONS = tuple(REFUSAL_REASONS)


def steps_left(random: Random, place: int, times: Times) -> int:
    """How many steps it may take: most as many as they like."""
    if place > times.today - STANDING_DAYS:
        return random.randint(1, 8) if random.random() < STANDING else ENDLESS
    return random.randint(3, 6) if random.random() < FORGOTTEN else ENDLESS


def live(life: Life, r: Random, here: Place, *, elsewhere: Seat | None, post_to: dict[str, Any]) -> None:
    """Everything that happens to a dossier that comes at this place of the calendar.

    :param elsewhere: the office to which it is handed on, where it came to the wrong one.
    :param post_to: where the post would find who applies.
    """
    times, seat = life.times, life.seat
    at = times.at(*here, int(r.random() * 60))
    is_online = life.channel == Dossier.Channel.ONLINE
    if r.random() < (0.10 if is_online else 0.04):
        life.columns |= {"result_way": Dossier.ResultWay.POST.value, "post_to": post_to}
    elif is_online and r.random() < 0.6:
        life.columns["result_way"] = Dossier.ResultWay.ONLINE.value
    if not is_online:
        life.columns["created_at"] = at
        life.take(Action.SUBMIT, at, seat.receiver, Level.RECEIVER, note=REAL_NONE)
        _receive(life, here, at)
        _handle(life, r, here, elsewhere)
        return
    sent = at - timedelta(minutes=int(r.random() * 25))
    if r.random() < 0.3:  # the evening before, a Sunday's perhaps
        sent = times.at(here[0], 0) - timedelta(minutes=90 + int(r.random() * 200))
    life.columns["created_at"] = sent - timedelta(minutes=5 + int(r.random() * 40))
    life.take(Action.SUBMIT, sent, life.applicant, Level.APPLICANT, note=REAL_NONE)
    chance = r.random()
    if chance < 0.010:
        life.take(Action.WITHDRAW, at + timedelta(minutes=20), life.applicant, Level.APPLICANT,
                  note="Nộp nhầm thủ tục.")
    elif chance < 0.024:
        _refuse(life, r, at, seat.receiver, Level.RECEIVER)
    elif chance < 0.090:
        asked = times.after(*here, 15)
        _ask(life, r, asked, seat.receiver, Level.RECEIVER)
        if r.random() < 0.14:
            _stop_unanswered(life, times.at(*asked))
            return
        here = (asked[0] + 1 + int(r.expovariate(0.4)), OPENS + int(r.random() * 400))
        here = min(here, (times.today + 60, OPENS))
        life.take(Action.ANSWER_SUPPLEMENT, times.at(*here), life.applicant, Level.APPLICANT)
        here = times.after(*here, 25)
        _receive(life, here, times.at(*here))
        _handle(life, r, here, elsewhere)
    else:
        here = times.after(*here, 4 + int(r.random() * 60)) if r.random() < 0.9 else (here[0] + 1, OPENS + 60)
        _receive(life, here, times.at(*here))
        _handle(life, r, here, elsewhere)


def _receive(life: Life, here: Place, at: datetime) -> None:
    papers = [{"name": name, "source": "file" if life.channel == Dossier.Channel.ONLINE else "paper",
               "original": life.channel != Dossier.Channel.ONLINE, "copies": 1} for _, name in life.law.papers]
    life.take(Action.RECEIVE, at, life.seat.receiver, Level.RECEIVER, facts={"papers": papers}, place=here)


def _handle(life: Life, r: Random, here: Place, elsewhere: Seat | None) -> None:
    """From the receipt to the end."""
    if life.is_over or life.due is None:
        return
    times = life.times
    here = times.after(*here, 2 + int(r.random() * 14))
    chance = r.random()
    if elsewhere is not None:
        here = _hand_on(life, elsewhere, here)
    elif chance < 0.018:
        _withdraw_or_stop(life, r, here, chance)
        return
    life.assign(times.at(*here))
    here = times.after(*here, 3 + int(r.random() * 12))
    if 0.018 <= chance < 0.070:
        here = _stand_still(life, r, here, by_fee=chance < 0.035)
    life.begin(times.at(*here))
    if 0.070 <= chance < 0.095:
        here = _ask_agency(life, r, here)
    elif 0.095 <= chance < 0.103:
        here = times.after(*here, 20)
        _refuse(life, r, times.at(*here), life.officer, Level.CASE_OFFICER)
        return
    elif 0.103 <= chance < 0.125:
        _extend(life, r, times.after(*here, 5))
    if life.is_over:
        return
    here = max(times.after(*here, 8 + int(r.random() * 25)), _proposed_on(life, r))
    life.propose(times.at(*here))
    if 0.125 <= chance < 0.150:
        here = times.after(*here, 12)
        life.take(Action.SEND_BACK, times.at(*here), life.seat.leaders[0][0], Level.LEADER,
                  note="Đề nghị kiểm tra lại thông tin trên tờ khai.")
        here = times.after(*here, 25)
        life.propose(times.at(*here))
    here = times.after(*here, 6 + int(r.random() * 45))
    life.approve(times.at(*here))
    _hand_out(life, r, here)


def _proposed_on(life: Life, r: Random) -> Place:
    """On which day the officer is done: mostly before the due day, on it, or late as this office is wont to be."""
    assert life.due is not None
    times = life.times
    due = times.places[localdate(life.due)]
    place = life.received[0]
    if r.random() < LATE * life.seat.tardy:
        place = due + 1 + int(r.expovariate(0.5))
    elif due > place:
        place = due if r.random() < 0.35 else r.randint(place, due - 1)
    return min(place, times.today + 60), OPENS + int(r.random() * 60)


def _hand_out(life: Life, r: Random, here: Place) -> None:
    times, hander = life.times, life.seat.receiver
    if life.is_over or r.random() < ABANDONED:
        return
    if life.columns["result_way"] == Dossier.ResultWay.POST:
        here = times.after(*here, 20)
        _by_post(life, here)
        here = (here[0] + 1, 16 * 60)
        handed = life.take(Action.RETURN, times.at(*here), hander, Level.HANDER, facts={"way": "buu_chinh"})
        if handed and life.parcel is not None:
            life.parcel |= {"state": ParcelState.DELIVERED.value, "ended_at": times.at(*here)}
    else:
        here = times.after(*here, 8 + int(r.random() * 40))
        if r.random() < 0.22:  # fetched another day
            here = (min(here[0] + 1 + int(r.expovariate(0.35)), times.today + 60), OPENS + int(r.random() * 500))
        handed = life.take(Action.RETURN, times.at(*here), hander, Level.HANDER,
                           facts={"way": life.columns["result_way"]})
    if not handed:
        return
    returned = times.at(*here)
    if r.random() < 0.93:
        life.take(Action.CLOSE, returned + timedelta(minutes=3), hander, Level.HANDER)
    elif life.law.has_originals:  # the page of the register was signed and scanned some days later
        if r.random() < 0.9:
            life.take(Action.CLOSE, returned + timedelta(days=1 + int(r.random() * 20)), hander, Level.HANDER)
    else:
        life.take(Action.CLOSE, returned + timedelta(days=30, hours=7), TIMERS, Level.SYSTEM)
    rated = returned + timedelta(hours=2 + int(r.random() * 60))
    if r.random() < 0.12 and rated < times.until:
        late = life.columns["verdict"] == "LATE"
        stars = (ANNOYED if late else SATISFIED)[int(r.random() * 5)]
        life.rating = {"dossier_id": life.key, "unit_id": life.resolving.id, "stars": stars, "at": rated}


def _by_post(life: Life, here: Place) -> None:
    serial = f"{10_000_000 + life.number % 80_000_000:08d}"
    tracking = f"EM{serial}{check_digit(serial)}VN"
    at = life.times.at(*here)
    if life.take(Action.HAND_TO_POST, at, life.seat.receiver, Level.HANDER, facts={"tracking_no": tracking}):
        life.parcel = {
            "dossier_id": life.key, "tracking_no": tracking, "to": life.columns["post_to"],
            "state": ParcelState.HANDED.value, "handed_at": at, "handed_by_id": life.seat.receiver[1],
        }


# -- side roads


def _refuse(life: Life, r: Random, at: datetime, who: Any, level: Level) -> None:
    life.take(Action.REFUSE, at, who, level, note="Không đáp ứng điều kiện giải quyết; đã hướng dẫn người nộp.",
              facts={"reason_code": _REASONS[int(r.random() * len(_REASONS))]})


def _ask(life: Life, r: Random, here: Place, who: Any, level: Level) -> None:
    at = life.times.at(*here)
    life.take(Action.ASK_SUPPLEMENT, at, who, level, reasons=(_MISSING[int(r.random() * len(_MISSING))],),
              facts={"answer_by": (at + timedelta(days=30)).isoformat()})


def _stop_unanswered(life: Life, asked: datetime) -> None:
    """Nobody answers: the timer of the evening stops it."""
    life.take(Action.STOP, asked + timedelta(days=30, hours=9), TIMERS, Level.SYSTEM,
              note="Quá thời hạn bổ sung mà người nộp không bổ sung hồ sơ.")


def _hand_on(life: Life, to: Seat, here: Place) -> Place:
    at = life.times.at(*here)
    office: Office = to.office(localdate(at))
    if office.id != life.resolving.id and life.take(
        Action.TRANSFER, at, life.seat.receiver, Level.RECEIVER, to_unit=office,
        note="Không thuộc thẩm quyền theo nơi cư trú; chuyển đến cơ quan có thẩm quyền.",
    ):
        life.seat = to
    return life.times.after(*here, 40)


def _withdraw_or_stop(life: Life, r: Random, here: Place, chance: float) -> None:
    at = life.times.at(*life.times.after(*here, 30))
    if chance < 0.011:
        by_desk = life.channel != Dossier.Channel.ONLINE
        who = (life.seat.receiver, Level.RECEIVER) if by_desk else (life.applicant, Level.APPLICANT)
        life.take(Action.WITHDRAW, at, *who, note="Người nộp đề nghị rút hồ sơ.")
    else:
        life.take(Action.STOP, at, life.seat.receiver, Level.RECEIVER, note="Người nộp đề nghị dừng giải quyết.")


def _stand_still(life: Life, r: Random, here: Place, *, by_fee: bool) -> Place:
    """The clock stands until a paper, or the fee, has come; two in five at a desk come back the same week."""
    times, officer = life.times, life.officer
    again = (min(here[0] + 1 + int(r.expovariate(0.45)), times.today + 60), OPENS + int(r.random() * 500))
    if by_fee:
        life.columns["fee_amount"] = FEE
        life.take(Action.PAUSE_FEE, times.at(*here), officer, Level.CASE_OFFICER,
                  note="Lệ phí cấp bản sao trích lục hộ tịch.", facts={"amount": FEE})
        if life.take(Action.RESUME, times.at(*again), life.seat.receiver, Level.RECEIVER, place=again):
            life.columns["fee_paid_at"] = times.at(*again)
        return again
    _ask(life, r, here, officer, Level.CASE_OFFICER)
    if r.random() < 0.06:
        _stop_unanswered(life, times.at(*here))
        life.is_over = True
        return here
    by_desk = life.channel != Dossier.Channel.ONLINE
    who = (life.seat.receiver, Level.RECEIVER) if by_desk else (life.applicant, Level.APPLICANT)
    life.take(Action.ANSWER_SUPPLEMENT, times.at(*again), *who, place=again)
    return again


def _ask_agency(life: Life, r: Random, here: Place) -> Place:
    times = life.times
    here = times.after(*here, 10)
    life.take(Action.ASK_AGENCY, times.at(*here), life.officer, Level.CASE_OFFICER,
              note="Đề nghị xác minh nơi cư trú.", facts={"agency": "Công an nơi cư trú"})
    here = (min(here[0] + 1 + int(r.expovariate(0.6)), times.today + 60), OPENS + int(r.random() * 300))
    life.take(Action.RESUME, times.at(*here), life.officer, Level.CASE_OFFICER, note="Cơ quan công an đã trả lời.")
    return here


def _extend(life: Life, r: Random, here: Place) -> None:
    """Sorry, and two to five working days more; before it is late."""
    times = life.times
    at = times.at(*here)
    if life.due is not None and at < life.due and life.overlay in (Overlay.NONE, Overlay.WAITING_OTHER_AGENCY):
        due = times.places[localdate(life.due)]
        life.take(
            Action.EXTEND, at, life.officer, Level.CASE_OFFICER, new_due=times.closing(due + r.randint(2, 5)),
            note="Cần thêm thời gian xác minh; cơ quan xin lỗi ông/bà vì sự chậm trễ này.",
        )


def minute_of_arrival(r: Random, place: int, times: Times) -> int:
    """The first hours of the morning and of the afternoon are the busy ones."""
    first, last = times.minutes_open(place)
    minute = first + int((last - first) * min(r.random(), r.random() if r.random() < 0.4 else 1.0))
    if 11 * 60 + 25 <= minute < 13 * 60 + 30:
        minute -= 180 if r.random() < 0.5 else 0
        minute = minute if minute < 11 * 60 + 25 else 13 * 60 + 31 + int(r.random() * 45)
    return max(first, min(minute, last, LAST - 10))
