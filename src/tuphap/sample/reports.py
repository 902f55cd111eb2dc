"""Statistical reports of the sample: who sends in time, who late, who has one returned; the department's summaries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import VIETNAM
from tuphap.kernel.refusal import Refusal
from tuphap.modules.reporting import operations, queries, rules
from tuphap.modules.reporting.models import Report
from tuphap.modules.reporting.rules import Period, State
from tuphap.shared.accounts.models import User
from tuphap.shared.documents import api as documents
from tuphap.shared.operation.api import Once
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from .offices import CHAIRMAN, DENSE, OFFICER, Desk, actor_of
from .stories import Happening
from .walk import patiently

PERIODS = ("2025.nam.chinh-thuc", "2026.6-thang.uoc-tinh", "2026.6-thang.chinh-thuc", "2026.nam.uoc-tinh")
CHECKER, PLANNER, DIRECTOR = "chuyenvien.hanhchinh", "chuyenvien.thongke", "giamdoc"
SEED = 77
EXPLAINED = "Số việc phát sinh theo nhu cầu thực tế của người dân; đã đối chiếu với sổ đăng ký."
WITHOUT = "Các đơn vị chưa dùng hệ thống gửi báo cáo giấy, sẽ tổng hợp bổ sung khi nhập vào hệ thống."


@dataclass(frozen=True, slots=True)
class _Way:
    """How one commune's reports for one period go: how many days after the cut-off, late, returned once, unfinished."""

    desk: Desk
    office: OrgUnit  # the desk's, or that which it took the place of
    period: Period
    after: int
    returned: bool
    ends: State


def happenings(desks: dict[str, Desk], *, until: datetime) -> list[Happening]:
    """Every commune's reports of every period that is over, and the department's checks and summaries."""
    random = Random(SEED)  # noqa: S311 - a story, not a secret
    told: list[Happening] = []
    for code in PERIODS:
        period = rules.period(code)
        if period.cut_off >= until.date():
            continue
        ways = list(_ways(desks.values(), period, random))
        told += [happening for way in ways for happening in _commune(way)]
        told += _department(period)
    return [one for one in told if one.at < until]


def _ways(desks: Iterable[Desk], period: Period, random: Random) -> Iterable[_Way]:
    """Most send in the week after the cut-off; some late; the last of the year's estimate are still on their way."""
    for place, desk in enumerate(desks):
        dense = desk.commune in DENSE
        if not dense and period.stage is rules.Stage.ESTIMATE and place % 3:
            continue  # the estimate's missing offices are what the department urges
        late = random.random() < 0.12
        after = random.randint(8, 14) if late else random.randint(2, 6)
        ends = State.SUBMITTED
        if period.code == PERIODS[-1]:
            ends = random.choice((State.DRAFT, State.READY, State.SUBMITTED, State.SUBMITTED))
        for office in filter(None, (desk.before, desk.now)):
            if rules.days_within(period, office.valid_from, office.valid_to) is not None:
                yield _Way(desk, office, period, after, returned=random.random() < 0.08, ends=ends)


def _commune(way: _Way) -> list[Happening]:
    opens = datetime.combine(way.period.cut_off + timedelta(days=way.after), time(8, 40), tzinfo=VIETNAM)
    steps: list[tuple[timedelta, Callable[[_Way, datetime], None]]] = [(timedelta(), _begin)]
    if way.ends is not State.DRAFT:
        steps.append((timedelta(hours=2), _propose))
    if way.ends is State.SUBMITTED:
        steps.append((timedelta(hours=6), _sign))
        if way.returned:
            steps += [(timedelta(days=2), _return), (timedelta(days=3), _propose), (timedelta(days=3, hours=1), _sign)]
        steps.append((timedelta(days=4), _accept))
    return [Happening(opens + pause, _happening(step, way), way.desk.commune) for pause, step in steps]


