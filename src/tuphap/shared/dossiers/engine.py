"""The engine: drafts, locks, and the one way by which a dossier moves along an edge of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Max
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.refusal import Invalid, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import api as audit
from tuphap.shared.files.models import StoredFile
from tuphap.shared.orgs.models import OrgUnit

from . import codes, deadlines, guards, levels, representation, rules
from .applicants import Applicant
from .catalogue import parameter, procedure_in_force
from .handlers import desk, tell
from .models import Attachment, Custody, Dossier, Event, Procedure
from .post import read_post_to
from .representation import KINSHIP_TITLES
from .rules import Action, Clock, Edge, Guard, Level, Overlay, State

# The states in which the applicant's side may still change the declaration and the papers.
EDITABLE = frozenset({State.DRAFT, State.NEEDS_SUPPLEMENT})


@dataclass(frozen=True, slots=True)
class ActionOffer:
    """Something that the actor may do with a dossier now; pages draw these and nothing else."""

    action: Action
    label: str
    needs_reason: bool
    danger: bool


# -- drafts


def open_draft(
    *, procedure: Procedure, channel: str, receiving_unit: OrgUnit, resolving_unit: OrgUnit, actor: Actor,
    at: datetime, applicant_user: User | None = None,
) -> Dossier:
    """A new, empty dossier.

    :raises NotHandledOnline: nobody handles the procedure here, or it is filed in person alone.
    :raises UnitClosed: one of the offices does not exist on this day.
    """
    handler = procedure.declared_handler
    if handler is None or (channel == Dossier.Channel.ONLINE and not procedure.handled_online):
        raise rules.NotHandledOnline(name=procedure.name)
    guards.require_open(receiving_unit, at=at)
    guards.require_open(resolving_unit, at=at)
    dossier = Dossier(
        procedure=procedure, channel=channel, receiving_unit=receiving_unit, resolving_unit=resolving_unit,
        applicant_user=applicant_user, form_version=handler.form_version, created_at=at,
    )
    if applicant_user is not None:
        _enter_account(dossier, applicant_user)
    dossier.save(force_insert=True)
    audit.record("dossiers.draft", subject=dossier, actor=actor, at=at, unit_id=receiving_unit.pk,
                 procedure=procedure.code)
    return dossier


def save_page(dossier: Dossier, *, page: str, answers: dict[str, Any], actor: Actor, at: datetime) -> Dossier:
    """Keep one page of the declaration; the dossier is locked and editable.

    :raises UnknownPage: the declaration has no such page.
    :raises Invalid: what was entered does not fit the page, with every fault beside its field.
    """
    if dossier.form_page(page) is None:
        raise rules.UnknownPage(page=page)
    dossier.answers = {**dossier.answers, page: _page_of(dossier, page, answers)}
    dossier.form_version = dossier.handler.form_version
    dossier.version += 1
    dossier.save(update_fields=["procedure", "answers", "form_version", "version"])
    audit.record("dossiers.page_saved", subject=dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id,
                 page=page)
    return dossier


@lru_cache(maxsize=512)
def _reader(annotation: Any) -> TypeAdapter[Any]:
    """What reads a page; kept, as each would build the page's model for itself again."""
    return TypeAdapter(annotation)


def _page_of(dossier: Dossier, page: str, answers: dict[str, Any]) -> Any:
    """A page's answers as its model writes them in JSON."""
    plain = to_jsonable_python(answers)
    field = dossier.answers_model().model_fields.get(page)
    annotation: Any = None if field is None else field.annotation
    if annotation is None:
        return plain
    adapter = _reader(annotation)
    try:
        return adapter.dump_python(adapter.validate_python(plain), mode="json")
    except ValidationError as error:
        raise Invalid(guards.problems_of(error, page=page)) from error


