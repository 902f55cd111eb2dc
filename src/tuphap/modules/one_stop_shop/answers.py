"""What a resident asks first of a procedure, answered in their words: papers, money, time, may I file here?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tuphap.shared.dossiers.api import Procedure


@dataclass(frozen=True, slots=True)
class Told:
    """The four answers, each a sentence."""

    papers: str
    fee: str
    how_long: str
    may_i: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """What is known of who asks."""

    logged_in: bool = False
    enough: bool = False
    staff: bool = False


def told(procedure: Procedure, visitor: Visitor) -> Told:
    return Told(
        papers=papers(procedure.components), fee=fee(procedure.fee_rules),
        how_long=how_long(procedure), may_i=may_i(procedure, visitor),
    )


def _needed(components: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [c for c in components if c["mandatory"] and not c["replaced_by_database"]]


def papers(components: Sequence[dict[str, Any]]) -> str:
    """What to bring, by name; what is looked up is said to be."""
    needed = _needed(components)
    looked_up = [c for c in components if c["replaced_by_database"]]
    parts = []
    if needed:
        names = "; ".join(c["name"][:1].lower() + c["name"][1:] for c in needed)
        parts.append(f"Ông/bà chuẩn bị {len(needed)} giấy tờ: {names}.")
    else:
        parts.append("Ông/bà không phải chuẩn bị giấy tờ bắt buộc nào.")
    if looked_up:
        parts.append(f"{len(looked_up)} giấy tờ khác cơ quan tự tra cứu, ông/bà không phải nộp.")
    return " ".join(parts)


def papers_short(components: Sequence[dict[str, Any]]) -> str:
    needed = len(_needed(components))
    return f"{needed} giấy tờ" if needed else "không cần giấy tờ"


def _dong(amount: int) -> str:
    return f"{amount:,} đồng".replace(",", ".")


def fee(rules: Sequence[dict[str, Any]]) -> str:
    """What it costs; each sum with what it is for, and when it is asked for."""
    if all(rule["amount"] == 0 for rule in rules):
        return "Không mất tiền."
    sums = []
    for rule in rules:
        amount = rule["amount"]
        price = "theo mức của thành phố" if amount is None else "miễn" if amount == 0 else _dong(amount)
        when = f" ({rule['condition']})" if rule.get("condition") else ""
        sums.append(f"{rule['name']}: {price}{when}")
    return "; ".join(sums) + "."


def fee_short(rules: Sequence[dict[str, Any]]) -> str:
    amounts = [rule["amount"] for rule in rules if rule["amount"] != 0]
    if not amounts:
        return "không mất tiền"
    known = [amount for amount in amounts if amount is not None]
    return f"từ {_dong(min(known))}" if known else "lệ phí theo mức của thành phố"


def how_long(procedure: Procedure) -> str:
    limit = procedure.limit_text[:1].lower() + procedure.limit_text[1:]
    extra = f", {procedure.extra_text}" if procedure.extra_text else ""
    within = "" if limit.startswith("trong") else "trong "
    return f"Có kết quả {within}{limit}{extra}, tính từ khi hồ sơ đủ và được tiếp nhận."


def may_i(procedure: Procedure, visitor: Visitor) -> str:
    """Whether this visitor may file it on these pages, and what they do if not."""
    office = procedure.authority_text[:1].lower() + procedure.authority_text[1:]
    if procedure.declared_handler is None:
        return f"Không nộp ở đây: thủ tục này do {office} giải quyết."
    if not procedure.handled_online:
        return "Không nộp trên mạng; ông/bà nộp trực tiếp tại Bộ phận Một cửa bất kỳ trong tỉnh."
    if visitor.staff:
        return "Ông/bà đang đăng nhập với vai cán bộ; tiếp nhận hồ sơ tại quầy."
    if visitor.enough:
        return f"Được: ông/bà nộp ngay trên trang này, {office} giải quyết."
    if visitor.logged_in:
        return "Chưa được: tài khoản ở mức độ 1; đến Công an xã, phường để nâng lên mức độ 2, hoặc nộp tại quầy."
    return "Được, sau khi đăng nhập bằng VNeID mức độ 2; chưa có thì ông/bà nộp tại Bộ phận Một cửa."