def _happening(step: Callable[[_Way, datetime], None], way: _Way) -> Callable[..., None]:
    def do(filling: Any, at: datetime) -> None:
        try:
            patiently(step, way, at)
        except Refusal as refusal:
            told = "; ".join(problem.message for problem in refusal.problems) or refusal.message
            raise RuntimeError(f"reports of {way.office.name} for {way.period.code} at {at}: {told}") from refusal

    return do


def _reports(way: _Way) -> list[Report]:
    found = Report.objects.filter(
        unit=way.office, year=way.period.year, kind=way.period.kind, stage=way.period.stage
    ).select_related("form", "unit")
    return list(found.order_by("form__code"))


def _begin(way: _Way, at: datetime) -> None:
    for form in queries.forms_of(way.period):
        operations.begin(
            form=form.code, unit_id=way.office.pk, period=way.period.code, actor=way.desk.actor(OFFICER), at=at,
            once=Once(f"sample-report-{way.office.pk}-{way.period.code}-{form.pk}"),
        )


def _propose(way: _Way, at: datetime) -> None:
    for report in _reports(way):
        if report.is_being_made:
            _ready(report, actor=way.desk.actor(OFFICER), at=at)


def _once(report: Report, step: str, at: datetime) -> Once:
    """A step done before the filler was interrupted is not done again."""
    return Once(f"sample-report-{report.pk.hex}-{step}-{at:%y%m%d%H%M}")


def _ready(report: Report, *, actor: Actor, at: datetime) -> None:
    operations.recount(report_id=report.pk, actor=actor, at=at, once=_once(report, "recount", at))
    report.refresh_from_db()
    if not report.is_being_made:
        return
    operations.fill(
        report_id=report.pk, typed={}, explanations={doubt.code: EXPLAINED for doubt in queries.doubts(report)},
        confirmed_zero=True, actor=actor, at=at,
    )
    operations.propose(report_id=report.pk, actor=actor, at=at, once=_once(report, "propose", at))


def _sign(way: _Way, at: datetime) -> None:
    for report in _reports(way):
        if report.state == State.READY:
            _signed(report, actor=way.desk.actor(CHAIRMAN), at=at)


def _signed(report: Report, *, actor: Actor, at: datetime) -> None:
    approved = operations.approve(report_id=report.pk, actor=actor, at=at, once=_once(report, "approve", at))
    if approved.document is not None:
        documents.sign_now(approved.document.pk, at=at)


def _return(way: _Way, at: datetime) -> None:
    report = next((one for one in _reports(way) if one.state == State.SUBMITTED), None)
    if report is not None:
        operations.return_to_office(report_id=report.pk, reason="Đề nghị nêu rõ nguyên nhân số việc quá hạn.",
                                    actor=_of(CHECKER), at=at, once=_once(report, "return", at))


def _accept(way: _Way, at: datetime) -> None:
    for report in _reports(way):
        if report.state == State.SUBMITTED:
            operations.accept(report_id=report.pk, actor=_of(CHECKER), at=at)


def _department(period: Period) -> list[Happening]:
    """A day before its own day the department sums up what it has; the last estimate is still being made."""
    on = period.due_on(rules.Level.PROVINCE) - timedelta(days=1)
    return [Happening(datetime.combine(on, time(9), tzinfo=VIETNAM), lambda filling, at: _sum_up(period, at))]


def _sum_up(period: Period, at: datetime) -> None:
    department = orgs.office("H31.09", on=_day(at))
    for form in queries.forms_of(period):
        if not queries.accepted(form, department, period, at=at).parts:
            continue
        found = queries.latest(form, department, period)
        if found is None or found.is_being_made:
            found = operations.aggregate(form=form.code, period=period.code, unit_id=department.pk, reason=WITHOUT,
                                         actor=_of(PLANNER), at=at)
        if found.state in rules.BEING_MADE and period.code != PERIODS[-1]:
            _ready(found, actor=_of(PLANNER), at=at)
            found.refresh_from_db()
        if found.state == State.READY:
            _signed(found, actor=_of(DIRECTOR), at=at)


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def _of(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))