def attach_file(
    dossier: Dossier, *, component: str, actor: Actor, at: datetime, file: StoredFile | None = None,
    lookup: dict[str, Any] | None = None, is_original: bool = False, copies: int = 1, note: str = "",
) -> Attachment:
    """Add one paper to a locked dossier: a stored file, the evidence of a look-up, or (neither) a paper at the desk.

    A file with its evidence is a result of before, taken from the applicant's store.

    :param lookup: ``{database, found (bool), reference, looked_up_at}``, or where a result of before came from.
    :raises UnknownComponent: the procedure knows no such component.
    """
    if component not in {c["code"] for c in dossier.components}:
        raise rules.UnknownComponent(component=component, field="component")
    source = _source(file, lookup)
    attachment = Attachment.objects.create(
        dossier=dossier, component=component, source=source, file=file, lookup=lookup, is_original=is_original,
        copies=copies, note=note, added_by_id=actor.user_id, added_at=at,
    )
    audit.record("dossiers.attached", subject=dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id,
                 component=component, source=source, sha256=file.sha256 if file else "")
    return attachment


def _source(file: StoredFile | None, lookup: dict[str, Any] | None) -> Attachment.Source:
    if file is not None:
        return Attachment.Source.STORE if lookup else Attachment.Source.FILE
    return Attachment.Source.LOOKUP if lookup else Attachment.Source.PAPER


def detach_file(attachment: Attachment, *, actor: Actor, at: datetime) -> Attachment:
    """Take back one paper of a locked dossier; its row stays, marked."""
    attachment.removed_at = at
    attachment.save(update_fields=["removed_at"])
    audit.record("dossiers.detached", subject=attachment.dossier, actor=actor, at=at,
                 unit_id=attachment.dossier.receiving_unit_id, component=attachment.component)
    return attachment


# -- for whom, and whereto


def represent(dossier: Dossier, *, told: Any, actor: Actor, at: datetime) -> Dossier:
    """Keep for whom a locked, editable dossier is filed; None: for the filer.

    :raises Invalid, InPersonOnly, NotAMinor, SelfRepresented: see ``representation.check``.
    """
    found = None if told is None else representation.read(told)
    dossier.representation = None if found is None else found.model_dump(mode="json")
    dossier.represented_number = found.personal_number if found is not None else ""
    guards.check_representation(dossier, on=localdate(at))
    dossier.version += 1
    dossier.save(update_fields=["procedure", "answers", "representation", "represented_number", "version"])
    audit.record("dossiers.represented", subject=dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id,
                 ground=found.ground if found else "")
    return dossier


def direct_result(dossier: Dossier, *, way: str, post_to: Any = None) -> None:
    """Set how the result of a locked dossier reaches the applicant; saved with its next change.

    An address that was given before stays where only the way is told again.

    :raises Invalid, NoPostalAddress: by post, and where to is not known.
    """
    dossier.result_way = way
    if way == Dossier.ResultWay.POST and post_to:
        dossier.post_to = read_post_to(post_to).model_dump(mode="json")
    if way == Dossier.ResultWay.POST and dossier.post_to is None:
        raise rules.NoPostalAddress()


# -- locks


def lock(
    dossier_id: UUID, *, actor: Actor, permission: str, at: datetime, version: int | None = None
) -> Dossier:
    """The dossier, locked until the transaction ends, for somebody who holds ``permission`` in one of its offices.

    The desk's permissions count in the receiving and the resolving office, every other in the resolving one.

    :raises UnknownDossier: there is none.
    :raises access.Forbidden: no such grant.
    :raises VersionConflict: ``version`` is not the dossier's: somebody was first.
    """
    dossier = take(dossier_id, version=version)
    on = localdate(at)
    units = [dossier.resolving_unit_id]
    if permission in (desk().receive, desk().hand_out, desk().view):
        units.append(dossier.receiving_unit_id)
    if not any(access.may(actor, permission, unit_id=unit, on=on) for unit in units):
        access.require(actor, permission, unit_id=units[0], on=on)
    return dossier


