"""The exchange as its officials see it: through the offices whose messages are theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Aggregate, Count, FloatField, Model, Q, QuerySet
from django.db.models.functions import TruncHour

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import VIETNAM, localdate, localtime
from tuphap.shared.access import api as access
from tuphap.shared.audit.models import Entry

from . import owners, transport
from .declarations import MANAGE, ExchangeService, services, title_of
from .models import Call, Inbound, Outbound, ServiceState
from .rules import DONE, NoSuchMessage, Received, Sent

M = TypeVar("M", bound=Model)
DAY = timedelta(hours=24)
SOUND = ("ok", "accepted")


class _Percentile(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One system on the board. ``half``, ``most``: within which time 50 and 95 % of a day's calls came back."""

    service: ExchangeService
    state: ServiceState
    has_address: bool
    queued: int
    waiting: int
    dead: int
    calls: int
    failed: int
    half: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day's chart: calls that came to something, and those that did not."""

    label: str
    values: tuple[int, ...]
    hrefs: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing in a message's life."""

    at: datetime
    title: str
    text: str
    by: str
    state: str = "done"


def require(actor: Actor, at: datetime) -> None:
    """:raises tuphap.shared.access.api.Forbidden: the actor looks after no office's messages."""
    access.require_anywhere(actor, MANAGE, on=localdate(at))


def board(actor: Actor, *, at: datetime) -> list[ServiceLine]:
    """Every declared system: its breaker, what waits for it, how its day was."""
    require(actor, at)
    waiting: dict[tuple[str, str], int] = {
        (row["service"], row["state"]): row["number"]
        for row in outbound(actor, at=at).exclude(state__in=DONE).order_by().values("service", "state").annotate(
            number=Count("pk"))
    }
    dead_in = Counter(inbound(actor, at=at).filter(state=Received.DEAD).order_by().values_list("service", flat=True))
    day: dict[str, dict[str, Any]] = {
        row["service"]: dict(row)
        for row in Call.objects.filter(direction="out", at__gte=at - DAY).order_by().values("service").annotate(
            number=Count("pk"), failed=Count("pk", filter=~Q(result__in=SOUND)),
            half=_Percentile("milliseconds", share="0.5"), most=_Percentile("milliseconds", share="0.95"),
        )
    }
    states = ServiceState.objects.in_bulk([service.code for service in services])
    lines = []
    for service in services:
        today = day.get(service.code, {})
        lines.append(ServiceLine(
            service=service, state=states.get(service.code) or ServiceState(service=service.code),
            has_address=bool(transport.address_of(service)),
            queued=waiting.get((service.code, Sent.QUEUED), 0), waiting=waiting.get((service.code, Sent.WAITING), 0),
            dead=waiting.get((service.code, Sent.DEAD), 0) + dead_in[service.code],
            calls=today.get("number", 0), failed=today.get("failed", 0), half=_whole(today.get("half")),
            most=_whole(today.get("most")),
        ))
    return lines


def hours(actor: Actor, *, at: datetime) -> list[Hour]:
    """The last twenty-four hours of calls in both directions, oldest first; also the hours in which there were none."""
    require(actor, at)
    found: Counter[tuple[datetime, bool]] = Counter()
    rows = Call.objects.filter(at__gt=at - DAY).order_by().annotate(hour=TruncHour("at", tzinfo=VIETNAM))
    for row in rows.values("hour", "result").annotate(number=Count("pk")):
        found[row["hour"], row["result"] in SOUND] += row["number"]
    last = localtime(at).replace(minute=0, second=0, microsecond=0)
    begins = [last - timedelta(hours=back) for back in range(23, -1, -1)]
    return [Hour(f"{begin:%H} giờ", (found[begin, True], found[begin, False])) for begin in begins]


def outbound(
    actor: Actor, *, at: datetime, service: str = "", state: str = "", text: str = ""
) -> QuerySet[Outbound]:
    """Messages of the actor's offices, newest first."""
    rows = _mine(actor, Outbound.objects.select_related("unit"), at)
    if service:
        rows = rows.filter(service=service)
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(_like(text, "pk"))
    return rows.order_by("-created_at", "-pk")


def inbound(
    actor: Actor, *, at: datetime, service: str = "", state: str = "", text: str = ""
) -> QuerySet[Inbound]:
    """Messages from other agencies that concern the actor's offices, newest first."""
    rows = _mine(actor, Inbound.objects.select_related("unit"), at)
    if service:
        rows = rows.filter(service=service)
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(_like(text, "message_id"))
    return rows.order_by("-received_at", "-pk")


def calls(actor: Actor, *, at: datetime, service: str = "", text: str = "") -> QuerySet[Call]:
    """The log of calls; those that concern no office are the Department's."""
    require(actor, at)
    units = access.units_where(actor, MANAGE, on=localdate(at))
    visible = Q(unit_id__in=units)
    if owners.department_id(at) in units:
        visible |= Q(unit_id__isnull=True)
    rows = Call.objects.filter(visible)
    if service:
        rows = rows.filter(service=service)
    if text:
        rows = rows.filter(Q(message_id=text) | Q(dossier_code=text))
    return rows.order_by("-at", "-pk")


