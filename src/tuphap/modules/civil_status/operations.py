"""The writes of civil status, one verb each; nothing else in this module saves.

Deciding and signing are two steps. :func:`approve_birth` decides, takes the number and asks for the papers to be
signed; the signer process works outside any transaction; :func:`enter_signed` or :func:`signing_failed` takes up
what came of it. Rows are locked in one order everywhere: documents, dossier, acts, number series, book.

One decision may make two acts, each in its own book (see ``together``): they stand in one dossier, whose result is
ready when both are signed, and a number is given up only with the other's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q

from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import api as audit
from tuphap.shared.documents import api as documents
from tuphap.shared.documents.models import Document
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Finding
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.notices import api as notices
from tuphap.shared.numbering import api as numbering
from tuphap.shared.numbering.models import Number
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.people.api import PartialDate, PersonName, check_personal_number
from tuphap.shared.search import api as search

from . import checks, papers, rules
from .answers import BirthDeclaration, declaration_of
from .current import names_in
from .events import kinds as events
from .models import Act, Annotation, BirthAct, Book, Paper, Party

ActState, PaperState, PaperKind = rules.ActState, rules.PaperState, rules.PaperKind


# --- Deciding ---------------------------------------------------------------------------------------------------------


@operation
def approve_birth(*, dossier_id: UUID, actor: Actor, at: datetime) -> BirthAct:
    """Decide to register the declared birth: take its number, write the act, ask for its papers to be signed.

    The approving chairman is the signer. The act waits in PENDING_SIGNATURE, the dossier in AWAITING_SIGNATURE.
    Basis: Luật Hộ tịch 2014, Điều 16.

    :raises access.Forbidden: the actor holds no such grant in the resolving office on this day.
    :raises dossiers.StateConflict: the dossier is not before the chairman, or was decided already.
    :raises dossiers.SignerIsPreparer: the actor prepared the dossier.
    :raises rules.BornInTheFuture: the declared day lies ahead.
    :raises rules.PossibleDuplicate: the register has this child already.
    :raises dossiers.UnresolvedErrors: another check finds an error.
    :raises rules.BookClosed: the book of this year is closed.
    """
    today = localdate(at)
    dossier = dossiers.lock(dossier_id, actor=actor, permission=rules.Permission.SIGN, at=at)
    dossiers.advance(dossier, dossiers.Action.APPROVE, actor=actor, at=at)
    declared = declaration_of(dossier)
    declared.check_against_day(today=today)
    hold(key_of_child(declared))
    refuse_errors(checks.findings(declared, dossier=dossier, on=today))
    act = write_birth(declared, dossier, actor=actor, at=at)
    ask_for_birth_papers(act, copies=declared.copies.copies, actor=actor, at=at)
    tell_approved(act, dossier, actor=actor, at=at)
    return act


def tell_approved(act: Act, dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    """The decision's entry in the log. Called inside an approving operation."""
    audit.record(
        rules.event(act.kind, rules.Step.APPROVED), subject=act, actor=actor, at=at, unit_id=act.unit_id,
        number=act.display_number, book=str(act.book), dossier=dossier.reference,
    )


def refuse_errors(found: Iterable[Finding]) -> None:
    """Refuse by what the register finds once more, now that nobody else can decide about the same at this moment.

    :raises rules.PossibleDuplicate, rules.AlreadyMarried, dossiers.UnresolvedErrors: as found.
    """
    errors = [finding for finding in found if finding.severity == "error"]
    for finding in errors:
        for typed in (rules.AlreadyMarried, rules.PossibleDuplicate):
            if finding.code == typed.code:
                raise typed(evidence=finding.evidence)
    if errors:
        raise dossiers.UnresolvedErrors(names="; ".join(f.message for f in errors))


def key_of_child(declared: BirthDeclaration) -> str:
    """By what :func:`hold` lets decisions about children of one mother and one day pass one after another."""
    mother = PersonName(declared.mother.name).search_key if declared.mother.given else declared.child.place.unit_code
    return f"{mother}|{declared.child.born_on.isoformat()}"


def hold(*names: str) -> None:
    """Let decisions about the same (a child, a person) pass one after another, until this transaction ends."""
    keys = sorted(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True) for name in names)
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def write_birth(declared: BirthDeclaration, dossier: Dossier, *, actor: Actor, at: datetime) -> BirthAct:
    """Take the next number and a page of the book, and write the act and its people."""
    declared_on = localdate(dossier.submitted_at or dossier.received_at or at)
    line = take_line(dossier, rules.BookKind.BIRTH, rules.Series.BIRTH, actor=actor, at=at)
    act = BirthAct.objects.create(
        **line, notes=declared.copies.note, event_on=declared.child.born_on.isoformat(),
        event_earliest=declared.child.born_on.earliest, event_latest=declared.child.born_on.latest,
        **declared.as_columns(declared_on=declared_on),
    )
    numbering.bind(line["reserved"], subject=act)
    Party.objects.bulk_create([Party(act=act, **columns) for columns in declared.party_columns()])
    return act