def take(dossier_id: UUID, *, version: int | None = None) -> Dossier:
    """The dossier, locked until the transaction ends; who may act is judged by :func:`advance` or the caller.

    :raises UnknownDossier: there is none.
    :raises VersionConflict: ``version`` is not the dossier's.
    """
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("procedure", "receiving_unit", "resolving_unit", "resolving_unit__successor")
        .filter(pk=dossier_id).first()
    )
    if dossier is None:
        raise rules.UnknownDossier()
    if version is not None and dossier.version != version:
        raise rules.VersionConflict(state=rules.STATE_TITLES[State(dossier.state)], current=dossier.state)
    return dossier


def lock_for_editing(
    dossier_id: UUID, *, actor: Actor, at: datetime, version: int | None = None, adding: bool = False
) -> Dossier:
    """The dossier, locked, for the one who fills it in: its citizen, or the desk that types it for somebody.

    What a citizen has declared the desk does not change; it may add (``adding``) a paper that is brought to it.

    :raises access.Forbidden: neither of them.
    :raises StateConflict: it has been sent in and no supplement is asked for.
    """
    dossier = take(dossier_id, version=version)
    follow_law(dossier, on=localdate(at))
    own = levels.is_own(dossier, actor)
    typed_here = dossier.applicant_user_id is None or adding
    if not own and not (typed_here and levels.stands_at(dossier, Level.RECEIVER, actor=actor, at=at)):
        edge = rules.find_edge(State.DRAFT, Overlay.NONE, Action.SUBMIT)
        raise levels.forbidden(edge, dossier, actor=actor, at=at)
    if dossier.state in EDITABLE or dossier.overlay == Overlay.PAUSED_APPLICANT:
        return dossier
    if not own and dossier.state in (State.SUBMITTED, State.RECEIVED):
        return dossier
    raise _standing_still(dossier, "Sửa tờ khai")


def require_living(dossier: Dossier, doing: str) -> None:
    """:raises StateConflict: the dossier has ended; nothing is added to it."""
    if dossier.state in rules.TERMINAL:
        raise _standing_still(dossier, doing)


def _standing_still(dossier: Dossier, doing: str) -> rules.StateConflict:
    return rules.StateConflict(state=rules.STATE_TITLES[State(dossier.state)], action=doing, current=dossier.state)


# -- before receipt the law of the day holds


def follow_law(dossier: Dossier, *, on: date) -> bool:
    """Let a dossier that is not received yet stand under the version in force; whether that is another than it had.

    It is kept with the dossier's next change. Pages that are asked for no more are left out.
    """
    if dossier.received_at is not None or dossier.procedure.holds_on(on):
        return False
    try:
        dossier.procedure = procedure_in_force(dossier.procedure.code, on=on)
    except rules.ProcedureNotInForce:  # told by the guard of the edge, where somebody wants to go on
        return False
    if dossier.procedure.declared_handler is not None:
        asked = {page.code for page in dossier.form_pages()}
        dossier.answers = {code: block for code, block in dossier.answers.items() if code in asked}
    return True


def _declare_anew(dossier: Dossier) -> None:
    """:raises LawChanged: what was declared does not suffice under the new version; names the pages."""
    try:
        guards.validated_answers(dossier)
    except Invalid as refusal:
        wrong = {(problem.field or "").partition(".")[0] for problem in refusal.problems}
        pages = [page.title for page in dossier.form_pages() if page.code in wrong]
        day = dossier.procedure.valid_from
        raise rules.LawChanged(
            name=dossier.procedure.name, day=f"{day:%d/%m/%Y}", pages="; ".join(pages) or "mọi trang"
        ) from refusal


# -- moving


