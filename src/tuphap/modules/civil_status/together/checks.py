"""What the register has to say of a birth with a recognition: what is looked at for each of the two, told once.

Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from pydantic import ValidationError

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.dossiers.api import Dossier, Finding
from tuphap.shared.people.api import PartialDate

from .. import checks as births
from .. import rules
from ..answers import PersonBlock, declaration_of
from ..checks import act_text, error, same_person, warning
from ..events import recognition
from ..events.blocks import has_foreigner
from ..events.checks import foreign_procedure, kinship
from ..events.kinds import Case
from ..events.standing import Marriage, standing_of
from ..models import Party
from ..rules import PartyRole
from .declaration import RecognisedBirthDeclaration

# Of a recognition's own checks: office, day and numbers are looked at with the birth, which has not been before.
OF_RECOGNITION = (
    recognition.check_alive, recognition.check_recognised_before, recognition.check_age_gap, recognition.check_circle,
)


def checks(dossier: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """Everything the register has to say about both on this day; errors first."""
    try:
        declared = declaration_of(dossier)
    except ValidationError as faults:
        return births.incomplete(faults)
    assert isinstance(declared, RecognisedBirthDeclaration)  # this handler's own model
    return findings(declared, dossier=dossier, on=localdate(at))


def findings(declared: RecognisedBirthDeclaration, *, dossier: Dossier, on: date) -> list[Finding]:
    """As :func:`checks`, of a declaration already read."""
    case = Case(declared.recognition(), dossier, on)
    return births.errors_first([
        *births.findings(declared, dossier=dossier, on=on),
        *(found for check in OF_RECOGNITION for found in check(case)),
        *_consent(declared, case), *_mother(declared), *_husband(declared), *_kin(declared, on=on),
        *_foreign(declared, dossier),
    ])


def _consent(declared: RecognisedBirthDeclaration, case: Case) -> Iterator[Finding]:
    """The child's, and the other parent's where there is one (Luật Hộ tịch 2014, Điều 24, 25)."""
    for found in recognition.check_consent(case):
        if declared.other_parent.given or found.severity == "error":
            yield found


def _mother(declared: RecognisedBirthDeclaration) -> Iterator[Finding]:
    if not declared.mother.given:
        yield warning("mother_unknown", "Phần khai về người mẹ để trống: xác minh trẻ chưa xác định được mẹ.",
                      "Nghị định 123/2015/NĐ-CP, Điều 15 khoản 4")


def _husband(declared: RecognisedBirthDeclaration) -> Iterator[Finding]:
    """A child born in wedlock has the husband for its father; whoever says otherwise goes to the court.

    Basis: Luật Hôn nhân và gia đình 2014, Điều 88, 89; Thông tư 04/2020/TT-BTP, Điều 16 khoản 2, 4.
    """
    mother, father = declared.mother, declared.father
    if not mother.given:
        return
    for marriage in standing_of(same_person(mother)).marriages:
        wife, husband = marriage.act.party(PartyRole.WIFE), marriage.act.party(PartyRole.HUSBAND)
        if wife is None or husband is None or not _is(mother, wife):
            continue
        evidence = f"{act_text(marriage.act)} ({husband.name})"
        if father.given and _is(father, husband) and marriage.ended_by is None:
            yield error("parents_married", "Theo sổ hộ tịch, cha mẹ có đăng ký kết hôn với nhau: không phải nhận con, "
                        "dùng thủ tục “Đăng ký khai sinh”.", evidence)
        elif rules.is_presumed_father(
            married_on=_began_on(marriage), ended_on=_ended_on(marriage), born_on=declared.child.born_on,
        ):
            yield error(
                "husband_presumed", "Theo sổ hộ tịch, trẻ sinh ra hoặc được thụ thai khi người mẹ đang có chồng: chồng "
                "được xác định là cha; việc nhận con do Tòa án giải quyết.", evidence,
            )


def _is(block: PersonBlock, party: Party) -> bool:
    return Party.objects.filter(same_person(block), pk=party.pk).exists()


def _began_on(marriage: Marriage) -> date:
    """When it began: what is registered anew or noted from abroad began before it was entered here."""
    act, again = marriage.act, marriage.act.facts.get("again") or {}
    if again.get("on"):
        return PartialDate.parse(again["on"]).earliest
    return act.event_earliest or act.registered_on


def _ended_on(marriage: Marriage) -> date | None:
    """When it ended: by the court's decision, by the death that is noted; else when that was noted."""
    note = marriage.ended_by
    if note is None:
        return None
    died = note.source.event_latest if note.source is not None else None
    return note.decided_on or died or note.noted_on


def _kin(declared: RecognisedBirthDeclaration, *, on: date) -> Iterator[Finding]:
    if declared.father.given and declared.mother.given:
        for message, evidence in kinship(declared.father, declared.mother, on=on):
            yield warning("parents_kin", f"Cha và mẹ của trẻ {message}", evidence)


def _foreign(declared: RecognisedBirthDeclaration, dossier: Dossier) -> Iterator[Finding]:
    """With a foreigner among them it takes the procedure made for it, with its papers and its limit."""
    yield from foreign_procedure(
        dossier, is_foreign=has_foreigner(declared.father, declared.mother),
        told="Có cha hoặc mẹ là người nước ngoài: dùng thủ tục “Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con có "
        "yếu tố nước ngoài”.")
