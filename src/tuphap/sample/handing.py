"""Papers go from hand to hand: lists made in the afternoon, signed for before the office closes; the last ones wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from uuid import UUID

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.kernel.refusal import Conflict
from tuphap.modules.one_stop_shop.handover import operations, queries
from tuphap.modules.one_stop_shop.models import HandOver
from tuphap.modules.one_stop_shop.rules import Way
from tuphap.shared.calendar import api as calendar
from tuphap.shared.operation.api import Once

from .offices import DENSE, OFFICER, RECEIVER, Desk
from .stories import Happening

DAYS = 20  # working days before the sample ends; earlier lists were of paper
MADE, SIGNED = time(16, 10), time(16, 40)
FORGETFUL = 7  # one list in so many leaves a dossier behind


def happenings(desks: dict[str, Desk], *, until: datetime) -> Iterator[Happening]:
    """The dense communes' lists of the last weeks; those of the last day wait for a signature."""
    days = _last_days(until)
    for place, code in enumerate(sorted(set(desks) & set(DENSE))):
        desk = desks[code]
        for day in days:
            minute = timedelta(minutes=place)
            yield Happening(datetime.combine(day, MADE, tzinfo=VIETNAM) + minute, _making(desk), code)
            if day != days[-1]:
                yield Happening(datetime.combine(day, SIGNED, tzinfo=VIETNAM) + minute, _signing(desk), code)


def _last_days(until: datetime) -> list[date]:
    working, day = calendar.working_calendar(), localdate(until) - timedelta(days=1)
    found: list[date] = []
    while len(found) < DAYS:
        if working.is_working_day(day):
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def _making(desk: Desk) -> Callable[[object, datetime], None]:
    """The receiver hands over what came to the desk, the officer what is to be fetched there."""

    def make(filling: object, at: datetime) -> None:
        for post in (RECEIVER, OFFICER):
            actor = desk.actor(post)
            ready = [item.dossier.pk for item in queries.waiting(actor, at)]
            if ready:
                with suppress(Conflict):  # made before the filler was interrupted
                    operations.hand_over(dossier_ids=ready, actor=actor, at=at, once=_once(desk, post, "hand-over", at))

    return make


def _signing(desk: Desk) -> Callable[[object, datetime], None]:
    def sign(filling: object, at: datetime) -> None:
        for post in (RECEIVER, OFFICER):
            actor = desk.actor(post)
            for held in queries.to_take(actor, at):
                with suppress(Conflict):  # a list wants another's signature than its maker's
                    operations.take_over(hand_over_id=held.pk, left=_left(held), actor=actor, at=at,
                                         once=_once(desk, post, f"take-{held.pk.hex[-8:]}", at))

    return sign


def _left(held: HandOver) -> dict[UUID, str]:
    """Now and then a paper is not in the folder."""
    if held.way == Way.TO_OFFICE and held.reserved.value % FORGETFUL == 0:
        first = held.lines.order_by("place").values_list("dossier_id", flat=True)[0]
        return {first: "Thiếu bản chính giấy chứng sinh."}
    return {}


def _once(desk: Desk, post: str, verb: str, at: datetime) -> Once:
    return Once(f"sample-{desk.commune}-{post}-{verb}-{at:%y%m%d}")
