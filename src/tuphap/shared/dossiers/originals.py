"""Papers that the law still wants signed by hand: which a dossier needs, their scans, and who verified them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.api import constraint_means

from . import rules
from .handlers import desk
from .models import Dossier, SignedScan
from .rules import Action, State

# From when there is something to be signed, until nothing is changed any more.
OPEN_STEPS = (State.RESULT_READY, State.RETURNED)

constraint_means("dossiers_signedscan_one_living", rules.ScanTwice)


@dataclass(frozen=True, slots=True)
class Original:
    """One paper of a dossier that is signed by hand, with its living scan and those that were sent back."""

    code: str
    name: str
    before: str
    basis: str
    scan: SignedScan | None
    sent_back: tuple[SignedScan, ...] = ()

    @property
    def before_title(self) -> str:
        return rules.BEFORE_TITLES[rules.Before(self.before)]

    @property
    def is_settled(self) -> bool:
        return self.scan is not None and self.scan.verified_at is not None


def originals_of(dossier: Dossier) -> list[Original]:
    """What the dossier's version of the procedure wants signed by hand; no query where it wants nothing."""
    declared = dossier.procedure.originals
    if not declared:
        return []
    scans = list(
        dossier.signed_scans.select_related("file", "added_by", "verified_by", "sent_back_by").order_by("pk")
    )
    return [_original(one, [scan for scan in scans if scan.original == one["code"]]) for one in declared]


def _original(declared: dict[str, str], scans: Iterable[SignedScan]) -> Original:
    living = [scan for scan in scans if scan.sent_back_at is None]
    return Original(
        code=declared["code"], name=declared["name"], before=declared["before"], basis=declared["basis"],
        scan=living[0] if living else None, sent_back=tuple(s for s in scans if s.sent_back_at is not None),
    )


def require_originals(dossier: Dossier, action: Action) -> None:
    """:raises OriginalMissing: the action waits for scans that are not there or not verified; they are named."""
    lacking = [
        one for one in originals_of(dossier) if rules.wanted_by(action, one.before) and not one.is_settled
    ]
    if lacking:
        raise rules.OriginalMissing(names="; ".join(one.name for one in lacking), codes=[one.code for one in lacking])


_WANTED = Func(F("procedure__originals"), function="jsonb_array_length", output_field=IntegerField())
_VERIFIED = Count("signed_scans", filter=Q(signed_scans__verified_at__isnull=False))


def with_originals(found: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Those of these dossiers whose papers signed by hand are all there and verified."""
    return found.annotate(wanted_scans=_WANTED, verified_scans=_VERIFIED).filter(verified_scans__gte=F("wanted_scans"))


def lacking_originals(found: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Those of these dossiers that have a result and still lack a scan, or somebody to verify it."""
    return found.filter(state__in=OPEN_STEPS).annotate(wanted_scans=_WANTED, verified_scans=_VERIFIED).filter(
        verified_scans__lt=F("wanted_scans")
    )


def may_attach_scan(dossier: Dossier, actor: Actor, at: datetime) -> bool:
    """The desk that hands out, and the officers who prepare such dossiers, scan what was signed before them."""
    on, here = localdate(at), desk()
    offices = (dossier.receiving_unit_id, dossier.resolving_unit_id)
    return dossier.state in OPEN_STEPS and (
        any(access.may(actor, here.hand_out, unit_id=unit, on=on) for unit in offices)
        or access.may(actor, dossier.levels.prepare, unit_id=dossier.resolving_unit_id, on=on)
    )


def may_verify_scan(dossier: Dossier, actor: Actor, at: datetime) -> bool:
    """Those who prepare or review such dossiers in the resolving office."""
    levels, on = dossier.levels, localdate(at)
    return any(
        access.may(actor, permission, unit_id=dossier.resolving_unit_id, on=on)
        for permission in (levels.prepare, levels.review) if permission
    )


def require_attachable(dossier: Dossier, *, original: str, actor: Actor, at: datetime) -> None:
    """Before a file is taken in.

    :raises access.Forbidden: neither the desk nor an officer of the office.
    :raises StateConflict: there is no result to be signed for yet, or the dossier has ended.
    :raises UnknownOriginal: the procedure wants no such paper.
    """
    if dossier.state not in OPEN_STEPS:
        raise rules.StateConflict(state=rules.STATE_TITLES[State(dossier.state)], action="Đính kèm bản quét đã ký",
                                  current=dossier.state)
    if not may_attach_scan(dossier, actor, at):
        access.require(actor, dossier.levels.prepare, unit_id=dossier.resolving_unit_id, on=localdate(at))
    if original not in {one["code"] for one in dossier.procedure.originals}:
        raise rules.UnknownOriginal()


def attach_scan(dossier: Dossier, *, original: str, file: StoredFile, actor: Actor, at: datetime) -> SignedScan:
    """Add the scan of one paper to a locked dossier, after :func:`require_attachable`; called inside an operation.

    :raises ScanTwice: a living scan of it is there.
    """
    scan = SignedScan.objects.create(
        dossier=dossier, original=original, file=file, added_by_id=actor.user_id or "", added_at=at
    )
    audit.record("dossiers.scan_attached", subject=dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id,
                 original=original, sha256=file.sha256)
    return scan


def verify_scan(dossier: Dossier, scan_id: int, *, actor: Actor, at: datetime) -> SignedScan:
    """Say that the scan shows the paper whole and signed.

    :raises access.Forbidden: no officer of the office.
    :raises OwnScan: whoever attached it.
    :raises UnknownScan, ScanSettled: there is none, or it was judged before.
    """
    scan = _to_judge(dossier, scan_id, actor, at)
    if scan.added_by_id == actor.user_id:
        raise rules.OwnScan(dossier=str(dossier.pk))
    scan.verified_by_id, scan.verified_at = actor.user_id, at
    scan.save(update_fields=["verified_by", "verified_at"])
    audit.record("dossiers.scan_verified", subject=dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id,
                 original=scan.original, sha256=scan.file.sha256)
    return scan


def send_scan_back(dossier: Dossier, scan_id: int, *, reason: str, actor: Actor, at: datetime) -> SignedScan:
    """Refuse the scan, saying why: another is to be made. Whoever attached it may take it back so.

    :raises access.Forbidden: no officer of the office, and not whoever attached it.
    :raises ReasonRequired: nothing was said.
    :raises UnknownScan, ScanSettled: there is none, or it was judged before.
    """
    scan = _to_judge(dossier, scan_id, actor, at, or_own=True)
    if not reason.strip():
        raise rules.ReasonRequired()
    scan.sent_back_by_id, scan.sent_back_at, scan.reason = actor.user_id, at, reason.strip()[:500]
    scan.save(update_fields=["sent_back_by", "sent_back_at", "reason"])
    audit.record("dossiers.scan_sent_back", subject=dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id,
                 original=scan.original, sha256=scan.file.sha256, why=scan.reason)
    return scan


def _to_judge(dossier: Dossier, scan_id: int, actor: Actor, at: datetime, *, or_own: bool = False) -> SignedScan:
    scan = dossier.signed_scans.select_related("file").filter(pk=scan_id).first()
    if scan is None:
        raise rules.UnknownScan()
    own = or_own and scan.added_by_id == actor.user_id
    if not own and not may_verify_scan(dossier, actor, at):
        access.require(actor, dossier.levels.prepare, unit_id=dossier.resolving_unit_id, on=localdate(at))
    if scan.verified_at is not None or scan.sent_back_at is not None:
        raise rules.ScanSettled()
    return scan
