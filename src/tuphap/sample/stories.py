"""What happens to each birth of the sample, step by step, in office hours: pure, and the same for the same seed.

A story is a list of steps with their instants. Steps that lie after the present are left out, and so the births of
the last days stand in every state, as they do in a real office.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any, NamedTuple, Protocol

from tuphap.kernel.clock import VIETNAM

from .families import Birth, Families


class Happening(NamedTuple):
    """Something that the filler does at an instant; it is given itself and the instant.

    ``place``: the code of the commune in which it happens; empty: it concerns them all, see ``walk``.
    """

    at: datetime
    do: Callable[[Any, datetime], None]
    place: str = ""


class Act(StrEnum):
    """What somebody does to a dossier; the filler knows the operation behind each."""

    START_ONLINE = "start_online"
    SUBMIT = "submit"
    ASK_SUPPLEMENT = "ask_supplement"
    ANSWER_SUPPLEMENT = "answer_supplement"
    RECEIVE = "receive"
    FILE_AT_COUNTER = "file_at_counter"
    ASSIGN = "assign"
    BEGIN = "begin"
    ASK_AFTER_RECEIPT = "ask_after_receipt"
    PAUSE_FEE = "pause_fee"
    RESUME = "resume"
    ASK_AGENCY = "ask_agency"
    AGENCY_ANSWERS = "agency_answers"
    TRANSFER = "transfer"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    EXTEND = "extend"
    APPROVE = "approve"
    RETURN = "return"
    CLOSE = "close"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    RATE = "rate"
    HAND_TO_POST = "hand_to_post"
    POST_DELIVERED = "post_delivered"


@dataclass(frozen=True, slots=True)
class Step:
    """One act at one instant."""

    at: datetime
    act: Act


@dataclass(frozen=True, slots=True)
class Story:
    """One birth in one commune (its code since 1 July 2025) and all that happens to its dossier.

    ``home``: the commune of the family, where it sent the dossier elsewhere by mistake. ``unsigned``: approved by a
    leader who has no certificate yet, so that the signature does not come. ``joined``: residence and health card are
    asked for with it. ``by_post``: the family wants the paper by post.
    """

    number: int
    commune: str
    birth: Birth
    steps: tuple[Step, ...]
    home: str = ""
    unsigned: bool = False
    joined: bool = False
    by_post: bool = False


class Days(Protocol):
    """The part of the working calendar that a story needs."""

    def is_working_day(self, day: date) -> bool: ...

    def add_working_days(self, day: date, n: int) -> date: ...


# How often each course of things is met, out of a hundred.
COURSES = (
    ("counter", 38), ("online", 31), ("supplement", 7), ("late", 5), ("sent_back", 4), ("paused", 4), ("fee", 3),
    ("agency", 2), ("transferred", 1), ("refused", 3), ("withdrawn", 2), ("stopped", 2), ("draft", 1),
)  # fmt: skip
# How the newest stories end, in turns: so the present holds every step and everything that may lie over one.
ENDINGS = (
    ("unsigned", Act.APPROVE), ("online", Act.RETURN), ("online", Act.SUBMIT), ("counter", Act.APPROVE),
    ("paused", Act.ASK_AFTER_RECEIPT), ("online", Act.PROPOSE), ("fee", Act.PAUSE_FEE), ("late", Act.EXTEND),
    ("counter", Act.FILE_AT_COUNTER), ("supplement", Act.ASK_SUPPLEMENT), ("agency", Act.ASK_AGENCY),
    ("online", Act.ASSIGN), ("draft", Act.START_ONLINE), ("transferred", Act.TRANSFER), ("counter", Act.BEGIN),
    ("unsigned", Act.APPROVE), ("online", Act.PROPOSE), ("online", Act.RECEIVE),
)  # fmt: skip
RATED_SHARE = 0.4  # of the residents with an account, some evening soon after
DENSE_SHARE = 0.8  # of all births, in the six dense communes
BUSY_DAYS = 8  # the last working days, when the desk must look alive
BUSY_BIRTHS = 60
FRESH_DAYS = 3  # what was declared since then stands, in part, at one of ENDINGS
STANDING_SHARE = 0.75
JOINED_DAYS = 6  # half of the plain births of these last days come by the joined procedure; the oldest of them are late
JOINED_COURSES = ("counter", "online")
POST_EVERY = 6  # so many of the plain births: one goes by post


def stories(
    *, count: int, first: date, until: datetime, dense: dict[str, date], others: dict[str, date], days: Days, seed: int,
    without_certificate: str = "", seasons: Mapping[int, float] | None = None,
) -> Iterator[Story]:
    """``count`` births declared from ``first`` on, the last of them in the last days before ``until``, by number.

    :param dense, others: codes of communes, each with the day from which it works with the platform.
    :param without_certificate: the commune with a leader who has no certificate yet; none: nothing waits for one.
    :param seasons: how many are declared in a month (1–12) beside an ordinary one; none: every month is ordinary.
    """
    random = Random(seed)  # noqa: S311  (a sample, not a secret)
    families = Families(seed)
    owed = [
        ending for ending in ENDINGS
        if (without_certificate in dense or ending[0] != "unsigned") and (len(dense) > 1 or ending[0] != "transferred")
    ]
    fresh_from = _back(until.astimezone(VIETNAM).date(), FRESH_DAYS, days)
    joined_from = _back(until.astimezone(VIETNAM).date(), JOINED_DAYS, days)
    last = until.astimezone(VIETNAM).date()
    for number, day in enumerate(_declaration_days(random, count, first, last, days, seasons), 1):
        quiet = [code for code, since in others.items() if since <= day]
        crowded = [code for code, since in dense.items() if since <= day]
        lively = random.random() < DENSE_SHARE or not quiet
        commune = random.choice(crowded if lively else quiet)
        home = random.choice([code for code in crowded if code != commune] or [commune])
        late_declaration = random.random() < 0.07
        age = random.randint(61, 200) if late_declaration else min(int(random.expovariate(1 / 14)) + 1, 58)
        birth = families.birth(day - timedelta(days=age))
        course = random.choices([c for c, _ in COURSES], [w for _, w in COURSES])[0]
        if course == "transferred" and home == commune:
            course = "online"
        fresh = day >= fresh_from
        steps = [s for s in _course(course, day, days, random, afternoon=fresh) if s.at <= until]
        if fresh and random.random() < STANDING_SHARE:
            course, steps = _standing(owed, day, until, days, random) or (course, steps)
        ends_returned = bool(steps) and steps[-1].act is Act.RETURN
        by_post = number % POST_EVERY == 1 and course in JOINED_COURSES and not ends_returned
        if by_post:
            steps = [s for s in _by_post(steps, days) if s.at <= until]
        if steps:
            unsigned = course == "unsigned"
            yield Story(
                number=number, commune=without_certificate if unsigned else commune, birth=birth, steps=tuple(steps),
                home=home if course == "transferred" else "", unsigned=unsigned,
                joined=joined_from <= day and number % 2 == 0 and course in JOINED_COURSES, by_post=by_post,
            )


def _standing(
    owed: list[tuple[str, Act]], day: date, until: datetime, days: Days, random: Random
) -> tuple[str, list[Step]] | None:
    """The course and the steps up to the first ending owed that can be reached by now; it is owed last from then on."""
    for ending in owed:
        course, last = ending
        steps = [s for s in _course(course, day, days, random, afternoon=True) if s.at <= until]
        acts = [step.act for step in steps]
        if last in acts:
            owed.remove(ending)
            owed.append(ending)
            return course, steps[: acts.index(last) + 1]
    return None


def _declaration_days(
    random: Random, count: int, first: date, last: date, days: Days, seasons: Mapping[int, float] | None
) -> list[date]:
    """The days on which births are declared: through the months as their seasons want it, densely at the end."""
    busy_from = _back(last, BUSY_DAYS, days)
    busy = min(BUSY_BIRTHS, count // 4)
    span = (busy_from - first).days
    chosen = [_working(a_day(random, first, span, seasons), days) for _ in range(count - busy)]
    chosen += [_working(busy_from + timedelta(days=random.randint(0, (last - busy_from).days)), days, back=True)
               for _ in range(busy)]
    return sorted(chosen)


def a_day(random: Random, first: date, span: int, seasons: Mapping[int, float] | None) -> date:
    """One of so many days from the first; more often one of a month in which more happens."""
    most = max(seasons.values()) if seasons else 0
    while True:
        day = first + timedelta(days=random.randrange(span))
        if seasons is None or random.random() * most < seasons[day.month]:
            return day


def _back(day: date, count: int, days: Days) -> date:
    """The working day so many working days before this one."""
    for _ in range(count):
        day = _working(day - timedelta(days=1), days, back=True)
    return day


def _working(day: date, days: Days, *, back: bool = False) -> date:
    while not days.is_working_day(day):
        day += timedelta(days=-1 if back else 1)
    return day


def _course(course: str, day: date, days: Days, random: Random, *, afternoon: bool = False) -> list[Step]:
    """The steps of one course that begins on this working day, in the ``afternoon`` for half of those that may."""
    morning = _at(day, random.randint(8 * 60, 10 * 60 + 30))
    if afternoon and random.random() < 0.5:
        morning = _at(day, random.randint(15 * 60 + 2, 15 * 60 + 50))
    if course in ("counter", "unsigned"):
        return _handle([Step(morning, Act.FILE_AT_COUNTER)], random, days)
    start = [Step(morning - timedelta(minutes=random.randint(12, 40)), Act.START_ONLINE)]
    if course == "draft":
        return start
    start.append(Step(morning, Act.SUBMIT))
    if course == "withdrawn":
        return [*start, Step(morning + timedelta(minutes=35), Act.WITHDRAW)]
    if course in ("supplement", "stopped"):
        asked = morning + timedelta(minutes=random.randint(20, 45))
        start.append(Step(asked, Act.ASK_SUPPLEMENT))
        if course == "stopped":  # nobody answers; a timer will stop it
            return start
        answered = _at(days.add_working_days(day, random.randint(1, 4)), random.randint(8 * 60, 10 * 60))
        start.append(Step(answered, Act.ANSWER_SUPPLEMENT))
        morning = answered
    received = morning + timedelta(minutes=random.randint(15, 50))
    start.append(Step(received, Act.RECEIVE))
    if course == "refused":
        start[-1] = Step(received, Act.REFUSE)
        return start
    return _handle(start, random, days, course=course)


def _handle(start: list[Step], random: Random, days: Days, *, course: str = "") -> list[Step]:
    """From receipt to hand-out: the same day, unless the course is to take longer."""
    received = start[-1].at
    steps = list(start)
    if course == "transferred":
        received += timedelta(minutes=random.randint(20, 40))
        steps.append(Step(received, Act.TRANSFER))
    if course != "late" and random.random() < 0.12:  # some wait a day for the officer; most are done on the spot
        received = _at(days.add_working_days(received.date(), 1), random.randint(8 * 60, 9 * 60))
    steps.append(Step(received + timedelta(minutes=6), Act.ASSIGN))
    pause = {"paused": (Act.ASK_AFTER_RECEIPT, Act.ANSWER_SUPPLEMENT), "fee": (Act.PAUSE_FEE, Act.RESUME)}.get(course)
    if pause or course == "late":
        later = _at(days.add_working_days(received.date(), random.randint(2, 4)), random.randint(8 * 60, 9 * 60))
        if pause:
            steps += [Step(received + timedelta(minutes=25), pause[0]), Step(later, pause[1])]
        elif random.random() < 0.5:
            steps.append(Step(received + timedelta(minutes=90), Act.EXTEND))
        received = later
    steps.append(Step(received + timedelta(minutes=9), Act.BEGIN))
    if course == "agency":
        later = _at(days.add_working_days(received.date(), random.randint(1, 3)), random.randint(8 * 60, 9 * 60))
        steps += [Step(received + timedelta(minutes=30), Act.ASK_AGENCY), Step(later, Act.AGENCY_ANSWERS)]
        received = later
    proposed = received + timedelta(minutes=random.randint(15, 40))
    steps.append(Step(proposed, Act.PROPOSE))
    if course == "sent_back":
        steps.append(Step(proposed + timedelta(minutes=12), Act.SEND_BACK))
        proposed += timedelta(minutes=30)
        steps.append(Step(proposed, Act.PROPOSE))
    signing_round = _at(proposed.date(), random.randint(13 * 60 + 35, 15 * 60 + 50))
    approved = max(signing_round, proposed + timedelta(minutes=10))
    steps.append(Step(approved, Act.APPROVE))
    returned = approved + timedelta(minutes=random.randint(10, 40))
    if random.random() < 0.2:
        returned = _at(days.add_working_days(approved.date(), random.randint(1, 2)), random.randint(8 * 60, 11 * 60))
    steps.append(Step(returned, Act.RETURN))
    steps.append(Step(returned + timedelta(minutes=2), Act.CLOSE))
    if start[0].act is Act.START_ONLINE and random.random() < RATED_SHARE:
        steps.append(Step(_at(returned.date() + timedelta(days=random.randint(0, 4)), random.randint(19 * 60, 1320)),
                          Act.RATE))
    return steps


def _by_post(steps: list[Step], days: Days) -> list[Step]:
    """The same steps where the post carries the paper: it takes it at the hour of the return, and a working day."""
    acts = [step.act for step in steps]
    if Act.RETURN not in acts:
        return steps
    place = acts.index(Act.RETURN)
    handed = steps[place].at
    arrived = _at(days.add_working_days(handed.astimezone(VIETNAM).date(), 1), 16 * 60 + handed.minute)
    after = [Step(arrived + timedelta(minutes=20), Act.CLOSE)] if Act.CLOSE in acts else []
    if Act.RATE in acts:
        after.append(Step(_at(arrived.astimezone(VIETNAM).date(), 20 * 60 + handed.minute), Act.RATE))
    return [*steps[:place], Step(handed, Act.HAND_TO_POST), Step(arrived, Act.POST_DELIVERED), *after]


def _at(day: date, minutes: int) -> datetime:
    """So many minutes after midnight of this day, in Việt Nam."""
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=VIETNAM)