def take_line(
    dossier: Dossier, kind: rules.BookKind, series: rules.Series, *, actor: Actor, at: datetime
) -> dict[str, Any]:
    """The columns that every act has: the next number, a page of the book, office, signer. Inside an operation.

    :raises rules.BookClosed: the book of the year is closed.
    """
    today, unit = localdate(at), dossier.resolving_unit
    signer = User.objects.get(pk=actor.user_id or "")
    reserved = numbering.reserve(series, unit_id=unit.pk, year=today.year, actor=actor, at=at)
    book = _book_for(unit, kind, year=today.year, number=reserved.value, at=at, actor=actor)
    return {
        "kind": kind, "unit": unit, "unit_name": unit.name, "dossier": dossier, "book": book,
        "page": reserved.value - book.first_number + 1, "year": today.year, "number": reserved.value,
        "reserved": reserved, "registered_on": today, "preparer": dossier.prepared_by,
        "preparer_name": dossier.prepared_by.full_name if dossier.prepared_by else "", "signer": signer,
        "signer_name": signer.full_name, "signer_title": signer.title, "declared": dossier.answers, "created_at": at,
    }


def _book_for(
    unit: OrgUnit, kind: rules.BookKind, *, year: int, number: int, actor: Actor, at: datetime
) -> Book:
    """The volume in which this number stands. The year's first number opens its book; a full volume, the next one.

    Called while the number series is locked, so that two callers never open the same volume.

    :raises rules.BookClosed: the book of the year is closed.
    :raises rules.OldNumberAhead: the year's book on paper has this number or one above it.
    """
    own = Book.objects.select_for_update().filter(unit=unit, kind=kind, year=year, origin=rules.Origin.REGISTER)
    book = own.order_by("-volume").first()
    if book is None:
        refuse_numbers_of_paper(unit, kind, year=year, first=number)
        return _open(unit, kind, year=year, volume=1, first_number=number, actor=actor, at=at)
    if not book.is_open:
        raise rules.BookClosed(year=year)
    if number - book.first_number >= rules.ACTS_IN_A_VOLUME:
        return _open(unit, kind, year=year, volume=book.volume + 1, first_number=number, actor=actor, at=at)
    return book


def ask_for_birth_papers(act: BirthAct, *, copies: int, actor: Actor, at: datetime) -> None:
    """The original, and the extract where copies were asked for: both signed by the approving chairman."""
    ask_for(act, PaperKind.ORIGINAL, rules.Template.BIRTH_CERTIFICATE, papers.birth_data(act), actor=actor, at=at)
    if copies:
        number = numbering.reserve(
            rules.Series.EXTRACT, unit_id=act.unit_id, year=act.year, actor=actor, at=at, subject=act
        )
        data = papers.extract_data(act, extract_number=number.display, on=localdate(at))
        ask_for(
            act, PaperKind.EXTRACT, rules.Template.BIRTH_EXTRACT, data, actor=actor, at=at, reserved=number,
            copies=copies,
        )


def ask_for(
    act: Act, kind: rules.PaperKind, template: rules.Template, data: dict[str, Any], *, actor: Actor, at: datetime,
    reserved: Number | None = None, copies: int = 1, dossier: Dossier | None = None, unit_id: int | None = None,
) -> Paper:
    """Have a paper of the act made and signed by who decided. Inside an operation.

    :param dossier: the paper's own, with ``unit_id``, the office that gives it: then the actor signs.
    """
    line = {
        "number": reserved.display if reserved is not None else act.display_number, "book": act.book.title,
        "date": act.registered_on.isoformat(), "kind": rules.paper_title(act.kind, act.event, kind),
    }
    signer_id = act.signer_id if dossier is None else _user_of(actor)
    assert signer_id is not None  # an act whose papers are made with it was decided here
    document = documents.request(
        template=template, data=data, subject=act, unit_id=unit_id or act.unit_id, signer_id=signer_id,
        outcome=rules.SIGNING_OUTCOME, actor=actor, at=at, register_line=line,
    )
    return Paper.objects.create(
        act_id=act.pk, kind=kind, document=document, reserved=reserved, copies=copies, requested_at=at, dossier=dossier
    )


def _user_of(actor: Actor) -> UUID:
    assert actor.user_id is not None  # who may sign is a person
    return actor.user_id


