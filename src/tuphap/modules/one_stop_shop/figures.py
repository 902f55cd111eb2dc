"""The rows behind the desk's figures: stretches in which a unit owed an answer (``Custody``), and entries of the log.

Each function takes a scope and gives the rows of its period; the mechanism narrows them to units. A stretch has one
beginning and at most one end, so what came always equals what went and what is pending (:func:`balance`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.shared.calendar.api import Verdict
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import (
    STAR_TITLES,
    STATE_TITLES,
    Action,
    Custody,
    Dossier,
    Event,
    Pause,
    Rating,
)
from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Column, Facet, Indicator, Scope, only

from .rules import Balance

Came, Outcome = Custody.Came, Custody.Outcome

FACETS = (
    (Facet.SECTOR, "dossier__procedure__sector"), (Facet.PROCEDURE, "dossier__procedure__code"),
    (Facet.CHANNEL, "dossier__channel"),
)
STRETCH_FACETS = (
    (Facet.SECTOR, "procedure__sector"), (Facet.PROCEDURE, "procedure__code"), (Facet.CHANNEL, "channel"),
)
"""Of what is told by stretches: they bear these themselves."""


def came(scope: Scope) -> QuerySet[Custody]:
    """Stretches that began within the period: received, or handed over by another office."""
    return _all(scope).filter(since__gte=scope.start, since__lt=scope.until)


def went(scope: Scope) -> QuerySet[Custody]:
    """Stretches that ended within the period, however."""
    return _all(scope).filter(until__gte=scope.start, until__lt=scope.until)


def carried_over(scope: Scope) -> QuerySet[Custody]:
    return _all(scope).filter(dossiers.open_at(scope.start))


def pending(scope: Scope) -> QuerySet[Custody]:
    return _all(scope).filter(dossiers.open_at(scope.until))


def supplements(scope: Scope) -> QuerySet[Event]:
    return _events(scope, Action.ASK_SUPPLEMENT)


def extended(scope: Scope) -> QuerySet[Event]:
    return _events(scope, Action.EXTEND)


def ratings(scope: Scope) -> QuerySet[Rating]:
    rows = Rating.objects.select_related("dossier", "dossier__procedure", "unit").order_by("at", "pk")
    return rows.filter(scope.matching(FACETS), at__gte=scope.start, at__lt=scope.until)


def balance(scope: Scope) -> Balance:
    """What came and what went in the scope; a report whose balance does not hold is not shown."""
    numbers = {name: indicators.count(f"dossiers.{name}", scope) for name in Balance.__dataclass_fields__}
    return Balance(**numbers)


def _all(scope: Scope) -> QuerySet[Custody]:
    rows = Custody.objects.select_related("dossier", "dossier__procedure", "unit").order_by("since", "pk")
    return rows.filter(scope.matching(STRETCH_FACETS))


def _late_at(moment: datetime) -> Q:
    """Due on an earlier day than this instant's, unless the clock stood still since before it was due."""
    midnight = datetime.combine(localdate(moment), time.min, tzinfo=VIETNAM)
    return ~_paused_at(moment) & Q(dossier__due_at__lt=midnight)


def _paused_at(moment: datetime) -> Q:
    """The clock stood still at this instant, and had time left."""
    standing = Pause.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=moment), dossier=OuterRef("dossier_id"), started_at__lt=moment,
        started_at__lte=OuterRef("dossier__due_at"),
    )
    return Q(Exists(standing))


def _events(scope: Scope, action: Action) -> QuerySet[Event]:
    rows = Event.objects.select_related("dossier", "dossier__procedure", "unit").order_by("at", "pk")
    return rows.filter(scope.matching(FACETS), action=action, at__gte=scope.start, at__lt=scope.until)


# What the list behind a figure shows beside the code: nothing personal.
COLUMNS = (
    Column("Thủ tục", "dossier__procedure__name"),
    Column("Tiếp nhận", "dossier__received_at"),
    Column("Hẹn trả", "dossier__due_at"),
    Column("Trạng thái", "dossier__state", tuple((str(state), title) for state, title in STATE_TITLES.items())),
)


