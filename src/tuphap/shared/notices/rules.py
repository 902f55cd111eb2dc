"""When and by which ways people are told outside the platform. No Django here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tuphap.kernel.clock import localtime

from .declarations import Channel

# Channels that make a telephone ring: they wait until the quiet hours are over.
RINGING = frozenset({Channel.SMS, Channel.ZALO})
# What holds for who has chosen nothing, and for contacts without an account; our own choice.
USUAL = frozenset({Channel.EMAIL, Channel.SMS})
QUIET_FROM, QUIET_TO = time(21, 0), time(7, 0)
# After so long a telephone does not ring for it any more: the page and the e-mail have told it. Our own choice.
STALE_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Reach:
    """By which ways somebody wants to be told, and between which hours not."""

    channels: frozenset[Channel] = USUAL
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO


def quiet_until(at: datetime, *, reach: Reach, channel: str) -> datetime | None:
    """The end of the quiet hours in which this instant lies; None where it may ring now.

    Hours of Việt Nam, from the first included to the last excluded; across midnight where they begin later than they
    end, never where both are the same.
    """
    if channel not in RINGING or reach.quiet_from == reach.quiet_to:
        return None
    here = localtime(at)
    clock = here.time()
    if reach.quiet_from < reach.quiet_to:
        if not reach.quiet_from <= clock < reach.quiet_to:
            return None
        day = here.date()
    elif clock >= reach.quiet_from:
        day = here.date() + timedelta(days=1)
    elif clock < reach.quiet_to:
        day = here.date()
    else:
        return None
    return datetime.combine(day, reach.quiet_to, tzinfo=here.tzinfo)


def is_stale(*, told_at: datetime, at: datetime, channel: str) -> bool:
    """Whether a telephone would ring for what is no news any more: the gateway was away, or nobody sent for days."""
    return channel in RINGING and at - told_at > STALE_AFTER


def masked(address: str) -> str:
    """An address of which officials see enough to ask about it, and no more."""
    name, at, domain = address.partition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    return f"…{address[-3:]}" if len(address) > 3 else "…"