def one_outbound(actor: Actor, message_id: UUID, *, at: datetime) -> Outbound:
    """:raises NoSuchMessage: none that the actor may see."""
    found = outbound(actor, at=at).filter(pk=message_id).first()
    if found is None:
        raise NoSuchMessage()
    return found


def one_inbound(actor: Actor, message_id: UUID, *, at: datetime) -> Inbound:
    """:raises NoSuchMessage: none that the actor may see."""
    found = inbound(actor, at=at).filter(pk=message_id).first()
    if found is None:
        raise NoSuchMessage()
    return found


def number_dead(*, actor: Actor, at: datetime) -> int:
    """How many dead letters wait for the actor: the number beside the menu's line."""
    sent, received = outbound(actor, at=at).filter(state=Sent.DEAD), inbound(actor, at=at).filter(state=Received.DEAD)
    return sent.count() + received.count()


def held_up_by(message: Outbound) -> int:
    """How many messages wait behind this one."""
    behind = Outbound.objects.filter(lane_id=message.lane_id, sequence__gt=message.sequence)
    return behind.exclude(state__in=DONE).count()


def blocker_of(message: Outbound) -> Outbound | None:
    """The message that this one waits for, if it waits for one."""
    if message.state != Sent.QUEUED:
        return None
    before = Outbound.objects.filter(lane_id=message.lane_id, sequence__lt=message.sequence).exclude(state__in=DONE)
    return before.order_by("sequence").first()


EVENT_TITLES = {
    "exchange.queued": "Lập thông điệp", "exchange.not_delivered": "Gửi chưa thành công",
    "exchange.accepted": "Bên nhận đã tiếp nhận, sẽ trả lời sau", "exchange.answered": "Đã được trả lời",
    "exchange.dead_letter": "Chuyển sang chờ xử lý", "exchange.sent_again": "Cho gửi lại",
    "exchange.given_up": "Dừng gửi", "exchange.received": "Nhận thông điệp", "exchange.held": "Chờ thông điệp trước",
    "exchange.handled": "Đã xử lý", "exchange.refused": "Từ chối", "exchange.handled_again": "Cho xử lý lại",
}


def life(message: Outbound | Inbound) -> list[Happening]:
    """What has happened to a message, in order; no content."""
    entries = Entry.objects.filter(subject_type=message._meta.label_lower, subject_id=str(message.pk)).order_by("pk")
    return [
        Happening(entry.at, EVENT_TITLES.get(entry.event, entry.event), _told(entry.facts), _who(entry),
                  "now" if entry.event in ("exchange.dead_letter", "exchange.not_delivered") else "done")
        for entry in entries if entry.event.startswith("exchange.")
    ]


def calls_of(message: Outbound | Inbound) -> QuerySet[Call]:
    """The calls that carried this message, oldest first."""
    name = str(message.pk if isinstance(message, Outbound) else message.message_id)
    return Call.objects.filter(message_id=name).order_by("at", "pk")


def owners_of(message: Outbound | Inbound, *, at: datetime) -> list[str]:
    """Who may act on this message today, by name and title."""
    declared = services.get(message.service)
    people = owners.owners(declared.owner if declared else MANAGE, unit_id=message.unit_id, at=at)
    return [f"{person.full_name} ({person.title})" if person.title else person.full_name for person in people]


def with_titles(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows with the words for their kind and system."""
    return [{"row": row, "kind": title_of(row.kind), "service": service_title(row.service)} for row in rows]


def service_title(code: str) -> str:
    found = services.get(code)
    return found.title if found else code or "–"


def _who(entry: Entry) -> str:
    return "hệ thống" if entry.actor_kind == ActorKind.SYSTEM else entry.actor_name


def _told(facts: dict[str, Any]) -> str:
    parts = []
    if facts.get("error"):
        parts.append(f"Mã lỗi: {facts['error']}")
    if facts.get("reason"):
        parts.append(f"Lý do: {facts['reason']}")
    if facts.get("awaits"):
        parts.append(f"Chờ thông điệp số {facts['awaits']}")
    return " · ".join(parts)


def _mine(actor: Actor, rows: QuerySet[M], at: datetime) -> QuerySet[M]:
    """Rows whose service's owner the actor is, over the row's office."""
    on = localdate(at)
    by_owner: dict[str, list[str]] = {}
    for service in services:
        by_owner.setdefault(service.owner, []).append(service.code)
    visible = Q(pk__in=[])
    for permission, codes in by_owner.items():
        visible |= Q(service__in=codes, unit__in=access.units_where(actor, permission, on=on))
    return rows.filter(visible)


def _like(text: str, key: str) -> Q:
    wanted = Q(dossier_code=text) | Q(subject=text)
    try:
        return wanted | Q(**{key: UUID(text)})
    except ValueError:
        return wanted


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)
