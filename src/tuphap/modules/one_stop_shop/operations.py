"""Everything the one-stop desk writes: one verb each. Levels and guards are the engine's (``shared.dossiers``).

Every operation takes ``actor`` and ``at``, may be given ``once``, and raises what the edge of its action raises:
``StateConflict`` (409), ``Forbidden`` or ``NotAssigned`` (403) and the refusals of the edge's guards. ``version``,
where given, is the version of the dossier that the page was drawn from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate, localtime
from tuphap.kernel.refusal import Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import api as audit
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Attachment, Dossier, Overlay, SignedScan, State
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.api import Once, operation
from tuphap.shared.orgs.models import OrgUnit

from . import rules

# -- filling in


@dataclass(frozen=True, slots=True)
class Scan:
    """What the desk scanned of one paper."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Payment:
    """What the desk does about the fee when it takes a dossier in.

    :ivar counts: code of a fee → how much, where the desk knows better than the declaration.
    :ivar exempt: code of a fee → reason and proof. ``cash``: it takes what is owed now. ``deferred``: it is put off.
    """

    counts: Mapping[str, fees.Count] = field(default_factory=dict)
    exempt: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    cash: bool = False
    deferred: bool | None = None

    def apply(self, dossier: Dossier, *, actor: Actor, at: datetime) -> None:
        """Assess a locked dossier, and take the money."""
        if self.counts or self.exempt or self.cash:
            fees.require_desk(dossier, actor=actor, at=at)
        fees.reckon(dossier, counts=self.counts, exempt=self.exempt, actor=actor, at=at)
        if self.cash and fees.owed(dossier):
            fees.issue(dossier, method=fees.Method.CASH, actor=actor, at=at)


@operation
def start_draft(
    *, procedure_code: str, resolving_unit_id: int, actor: Actor, at: datetime, receiving_unit_id: int | None = None,
    channel: str = Dossier.Channel.ONLINE,
) -> Dossier:
    """Begin a dossier: a citizen their own, online; a receiving officer one at the desk.

    :raises accounts.AssuranceTooLow: the citizen's identity does not suffice for filing.
    :raises dossiers.NotHandledOnline: nobody handles the procedure here yet.
    :raises rules.WrongOffice: the office has no power over it.
    """
    procedure = dossiers.procedure_in_force(procedure_code, on=localdate(at))
    resolving = _unit(resolving_unit_id)
    if procedure.declared_handler is not None and resolving.kind != rules.RESOLVED_BY.get(procedure.authority_level):
        raise rules.WrongOffice(unit=resolving.name)
    receiving = _unit(receiving_unit_id) if receiving_unit_id else resolving
    applicant = _filing_citizen(actor)
    if (channel == Dossier.Channel.ONLINE) != (applicant is not None) or channel not in Dossier.Channel.values:
        raise rules.WrongChannel()
    if applicant is None:
        access.require(actor, rules.Permission.RECEIVE, unit_id=receiving.pk, on=localdate(at))
        if receiving != resolving:
            channel = Dossier.Channel.ELSEWHERE
    return dossiers.open_draft(
        procedure=procedure, channel=channel, receiving_unit=receiving, resolving_unit=resolving,
        applicant_user=applicant, actor=actor, at=at,
    )


@operation
def save_page(
    *, dossier_id: UUID, page: str, answers: Mapping[str, Any], actor: Actor, at: datetime, version: int | None = None
) -> Dossier:
    """Keep one page of the declaration as it was typed, if it is sound.

    :raises Invalid: faults, each beside its field (``page.field``).
    """
    accounts.require_assurance(actor)
    dossier = dossiers.lock_for_editing(dossier_id, actor=actor, at=at, version=version)
    return dossiers.save_page(dossier, page=page, answers=dict(answers), actor=actor, at=at)


@operation
def represent(
    *, dossier_id: UUID, representation: Mapping[str, Any] | None, actor: Actor, at: datetime,
    version: int | None = None,
) -> Dossier:
    """Say for whom the dossier is filed and by what right; None: for the filer.

    :raises Invalid: what the ground needs is missing or does not hold, each fault beside its field.
    :raises dossiers.representation.InPersonOnly: the law lets nobody be represented in this matter.
    """
    accounts.require_assurance(actor)
    dossier = dossiers.lock_for_editing(dossier_id, actor=actor, at=at, version=version)
    return dossiers.represent(dossier, told=representation, actor=actor, at=at)