# --- What came of the signing -----------------------------------------------------------------------------------------


@operation
def enter_signed(
    *, document: Document, signed: documents.SignedDocument, actor: Actor, at: datetime
) -> Act:
    """A paper bears its signatures: attach it; with the original the act is entered in the book under its number.

    When every paper of what was decided is signed, the dossier's result is ready. Called by the signing job.

    :raises rules.WrongActState: the number was made void meanwhile.
    """
    act, paper = _lock_paper(document)
    if paper.state == PaperState.SIGNED:
        return act
    if paper.state == PaperState.VOID or act.state == ActState.VOID:
        raise rules.WrongActState(state=act.state_title)
    documents.attach(document, signed, actor=actor, at=at)
    _set_paper(paper, PaperState.SIGNED, signed_at=signed.signed_at, signed_on=localdate(signed.signed_at), failure="")
    if paper.reserved is not None:
        numbering.confirm(paper.reserved, actor=actor, at=at)
    if paper.kind == PaperKind.ORIGINAL:
        _register(act, signed_at=signed.signed_at, actor=actor, at=at)
    if paper.dossier is not None:
        _hand_to_its_dossier(paper, actor=actor, at=at)
    _finish_when_all_signed(act, actor=actor, at=at)
    return act


def _hand_to_its_dossier(paper: Paper, *, actor: Actor, at: datetime) -> None:
    """A copy that was asked for by itself is the result of its own dossier."""
    assert paper.dossier is not None and paper.reserved is not None  # what a copy is made with
    if paper.dossier.state == dossiers.State.AWAITING_SIGNATURE:
        result = {
            "number": paper.reserved.display, "date": localdate(at), "signer": paper.document.signer.full_name,
            "act": paper.act_id, "documents": [{"id": paper.document_id, "title": paper.title}],
        }
        dossiers.advance(paper.dossier, dossiers.Action.SIGNED, actor=actor, at=at, result=result)


def _register(act: Act, *, signed_at: datetime, actor: Actor, at: datetime) -> None:
    assert act.reserved is not None  # an act that awaits its signature has a number reserved
    numbering.confirm(act.reserved, actor=actor, at=at)
    _set_state(act, ActState.REGISTERED, signed_at=signed_at)
    told: dict[str, Any] = {}
    if isinstance(act, BirthAct):
        told = {"timeliness": act.timeliness, "personal_number_state": act.personal_number_state}
    elif "timeliness" in act.facts:
        told = {"timeliness": act.facts["timeliness"]}
    audit.record(
        rules.event(act.kind, rules.Step.REGISTERED), subject=act, actor=actor, at=at, unit_id=act.unit_id,
        number=act.display_number, **told,
    )
    if not isinstance(act, BirthAct):
        events.kind_of_act(act).has_effects_on(act, actor=actor, at=at)
    let_be_found(act, at=at)


def _finish_when_all_signed(act: Act, *, actor: Actor, at: datetime) -> None:
    """Tell the dossier that its result is ready once nothing of it, the other act's papers too, waits to be signed."""
    if act.dossier is None:
        return
    acts = sorted([act, *decided_with(act)], key=lambda one: one.kind != rules.BookKind.BIRTH)
    if any(one.state != ActState.REGISTERED for one in acts):
        return
    own = Paper.objects.filter(act__in=[one.pk for one in acts], dossier__isnull=True).select_related("act")
    if own.filter(state__in=[PaperState.PENDING, PaperState.FAILED]).exists():
        return
    if act.dossier.state == dossiers.State.AWAITING_SIGNATURE:
        signed = own.filter(state=PaperState.SIGNED).order_by("pk")
        issued = [{"id": paper.document_id, "title": paper.title} for paper in signed]
        result = {
            "number": numbers_of(acts), "date": act.registered_on, "signer": act.signer_name, "act": acts[0].pk,
            "documents": issued,
        }
        dossiers.advance(act.dossier, dossiers.Action.SIGNED, actor=actor, at=at, result=result)


def decided_with(act: Act) -> list[Act]:
    """The live acts that the same decision made in other books; the caller has locked them with this one."""
    if act.dossier_id is None:
        return []
    others = Act.objects.filter(dossier_id=act.dossier_id, state__in=checks.LIVE).exclude(pk=act.pk).order_by("pk")
    return [_in_full(pk, kind) for pk, kind in others.values_list("pk", "kind")]


def numbers_of(acts: Sequence[Act]) -> str:
    """The number of an act; of several, each with what it records."""
    if len(acts) == 1:
        return acts[0].display_number
    return "; ".join(f"{act.title} số {act.display_number}" for act in acts)