def advance(
    dossier: Dossier, action: Action, *, actor: Actor, at: datetime, note: str = "", reasons: Iterable[str] = (),
    to_person: User | None = None, to_unit: OrgUnit | None = None, new_due: datetime | None = None,
    reason_code: str = "", duplicate_reason: str = "", **facts: Any,
) -> Event:
    """Move a locked dossier along the edge of ``action``: level, guards, clock, custody, log, listeners.

    Called inside an operation, with the dossier from :func:`lock` or :func:`take`. ``facts`` are kept in the log entry.

    :raises StateConflict: no such edge from where it stands.
    :raises access.Forbidden: the actor stands at none of the edge's levels.
    :raises NotAssigned: the dossier was assigned to another officer.
    :raises Refusal: the guard's own (see ``guards``).
    """
    edge = rules.find_edge(State(dossier.state), Overlay(dossier.overlay), action)
    level = levels.level_for(edge, dossier, actor=actor, at=at)
    if follow_law(dossier, on=localdate(at)) and Guard.ANSWERS_VALID in edge.guards:
        _declare_anew(dossier)
    before = dossier.events.aggregate(seq=Max("seq"), at=Max("at"))
    at = max(at, before["at"] or at)  # the log's instants never run backwards, whoever read the clock first
    call = guards.Call(
        edge=edge, dossier=dossier, actor=actor, at=at, note=note.strip(), reasons=tuple(reasons),
        to_person=to_person, to_unit=to_unit, new_due=new_due, reason_code=reason_code,
        duplicate_reason=duplicate_reason, facts=facts,
    )
    guards.check(call)
    from_unit, due_before, from_overlay = dossier.resolving_unit, dossier.due_at, dossier.overlay
    if action in _EFFECTS:
        _EFFECTS[action](call)
    _run_clock(call)
    _keep_custody(call)
    dossier.state = edge.to
    if edge.leaves is not None:
        dossier.overlay = edge.leaves
    dossier.version += 1
    dossier.save()
    event = _write_event(call, level, seq=(before["seq"] or 0) + 1, unit=from_unit, from_overlay=from_overlay,
                         due_before=due_before)
    tell(dossier, event, actor=actor, at=at)
    return event


def available_actions(dossier: Dossier, actor: Actor, at: datetime) -> list[ActionOffer]:
    """What the actor may do with the dossier now, in the order of the table; guards that need input are left to it."""
    offers: dict[Action, ActionOffer] = {}
    for edge in rules.edges_from(State(dossier.state), Overlay(dossier.overlay)):
        if edge.action in rules.AUTOMATIC or edge.action in offers:
            continue
        if _may_take(edge, dossier, actor, at):
            offers[edge.action] = ActionOffer(
                action=edge.action, label=rules.ACTION_TITLES[edge.action], needs_reason=rules.needs_reason(edge),
                danger=edge.action in rules.DANGEROUS,
            )
    return list(offers.values())


# Guards that can be judged before anybody has typed anything.
_FORESEEN = (
    rules.Guard.FIRST_SUPPLEMENT, rules.Guard.NOT_EXTENDED, rules.Guard.BEFORE_DUE, rules.Guard.NOT_PREPARER,
    rules.Guard.REVIEWED, rules.Guard.BY_POST,
)


def _may_take(edge: Edge, dossier: Dossier, actor: Actor, at: datetime) -> bool:
    if levels.level_held(edge, dossier, actor=actor, at=at) is None:
        return False
    try:
        call = guards.Call(edge=edge, dossier=dossier, actor=actor, at=at)
        guards.check(call, only=_FORESEEN)
    except Refusal:
        return False
    return True


def _write_event(
    call: guards.Call, level: Level, *, seq: int, unit: OrgUnit, from_overlay: str, due_before: datetime | None
) -> Event:
    dossier, edge, actor = call.dossier, call.edge, call.actor
    facts = dict(call.facts)
    facts |= {"reason_code": call.reason_code} if call.reason_code else {}
    facts |= {"duplicate_reason": call.duplicate_reason} if call.duplicate_reason else {}
    event = Event.objects.create(
        dossier=dossier, seq=seq, at=call.at, action=edge.action, from_state=edge.source, to_state=edge.to,
        from_overlay=from_overlay, to_overlay=dossier.overlay, level=level, actor_kind=actor.kind,
        actor_id=actor.user_id, actor_name=actor.name, unit=unit, to_unit=call.to_unit, to_person=call.to_person,
        to_name=call.to_person.full_name if call.to_person else "", note=call.note, reasons=list(call.reasons),
        facts=to_jsonable_python(facts), form=edge.form, due_before=due_before, due_after=dossier.due_at,
    )
    audit.record(
        f"dossiers.{edge.action}", subject=dossier, actor=actor, at=call.at, unit_id=unit.pk, code=dossier.reference,
        from_state=edge.source, to_state=edge.to, event_seq=seq,
    )
    return event


