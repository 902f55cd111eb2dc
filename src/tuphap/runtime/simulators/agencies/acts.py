"""What each agency does about a message: its own rules, as far as the law tells them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from tuphap.shared.exchange import contracts

from . import population
from .occasion import Occasion


def issue_number(asked: contracts.NumberWanted, on: Occasion) -> dict[str, Any]:
    """A newborn's number: one for each act, whatever is asked how often."""
    before = on.memory.done(on.agency, "number", asked.act)
    if before is not None:
        return {"outcome": "issued", "number": before["number"], "note": ""}
    if on.doubts and not asked.verified:
        return {"outcome": "needs_verification", "number": "",
                "note": "Thông tin cần xác minh: trẻ có thể đã có số định danh qua đăng ký cư trú."}
    number = new_number(asked.province, asked.child.born_on.year, asked.child.sex, on)
    on.memory.do(on.agency, "number", asked.act, {"number": number}, on.message_id)
    return {"outcome": "issued", "number": number, "note": ""}


def new_number(province: str, year: int, sex: str, on: Occasion) -> str:
    """``PPP C YY RRRRRR``: place of registration, century and sex, year, six digits by chance; never one twice."""
    century = (year // 100 - 19) * 2 + (1 if sex == "female" else 0)
    while True:
        number = f"0{province}{century}{year % 100:02}{on.chance.randrange(1_000_000):06}"
        if on.memory.one("SELECT 1 FROM taken WHERE number = ?", number) is None:
            on.memory.run("INSERT INTO taken VALUES (?)", number)
            return number


def correct(asked: contracts.Correction, on: Occasion) -> dict[str, Any]:
    """A civil fact has changed; the corrections of a person are kept in their order."""
    about = f"{asked.number} {asked.act} {asked.field}"
    if on.memory.done(on.agency, "correction", about) is None:
        value = {"before": asked.before, "after": asked.after}
        on.memory.do(on.agency, "correction", about, value, on.message_id)
    return {"outcome": "recorded", "reference": asked.act}


def register_residence(asked: contracts.ResidenceWanted, on: Occasion) -> dict[str, Any]:
    """A child joins a parent's household; one registration for each number."""
    before = on.memory.done(on.agency, "residence", asked.number)
    if before is None:
        if on.refuses:
            return {"outcome": "refused", "reason": "Chủ hộ không thường trú tại địa chỉ đã khai."}
        before = {"reference": f"CT-{asked.commune_code}-{on.chance.randrange(10**8):08}"}
        on.memory.do(on.agency, "residence", asked.number, before, on.message_id)
    return {"outcome": "registered", "reference": before["reference"], "registered_on": _today()}


# The places of first treatment that the insurance knows; another code is refused.
CLINICS = frozenset(f"31{number:03}" for number in range(1, 40))


def issue_card(asked: contracts.CardWanted, on: Occasion) -> dict[str, Any]:
    """A card of the class for children under six; one for each number."""
    before = on.memory.done(on.agency, "card", asked.number)
    if before is None:
        if on.refuses:
            return {"outcome": "refused", "reason": "Trẻ đã có thẻ bảo hiểm y tế còn hạn."}
        if asked.clinic_code and asked.clinic_code not in CLINICS:
            return {"outcome": "refused", "reason": f"Không có cơ sở khám chữa bệnh mang mã {asked.clinic_code}."}
        before = {"card_number": f"TE1{asked.number[1:3]}{on.chance.randrange(10**10):010}"}
        on.memory.do(on.agency, "card", asked.number, before, on.message_id)
    return {"outcome": "issued", "card_number": before["card_number"], "valid_from": asked.child.born_on.isoformat()}


def note_death(asked: contracts.DeathTold, on: Occasion) -> dict[str, Any]:
    """Somebody is dead in the population database, once for each act."""
    if on.memory.done(on.agency, "death", asked.act) is None:
        if on.doubts and not asked.verified:
            return {"outcome": "needs_verification",
                    "note": "Thông tin cần xác minh: họ, tên theo số định danh này khác thông tin khai tử."}
        on.memory.do(on.agency, "death", asked.act, {"number": asked.number, "died_on": asked.died_on}, on.message_id)
        population.note_death(asked, on)
    return {"outcome": "recorded", "reference": asked.act}


def remove_residence(asked: contracts.RemovalWanted, on: Occasion) -> dict[str, Any]:
    """Somebody dead leaves the household; once for each number."""
    before = on.memory.done(on.agency, "removal", asked.dead.number)
    if before is None:
        if on.refuses:
            return {"outcome": "refused", "reason": "Người chết không có đăng ký thường trú tại địa chỉ đã khai."}
        before = {"reference": f"XT-{asked.commune_code}-{on.chance.randrange(10**8):08}", "on": _today()}
        on.memory.do(on.agency, "removal", asked.dead.number, before, on.message_id)
    return {"outcome": "removed", "reference": before["reference"], "removed_on": before["on"]}


# Đồng for a funeral: ten times the base salary, twenty times the norm of social assistance. No bank has this account.
AID = {"insurance": 23_400_000, "merit": 23_400_000, "social": 10_000_000}
NO_ACCOUNT = "9999999999"


def grant_aid(asked: contracts.AidWanted, on: Occasion) -> dict[str, Any]:
    """One decision for each person dead."""
    before = on.memory.done(on.agency, "aid", asked.dead.number)
    if before is None:
        if on.refuses:
            return {"outcome": "refused", "reason": "Người chết không thuộc đối tượng hưởng theo hồ sơ đang quản lý."}
        if asked.seeker.account == NO_ACCOUNT:
            return {"outcome": "refused", "reason": f"Ngân hàng không có tài khoản số {NO_ACCOUNT}."}
        before = {"decision": f"{on.chance.randrange(1, 10**5)}/QĐ-MTP", "amount": AID[asked.aid], "on": _today()}
        on.memory.do(on.agency, "aid", asked.dead.number, before, on.message_id)
    return {"outcome": "granted", "decision": before["decision"], "decided_on": before["on"],
            "amount": before["amount"]}


def stop_payments(asked: contracts.StopWanted, on: Occasion) -> dict[str, Any]:
    """Nothing is paid from the month after the death; once for each person dead."""
    before = on.memory.done(on.agency, "stop", asked.dead.number)
    if before is None:
        if on.refuses:
            return {"outcome": "refused", "reason": "Không tìm thấy người hưởng trong danh sách chi trả."}
        following = asked.dead.died_on.replace(day=28) + timedelta(days=4)
        before = {"reference": f"DC-{on.chance.randrange(10**8):08}", "from": f"{following:%Y-%m}"}
        on.memory.do(on.agency, "stop", asked.dead.number, before, on.message_id)
    return {"outcome": "stopped", "reference": before["reference"], "from_month": before["from"]}


# What money was paid for is asked back by a decision of its own; everything else is undone at once.
PAID = frozenset({"aid", "stop"})


def take_back(asked: contracts.Cancellation, on: Occasion) -> dict[str, Any]:
    """A registration was cancelled: what was done upon it is undone, once for each part."""
    about = f"{asked.part} {asked.act}"
    if on.memory.done(on.agency, "taken-back", about) is None:
        on.memory.do(on.agency, "taken-back", about, {"decision": asked.decision_no}, on.message_id)
    if asked.part in PAID and asked.reference:
        return {"outcome": "noted", "note": f"Sẽ thu hồi, chi trả lại theo quyết định riêng ({asked.reference})."}
    return {"outcome": "undone", "note": ""}


def sync_dossier(asked: contracts.DossierStep, on: Occasion) -> dict[str, Any]:
    """One row for each step of a dossier."""
    about = f"{asked.dossier_code} {asked.event}"
    if on.memory.done(on.agency, "step", about) is None:
        on.memory.do(on.agency, "step", about, {"state": asked.state}, on.message_id)
    return {"outcome": "recorded", "reference": about}


def push_act(asked: contracts.ActPushed, on: Occasion) -> dict[str, Any]:
    """One row for each state of an act."""
    about = f"{asked.act} {asked.state}"
    if on.memory.done(on.agency, "act", about) is None:
        on.memory.do(on.agency, "act", about, {"number": asked.number}, on.message_id)
    return {"outcome": "recorded", "reference": about}


def find_payments(asked: contracts.PaymentsAsked, on: Occasion) -> dict[str, Any]:
    """What has come under these words, or to these accounts on this day (of Việt Nam)."""
    found = [json.loads(row["value"]) for row in on.memory.all(
        "SELECT value FROM done WHERE agency = ? AND what = 'credit' ORDER BY rowid", on.agency)]
    wanted = [
        one for one in found
        if one["reference"] in asked.references or (
            asked.day is not None and one["account"] in asked.accounts
            and (datetime.fromisoformat(one["paid_at"]) + timedelta(hours=7)).date() == asked.day
        )
    ]
    return {"payments": wanted}


def refund(asked: contracts.RefundWanted, on: Occasion) -> dict[str, Any]:
    """Send money back to where it came from: once for each wish, never more than came."""
    before = on.memory.done(on.agency, "refund", asked.refund)
    if before is None:
        credit = on.memory.done(on.agency, "credit", asked.transaction)
        if on.refuses or credit is None or credit["amount"] < asked.amount:
            return {"outcome": "refused", "reason": "Tài khoản của người chuyển đã đóng hoặc giao dịch không tồn tại."}
        before = {"reference": f"HT{on.chance.randrange(10**10):010}", "amount": asked.amount}
        on.memory.do(on.agency, "refund", asked.refund, before, on.message_id)
    return {"outcome": "refunded", "reference": before["reference"]}


def ping(asked: contracts.Ping, on: Occasion) -> dict[str, Any]:
    return {"at": datetime.now(UTC).isoformat()}


def _today() -> str:
    return (datetime.now(UTC) + timedelta(hours=7)).date().isoformat()


@dataclass(frozen=True, slots=True)
class Service:
    """One service of an agency: what it takes, what it does. ``later``: it may answer afterwards by a call.

    ``reads``: nothing is done, and so neither question nor answer is kept.
    """

    body: type[BaseModel]
    act: Callable[[Any, Occasion], dict[str, Any]]
    later: bool = False
    reads: bool = False


# Under which names they speak; the platform declares the same.
AGENCIES = {
    "police": "VN/GOV/BCA/DANCU",
    "residence": "VN/GOV/BCA/CUTRU",
    "insurance": "VN/GOV/BHXH/THEBHYT",
    "assistance": "VN/GOV/BYT/TROGIUPXH",
    "portal": "VN/GOV/VPCP/DVCQG",
    "ministry": "VN/GOV/BTP/HOTICH",
    "payment": "VN/GOV/VPCP/THANHTOAN",
}
SOCIAL = ("insurance", "assistance")
SERVICES: dict[tuple[str, str], Service] = {
    ("police", "issue-number"): Service(contracts.NumberWanted, issue_number, later=True),
    ("police", "correct"): Service(contracts.Correction, correct, later=True),
    ("police", "note-death"): Service(contracts.DeathTold, note_death, later=True),
    ("police", "population-changes"): Service(contracts.ChangesAsked, population.changes, reads=True),
    ("police", "correct-record"): Service(contracts.RecordCorrection, population.correct_record, later=True),
    ("police", "find-person"): Service(contracts.PersonWanted, population.find_person, later=True),
    ("police", "merge-records"): Service(contracts.MergeWanted, population.merge_records, later=True),
    ("residence", "register"): Service(contracts.ResidenceWanted, register_residence, later=True),
    ("residence", "remove"): Service(contracts.RemovalWanted, remove_residence, later=True),
    ("insurance", "issue-card"): Service(contracts.CardWanted, issue_card, later=True),
    **{(agency, "grant-aid"): Service(contracts.AidWanted, grant_aid, later=True) for agency in SOCIAL},
    **{(agency, "stop-payments"): Service(contracts.StopWanted, stop_payments, later=True) for agency in SOCIAL},
    **{(agency, "take-back"): Service(contracts.Cancellation, take_back)
       for agency in ("police", "residence", *SOCIAL)},
    ("portal", "sync-dossier"): Service(contracts.DossierStep, sync_dossier),
    ("ministry", "push-act"): Service(contracts.ActPushed, push_act),
    ("payment", "find"): Service(contracts.PaymentsAsked, find_payments),
    ("payment", "refund"): Service(contracts.RefundWanted, refund, later=True),
    **{(agency, "ping"): Service(contracts.Ping, ping) for agency in AGENCIES},
}
