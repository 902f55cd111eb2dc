"""The figures of the statistics beside the balance: channels, both due dates, apologies, times, papers, causes.

They count the same stretches as :mod:`.figures`, and parts of their lists; what is no count is a measure over one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.shared.calendar import api as calendar
from tuphap.shared.calendar.api import Ladder, Verdict
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import (
    Action,
    Attachment,
    Cause,
    Custody,
    Dossier,
    Event,
    Move,
    Overlay,
    State,
)
from tuphap.shared.fees.api import Method, Receipt
from tuphap.shared.indicators.api import Breakdown, Column, Indicator, Kind, Measure, Scope, only

from . import figures
from .figures import FACETS, Outcome, _all, _late_at, _paused_at

HERE = __name__


# -- lists


def late(scope: Scope) -> QuerySet[Custody]:
    """Resolved late within the period, or late and pending at its end: what a report must explain."""
    waiting = dossiers.open_at(scope.until) & _late_at(scope.until)
    return _all(scope).filter(_either(scope, _resolved_late(scope), waiting))


def _resolved_late(scope: Scope) -> Q:
    return Q(outcome=Outcome.RESOLVED, until__gte=scope.start, until__lt=scope.until, verdict=Verdict.LATE)


def _either(scope: Scope, one: Q, other: Q) -> Q:
    """Stretches of which one is true: each looked up by its own index, rather than both asked of every stretch."""
    keys = Custody.objects.filter(unit__in=scope.counted_units()).values("pk")
    return Q(pk__in=keys.filter(one).union(keys.filter(other)))


def apologies_sent(scope: Scope) -> QuerySet[Event]:
    """Each form 04 that was issued."""
    return figures.extended(scope)


def apologies_owed(scope: Scope) -> QuerySet[Custody]:
    """Late, or due by the next working day and still in hand, without a form 04."""
    until = scope.until
    working = calendar.working_calendar()
    soon = datetime.combine(
        working.add_working_days(localdate(until), 1) + timedelta(days=1), time.min, tzinfo=VIETNAM
    )
    sent = Event.objects.filter(dossier=OuterRef("dossier_id"), action=Action.EXTEND, at__lt=until)
    waiting = dossiers.open_at(until) & Q(dossier__due_at__lt=soon) & ~_paused_at(until)
    return _all(scope).filter(_either(scope, _resolved_late(scope), waiting), ~Exists(sent))


def papers(scope: Scope) -> QuerySet[Attachment]:
    """The papers of dossiers received within the period; what a database answered is none."""
    rows = Attachment.objects.select_related("dossier", "dossier__procedure").order_by("added_at", "pk")
    return rows.filter(
        scope.matching(FACETS), removed_at__isnull=True, dossier__received_at__gte=scope.start,
        dossier__received_at__lt=scope.until,
    ).exclude(source=Attachment.Source.LOOKUP)


def fees_paid(scope: Scope) -> QuerySet[Custody]:
    """Stretches within which the fee was paid: each dossier in the office that had it then.

    What was paid with the filing, before receipt, belongs to the office that then received it.
    """
    paid_in = (Q(dossier__fee_paid_at__gte=F("since")) | Q(came=Custody.Came.RECEIPT)) & (
        Q(until__isnull=True) | Q(dossier__fee_paid_at__lt=F("until"))
    )
    return _all(scope).filter(
        paid_in, dossier__fee_paid_at__gte=scope.start, dossier__fee_paid_at__lt=scope.until
    )


def fees_paid_online(scope: Scope) -> QuerySet[Custody]:
    """Those of them whose last receipt came by a transfer."""
    last = Receipt.objects.filter(dossier=OuterRef("dossier_id"), voided_at__isnull=True).order_by("-paid_at", "-pk")
    return fees_paid(scope).annotate(paid_by=Subquery(last.values("method")[:1])).filter(paid_by=Method.TRANSFER)


# -- classes


def causes(rows: QuerySet[Custody], scope: Scope) -> Mapping[int, str]:
    """Why each late stretch was late: the cause that took most hours beyond its quota, read from the log."""
    until = scope.until
    told: list[tuple[Any, ...]] = list(rows.order_by().values_list(
        "pk", "dossier_id", "unit_id", "since", "until", "dossier__received_at", "dossier__due_at",
        "dossier__procedure__internal_steps",
    ))
    if not told:
        return {}
    moves: dict[UUID, list[Move]] = defaultdict(list)
    log = Event.objects.filter(dossier__in={row[1] for row in told}, at__lt=until).order_by("dossier", "seq")
    for dossier, at, action, state, overlay in log.values_list(
        "dossier_id", "at", "action", "to_state", "to_overlay"
    ):
        moves[dossier].append(Move(at, Action(action), State(state), Overlay(overlay)))
    ladders = _ladders(min(row[5] for row in told), until)
    found: dict[int, str] = {}
    for key, dossier, unit, since, ended, received_at, due_at, steps in told:
        ladder: Ladder = ladders.get(unit, ladders[None])
        used = dossiers.spent(
            moves[dossier], received_at=received_at, since=since, until=min(ended or until, until), due_at=due_at,
            hours=ladder.hours,
        )
        found[key] = str(dossiers.principal(used, dossiers.quotas_of(steps)))
    return found


def _ladders(first: datetime, last: datetime) -> Mapping[int | None, Ladder]:
    start: date = localdate(first)
    return calendar.ladders(start, max(localdate(last), start))


# -- declarations


# Every channel that is neither online nor another commune's desk.
AT_THE_DESK = (Dossier.Channel.DIRECT, Dossier.Channel.POST)
SATISFIED = 4  # of the stars of ``STAR_TITLES``: satisfied or more

_counted = partial(figures.declare, in_detail=True, here=HERE)


def _paper(code: str, title: str, *, of: str = "", where: Callable[[Scope], Q] | None = None) -> Indicator:
    return Indicator(
        code=f"dossiers.{code}", title=title, unit_vi="giấy tờ", **figures.listed(code, of, where, here=HERE),
        unit_field="dossier__receiving_unit", at_field="dossier__received_at", label_field="dossier__code",
        columns=(Column("Thành phần", "component"), Column("Thủ tục", "dossier__procedure__name"),
                 Column("Hình thức", "source", tuple(Attachment.Source.choices))),
        url_name="one_stop_shop:dossier", facets=FACETS, in_detail=True,
    )


INDICATORS = (
    _counted("received_counter", "Tiếp nhận trực tiếp, qua bưu chính", at_field="since", of="received",
             where=only(channel__in=AT_THE_DESK)),
    _counted("received_elsewhere", "Tiếp nhận tại đơn vị khác (phi địa giới)", at_field="since", of="received",
             where=only(channel=Dossier.Channel.ELSEWHERE)),
    _counted("resolved_in_time", "Giải quyết trước hạn và đúng hạn", at_field="until", of="resolved",
             where=only(verdict__in=(Verdict.EARLY, Verdict.ON_TIME))),
    _counted("resolved_early_original", "Trước hạn so với hẹn trả ban đầu", at_field="until", of="resolved",
             where=only(original_verdict=Verdict.EARLY)),
    _counted("resolved_on_time_original", "Đúng hạn so với hẹn trả ban đầu", at_field="until", of="resolved",
             where=only(original_verdict=Verdict.ON_TIME)),
    _counted("resolved_late_original", "Quá hạn so với hẹn trả ban đầu", at_field="until", of="resolved",
             where=only(original_verdict=Verdict.LATE)),
    _counted("late", "Hồ sơ quá hạn (đã và đang giải quyết)", at_field=""),
    _counted("apologies_sent", "Văn bản xin lỗi, gia hạn (mẫu 04)", at_field="at", unit_vi="văn bản",
             facets=FACETS, basis="TT 03/2025/TT-VPCP, mẫu số 04"),
    _counted("apologies_owed", "Hồ sơ đã hoặc sắp quá hạn chưa có văn bản xin lỗi", at_field="",
             basis="NĐ 118/2025/NĐ-CP; TT 03/2025/TT-VPCP, mẫu số 04"),
    _counted("paused", "Hồ sơ đã giải quyết có thời gian tạm dừng", at_field="until", of="resolved",
             where=only(paused_hours__gt=0)),
    _counted("results_electronic", "Hồ sơ có kết quả điện tử", at_field="until", of="resolved",
             where=only(electronic=True)),
    _counted("fees_paid", "Hồ sơ đã nộp phí, lệ phí", at_field="dossier__fee_paid_at"),
    _counted("fees_paid_online", "Hồ sơ đã nộp phí, lệ phí trực tuyến", at_field="dossier__fee_paid_at"),
    _counted("ratings_satisfied", "Lượt đánh giá hài lòng, rất hài lòng", at_field="at", unit_vi="lượt đánh giá",
             facets=FACETS, of="ratings", where=only(stars__gte=SATISFIED)),
    _paper("papers", "Giấy tờ của hồ sơ tiếp nhận"),
    _paper("papers_digitised", "Giấy tờ đã số hóa", of="papers", where=only(file__isnull=False)),
)

MEASURES = (
    Measure("dossiers.hours_mean", "Thời gian giải quyết trung bình", "giờ làm việc", Kind.MEAN, "dossiers.resolved",
            field="handling_hours"),
    Measure("dossiers.hours_p90", "90% hồ sơ giải quyết trong", "giờ làm việc", Kind.P90, "dossiers.resolved",
            field="handling_hours"),
    Measure("dossiers.days_mean", "Số ngày giải quyết trung bình", "ngày làm việc", Kind.MEAN, "dossiers.resolved",
            field="handling_days"),
    Measure("dossiers.days_p90", "90% hồ sơ giải quyết trong (ngày)", "ngày làm việc", Kind.P90, "dossiers.resolved",
            field="handling_days"),
    Measure("dossiers.paused_hours", "Tổng thời gian tạm dừng", "giờ làm việc", Kind.SUM, "dossiers.paused",
            field="paused_hours"),
    Measure("dossiers.on_time_share", "Tỷ lệ giải quyết đúng hạn", "%", Kind.SHARE, "dossiers.resolved",
            part="dossiers.resolved_in_time"),
    Measure("dossiers.online_share", "Tỷ lệ nộp trực tuyến", "%", Kind.SHARE, "dossiers.received",
            part="dossiers.received_online"),
    Measure("dossiers.digitised_share", "Tỷ lệ giấy tờ được số hóa", "%", Kind.SHARE, "dossiers.papers",
            part="dossiers.papers_digitised"),
    Measure("dossiers.electronic_share", "Tỷ lệ kết quả điện tử", "%", Kind.SHARE, "dossiers.resolved",
            part="dossiers.results_electronic"),
    Measure("dossiers.stars_mean", "Mức độ hài lòng của người nộp hồ sơ", "trên 5", Kind.MEAN, "dossiers.ratings",
            field="stars", basis="NĐ 118/2025/NĐ-CP; QĐ 766/QĐ-TTg", on_first_page=True),
    Measure("dossiers.satisfaction_share", "Tỷ lệ hài lòng", "%", Kind.SHARE, "dossiers.ratings",
            part="dossiers.ratings_satisfied"),
    Measure("dossiers.online_payment_share", "Tỷ lệ thanh toán trực tuyến", "%", Kind.SHARE, "dossiers.fees_paid",
            part="dossiers.fees_paid_online"),
)

LATE_CAUSES = Breakdown(
    "dossiers.late_cause", "Nguyên nhân quá hạn", of="dossiers.late",
    classes=tuple((str(cause), dossiers.CAUSE_TITLES[cause]) for cause in Cause), classify=f"{HERE}.causes",
)

DECLARATIONS = (*INDICATORS, *MEASURES, LATE_CAUSES)