# -- what each action does beside moving


def _run_clock(call: guards.Call) -> None:
    dossier, edge = call.dossier, call.edge
    if edge.clock is Clock.START:
        deadlines.start(dossier, at=call.at)
    elif edge.clock is Clock.PAUSE:
        deadlines.pause(dossier, edge.leaves or Overlay.NONE, at=call.at, reason=call.note or "; ".join(call.reasons))
    elif edge.clock is Clock.CONTINUE:
        deadlines.go_on(dossier, at=call.at)
    elif edge.clock is Clock.EXTEND and call.new_due is not None:
        deadlines.extend(dossier, new_due=call.new_due, at=call.at)
    elif edge.clock is Clock.RECOMPUTE:
        deadlines.recompute(dossier)
    elif edge.clock is Clock.STOP:
        deadlines.close_pause(dossier, at=call.at)


_OUTCOMES = {
    State.RESULT_READY: Custody.Outcome.RESOLVED,
    State.REFUSED: Custody.Outcome.REFUSED,
    State.STOPPED: Custody.Outcome.STOPPED,
    State.WITHDRAWN: Custody.Outcome.WITHDRAWN,
}


def _keep_custody(call: guards.Call) -> None:
    """Open and close the rows by which statistics know who owed the answer when."""
    dossier, edge = call.dossier, call.edge
    if edge.action is Action.RECEIVE:
        deadlines.begin_custody(dossier, came=Custody.Came.RECEIPT, at=call.at)
        return
    if edge.action is Action.TRANSFER and dossier.received_at is not None:
        deadlines.end_custody(dossier, outcome=Custody.Outcome.TRANSFERRED, at=call.at)
        deadlines.begin_custody(dossier, came=Custody.Came.TRANSFER, at=call.at)
    elif edge.to in _OUTCOMES:
        deadlines.end_custody(dossier, outcome=_OUTCOMES[edge.to], at=call.at)


def _submit(call: guards.Call) -> None:
    dossier = call.dossier
    dossier.submitted_at = call.at
    dossier.submission_code = dossier.submission_code or codes.submission_code()
    _enter_applicant(dossier, applicant_of(dossier))


def _receive(call: guards.Call) -> None:
    dossier = call.dossier
    dossier.received_at = call.at
    dossier.code = codes.allocate(dossier.receiving_unit, at=call.at)
    call.facts.setdefault("papers", _papers(dossier))
    told, post_to = dossier.represents, dossier.posted_to
    if told is not None:
        call.facts["represents"] = {"name": told.name, "number": told.personal_number, "kind": told.kind,
                                    "kinship": KINSHIP_TITLES[told.kinship], "paper": told.paper}
    if post_to is not None and dossier.result_way == Dossier.ResultWay.POST:
        call.facts["post_to"] = post_to.line


def _papers(dossier: Dossier) -> list[dict[str, Any]]:
    """What has been handed in, as the receipt lists it."""
    names = {component["code"]: component["name"] for component in dossier.components}
    attached = dossier.attachments.filter(removed_at__isnull=True).order_by("pk")
    return [
        {"name": names.get(a.component, "Giấy tờ khác"), "source": a.source, "original": a.is_original,
         "copies": a.copies}
        for a in attached if a.source != Attachment.Source.LOOKUP
    ]


def _ask_supplement(call: guards.Call) -> None:
    dossier = call.dossier
    dossier.supplement_count += 1
    dossier.supplements_after_receipt += dossier.received_at is not None
    days = parameter("supplement_days", on=localdate(call.at))
    dossier.supplement_due_at = call.at + timedelta(days=days)
    call.facts["answer_by"] = dossier.supplement_due_at


