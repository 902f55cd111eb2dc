"""Messages that tests send and take in; their effects are entries in the log, so that they can be counted."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tuphap.kernel.refusal import Refusal
from tuphap.shared.audit import api as audit
from tuphap.shared.exchange import contracts, declarations
from tuphap.shared.exchange.api import InboundKind, LookupKind, Outbound, OutboundKind
from tuphap.shared.operation.api import operation
from tuphap.shared.plug import Registry

HERE = "tuphap.shared.exchange.tests.kinds"
EFFECT, FAILURE, HEARD = "test.effect", "test.failure", "test.heard"


class Unwanted(Refusal):
    code = "test.unwanted"
    message_vi = "Không nhận."


class Person(BaseModel):
    """What a look-up tells; the simulators have no such service."""

    name: str


def registries() -> dict[Registry[Any], dict[str, Any]]:
    """What each registry of kinds holds for these tests before :func:`declare`: nothing that modules have declared."""
    pings = {k: v for k, v in declarations.lookup_kinds._items.items() if k.endswith(".ping")}
    return {declarations.outbound_kinds: {}, declarations.inbound_kinds: {}, declarations.lookup_kinds: pings}


def declare() -> None:
    """Install the kinds; again does nothing."""
    effects = {"on_answer": f"{HERE}.note_answer", "on_failure": f"{HERE}.note_failure"}
    for declaration in (
        OutboundKind("police.issue-number", "police", "Cấp số định danh", contracts.NumberWanted,
                     contracts.NumberAnswer, "Khai sinh", **effects),
        OutboundKind("police.correct", "police", "Cải chính", contracts.Correction, contracts.Recorded, "Cải chính",
                     **effects),
        OutboundKind("residence.register", "residence", "Đăng ký thường trú", contracts.ResidenceWanted,
                     contracts.ResidenceAnswer, "Khai sinh", **effects),
        OutboundKind("insurance.issue-card", "insurance", "Cấp thẻ", contracts.CardWanted, contracts.CardAnswer,
                     "Khai sinh", **effects),
        OutboundKind("portal.sync-dossier", "portal", "Đồng bộ hồ sơ", contracts.DossierStep, contracts.Recorded,
                     "Đồng bộ", **effects),
        OutboundKind("ministry.push-act", "ministry", "Đẩy việc hộ tịch", contracts.ActPushed, contracts.Recorded,
                     "Đồng bộ", **effects),
        OutboundKind("ministry.no-such", "ministry", "Không có", contracts.Ping, contracts.Recorded, "Thử", **effects),
        LookupKind("police.person", "police", "Tra cứu công dân", contracts.Ping, Person, "Tra cứu"),
        InboundKind("police.number-news", "police", "Tin về số định danh", contracts.NumberNews, f"{HERE}.hear"),
        InboundKind("portal.online-submission", "portal", "Hồ sơ trực tuyến", contracts.OnlineSubmission,
                    f"{HERE}.hear"),
    ):
        declaration.install()


@operation
def note_answer(*, message: Outbound, answer: Any, actor: Any, at: Any) -> None:
    if "effect-refused" in message.subject:
        raise Unwanted()
    audit.record(EFFECT, subject=message, actor=actor, at=at, answer=answer.model_dump(mode="json"))


@operation
def note_failure(*, message: Outbound, reason: str, final: bool, actor: Any, at: Any) -> None:
    audit.record(FAILURE, subject=message, actor=actor, at=at, reason=reason, final=final)


@operation
def hear(*, body: Any, message: Any, actor: Any, at: Any) -> dict[str, str]:
    if getattr(body, "reason", "") == "không nhận":
        raise Unwanted()
    if getattr(body, "reason", "") == "hỏng":
        raise RuntimeError("a defect")
    audit.record(HEARD, subject=message, actor=actor, at=at, about=message.subject, sequence=message.sequence)
    return {"outcome": "recorded", "reference": str(message.pk)}
