"""Operations as a module would write them around the mechanism, for its tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Conflict
from tuphap.shared.operation.api import operation


@operation
def cancel(*, document: Any, actor: Any, at: datetime) -> Any:
    from tuphap.shared.documents import api as documents

    return documents.cancel(document, reason_code="wrong_content", decision="12/QĐ-UBND", actor=actor, at=at)


@operation
def replace(*, document: Any, by: Any, actor: Any, at: datetime) -> Any:
    from tuphap.shared.documents import api as documents

    return documents.replace(document, by=by, actor=actor, at=at)


@operation
def void(*, document: Any, actor: Any, at: datetime) -> Any:
    from tuphap.shared.documents import api as documents

    return documents.void(document, reason="hồ sơ đã rút", actor=actor, at=at)


@operation
def retry(*, document: Any, data: Any, actor: Any, at: datetime) -> Any:
    from tuphap.shared.documents import api as documents

    return documents.retry(document, data=data, actor=actor, at=at)


def ask_and_refuse(office: Any) -> None:
    """Ask for a document, and refuse in the same operation."""
    from .offices import ACTOR, ask

    @operation
    def both(*, actor: Any, at: datetime) -> None:
        ask(office=office.unit, signer=office.chairman, actor=actor, at=at)
        raise Conflict()

    both(actor=ACTOR, at=now())


@operation
def refuse_outcome(*, document: Any, signed: Any, actor: Any, at: datetime) -> None:
    raise Conflict()


@operation
def forget_to_attach(*, document: Any, signed: Any, actor: Any, at: datetime) -> None:
    """An outcome with a defect."""