@operation
def signing_failed(*, document: Document, reason: str, actor: Actor, at: datetime) -> Act:
    """The signer gave up on a paper. The number stays reserved; the chairman tries again or makes it void."""
    act, paper = _lock_paper(document)
    if paper.state in (PaperState.SIGNED, PaperState.VOID):
        return act
    _set_paper(paper, PaperState.FAILED, failure=reason[:500], failures=paper.failures + 1)
    audit.record(
        rules.event(act.kind, rules.Step.SIGNING_FAILED), subject=act, actor=actor, at=at, unit_id=act.unit_id,
        number=act.display_number, paper=paper.kind, reason=reason[:200],
    )
    notices.send(
        template="civil_status.signing_failed", to_user_id=document.signer_id, actor=actor, at=at,
        number=paper.reserved.display if paper.reserved is not None else act.display_number,
    )
    return act


@operation
def retry_signing(*, act_id: UUID, actor: Actor, at: datetime) -> Act:
    """Ask again for the signatures that failed, under the same numbers.

    :raises access.Forbidden: the actor may not sign in this office.
    :raises rules.WrongActState: nothing of this act has failed.
    """
    act = lock_act(act_id)
    failed = _failed_papers(act, actor=actor, at=at)
    if not failed:
        raise rules.WrongActState(state=act.state_title)
    for paper in failed:
        _set_paper(paper, PaperState.PENDING)
        documents.retry(paper.document, actor=actor, at=at)
    audit.record(
        rules.event(act.kind, rules.Step.SIGNING_RETRIED), subject=act, actor=actor, at=at, unit_id=act.unit_id,
        number=act.display_number, papers=len(failed),
    )
    return act


def _failed_papers(act: Act, *, actor: Actor, at: datetime, **wanted: Any) -> list[Paper]:
    """The papers of an act whose signing failed in the offices where the actor signs.

    :raises access.Forbidden: the actor signs neither where the act stands nor where one of these papers is given.
    """
    failed = list(
        act.papers.filter(state=PaperState.FAILED, **wanted).select_related("document", "reserved", "dossier", "act")
        .order_by("pk")
    )
    signs = access.units_where(actor, rules.Permission.SIGN, on=localdate(at))
    own = [paper for paper in failed if paper.document.unit_id in signs]
    if not own:
        access.require(actor, rules.Permission.SIGN, unit_id=act.unit_id, on=localdate(at))
    return own


@operation
def void_act(*, act_id: UUID, reason: str, actor: Actor, at: datetime) -> list[Act]:
    """Give up the number of an act that could not be signed; it keeps its line in the book, with the reason.

    The dossier goes back before the chairman. An act whose original is signed stands: it can only be cancelled. Of two
    acts of one decision both numbers are given up.

    :raises access.Forbidden: the actor may not sign in this office.
    :raises rules.ReasonRequired: no reason.
    :raises rules.WrongActState: the act is registered, or a signature of it or of the other act is still being tried.
    :raises rules.OtherActStands: the other act of the same decision is registered.
    """
    if not reason.strip():
        raise rules.ReasonRequired()
    act = lock_act(act_id)
    access.require(actor, rules.Permission.SIGN, unit_id=act.unit_id, on=localdate(at))
    if act.state != ActState.PENDING_SIGNATURE or _original_of(act).state != PaperState.FAILED:
        raise rules.WrongActState(state=act.state_title)
    others = decided_with(act)
    for other in others:
        if other.state == ActState.REGISTERED:
            raise rules.OtherActStands(other=f"{other.title} số {other.display_number}")
        if _original_of(other).state == PaperState.PENDING:
            raise rules.WrongActState(state=other.state_title)
    _give_up_numbers([act, *others], reason=reason, actor=actor, at=at)
    return [act, *others]


def _original_of(act: Act) -> Paper:
    return act.papers.get(kind=PaperKind.ORIGINAL)


def _give_up_numbers(acts: Iterable[Act], *, reason: str, actor: Actor, at: datetime) -> None:
    """Make what one decision made void, with its papers and numbers; its dossier is decided anew."""
    dossier = None
    for act in acts:
        own = act.papers.filter(dossier__isnull=True).exclude(state=PaperState.VOID)
        for paper in own.select_related("document", "reserved").order_by("pk"):
            if paper.state != PaperState.SIGNED:
                _void_paper(paper, reason=reason, actor=actor, at=at)
            else:  # a copy was signed before the original failed
                documents.cancel(paper.document, reason_code=Document.CancelReason.UNLAWFUL, decision=reason[:200],
                                 actor=actor, at=at)
        assert act.reserved is not None and act.dossier is not None  # both set by the approval
        numbering.void(act.reserved, reason=reason, actor=actor, at=at)
        _set_state(act, ActState.VOID, state_reason=reason[:500])
        audit.record(
            rules.event(act.kind, rules.Step.VOIDED), subject=act, actor=actor, at=at, unit_id=act.unit_id,
            number=act.display_number, reason=reason[:200],
        )
        dossier = act.dossier
    if dossier is not None:
        dossiers.advance(
            dossier, dossiers.Action.SIGNING_FAILED, actor=system_actor("civil_status"), at=at, note=reason
        )


