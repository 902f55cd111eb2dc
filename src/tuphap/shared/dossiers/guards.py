"""One function for each guard of the edge table; each raises its typed refusal, or passes."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from pydantic import ValidationError

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.kernel.refusal import Invalid, Problem
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import User
from tuphap.shared.orgs.models import OrgUnit

from . import representation, rules
from .catalogue import parameter, procedure_in_force
from .levels import permission_for
from .models import Attachment, Dossier
from .originals import require_originals
from .rules import Edge, Guard, Level

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(slots=True)
class Call:
    """One attempt to take an edge, with all that was told."""

    edge: Edge
    dossier: Dossier
    actor: Actor
    at: datetime
    note: str = ""
    reasons: tuple[str, ...] = ()
    to_person: User | None = None
    to_unit: OrgUnit | None = None
    new_due: datetime | None = None
    reason_code: str = ""
    duplicate_reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def check(call: Call, *, only: Container[Guard] | None = None) -> None:
    """Let the call pass the guards of its edge (or those of them in ``only``), in the order of the table."""
    for guard in call.edge.guards:
        if only is None or guard in only:
            _GUARDS[guard](call)


def validated_answers(dossier: Dossier) -> BaseModel:
    """The whole declaration, by its handler's model.

    :raises Invalid: with every fault beside its field, named ``page.field``.
    """
    model = dossier.answers_model()
    try:
        return model.model_validate(dossier.answers)
    except ValidationError as error:
        raise Invalid(problems_of(error)) from error


def check_answers(dossier: Dossier, *, on: date) -> None:
    """Whether the whole declaration can be sent in on this day.

    :raises Invalid: with every fault beside its field, named ``page.field``.
    :raises Refusal: what the declaration itself refuses on this day; see ``ProcedureHandler.answers``.
    """
    check = getattr(validated_answers(dossier), "check_against_day", None)
    if callable(check):
        check(today=on)
    check_representation(dossier, on=on)


def check_representation(dossier: Dossier, *, on: date) -> None:
    """Whether who files may file this for the other on this day; nothing where they file for themselves.

    :raises Invalid, InPersonOnly, NotAMinor, SelfRepresented: see ``representation.check``.
    """
    told = dossier.represents
    if told is not None:
        procedure = dossier.procedure
        representation.check(
            told, filer_number=dossier.applicant.get("personal_number", ""), procedure=procedure.name,
            procedure_code=procedure.code, sector=procedure.sector, today=on,
        )


def problems_of(error: ValidationError, *, page: str = "") -> tuple[Problem, ...]:
    """The faults of a pydantic error, in our words."""
    found = []
    for fault in error.errors():
        path = [str(part) for part in ((page, *fault["loc"]) if page else fault["loc"])]
        found.append(Problem(".".join(path) or None, _code_of(fault["type"]), _said(fault["type"], fault["msg"])))
    return tuple(found)


def _said(kind: str, message: str) -> str:
    """A fault of a module's own says it itself (``people.bad_name``); for pydantic's we have words."""
    if "." in kind or kind == "value_error":
        return message.removeprefix("Value error, ")
    return _VIETNAMESE.get(kind, "Thông tin không hợp lệ.")


def _code_of(kind: str) -> str:
    return {"missing": "required"}.get(kind, kind)


_VIETNAMESE = {
    "missing": "Vui lòng điền thông tin này.",
    "string_type": "Vui lòng nhập chữ.",
    "string_too_short": "Vui lòng điền thông tin này.",
    "int_parsing": "Vui lòng nhập số.",
    "int_type": "Vui lòng nhập số.",
    "int_from_float": "Vui lòng nhập số nguyên.",
    "date_parsing": "Ngày không hợp lệ.",
    "date_from_datetime_parsing": "Ngày không hợp lệ.",
    "date_from_datetime_inexact": "Ngày không hợp lệ.",
    "date_type": "Ngày không hợp lệ.",
    "enum": "Vui lòng chọn một giá trị trong danh mục.",
    "literal_error": "Vui lòng chọn một giá trị trong danh mục.",
    "bool_type": "Vui lòng chọn có hoặc không.",
    "bool_parsing": "Vui lòng chọn có hoặc không.",
    "extra_forbidden": "Thông tin này không có trong tờ khai.",
    "model_type": "Phần này của tờ khai chưa đúng cấu trúc.",
    "model_attributes_type": "Phần này của tờ khai chưa đúng cấu trúc.",
    "dict_type": "Phần này của tờ khai chưa đúng cấu trúc.",
}


def missing_components(dossier: Dossier) -> list[dict[str, Any]]:
    """Mandatory components that are neither handed in nor answered by a database.

    A paper that a published database replaces (NQ 66.7/2025/NQ-CP) is asked for only when a look-up has failed.
    """
    handed_in: set[str] = set()
    failed: set[str] = set()
    for attachment in dossier.attachments.filter(removed_at__isnull=True):
        if attachment.source == Attachment.Source.LOOKUP and not (attachment.lookup or {}).get("found"):
            failed.add(attachment.component)
        else:
            handed_in.add(attachment.component)
    return [
        component for component in dossier.components
        if component["mandatory"] and component["code"] not in handed_in
        and (not component["replaced_by_database"] or component["code"] in failed)
    ]


def open_duplicates(dossier: Dossier) -> list[str]:
    """References of other open dossiers of the same applicant and procedure; waits for one being filed just now."""
    if not dossier.applicant_key:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"dossiers {dossier.procedure.code} {dossier.applicant_key}"],
        )
    others = Dossier.objects.filter(
        Q(state__in=rules.IN_HAND), applicant_key=dossier.applicant_key, procedure__code=dossier.procedure.code
    ).exclude(pk=dossier.pk)
    return [other.reference for other in others.order_by("received_at", "pk")]


def require_open(unit: OrgUnit, *, at: datetime) -> None:
    """:raises UnitClosed: the office does not exist on this day; its successor is named."""
    on = localdate(at)
    if unit.valid_from <= on and (unit.valid_to is None or on < unit.valid_to):
        return
    successor = unit.successor
    raise rules.UnitClosed(
        unit=unit.name, successor=successor.name if successor else "chưa xác định",
        successor_id=successor.pk if successor else None,
    )


def _answers_valid(call: Call) -> None:
    check_answers(call.dossier, on=localdate(call.at))


def _complete(call: Call) -> None:
    missing = missing_components(call.dossier)
    if missing:
        names = "; ".join(component["name"] for component in missing)
        raise rules.MissingComponent(
            field=f"components.{missing[0]['code']}", names=names, codes=[c["code"] for c in missing]
        )


def _fee_settled(call: Call) -> None:
    dossier = call.dossier
    if dossier.fee_amount and dossier.fee_paid_at is None and not dossier.fee_deferred:
        raise rules.FeeUnpaid(amount=f"{dossier.fee_amount:,}".replace(",", "."))


def _in_force(call: Call) -> None:
    procedure_in_force(call.dossier.procedure.code, on=localdate(call.at))


def _unit_open(call: Call) -> None:
    require_open(call.dossier.resolving_unit, at=call.at)
    require_open(call.dossier.receiving_unit, at=call.at)


def _no_duplicate(call: Call) -> None:
    others = open_duplicates(call.dossier)
    if others and not call.duplicate_reason.strip():
        raise rules.DuplicateOpen(codes=", ".join(others), field="duplicate_reason")


def _addressed(call: Call) -> None:
    if call.dossier.result_way == Dossier.ResultWay.POST and call.dossier.post_to is None:
        raise rules.NoPostalAddress()


def _by_post(call: Call) -> None:
    if call.dossier.result_way != Dossier.ResultWay.POST:
        raise rules.NotByPost()


def _reasons(call: Call) -> None:
    call.reasons = rules.listed(call.reasons)
    if not call.reasons:
        raise rules.ReasonRequired(field="reasons")


def _reason(call: Call) -> None:
    if not call.note.strip() and not rules.listed(call.reasons):
        raise rules.ReasonRequired()


def _reason_code(call: Call) -> None:
    if call.reason_code not in rules.REFUSAL_REASONS:
        raise rules.UnknownReason()


def _first_supplement(call: Call) -> None:
    allowed = parameter("supplements_after_receipt", on=localdate(call.at))
    if call.dossier.supplements_after_receipt >= allowed:
        raise rules.SupplementUsed(allowed=allowed)


def _not_extended(call: Call) -> None:
    if call.dossier.extension_count:
        raise rules.ExtensionUsed()


def _before_due(call: Call) -> None:
    if call.dossier.due_at is not None and call.at >= call.dossier.due_at:
        raise rules.ExtensionTooLate()


def _later_due(call: Call) -> None:
    if call.new_due is None or call.dossier.due_at is None or call.new_due <= call.dossier.due_at:
        due = call.dossier.due_at
        raise rules.DueNotLater(due=f"{due.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if due else "")


def _to_person(call: Call) -> None:
    person = call.to_person
    if person is None:
        raise rules.AssigneeRequired()
    helper = Actor(kind=ActorKind.STAFF, name=person.full_name, user_id=person.pk)
    permission = permission_for(call.dossier, Level.CASE_OFFICER)
    unit_id = call.dossier.resolving_unit_id
    if not permission or not access.may(helper, permission, unit_id=unit_id, on=localdate(call.at)):
        raise rules.AssigneeMayNot(name=person.full_name)


def _to_unit(call: Call) -> None:
    if call.to_unit is None or call.to_unit.pk == call.dossier.resolving_unit_id:
        raise rules.UnitRequired()
    require_open(call.to_unit, at=call.at)


def _not_preparer(call: Call) -> None:
    if call.actor.user_id is not None and call.actor.user_id in (
        call.dossier.prepared_by_id, call.dossier.assigned_to_id
    ):
        raise rules.SignerIsPreparer(dossier=str(call.dossier.pk))


def _reviewed(call: Call) -> None:
    if permission_for(call.dossier, Level.HEAD) and call.dossier.reviewed_by_id is None:
        raise rules.NotReviewed()


def _originals(call: Call) -> None:
    require_originals(call.dossier, call.edge.action)


_GUARDS: dict[Guard, Callable[[Call], None]] = {
    Guard.COMPLETE: _complete,
    Guard.ANSWERS_VALID: _answers_valid,
    Guard.FEE_SETTLED: _fee_settled,
    Guard.IN_FORCE: _in_force,
    Guard.UNIT_OPEN: _unit_open,
    Guard.NO_DUPLICATE: _no_duplicate,
    Guard.ADDRESSED: _addressed,
    Guard.BY_POST: _by_post,
    Guard.REASONS: _reasons,
    Guard.REASON: _reason,
    Guard.REASON_CODE: _reason_code,
    Guard.FIRST_SUPPLEMENT: _first_supplement,
    Guard.NOT_EXTENDED: _not_extended,
    Guard.BEFORE_DUE: _before_due,
    Guard.LATER_DUE: _later_due,
    Guard.TO_PERSON: _to_person,
    Guard.TO_UNIT: _to_unit,
    Guard.NOT_PREPARER: _not_preparer,
    Guard.REVIEWED: _reviewed,
    Guard.ORIGINALS: _originals,
}