@operation
def choose_way(
    *, dossier_id: UUID, way: str, actor: Actor, at: datetime, post_to: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Dossier:
    """Change how the result is to reach the applicant, as long as it has not left the office.

    :raises access.Forbidden: neither the applicant nor the desk.
    :raises rules.ResultLeft: it is on its way, or was handed out.
    :raises dossiers.NoPostalAddress, Invalid: by post, and where to is not known.
    """
    accounts.require_assurance(actor)
    dossier = dossiers.take(dossier_id, version=version)
    if not dossiers.is_own(dossier, actor):
        access.require(actor, rules.Permission.RECEIVE, unit_id=dossier.receiving_unit_id, on=localdate(at))
    if dossier.overlay == Overlay.AT_POST or dossier.returned_at is not None or dossier.is_ended:
        raise rules.ResultLeft()
    dossiers.direct_result(dossier, way=_way(way), post_to=post_to)
    dossier.version += 1
    dossier.save(update_fields=["result_way", "post_to", "version"])
    audit.record("one_stop.way_chosen", subject=dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id, way=way)
    return dossier


@operation
def attach(
    *, dossier_id: UUID, component: str, content: bytes | BinaryIO, name: str, media_type: str, actor: Actor,
    at: datetime, is_original: bool = False, copies: int = 1, note: str = "",
) -> Attachment:
    """Add a file for one component.

    :raises files.FileType, files.FileTooLarge, files.FileInfected: the file is not taken in.
    """
    from tuphap.shared.files import api as files

    accounts.require_assurance(actor)
    dossier = dossiers.lock_for_editing(dossier_id, actor=actor, at=at, adding=True)
    stored = files.store(content, name=name, media_type=media_type, actor=actor, at=at)
    return dossiers.attach_file(
        dossier, component=component, file=stored, is_original=is_original, copies=copies, note=note, actor=actor, at=at
    )


@operation
def attach_paper(
    *, dossier_id: UUID, component: str, actor: Actor, at: datetime, is_original: bool = True, copies: int = 1,
    note: str = "",
) -> Attachment:
    """Note that the desk has taken in, or seen, a paper for one component.

    :raises access.Forbidden: a citizen, or an officer of another desk.
    """
    dossier = dossiers.lock_for_editing(dossier_id, actor=actor, at=at, adding=True)
    access.require(actor, rules.Permission.RECEIVE, unit_id=dossier.receiving_unit_id, on=localdate(at))
    return dossiers.attach_file(
        dossier, component=component, is_original=is_original, copies=copies, note=note, actor=actor, at=at
    )


@operation
def detach(*, dossier_id: UUID, attachment_id: int, actor: Actor, at: datetime) -> Attachment:
    """Take back one paper.

    :raises dossiers.UnknownDossier: the dossier has no such paper.
    """
    dossier = dossiers.lock_for_editing(dossier_id, actor=actor, at=at)
    attachment = dossier.attachments.filter(pk=attachment_id, removed_at__isnull=True).first()
    if attachment is None:
        raise dossiers.UnknownDossier()
    return dossiers.detach_file(attachment, actor=actor, at=at)


@operation
def record_lookup(
    *, dossier_id: UUID, component: str, database: str, found: bool, reference: str, actor: Actor, at: datetime
) -> Attachment:
    """Keep what a look-up in a database gave in place of a paper; after a failed one the paper is asked for.

    :raises access.Forbidden: neither the desk nor the case officers of the office.
    """
    dossier = dossiers.take(dossier_id)
    dossiers.require_living(dossier, "Ghi kết quả tra cứu")
    permission = dossier.levels.prepare
    if not access.may(actor, permission, unit_id=dossier.resolving_unit_id, on=localdate(at)):
        access.require(actor, rules.Permission.RECEIVE, unit_id=dossier.receiving_unit_id, on=localdate(at))
    evidence = {"database": database, "found": found, "reference": reference, "looked_up_at": at.isoformat()}
    return dossiers.attach_file(dossier, component=component, lookup=evidence, actor=actor, at=at)


@operation
def submit(
    *, dossier_id: UUID, actor: Actor, at: datetime, result_way: str = "",
    post_to: Mapping[str, Any] | None = None, version: int | None = None, exemption: str = "", proof: str = "",
) -> Dossier:
    """Send the dossier in; what it owes is assessed by the law of the day.

    :param exemption: why the applicant says that nothing is owed, and by which ``proof``; the desk decides.
    :param post_to: ``{name, phone, address}``, where the result is to go by post.
    :raises Invalid: the declaration is not whole.
    :raises dossiers.NoPostalAddress: by post, and where to is not known.
    :raises dossiers.MissingComponent: a mandatory paper is missing.
    :raises fees.NotExempt, fees.ProofRequired: no such exemption, or nothing shows it.
    """
    accounts.require_assurance(actor)
    dossier = dossiers.take(dossier_id, version=version)
    if result_way:
        dossiers.direct_result(dossier, way=_way(result_way), post_to=post_to)
    dossiers.advance(dossier, Action.SUBMIT, actor=actor, at=at)
    fees.reckon(dossier, actor=actor, at=at, anew=True)
    if exemption:
        fees.claim(dossier, reason=exemption, proof=proof, actor=actor, at=at)
    return dossier


@operation
def file_at_counter(
    *, procedure_code: str, receiving_unit_id: int, resolving_unit_id: int, answers: Mapping[str, Mapping[str, Any]],
    papers: Sequence[Mapping[str, Any]], actor: Actor, at: datetime, channel: str = Dossier.Channel.DIRECT,
    result_way: str = Dossier.ResultWay.DESK, post_to: Mapping[str, Any] | None = None,
    representation: Mapping[str, Any] | None = None, duplicate_reason: str = "", payment: Payment | None = None,
) -> Dossier:
    """Take in a whole dossier at the desk: draft, pages, papers, receipt with its code, scans, all or nothing.

    The receipt lists what was laid on the desk; the scans that the desk made of it come after and are not on it.

    :param answers: page code → the page's answers.
    :param papers: each ``{component, copies?, is_original?, note?, scans?}``, the last a sequence of :class:`Scan`.
    :param payment: what the desk does about the fee.
    :raises dossiers.FeeUnpaid: something is owed, and neither paid nor put off.
    :raises files.FileType, files.FileTooLarge, files.FileInfected: a scan is not taken in; nothing is.
    """
    dossier = start_draft(
        procedure_code=procedure_code, receiving_unit_id=receiving_unit_id, resolving_unit_id=resolving_unit_id,
        channel=channel, actor=actor, at=at,
    )
    for page, given in answers.items():
        dossier = save_page(dossier_id=dossier.pk, page=page, answers=given, actor=actor, at=at)
    if representation is not None:
        represent(dossier_id=dossier.pk, representation=representation, actor=actor, at=at)
    for paper in papers:
        attach_paper(dossier_id=dossier.pk, actor=actor, at=at, **{k: v for k, v in paper.items() if k != "scans"})
    submit(dossier_id=dossier.pk, result_way=result_way, post_to=post_to, actor=actor, at=at)
    dossier = receive(dossier_id=dossier.pk, duplicate_reason=duplicate_reason, payment=payment, actor=actor, at=at)
    for paper in papers:
        for scan in paper.get("scans", ()):
            attach(
                dossier_id=dossier.pk, component=paper["component"], content=scan.content, name=scan.name,
                media_type=scan.media_type, actor=actor, at=at,
            )
    return dossier


# -- the desk


@operation
def receive(
    *, dossier_id: UUID, actor: Actor, at: datetime, duplicate_reason: str = "", fee_deferred: bool | None = None,
    version: int | None = None, payment: Payment | None = None,
) -> Dossier:
    """Take the dossier in: code, due date, slip 01. The clock starts.

    :param payment: what the desk does about the fee; ``fee_deferred`` alone puts it off.
    :raises dossiers.DuplicateOpen: the applicant has another one open, and no ``duplicate_reason`` is given.
    :raises dossiers.FeeUnpaid: something is owed, and neither paid nor put off.
    """
    dossier = dossiers.take(dossier_id, version=version)
    payment = payment or Payment(deferred=fee_deferred)
    if payment.deferred is not None:
        dossier.fee_deferred = payment.deferred
    payment.apply(dossier, actor=actor, at=at)
    dossiers.advance(dossier, Action.RECEIVE, actor=actor, at=at, duplicate_reason=duplicate_reason)
    return dossier


@operation
def ask_supplement(
    *, dossier_id: UUID, reasons: Sequence[str], actor: Actor, at: datetime, note: str = "", version: int | None = None
) -> Dossier:
    """Ask for everything that is missing, item by item, in one request: slip 02. After receipt the clock stops."""
    return _move(dossier_id, Action.ASK_SUPPLEMENT, actor, at, version=version, reasons=reasons, note=note)


@operation
def answer_supplement(
    *, dossier_id: UUID, actor: Actor, at: datetime, note: str = "", version: int | None = None
) -> Dossier:
    """Send in what was asked for; the clock goes on where it stood still."""
    accounts.require_assurance(actor)
    dossier = _move(dossier_id, Action.ANSWER_SUPPLEMENT, actor, at, version=version, note=note)
    if dossier.received_at is None:  # the declaration may say something else now
        fees.reckon(dossier, actor=actor, at=at, anew=True)
    return dossier


@operation
def refuse(
    *, dossier_id: UUID, reason_code: str, text: str, actor: Actor, at: datetime, version: int | None = None
) -> Dossier:
    """Turn the request away, with a reason from the list and in words: slip 03."""
    return _move(dossier_id, Action.REFUSE, actor, at, version=version, reason_code=reason_code, note=text)


@operation
def assign(
    *, dossier_id: UUID, to_user_id: UUID, actor: Actor, at: datetime, note: str = "", version: int | None = None
) -> Dossier:
    """Hand the dossier over to a case officer of the resolving office."""
    person = User.objects.filter(pk=to_user_id, kind=User.Kind.STAFF, is_active=True).first()
    if person is None:
        raise rules.UnknownPerson()
    return _move(dossier_id, Action.ASSIGN, actor, at, version=version, to_person=person, note=note)


@operation
def settle_fee(*, dossier_id: UUID, receipt_no: str, actor: Actor, at: datetime) -> Dossier:
    """Note that the fee was paid, by a receipt that was made outside the platform; a pause for it ends.

    :raises fees.NoReceiptNumber: no receipt number.
    :raises fees.NothingOwed: nothing is owed.
    """
    fees.note_paper_receipt(dossier_id=dossier_id, receipt_no=receipt_no, actor=actor, at=at)
    return dossiers.take(dossier_id)


# -- the office


@operation
def begin(*, dossier_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> Dossier:
    """The case officer takes the dossier up."""
    return _move(dossier_id, Action.BEGIN, actor, at, version=version)


@operation
def propose(
    *, dossier_id: UUID, actor: Actor, at: datetime, acknowledged: Mapping[str, str] | None = None, note: str = "",
    version: int | None = None,
) -> Dossier:
    """Put the dossier before the leader; every warning of the checks needs the officer's reason.

    :raises dossiers.UnresolvedErrors: an error, or a warning without a reason.
    """
    dossier = dossiers.take(dossier_id, version=version)
    if dossier.state == State.ASSIGNED and not dossier.overlay:
        dossiers.advance(dossier, Action.BEGIN, actor=actor, at=at)
    answered = {code: reason.strip() for code, reason in (acknowledged or {}).items() if reason.strip()}
    findings = dossier.handler.find(dossier, actor=actor, at=at)
    open_points = [f for f in findings if f.severity == "error" or f.code not in answered]
    if open_points:
        raise dossiers.UnresolvedErrors(names="; ".join(f.message for f in open_points),
                                        codes=[f.code for f in open_points])
    dossier.acknowledged = {f.code: answered[f.code] for f in findings}
    dossiers.advance(dossier, Action.PROPOSE, actor=actor, at=at, note=note, acknowledged=dossier.acknowledged)
    return dossier


@operation
def review(*, dossier_id: UUID, actor: Actor, at: datetime, note: str = "", version: int | None = None) -> Dossier:
    """The division head agrees that the leader may sign."""
    return _move(dossier_id, Action.REVIEW, actor, at, version=version, note=note)


@operation
def send_back(*, dossier_id: UUID, note: str, actor: Actor, at: datetime, version: int | None = None) -> Dossier:
    """Give the dossier back to the case officer, saying why."""
    return _move(dossier_id, Action.SEND_BACK, actor, at, version=version, note=note)


@operation
def approve(*, dossier_id: UUID, actor: Actor, at: datetime, version: int | None = None) -> Dossier:
    """The leader decides: the procedure's own operation does it, in this transaction.

    :raises rules.DecidedMeanwhile: another leader was first; who and when is told.
    :raises dossiers.StateConflict: it is not before the leader.
    :raises Refusal: whatever the procedure's own decision refuses.
    """
    dossier = dossiers.take(dossier_id, version=version)
    handler = dossier.handler
    if dossier.state != State.AWAITING_APPROVAL:
        _require_undecided(dossier, actor)
        raise dossiers.StateConflict(state=dossiers.STATE_TITLES[State(dossier.state)],
                                     action=dossiers.ACTION_TITLES[Action.APPROVE], current=dossier.state)
    handler.decide_now(dossier_id=dossier.pk, actor=actor, at=at)
    decided = dossiers.take(dossier_id)
    if decided.state == State.AWAITING_APPROVAL:
        raise RuntimeError(f"the decision of {handler.code} left the dossier where it was")
    return decided


def approve_in_person(
    *, dossier_id: UUID, actor: Actor, at: datetime, code: str = "", version: int | None = None,
    once: Once | None = None,
) -> Dossier:
    """:func:`approve`, after the leader has shown with the authenticator's code that it is they.

    :raises accounts.WrongCode: not the code that is shown now.
    """
    accounts.require_presence(code=code, actor=actor, at=at, once=once)
    return approve(dossier_id=dossier_id, actor=actor, at=at, version=version, once=once)


@operation
def pause_fee(
    *, dossier_id: UUID, note: str, actor: Actor, at: datetime, amount: int | None = None, fee: str = "",
    count: fees.Count | None = None, version: int | None = None,
) -> Dossier:
    """Ask for a fee and stop the clock until it is paid: one of the procedure's (``fee``), or an amount in đồng.

    :raises dossiers.ReasonRequired: no words for it.
    :raises rules.NoAmount: nothing would be owed.
    :raises fees.Unpriced, fees.UnknownFee, fees.BadCount: see ``shared.fees``.
    """
    dossier = dossiers.take(dossier_id, version=version)
    if (not fee and amount is None) or (amount is not None and amount <= 0):
        raise rules.NoAmount()
    line = fees.ask(dossier, note=note, amount=amount, code=fee, count=count, actor=actor, at=at)
    if not line.amount:
        raise rules.NoAmount()
    owed = fees.owed(dossier)
    dossier.fee_amount, dossier.fee_paid_at, dossier.fee_deferred = owed, None, False
    dossiers.advance(dossier, Action.PAUSE_FEE, actor=actor, at=at, note=note, amount=owed)
    return dossier


@operation
def ask_agency(
    *, dossier_id: UUID, agency: str, note: str, actor: Actor, at: datetime, version: int | None = None
) -> Dossier:
    """Note that another agency was asked; the clock runs on."""
    return _move(dossier_id, Action.ASK_AGENCY, actor, at, version=version, note=note, agency=agency)


@operation
def resume(
    *, dossier_id: UUID, actor: Actor, at: datetime, receipt_no: str = "", note: str = "", version: int | None = None
) -> Dossier:
    """End the wait for another agency, or the pause for a fee that was paid by a receipt made outside.

    :raises dossiers.FeeUnpaid: the fee was not paid.
    """
    dossier = dossiers.take(dossier_id, version=version)
    if dossier.overlay == Overlay.PAUSED_FEE and receipt_no.strip():
        return settle_fee(dossier_id=dossier_id, receipt_no=receipt_no, actor=actor, at=at)
    dossiers.advance(dossier, Action.RESUME, actor=actor, at=at, note=note, receipt_no=receipt_no)
    return dossier


@operation
def extend(
    *, dossier_id: UUID, new_due: datetime, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Dossier:
    """Apologise and name a later day, once and before the due day: form 04. It is due when the office closes that day.

    :raises rules.WrongDate: not a working day, or more than a year ahead.
    """
    if not timedelta(0) <= new_due - at <= rules.LONGEST_EXTENSION:
        raise rules.WrongDate()
    working = calendar.working_calendar()
    day = localdate(new_due)
    if not working.is_working_day(day):
        raise rules.WrongDate()
    new_due = working.closing(day)
    return _move(dossier_id, Action.EXTEND, actor, at, version=version, new_due=new_due, note=reason)


@operation
def transfer(
    *, dossier_id: UUID, to_unit_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Dossier:
    """Hand the matter over to the office that has power over it now; code and due date stay."""
    return _move(dossier_id, Action.TRANSFER, actor, at, version=version, to_unit=_unit(to_unit_id), note=reason)


# -- the end


@operation
def return_result(
    *, dossier_id: UUID, way: str, actor: Actor, at: datetime, received_by: str = "", version: int | None = None
) -> Dossier:
    """Hand the result out, at the desk or electronically; one that goes by post goes by the postal hand-over.

    :raises rules.GoesByPost: by post, or while it is on its way there.
    :raises dossiers.OriginalMissing: what the law wants signed by hand before is not scanned or not verified.
    """
    if _way(way) == Dossier.ResultWay.POST or dossiers.take(dossier_id).overlay == Overlay.AT_POST:
        raise rules.GoesByPost()
    return _move(dossier_id, Action.RETURN, actor, at, version=version, way=_way(way), received_by=received_by)


@operation
def close(*, dossier_id: UUID, actor: Actor, at: datetime, note: str = "", version: int | None = None) -> Dossier:
    """End a dossier whose result was handed out.

    :raises dossiers.OriginalMissing: what the law wants signed by hand is not scanned or not verified.
    """
    return _move(dossier_id, Action.CLOSE, actor, at, version=version, note=note)


@operation
def attach_signed_scan(
    *, dossier_id: UUID, original: str, content: bytes | BinaryIO, name: str, media_type: str, actor: Actor,
    at: datetime,
) -> SignedScan:
    """Add the scan of a paper that the law still wants signed by hand.

    :raises access.Forbidden: neither the desk nor an officer of the office.
    :raises dossiers.StateConflict: there is no result yet, or the dossier has ended.
    :raises dossiers.UnknownOriginal, dossiers.ScanTwice: no such paper is wanted, or its scan is there.
    :raises files.FileType, files.FileNoScan, files.FileTooLarge, files.FileInfected: the file is not taken in.
    """
    from tuphap.shared.files import api as files

    dossier = dossiers.take(dossier_id)
    dossiers.require_attachable(dossier, original=original, actor=actor, at=at)
    stored = files.store(content, name=name, media_type=media_type, actor=actor, at=at, scan_of_paper=True)
    return dossiers.attach_scan(dossier, original=original, file=stored, actor=actor, at=at)


@operation
def verify_signed_scan(*, dossier_id: UUID, scan_id: int, actor: Actor, at: datetime) -> SignedScan:
    """Say that the scan shows the paper whole and signed; another than who attached it.

    :raises access.Forbidden: no officer of the office.
    :raises dossiers.OwnScan, dossiers.UnknownScan, dossiers.ScanSettled: not this one, not by this person.
    """
    return dossiers.verify_scan(dossiers.take(dossier_id), scan_id, actor=actor, at=at)


@operation
def send_signed_scan_back(*, dossier_id: UUID, scan_id: int, reason: str, actor: Actor, at: datetime) -> SignedScan:
    """Refuse the scan, saying why, or take one's own back: another is to be made.

    :raises access.Forbidden: no officer of the office, and not who attached it.
    :raises dossiers.ReasonRequired, dossiers.UnknownScan, dossiers.ScanSettled: not so, not this one.
    """
    return dossiers.send_scan_back(dossiers.take(dossier_id), scan_id, reason=reason, actor=actor, at=at)


@operation
def rate(*, dossier_id: UUID, stars: int, actor: Actor, at: datetime, words: str = "") -> Dossier:
    """The applicant says how they were served: one to five stars and a word, once, some days after the return.

    :raises dossiers.NotTheApplicant, dossiers.NotRateable, dossiers.RatingClosed, dossiers.RatedBefore: not now.
    :raises dossiers.WrongStars: not one to five.
    """
    accounts.require_assurance(actor)
    dossier = dossiers.take(dossier_id)
    dossiers.rate(dossier, stars=stars, words=words[:1000], actor=actor, at=at)
    return dossier


@operation
def withdraw(*, dossier_id: UUID, actor: Actor, at: datetime, note: str = "", version: int | None = None) -> Dossier:
    """The applicant takes the request back."""
    return _move(dossier_id, Action.WITHDRAW, actor, at, version=version, note=note)


@operation
def stop(*, dossier_id: UUID, reason: str, actor: Actor, at: datetime, version: int | None = None) -> Dossier:
    """Stop the handling, saying why: slip 05."""
    return _move(dossier_id, Action.STOP, actor, at, version=version, note=reason)


# -- timers


@operation
def stop_unanswered(*, dossier_id: UUID, actor: Actor, at: datetime) -> Dossier:
    """Stop a dossier whose supplement was not sent in time.

    :raises rules.NotYet: there is time left, or nothing was asked for.
    """
    dossier = dossiers.take(dossier_id)
    if dossier.supplement_due_at is None or at <= dossier.supplement_due_at:
        raise rules.NotYet()
    dossiers.advance(dossier, Action.STOP, actor=actor, at=at,
                     note="Hết thời hạn bổ sung mà người nộp không bổ sung, hoàn thiện hồ sơ.")
    return dossier


@operation
def close_returned(*, dossier_id: UUID, actor: Actor, at: datetime) -> Dossier:
    """Close a dossier some time after its result was handed out."""
    return _move(dossier_id, Action.CLOSE, actor, at, note="Tự động kết thúc sau khi trả kết quả.")


@operation
def move_to_successor(*, dossier_id: UUID, to_unit_id: int, actor: Actor, at: datetime) -> Dossier:
    """Hand an open dossier of an office that is no more over to the office that followed it."""
    return _move(dossier_id, Action.TRANSFER, actor, at, to_unit=_unit(to_unit_id),
                 note="Chuyển thẩm quyền do sắp xếp đơn vị hành chính.")


@operation
def recompute_due(*, dossier_id: UUID, reason: str, actor: Actor, at: datetime) -> Dossier:
    """Count the due date of an open dossier anew after the working calendar has changed; old and new are logged.

    One whose due date stays is left as it is.
    """
    dossier = dossiers.take(dossier_id)
    if dossiers.counted_now(dossier) != (dossier.due_at, dossier.original_due_at):
        dossiers.advance(dossier, Action.RECOMPUTE, actor=actor, at=at, note=reason)
    return dossier


# -- several at once


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one dossier among several: done, or refused and why."""

    dossier_id: UUID
    done: bool
    refusal: Refusal | None = None


def approve_each(
    *, dossier_ids: Iterable[UUID], actor: Actor, at: datetime, code: str = "", once: Once | None = None
) -> list[Outcome]:
    """Approve several dossiers, each in a transaction of its own: one that is refused does not hold up the others.

    One code of the authenticator stands for them all.

    :raises accounts.WrongCode: not the code that is shown now; none of them is approved.
    """
    accounts.require_presence(code=code, actor=actor, at=at, once=once)
    outcomes = []
    for dossier_id in dossier_ids:
        key: dict[str, Any] = {"once": Once(f"{once.key}.{dossier_id}"[:120], once.body)} if once else {}
        try:
            approve(dossier_id=dossier_id, actor=actor, at=at, **key)
        except Refusal as refusal:
            outcomes.append(Outcome(dossier_id, done=False, refusal=refusal))
        else:
            outcomes.append(Outcome(dossier_id, done=True))
    return outcomes


# -- helpers


def _move(dossier_id: UUID, action: Action, actor: Actor, at: datetime, *, version: int | None = None,
          **told: Any) -> Dossier:
    dossier = dossiers.take(dossier_id, version=version)
    dossiers.advance(dossier, action, actor=actor, at=at, **told)
    return dossier


def _require_undecided(dossier: Dossier, actor: Actor) -> None:
    """:raises rules.DecidedMeanwhile: somebody else has approved it, and may be told to who may see it."""
    decided = dossier.events.filter(action=Action.APPROVE).order_by("seq").last()
    if dossier.approved_by_id is None or decided is None or decided.actor_id == actor.user_id:
        return
    if access.may(actor, dossier.levels.sign, unit_id=dossier.resolving_unit_id, on=localdate(decided.at)):
        raise rules.DecidedMeanwhile(name=decided.actor_name, moment=f"{localtime(decided.at):%H:%M %d/%m/%Y}",
                                     current=dossier.state)


def _filing_citizen(actor: Actor) -> User | None:
    """The account of a citizen who files for themselves; None for staff.

    :raises accounts.NotLoggedIn, accounts.AssuranceTooLow: nobody, or too weak an identity.
    """
    accounts.require_assurance(actor)
    if actor.kind is not ActorKind.CITIZEN or actor.user_id is None:
        return None
    return User.objects.get(pk=actor.user_id)


def _unit(unit_id: int) -> OrgUnit:
    unit = OrgUnit.objects.select_related("successor").filter(pk=unit_id).first()
    if unit is None:
        raise rules.UnknownUnit()
    return unit


def _way(way: str) -> str:
    if way not in Dossier.ResultWay.values:
        raise rules.WrongWay()
    return way
