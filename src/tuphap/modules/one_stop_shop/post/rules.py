"""Results that go by post: where a parcel stands, and what a tracking number looks like. No Django here."""

from __future__ import annotations

import re
from enum import StrEnum

from tuphap.kernel.refusal import Conflict, NotFound, Refusal


class ParcelState(StrEnum):
    """Where a parcel is: with the post, with the addressee, or back at the office."""

    HANDED = "handed"
    DELIVERED = "delivered"
    RETURNED = "returned"


PARCEL_TITLES: dict[ParcelState, str] = {
    ParcelState.HANDED: "Đang chuyển",
    ParcelState.DELIVERED: "Đã phát",
    ParcelState.RETURNED: "Chuyển hoàn",
}
# A parcel moves along these edges alone; one that came back is handed over anew as another.
PARCEL_EDGES = frozenset({
    (ParcelState.HANDED, ParcelState.DELIVERED), (ParcelState.HANDED, ParcelState.RETURNED),
})

_TRACKING = re.compile(r"[A-Z0-9]{8,20}")
_S10 = re.compile(r"[A-Z]{2}(\d{8})(\d)[A-Z]{2}")  # UPU S10: the numbers of international and EMS items
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class BadTracking(Refusal):
    code = "one_stop.bad_tracking"
    message_vi = "Số vận đơn “{number}” không đúng. Gõ lại như trên phiếu gửi của bưu chính."
    field = "tracking_no"


class TrackingUsed(Conflict):
    code = "one_stop.tracking_used"
    message_vi = "Số vận đơn này đã được ghi cho một hồ sơ khác."
    field = "tracking_no"


class UnknownParcel(NotFound):
    code = "one_stop.unknown_parcel"
    message_vi = "Hồ sơ không có bưu gửi nào đang chuyển."


def tracking(typed: str) -> str:
    """The number as it is kept: capitals and figures.

    :raises BadTracking: not of the form of a number, or its check digit does not fit.
    """
    number = re.sub(r"[\s.\-]", "", typed).upper()
    if not _TRACKING.fullmatch(number):
        raise BadTracking(number=typed.strip()[:40])
    item = _S10.fullmatch(number)
    if item is not None and check_digit(item[1]) != int(item[2]):
        raise BadTracking(number=number)
    return number


def check_digit(serial: str) -> int:
    """The ninth figure that goes with eight others, by the standard S10 of the Universal Postal Union."""
    rest = 11 - sum(int(figure) * weight for figure, weight in zip(serial, _WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)
