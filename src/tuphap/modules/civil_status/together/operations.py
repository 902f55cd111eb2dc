"""The decision about both; the signing and what comes of it are those of every act."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.operation.api import operation

from .. import operations as register
from .. import rules
from ..answers import declaration_of
from ..events import operations as events
from ..events.recognition import RECOGNITION
from ..models import BirthAct
from .checks import findings
from .declaration import RecognisedBirthDeclaration


@operation
def approve_birth_with_recognition(*, dossier_id: UUID, actor: Actor, at: datetime) -> BirthAct:
    """Decide that the parent is recognised and the birth registered with that parent in it: two acts, two numbers.

    Each stands in its own book and gives its own papers, all signed by the approving chairman; the recognition names
    the birth as what it is about. Both wait in PENDING_SIGNATURE, the dossier in AWAITING_SIGNATURE.
    Basis: Thông tư 04/2020/TT-BTP, Điều 15; Luật Hộ tịch 2014, Điều 16, 25.

    :raises access.Forbidden: the actor holds no such grant in the resolving office on this day.
    :raises dossiers.StateConflict: the dossier is not before the chairman, or was decided already.
    :raises dossiers.SignerIsPreparer: the actor prepared the dossier.
    :raises rules.BornInTheFuture: the declared day lies ahead.
    :raises rules.PossibleDuplicate: the register has this child already.
    :raises dossiers.UnresolvedErrors: another check finds an error.
    :raises rules.BookClosed: one of the books of this year is closed.
    """
    today = localdate(at)
    dossier = dossiers.lock(dossier_id, actor=actor, permission=rules.Permission.SIGN, at=at)
    dossiers.advance(dossier, dossiers.Action.APPROVE, actor=actor, at=at)
    declared = declaration_of(dossier)
    assert isinstance(declared, RecognisedBirthDeclaration)  # this handler's own model
    declared.check_against_day(today=today)
    recognition = declared.recognition()
    people = [block for block in (declared.mother, declared.father, recognition.child) if block.given]
    register.hold(register.key_of_child(declared), *(name for block in people for name in events.names_of(block)))
    register.refuse_errors(findings(declared, dossier=dossier, on=today))
    birth = register.write_birth(declared, dossier, actor=actor, at=at)
    act = events.write(RECOGNITION, recognition, dossier, birth, actor=actor, at=at)
    register.ask_for_birth_papers(birth, copies=declared.copies.copies, actor=actor, at=at)
    events.ask_for_papers(RECOGNITION, act, copies=recognition.wanted_copies(), actor=actor, at=at)
    for made in (birth, act):
        register.tell_approved(made, dossier, actor=actor, at=at)
    return birth