@operation
def void_extract(*, act_id: UUID, reason: str, actor: Actor, at: datetime) -> Act:
    """Give up an extract that could not be signed, of an act that stands; the result goes out without it.

    One that has a dossier of its own is its result: that dossier goes back before its leader.

    :raises access.Forbidden: the actor may not sign in this office.
    :raises rules.ReasonRequired: no reason.
    :raises rules.WrongActState: no extract of this act has failed, or its original is not signed.
    """
    if not reason.strip():
        raise rules.ReasonRequired()
    act = lock_act(act_id)
    failed = _failed_papers(act, actor=actor, at=at, kind__in=(PaperKind.EXTRACT, PaperKind.CONFIRMATION))
    if not failed or act.state == ActState.PENDING_SIGNATURE:
        raise rules.WrongActState(state=act.state_title)
    for paper in failed:
        _void_paper(paper, reason=reason, actor=actor, at=at)
        audit.record(
            rules.Event.PAPER_VOIDED, subject=act, actor=actor, at=at, unit_id=paper.document.unit_id,
            paper=paper.kind, reason=reason[:200],
        )
        if paper.dossier is not None:
            _back_to_its_leader(paper, reason=reason, at=at)
    _finish_when_all_signed(act, actor=system_actor("civil_status"), at=at)
    return act


def _void_paper(paper: Paper, *, reason: str, actor: Actor, at: datetime) -> None:
    documents.void(paper.document, reason=reason, actor=actor, at=at)
    _set_paper(paper, PaperState.VOID)
    if paper.reserved is not None:
        numbering.void(paper.reserved, reason=reason, actor=actor, at=at)


# --- What later becomes of an act -------------------------------------------------------------------------------------


@operation
def cancel_act(
    *, act_id: UUID, decision_no: str, decided_on: date, authority: str, reason: str, actor: Actor, at: datetime
) -> Act:
    """Note that the registration was cancelled by decision; its papers are no longer in force at the public check.

    What it had noted beside other acts is taken back. An act of the same decision that still awaits its signature falls
    with it, and the dossier is decided anew; one that is registered stands.

    Basis: Luật Hộ tịch 2014, Điều 70; who decides is dated (see ``rules.CANCELLING_AUTHORITY``).

    :raises access.Forbidden: the actor may not sign in this office.
    :raises rules.ReasonRequired: decision, authority or reason missing.
    :raises rules.WrongActState: the act is not registered.
    :raises rules.DateOrder: the decision lies before the registration or ahead.
    """
    for field, value in (("decision_no", decision_no), ("authority", authority), ("reason", reason)):
        if not value.strip():
            raise rules.ReasonRequired(field=field)
    act = lock_act(act_id)
    today = localdate(at)
    access.require(actor, rules.Permission.SIGN, unit_id=act.unit_id, on=today)
    if act.state != ActState.REGISTERED:
        raise rules.WrongActState(state=act.state_title)
    if not act.registered_on <= decided_on <= today:
        raise rules.DateOrder(
            field="decided_on", what="Ngày quyết định phải từ ngày đăng ký đến hôm nay."
        )
    others = decided_with(act)
    _give_up_what_waits(act, others, reason=reason, actor=actor, at=at)
    decision = f"theo Quyết định số {decision_no} ngày {papers.day_text(decided_on)} của {authority}"
    annotate(
        act, rules.AnnotationKind.CANCELLATION, actor=actor, at=at, decision_no=decision_no, decided_on=decided_on,
        authority=authority, text=f"Hủy bỏ việc đăng ký {decision}.",
    )
    _set_state(act, ActState.CANCELLED, state_reason=reason[:500])
    for paper in act.papers.filter(state=PaperState.SIGNED).select_related("document").order_by("pk"):
        documents.cancel(
            paper.document, reason_code=Document.CancelReason.BY_DECISION, decision=decision_no, actor=actor, at=at
        )
    audit.record(
        rules.Event.ACT_CANCELLED, subject=act, actor=actor, at=at, unit_id=act.unit_id, number=act.display_number,
        decision_no=decision_no, authority=authority,
    )
    _take_back(act, because=f"đã bị hủy bỏ {decision}", actor=actor, at=at)
    unsigned = [other for other in others if other.state == ActState.PENDING_SIGNATURE]
    _give_up_numbers(unsigned, reason=reason, actor=actor, at=at)
    let_be_found(act, at=at)
    return act