def _answer_supplement(call: guards.Call) -> None:
    call.dossier.supplement_due_at = None
    _enter_applicant(call.dossier, applicant_of(call.dossier))


def _assign(call: guards.Call) -> None:
    dossier = call.dossier
    dossier.assigned_to, dossier.prepared_by, dossier.reviewed_by = call.to_person, None, None


def _propose(call: guards.Call) -> None:
    call.dossier.prepared_by_id, call.dossier.reviewed_by = call.actor.user_id, None


def _review(call: guards.Call) -> None:
    call.dossier.reviewed_by_id = call.actor.user_id


def _send_back(call: guards.Call) -> None:
    call.dossier.reviewed_by = call.dossier.approved_by = None


def _approve(call: guards.Call) -> None:
    call.dossier.approved_by_id = call.actor.user_id


def _signed(call: guards.Call) -> None:
    dossier = call.dossier
    dossier.result_ready_at = call.at
    dossier.result = {**dossier.result, **to_jsonable_python(call.facts.get("result", {}))}
    deadlines.judge(dossier, ready_at=call.at)


def _return(call: guards.Call) -> None:
    call.dossier.returned_at = call.at
    call.dossier.result_way = call.facts.get("way", call.dossier.result_way)


def _end(call: guards.Call) -> None:
    call.dossier.ended_at = call.at
    call.dossier.supplement_due_at = None


def _transfer(call: guards.Call) -> None:
    dossier = call.dossier
    if call.to_unit is None:
        raise rules.UnitRequired()
    if dossier.receiving_unit_id == dossier.resolving_unit_id:
        dossier.receiving_unit = call.to_unit
    dossier.resolving_unit = call.to_unit
    dossier.assigned_to = dossier.prepared_by = dossier.reviewed_by = None


_EFFECTS: dict[Action, Callable[[guards.Call], None]] = {
    Action.SUBMIT: _submit,
    Action.RECEIVE: _receive,
    Action.ASK_SUPPLEMENT: _ask_supplement,
    Action.ANSWER_SUPPLEMENT: _answer_supplement,
    Action.ASSIGN: _assign,
    Action.PROPOSE: _propose,
    Action.REVIEW: _review,
    Action.SEND_BACK: _send_back,
    Action.APPROVE: _approve,
    Action.SIGNED: _signed,
    Action.SIGNING_FAILED: _send_back,
    Action.RETURN: _return,
    Action.CLOSE: _end,
    Action.REFUSE: _end,
    Action.STOP: _end,
    Action.WITHDRAW: _end,
    Action.TRANSFER: _transfer,
}


# -- applicants


def applicant_of(dossier: Dossier) -> Applicant:
    """Who applies: as the declaration says, else as the account that files says.

    :raises Invalid: the declaration is not whole, or nobody applies.
    """
    answers = guards.validated_answers(dossier)
    declared = getattr(answers, "applicant", None)
    try:
        found = declared() if callable(declared) else None
        return found if isinstance(found, Applicant) else Applicant.model_validate(dossier.applicant)
    except ValidationError as error:
        raise Invalid(guards.problems_of(error, page="applicant")) from error


def _enter_applicant(dossier: Dossier, applicant: Applicant) -> None:
    dossier.applicant = applicant.model_dump(mode="json")
    dossier.applicant_name, dossier.applicant_phone = applicant.name, applicant.phone
    told = dossier.represents
    dossier.applicant_key = applicant.key() if told is None else told.key()


def _enter_account(dossier: Dossier, user: User) -> None:
    """What the account says of the applicant, until the declaration says it; nothing, where the account is at odds."""
    told = {"name": user.full_name, "personal_number": user.personal_number, "phone": user.phone, "email": user.email}
    with suppress(ValidationError):
        _enter_applicant(dossier, Applicant.model_validate(told))


def read_answers(dossier: Dossier) -> BaseModel:
    """The declaration as its handler's model.

    :raises Invalid: it is not whole.
    """
    return guards.validated_answers(dossier)

