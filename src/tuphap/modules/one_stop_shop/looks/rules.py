"""Why officials look into a dossier, and how the person concerned is told of it. No Django here."""

from __future__ import annotations

from enum import StrEnum


class Look(StrEnum):
    """What of a dossier was looked at."""

    DOSSIER = "dossier"
    PAPER = "dossier.paper"
    RESULT = "dossier.result"


class Why(StrEnum):
    """As what somebody looked."""

    HANDLING = "handling"
    DECIDING = "deciding"
    DESK = "desk"
    OVERSEEING = "overseeing"


PURPOSES: dict[Why, str] = {
    Why.HANDLING: "Thụ lý, giải quyết hồ sơ",
    Why.DECIDING: "Xem xét, phê duyệt kết quả",
    Why.DESK: "Tiếp nhận, phân công, trả kết quả",
    Why.OVERSEEING: "Theo dõi, kiểm tra việc giải quyết",
}
# What the list says was seen, by the read that the log tells of.
SEEN: dict[str, str] = {
    Look.DOSSIER: "Hồ sơ",
    Look.PAPER: "Giấy tờ đính kèm",
    Look.RESULT: "Giấy tờ kết quả",
    "birth_act": "Việc hộ tịch trong sổ",
    "civil_status.leg": "Phần việc liên thông của việc hộ tịch",
    "civil_status.check": "Đối chiếu một giấy tờ với sổ hộ tịch",
}
SENT = "Dữ liệu gửi cho cơ quan khác"
LOOKED_UP = "Tra cứu cơ sở dữ liệu của cơ quan khác"
# Who stands behind an entry, where their post is not known.
OFFICIAL = "Cán bộ, công chức"


def seen(what: str) -> str:
    """What was seen, in words."""
    if what.startswith("exchange."):
        return LOOKED_UP
    return SEEN.get(what, "Dữ liệu")