def _take_back(act: Act, *, because: str, actor: Actor, at: datetime) -> None:
    """Say beside every act that this one had noted something beside that the note holds no more.

    The new note has the kind and the source of the old one, and counts for as little: see ``current.as_it_stands``.
    """
    for note in list(Annotation.objects.filter(source=act).select_related("act").order_by("pk")):
        annotate(
            note.act, rules.AnnotationKind(note.kind), actor=actor, at=at, source=act,
            text=f"Ghi chú ngày {papers.day_text(note.noted_on)} theo việc {act.title} số {act.display_number}, "
            f"{act.unit_name}, không còn giá trị: việc đó {because}.",
        )
        let_be_found(note.act, at=at)
    if not isinstance(act, BirthAct):
        events.kind_of_act(act).is_undone(act, actor=actor, at=at, because=because)


def _give_up_what_waits(act: Act, others: Iterable[Act], *, reason: str, actor: Actor, at: datetime) -> None:
    """Void every copy that still awaits its signature: nothing may be signed of an act that stands no more.

    Nor of a registered act that this one is about, which says something else from now on.
    """
    changed = [act.pk, *(o.pk for o in others if o.pk == act.target_id and o.state == ActState.REGISTERED)]
    waiting = Paper.objects.filter(act__in=changed, state__in=[PaperState.PENDING, PaperState.FAILED])
    for paper in waiting.select_related("document", "reserved", "dossier", "act").order_by("pk"):
        _void_paper(paper, reason=reason, actor=actor, at=at)
        if paper.dossier is not None:
            _back_to_its_leader(paper, reason=reason, at=at)
    _finish_when_all_signed(act, actor=system_actor("civil_status"), at=at)


def _back_to_its_leader(paper: Paper, *, reason: str, at: datetime) -> None:
    """A copy that is not given is no result: its dossier is decided anew."""
    assert paper.dossier is not None  # asked by the caller
    dossiers.advance(paper.dossier, dossiers.Action.SIGNING_FAILED, actor=system_actor("civil_status"), at=at,
                     note=reason)


@operation
def set_personal_number(*, act_id: UUID, number: str, source: str, actor: Actor, at: datetime) -> BirthAct:
    """Note the child's personal number, now that the police have issued it. It is never made here.

    :param source: where it comes from: the answer's number, the card that was shown.
    :raises access.Forbidden: the actor may not prepare in this office.
    :raises people.BadPersonalNumber: not twelve digits.
    :raises rules.NumberAlreadyGiven: the child has a number.
    :raises rules.PersonalNumberTaken: another child has this one.
    :raises rules.ReasonRequired: no source.
    :raises rules.WrongActState: the act is not registered.
    """
    if not source.strip():
        raise rules.ReasonRequired(field="source")
    act = lock_birth(act_id)
    access.require(actor, rules.Permission.PREPARE, unit_id=act.unit_id, on=localdate(at))
    return note_personal_number(act, number=number, source=source, actor=actor, at=at)


def note_personal_number(act: BirthAct, *, number: str, source: str, actor: Actor, at: datetime) -> BirthAct:
    """As :func:`set_personal_number`, of an act that is locked, by who need not be asked: the police themselves."""
    if act.state != ActState.REGISTERED:
        raise rules.WrongActState(state=act.state_title)
    if act.child.personal_number:
        raise rules.NumberAlreadyGiven()
    odd = check_personal_number(number, birth=PartialDate.parse(act.born_on), sex=act.sex)
    taken = Party.objects.filter(personal_number=number, role=rules.PartyRole.CHILD, act__state__in=checks.LIVE).first()
    if taken is not None:
        raise rules.PersonalNumberTaken(evidence=f"{taken.act.kind} {taken.act.display_number}")
    BirthAct.objects.filter(pk=act.pk).update(personal_number_state=rules.PersonalNumberState.GIVEN)
    # A recognition of the same decision names the child too, and was written before the number was known.
    acts = [act, *decided_with(act)]
    for one in acts:
        Party.objects.filter(act=one, role=rules.PartyRole.CHILD).update(personal_number=number)
        if one.state == ActState.REGISTERED:
            annotate(
                one, rules.AnnotationKind.PERSONAL_NUMBER, actor=actor, at=at, field="child.personal_number",
                after=number, text=f"Bổ sung số định danh cá nhân: {number}.",
            )
    audit.record(
        rules.Event.PERSONAL_NUMBER_SET, subject=act, actor=actor, at=at, unit_id=act.unit_id,
        number=act.display_number, source=source[:200], warnings=[w.code for w in odd],
    )
    for one in acts:
        let_be_found(one, at=at)
    return _fresh(BirthAct, act.pk)


