"""The fee lines of a dossier: reckoned from its version's rows, asked for, not owed for a reason. Inside operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.kernel.text import tidy
from tuphap.shared.audit import api as audit
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Dossier, Procedure

from . import rules
from .models import FeeLine
from .rules import Charge, Count, Event, Tariff


def tariffs(procedure: Procedure) -> list[Tariff]:
    """The fees of a version of a procedure, in its order."""
    return [Tariff.read(row) for row in procedure.fee_rules]


def tariff(procedure: Procedure, code: str) -> Tariff:
    """One of them.

    :raises rules.UnknownFee: the version has no such fee.
    """
    found = next((one for one in tariffs(procedure) if one.code == code), None)
    if found is None:
        raise rules.UnknownFee()
    return found


def is_online(dossier: Dossier) -> bool:
    return dossier.channel == Dossier.Channel.ONLINE


def expected(dossier: Dossier) -> list[tuple[Tariff, Count, Charge]]:
    """What filing this declaration would cost by the law of the day; what is free or not set is left out."""
    found = []
    for one in tariffs(dossier.procedure):
        if not one.is_owed_with_filing:
            continue
        count = rules.counted(one, dossier.answers)
        found.append((one, count, rules.charge(one, count, online=is_online(dossier))))
    return found


def lines(dossier: Dossier) -> list[FeeLine]:
    """What is owed or was paid, without what no longer counts."""
    standing = FeeLine.objects.filter(dossier=dossier, closed_at__isnull=True).select_related("receipt")
    found = list(standing.order_by("pk"))
    for line in found:
        line.dossier = dossier
    return found


def owed(dossier: Dossier) -> int:
    """How much is still to be paid."""
    return sum(line.amount for line in lines(dossier) if line.is_owed)


def reckon(
    dossier: Dossier, *, actor: Actor, at: datetime, counts: Mapping[str, Count] | None = None,
    exempt: Mapping[str, tuple[str, str]] | None = None, anew: bool = False,
) -> list[FeeLine]:
    """Assess a locked dossier that is not received yet by the law of the day; what was decided of a fee is kept.

    :param counts: code of a fee → how much, where the desk knows better than the declaration.
    :param exempt: code of a fee → reason and proof.
    :param anew: the declaration may have changed: it is counted again.
    :raises rules.UnknownFee: a code that is none of the version's.
    :raises rules.BadCount, rules.NotExempt, rules.ProofRequired: see :mod:`.rules`.
    """
    dossiers.follow_law(dossier, on=localdate(at))
    known = {one.code: one for one in tariffs(dossier.procedure)}
    given, spared = counts or {}, exempt or {}
    if not {*given, *spared} <= known.keys():
        raise rules.UnknownFee()
    before = {line.code: line for line in lines(dossier) if not line.asked}
    if not before and not any(one.is_owed_with_filing for one in known.values()):
        return []
    for old in before.values():
        stays = old.code in known and known[old.code].is_owed_with_filing
        if not stays and old.receipt_id is None:
            old.closed_at = at
            old.save(update_fields=["closed_at"])
    for one in known.values():
        if not one.is_owed_with_filing:
            continue
        line = before.get(one.code)
        if line is not None and line.receipt_id is not None:
            if one.code in given or one.code in spared:
                raise rules.FeePaid()
            continue
        if one.code in given:
            count = given[one.code]
        elif line is not None and not anew:
            count = Count(line.quantity, line.copies)
        else:
            count = rules.counted(one, dossier.answers)
        kept = line or FeeLine(dossier=dossier, code=one.code, added_at=at)
        _write(kept, one, count, online=is_online(dossier))
        if one.code in spared:
            _spare(kept, one, *spared[one.code], actor=actor)
        elif kept.exemption:
            _spare(kept, one, kept.exemption, kept.proof, actor=actor)
        kept.save()
    keep(dossier)
    found = lines(dossier)
    audit.record(Event.ASSESSED, subject=dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id,
                 amount=sum(line.amount for line in found), fees=[line.code for line in found],
                 exempt=[line.exemption for line in found if line.exemption])
    return found


def ask(
    dossier: Dossier, *, note: str, actor: Actor, at: datetime, amount: int | None = None, code: str = "",
    count: Count | None = None,
) -> FeeLine:
    """One fee more, wanted by the office: by a row of the version, or an amount with words for what it is.

    :raises rules.UnknownFee, rules.Unpriced, rules.BadCount: see :mod:`.rules`.
    """
    if code:
        one = tariff(dossier.procedure, code)
        if amount is not None:  # the province has set it, and the catalogue does not say so yet
            one = Tariff(code=one.code, name=one.name, amount=amount, basis=one.basis, exempt=one.exempt,
                         reduced=one.reduced, reduced_percent=one.reduced_percent)
        count = count or rules.counted(one, dossier.answers)
    else:
        one, count = Tariff(code="khac", name=tidy(note).rstrip(".")[:300], amount=amount), Count()
    line = FeeLine(dossier=dossier, code=one.code, added_at=at, asked=True)
    _write(line, one, count)
    line.save()
    audit.record(Event.ASKED, subject=dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id, fee=line.code,
                 amount=line.amount)
    return line


def claim(dossier: Dossier, *, reason: str, proof: str, actor: Actor, at: datetime) -> None:
    """The applicant says that nothing is owed, or less, and what shows it; the desk decides.

    :raises rules.NotExempt: no fee of the dossier knows this reason.
    :raises rules.ProofRequired: nothing shows it.
    """
    if not proof.strip():
        raise rules.ProofRequired()
    known = {one.code: one for one in tariffs(dossier.procedure)}
    found = [line for line in lines(dossier) if line.is_owed and reason in known[line.code].reasons] \
        if reason in rules.EXEMPTIONS else []
    if not found:
        raise rules.NotExempt(name=dossier.procedure.name)
    for line in found:
        line.claim, line.claim_proof = reason, proof.strip()[:300]
        line.save(update_fields=["claim", "claim_proof"])
    audit.record(Event.CLAIMED, subject=dossier, actor=actor, at=at, unit_id=dossier.receiving_unit_id, reason=reason)


def spare(line: FeeLine, *, reason: str, proof: str, actor: Actor) -> None:
    """Let a line that is owed be owed no more, or in part: as the fee says of the reason.

    :raises rules.FeePaid: it was paid.
    :raises rules.NotExempt, rules.ProofRequired: the fee does not know the reason; nothing shows it.
    """
    if line.receipt_id is not None:
        raise rules.FeePaid()
    known = {one.code: one for one in tariffs(line.dossier.procedure)}
    if line.code not in known:
        raise rules.NotExempt(name=line.name)
    _spare(line, known[line.code], reason, proof, actor=actor)
    line.save()


def _spare(line: FeeLine, one: Tariff, reason: str, proof: str, *, actor: Actor) -> None:
    if reason not in one.reasons or reason not in rules.EXEMPTIONS:
        raise rules.NotExempt(name=one.name)
    if not proof.strip():
        raise rules.ProofRequired()
    left = rules.owed_of(one, line.full, online=not line.asked and is_online(line.dossier), exemption=reason)
    if line.exemption != reason:  # what is only counted anew stays the decision of who took it
        line.exempted_by_name = actor.name[:100]
    line.exemption, line.proof = reason, proof.strip()[:300]
    line.reduction, line.amount = left.reduction, left.amount


def _write(line: FeeLine, one: Tariff, count: Count, *, online: bool = False) -> None:
    reckoned = rules.charge(one, count, online=online)
    line.name, line.basis, line.unit, line.base = one.name, one.basis, one.unit, one.amount or 0
    line.quantity, line.copies = count.quantity, count.copies
    line.full, line.reduction, line.amount = reckoned.full, reckoned.reduction, reckoned.amount


def keep(dossier: Dossier) -> None:
    """Let the locked dossier say what its lines do: what is asked for now, or what was paid, when, by which receipt.

    ``Dossier.fee_amount`` is what is owed while anything is, else all that was paid.
    """
    found = lines(dossier)
    left = sum(line.amount for line in found if line.is_owed)
    paid = [line.receipt for line in found if line.receipt is not None]
    last = max(paid, key=lambda receipt: receipt.paid_at, default=None)
    dossier.fee_amount = left or sum(line.amount for line in found if line.receipt is not None)
    dossier.fee_paid_at = last.paid_at if last is not None and not left else None
    dossier.fee_receipt_no = last.receipt_no if last is not None else ""
    dossier.save(update_fields=["procedure", "answers", "fee_amount", "fee_paid_at", "fee_receipt_no", "fee_deferred",
                                "version"])
