"""How one wants to be told, over HTTP."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tuphap.kernel.clock import now
from tuphap.shared.operation.http import actor_of

from . import operations
from .declarations import Channel
from .queries import reach_of
from .rules import Reach

router = Router(tags=["Thông báo"])


Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Giờ Việt Nam, ví dụ 21:00")]


class ReachIO(Schema):
    """By which ways, and in which hours no telephone rings."""

    email: bool
    sms: bool
    zalo: bool
    quiet_from: Hour
    quiet_to: Hour


@router.get("/notices/preferences", response=ReachIO, summary="Cách nhận thông báo của tôi")
def preferences(request: HttpRequest) -> ReachIO:
    return _shown(reach_of(actor_of(request).user_id))


@router.put("/notices/preferences", response=ReachIO, summary="Đổi cách nhận thông báo")
def set_preferences(request: HttpRequest, body: ReachIO) -> ReachIO:
    wanted = {Channel.EMAIL: body.email, Channel.SMS: body.sms, Channel.ZALO: body.zalo}
    kept = operations.set_preferences(
        channels=[channel for channel, on in wanted.items() if on], quiet_from=time.fromisoformat(body.quiet_from),
        quiet_to=time.fromisoformat(body.quiet_to), actor=actor_of(request), at=now(),
    )
    return _shown(kept.reach)


def _shown(reach: Reach) -> ReachIO:
    return ReachIO(**{channel.value: channel in reach.channels for channel in Channel},
                   quiet_from=f"{reach.quiet_from:%H:%M}", quiet_to=f"{reach.quiet_to:%H:%M}")