def annotate(
    act: Act, kind: rules.AnnotationKind, *, text: str, actor: Actor, at: datetime, by: str = "",
    changes: list[dict[str, str]] | None = None, noted_on: date | None = None, **columns: Any
) -> None:
    """Note beside a registered act what became of it; the database takes no other. Inside an operation.

    :param by: who answers for the note where a process writes it: the signer of the act that it comes from.
    :param noted_on: when it was noted in a book on paper; today where it is noted here.
    :param changes: what it changes in the act as it stands: see ``current.py``.
    """
    Annotation.objects.create(
        act_id=act.pk, kind=kind, text=text[:1000], noted_on=noted_on or localdate(at),
        noted_by=(by or actor.name)[:100], created_at=at, changes=changes or [], names=names_in(changes or []),
        **columns,
    )
    if changes:
        let_be_found(act, at=at)


# --- Books ------------------------------------------------------------------------------------------------------------


@operation
def open_book(
    *, unit_id: int, kind: str, year: int, first_number: int = 1, actor: Actor, at: datetime
) -> Book:
    """Open the year's book before its first act; an office that starts in mid-year says from which number.

    Without this, the first approval of a year opens its book.

    :raises access.Forbidden: the actor may not prepare in this office.
    :raises rules.BookExists: the year has its book.
    :raises rules.OldNumberAhead: the year's book on paper has this number or one above it.
    """
    access.require(actor, rules.Permission.PREPARE, unit_id=unit_id, on=localdate(at))
    unit = OrgUnit.objects.get(pk=unit_id)
    refuse_numbers_of_paper(unit, rules.BookKind(kind), year=year, first=first_number)
    if first_number > 1:
        numbering.start_from(
            rules.SERIES[rules.BookKind(kind)], unit_id=unit_id, year=year, first=first_number, actor=actor, at=at
        )
    return _open(
        unit, rules.BookKind(kind), year=year, volume=1, first_number=first_number, actor=actor, at=at
    )


def refuse_numbers_of_paper(unit: OrgUnit, kind: rules.BookKind, *, year: int, first: int) -> None:
    """Refuse to begin a year's numbers where acts transcribed from its book on paper stand at or above them.

    Who transcribes one holds the same line (:func:`hold_line`), so that the two never pass each other unseen.

    :raises rules.OldNumberAhead: as said.
    """
    hold_line(unit, kind, year=year)
    old = Act.objects.filter(unit=unit, kind=kind, year=year, origin=rules.Origin.OLD_BOOK, office_then="")
    last = old.aggregate(last=Max("number"))["last"]
    if last is not None and last >= first:
        raise rules.OldNumberAhead(year=year, number=last)


def hold_line(unit: OrgUnit, kind: rules.BookKind, *, year: int) -> None:
    """Let who begins a year's numbers and who transcribes one of them from paper pass one after another."""
    hold(f"line|{unit.pk}|{kind}|{year}")


def _open(
    unit: OrgUnit, kind: rules.BookKind, *, year: int, volume: int, first_number: int, actor: Actor, at: datetime
) -> Book:
    book = Book.objects.create(
        unit=unit, kind=kind, year=year, volume=volume, first_number=first_number, opened_on=localdate(at)
    )
    audit.record(rules.Event.BOOK_OPENED, subject=book, actor=actor, at=at, unit_id=unit.pk, book=str(book))
    return book


@operation
def close_book(*, book_id: int, actor: Actor, at: datetime) -> Book:
    """Count a book's acts and close it; from then on only notes are made beside them.

    A book is closed on the last day of its year or after, or when its office has ended.

    :raises access.Forbidden: the actor may not sign in this office.
    :raises rules.BookClosed: it is closed already.
    :raises rules.BookNotReady: acts in it still await their signature.
    :raises rules.DateOrder: its year is not over.
    """
    book = Book.objects.select_for_update(of=("self",)).select_related("unit").get(pk=book_id)
    today = localdate(at)
    access.require(actor, rules.Permission.SIGN, unit_id=book.unit_id, on=today)
    if not book.is_open:
        raise rules.BookClosed(year=book.year)
    ended = book.unit.valid_to is not None and book.unit.valid_to <= today
    if today < date(book.year, 12, 31) and not ended:
        raise rules.DateOrder(what=f"Sổ năm {book.year} chỉ khóa từ ngày 31/12/{book.year}.")
    waiting = book.acts.filter(state=ActState.PENDING_SIGNATURE).count()
    if waiting:
        raise rules.BookNotReady(count=waiting)
    book.closed_on, book.closed_by = today, actor.name[:200]
    book.acts_at_closing = book.acts.count()
    book.save(update_fields=["closed_on", "closed_by", "acts_at_closing"])
    last = book.acts.aggregate(last=Max("number"))["last"]
    audit.record(
        rules.Event.BOOK_CLOSED, subject=book, actor=actor, at=at, unit_id=book.unit_id, book=str(book),
        acts=book.acts_at_closing, last_number=last,
    )
    return book


