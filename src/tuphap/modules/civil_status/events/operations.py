"""The decision to register an event; everything after it (signing, voiding, cancelling) is common to all acts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.numbering import api as numbering
from tuphap.shared.operation.api import operation
from tuphap.shared.people.api import PersonName

from .. import operations as register
from .. import rules
from ..answers import PersonBlock
from ..models import Act, Party
from . import papers
from .blocks import Declaration
from .drafts import facts_of, people_of
from .kinds import EventKind, kind_of
from .standing import has_ended


@operation
def approve_event(*, dossier_id: UUID, actor: Actor, at: datetime) -> Act:
    """Decide to register what the dossier declares: take its number, write the act, ask for its papers to be signed.

    The approving leader is the signer. The act waits in PENDING_SIGNATURE, the dossier in AWAITING_SIGNATURE.

    :raises access.Forbidden: the actor holds no such grant in the resolving office on this day.
    :raises dossiers.StateConflict: the dossier is not before the leader, or was decided already.
    :raises dossiers.SignerIsPreparer: the actor prepared the dossier.
    :raises rules.AlreadyMarried: somebody who is to marry is married by the register.
    :raises rules.PossibleDuplicate: the register has this event already.
    :raises dossiers.UnresolvedErrors: another check finds an error.
    :raises rules.UnderAge, rules.DiedInTheFuture, rules.DateOrder: what this day does not allow.
    :raises rules.BookClosed: the book of this year is closed.
    """
    today = localdate(at)
    dossier = dossiers.lock(dossier_id, actor=actor, permission=rules.Permission.SIGN, at=at)
    dossiers.advance(dossier, dossiers.Action.APPROVE, actor=actor, at=at)
    kind = kind_of(dossier)
    declared = kind.declaration.model_validate(dossier.answers)
    declared.check_against_day(today=today)
    target = declared.find_target()
    about = [f"act|{target.pk}"] if target is not None else []
    register.hold(*about, *(name for _, block, _ in declared.people() for name in names_of(block)))
    target = declared.find_target()  # once more, now that nobody else decides about it
    register.refuse_errors(kind.findings(declared, dossier=dossier, on=today, target=target))
    act = write(kind, declared, dossier, target, actor=actor, at=at)
    ask_for_papers(kind, act, copies=declared.wanted_copies(), actor=actor, at=at)
    register.tell_approved(act, dossier, actor=actor, at=at)
    return act


def names_of(block: PersonBlock) -> list[str]:
    """By what nobody else may decide about the same person at this moment: number, and name with birth."""
    born = block.born_on.isoformat() if block.born_on else ""
    return [name for name in (block.personal_number, f"{PersonName(block.name).search_key}|{born}") if name]


def write(
    kind: EventKind, declared: Declaration, dossier: Dossier, target: Act | None, *, actor: Actor, at: datetime
) -> Act:
    """Take the next number and a page of the book, and write the act and its people. Inside an operation.

    :raises rules.BookClosed: the book of this year is closed.
    """
    line = register.take_line(dossier, kind.book, kind.series, actor=actor, at=at)
    happened = declared.event_on()
    act = Act.objects.create(
        **line, event=kind.event, target_id=target.pk if target is not None else None, notes=declared.remark()[:500],
        facts=facts_of(declared, target, on=localdate(dossier.submitted_at or dossier.received_at or at)),
        event_on=happened.isoformat() if happened else "", event_earliest=happened.earliest if happened else None,
        event_latest=happened.latest if happened else None,
    )
    numbering.bind(line["reserved"], subject=act)
    Party.objects.bulk_create([Party(act=act, **columns) for columns in people_of(declared, target)])
    return act


def ask_for_papers(kind: EventKind, act: Act, *, copies: int, actor: Actor, at: datetime) -> None:
    """The original, and the extract where copies were asked for: both signed by the approving leader."""
    register.ask_for(
        act, rules.PaperKind.ORIGINAL, kind.template, papers.original(kind, act), actor=actor, at=at,
        copies=kind.originals,
    )
    if copies and kind.extract_title:
        number = numbering.reserve(
            rules.Series.EXTRACT, unit_id=act.unit_id, year=act.year, actor=actor, at=at, subject=act
        )
        register.ask_for(
            act, rules.PaperKind.EXTRACT, rules.Template.EXTRACT,
            papers.extract(kind, act, number=number.display, on=localdate(at)), actor=actor, at=at, reserved=number,
            copies=copies,
        )


@operation
def note_divorce(
    *, act_id: UUID, decision_no: str, decided_on: date, authority: str, actor: Actor, at: datetime
) -> Act:
    """Note beside a marriage that a court has ended it; both are free again.

    Basis: Luật Hộ tịch 2014, Điều 30 khoản 2; Luật Hôn nhân và gia đình 2014, Điều 57 khoản 2.

    :raises access.Forbidden: the actor may not prepare in the office of the marriage.
    :raises rules.NotAMarriage: the act is no marriage that holds.
    :raises rules.ReasonRequired: decision or court missing.
    :raises rules.DateOrder: the decision lies before the marriage or ahead.
    """
    for field, value in (("decision_no", decision_no), ("authority", authority)):
        if not value.strip():
            raise rules.ReasonRequired(field=field)
    act, today = register.lock_act(act_id), localdate(at)
    access.require(actor, rules.Permission.PREPARE, unit_id=act.unit_id, on=today)
    couple = act.kind == rules.BookKind.MARRIAGE or act.event == rules.FOREIGN_MARRIAGE
    if not couple or act.state != rules.ActState.REGISTERED or has_ended(act):
        raise rules.NotAMarriage()
    if not act.registered_on <= decided_on <= today:
        raise rules.DateOrder(field="decided_on", what="Ngày có hiệu lực phải từ ngày đăng ký kết hôn đến hôm nay.")
    register.annotate(
        act, rules.AnnotationKind.DIVORCE, actor=actor, at=at, decision_no=decision_no, decided_on=decided_on,
        authority=authority,
        text=f"Đã ly hôn theo bản án, quyết định số {decision_no} có hiệu lực ngày {decided_on:%d/%m/%Y} "
        f"của {authority}.",
    )
    audit.record(
        rules.Event.DIVORCE_NOTED, subject=act, actor=actor, at=at, unit_id=act.unit_id, number=act.display_number,
        decision_no=decision_no, authority=authority,
    )
    return act