def listed(code: str, of: str, where: Callable[[Scope], Q] | None, *, here: str) -> dict[str, Any]:
    """Where a figure's rows come from: a list of the module ``here``, or (``of``, ``where``) a part of another's."""
    return {"part_of": f"dossiers.{of}", "where": where} if where else {"list": f"{here}.{code}"}


def declare(
    code: str, title: str, *, at_field: str, unit_vi: str = "hồ sơ", basis: str = "", of: str = "",
    where: Callable[[Scope], Q] | None = None, in_detail: bool = False, here: str = __name__,
    facets: tuple[tuple[Facet, str], ...] = STRETCH_FACETS,
) -> Indicator:
    """A figure of stretches, or (``facets``) of what is told by office in the same way."""
    return Indicator(
        code=f"dossiers.{code}", title=title, unit_vi=unit_vi, unit_field="unit", at_field=at_field, basis=basis,
        label_field="dossier__code", columns=COLUMNS, url_name="one_stop_shop:dossier", facets=facets,
        in_detail=in_detail, **listed(code, of, where, here=here),
    )


INDICATORS = (
    # The two passes over what came and what went, of which nearly every figure is a part.
    declare("came", "Hồ sơ đến trong kỳ", at_field="since", in_detail=True),
    declare("went", "Hồ sơ kết thúc trong kỳ", at_field="until", in_detail=True),
    declare("received", "Hồ sơ tiếp nhận trong kỳ", at_field="since", of="came", where=only(came=Came.RECEIPT)),
    declare("received_online", "Trong đó nộp trực tuyến", at_field="since", of="received",
            where=only(channel=Dossier.Channel.ONLINE)),
    declare("carried_over", "Hồ sơ kỳ trước chuyển sang", at_field=""),
    declare("transferred_in", "Hồ sơ chuyển đến do chuyển thẩm quyền", at_field="since", of="came",
            where=only(came=Came.TRANSFER)),
    declare("resolved", "Hồ sơ đã giải quyết", at_field="until", of="went", where=only(outcome=Outcome.RESOLVED)),
    declare("resolved_early", "Giải quyết trước hạn", at_field="until", of="resolved",
            where=only(verdict=Verdict.EARLY)),
    declare("resolved_on_time", "Giải quyết đúng hạn", at_field="until", of="resolved",
            where=only(verdict=Verdict.ON_TIME)),
    declare("resolved_late", "Giải quyết quá hạn", at_field="until", of="resolved",
            where=only(verdict=Verdict.LATE)),
    declare("refused", "Hồ sơ từ chối", at_field="until", of="went", where=only(outcome=Outcome.REFUSED)),
    declare("stopped", "Hồ sơ dừng giải quyết", at_field="until", of="went", where=only(outcome=Outcome.STOPPED)),
    declare("withdrawn", "Hồ sơ rút", at_field="until", of="went", where=only(outcome=Outcome.WITHDRAWN)),
    declare("transferred_out", "Hồ sơ chuyển đi do chuyển thẩm quyền", at_field="until", of="went",
            where=only(outcome=Outcome.TRANSFERRED)),
    declare("pending", "Hồ sơ đang giải quyết", at_field=""),
    declare("pending_in_time", "Đang giải quyết, trong hạn", at_field="", of="pending",
            where=lambda scope: ~_late_at(scope.until)),
    declare("pending_late", "Đang giải quyết, quá hạn", at_field="", of="pending",
            where=lambda scope: _late_at(scope.until)),
    declare("supplements", "Lượt yêu cầu bổ sung", at_field="at", unit_vi="lượt", facets=FACETS),
    declare("extended", "Lượt gia hạn", at_field="at", unit_vi="lượt", facets=FACETS),
    Indicator(
        code="dossiers.ratings", title="Mức độ hài lòng của người nộp hồ sơ", unit_vi="lượt đánh giá",
        list=f"{__name__}.ratings", unit_field="unit", at_field="at", label_field="dossier__code",
        columns=(
            Column("Đánh giá", "stars", tuple((str(n), f"{n} – {title}") for n, title in STAR_TITLES.items())),
            Column("Lúc", "at"), *COLUMNS[:1],
        ),
        url_name="one_stop_shop:dossier", basis="NĐ 118/2025/NĐ-CP; QĐ 766/QĐ-TTg", facets=FACETS,
    ),
)