# --- Rows, locked and changed -----------------------------------------------------------------------------------------


def lock_act(act_id: UUID, *, with_documents: bool = True) -> Act:
    """The act (a birth as :class:`BirthAct`), locked after its documents and its dossier; with it those of its dossier.

    The signing job comes with its own document locked and must not ask for the act's others (``with_documents``).

    :raises rules.UnknownAct: there is none.
    """
    own = Act.objects.filter(pk=act_id).values_list("dossier_id", flat=True)
    acts = Act.objects.filter(Q(pk=act_id) | Q(dossier_id__in=[dossier_id for dossier_id in own if dossier_id]))
    made = Paper.objects.filter(act__in=acts)
    taken: set[UUID | None] = set()
    if with_documents:
        documents_of = list(made.values_list("document_id", flat=True))
        list(Document.objects.select_for_update().filter(pk__in=documents_of).order_by("pk").values_list("pk"))
        waiting = made.filter(dossier__isnull=False, state__in=[PaperState.PENDING, PaperState.FAILED])
        taken = set(waiting.values_list("dossier_id", flat=True))
    taken |= set(own)
    for dossier_id in sorted(filter(None, taken)):
        dossiers.take(dossier_id)
    kinds = dict(acts.select_for_update().order_by("pk").values_list("pk", "kind"))
    if act_id not in kinds:
        raise rules.UnknownAct()
    return _in_full(act_id, kinds[act_id])


def lock_birth(act_id: UUID) -> BirthAct:
    """As :func:`lock_act`, of a birth.

    :raises rules.UnknownAct: there is no such birth.
    """
    act = lock_act(act_id)
    if not isinstance(act, BirthAct):
        raise rules.UnknownAct()
    return act


def _lock_paper(document: Document) -> tuple[Act, Paper]:
    """The paper made for this document, and its act; dossier and act are locked first."""
    act_id, dossier_id = Paper.objects.values_list("act_id", "dossier_id").get(document_id=document.pk)
    if dossier_id is not None:
        dossiers.take(dossier_id)
    act = lock_act(act_id, with_documents=False)
    found = Paper.objects.select_related("reserved", "act", "dossier__resolving_unit", "document__signer")
    return act, found.get(document_id=document.pk)


def _in_full(act_id: UUID, kind: str) -> Act:
    return _fresh(BirthAct if kind == rules.BookKind.BIRTH else Act, act_id)


A = TypeVar("A", bound=Act)


def _fresh(model: type[A], act_id: UUID) -> A:
    found: A | None = (
        model.objects.select_related("unit__admin_unit", "dossier", "reserved", "book")
        .prefetch_related("parties")
        .filter(pk=act_id)
        .first()
    )
    if found is None:
        raise rules.UnknownAct()
    return found


def let_in(act_id: UUID, kind: str) -> Act:
    """An act from an old book, with all its people, stands in the register. Inside the operation that wrote it.

    Nobody else can see it yet, so that nothing is locked.
    """
    act = _in_full(act_id, kind)
    _set_state(act, ActState.REGISTERED)
    return act


def let_be_found(act: Act, *, at: datetime) -> None:
    """Let the search of the platform tell of the act as it stands now."""
    search.reindex(rules.SEARCH_SOURCE, object_id=act.pk, at=at)


def _set_state(act: Act, state: rules.ActState, **columns: Any) -> None:
    """Move the act along an edge of ``rules.ACT_EDGES``; the database refuses any other."""
    if (ActState(act.state), state) not in rules.ACT_EDGES:
        raise rules.WrongActState(state=act.state_title)
    Act.objects.filter(pk=act.pk).update(state=state, **columns)
    act.state = state
    for column, value in columns.items():
        setattr(act, column, value)


def _set_paper(paper: Paper, state: rules.PaperState, **columns: Any) -> None:
    paper.state = state
    for column, value in columns.items():
        setattr(paper, column, value)
    paper.save(update_fields=["state", *columns])
