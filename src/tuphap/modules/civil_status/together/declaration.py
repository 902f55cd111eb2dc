"""What is declared: a birth, and by what the parent who is no spouse of the other recognises the child.

Basis: Thông tư 04/2020/TT-BTP, Điều 15, 16; Luật Hộ tịch 2014, Điều 14–16, 24–25; Nghị định 123/2015/NĐ-CP, Điều 15.
"""

from __future__ import annotations

from typing import Annotated

from tuphap.shared.dossiers.api import Procedure
from tuphap.shared.people.api import Sex

from .. import rules
from ..answers import BirthDeclaration, Gather, PersonBlock, as_error, missing
from ..events.asking import Ask
from ..events.blocks import Copies
from ..events.recognition import Child, Grounds, Parent, RecognitionDeclaration, Who
from ..rules import Relation


class Proof(Copies, Grounds):
    """By what the parent recognises the child, and copies of the extract of that."""

    copies: Annotated[int, Ask("Số bản sao trích lục đăng ký nhận cha, mẹ, con", optional=True)] = 0


class RecognitionBeside(RecognitionDeclaration):
    """The recognition as its own procedure would have it declared; read from the pages of the birth."""

    proof: Proof  # type: ignore[assignment]  # the same grounds; who files is told with the birth
    files: Who

    def who_files(self) -> Who:
        return self.files


class RecognisedBirthDeclaration(BirthDeclaration):
    """A whole declaration of a birth whose father (or mother) recognises the child.

    ``father.recognition`` says that the father does; where it does not, the mother does, and no father is named. The
    mother stays blank where she is not known (Nghị định 123/2015/NĐ-CP, Điều 15 khoản 4).
    """

    proof: Proof

    def _check_parents(self, errors: Gather) -> None:
        father = self.father
        if self.child.foundling:
            errors.add("child.foundling", as_error(rules.FoundlingRecognised()))
        if father.parents_married:
            errors.add("father.parents_married", as_error(rules.ParentsMarried()))
            return
        errors.check(
            lambda: rules.check_father(
                parents_married=False, recognition=father.recognition, father_given=father.given),
            "father.name",
        )
        if not father.recognition and not self.mother.given:
            errors.add("mother.name", as_error(rules.NobodyRecognises()))

    def _check_recognition(self, errors: Gather) -> None:
        """Who recognises is told whole, and asks in person."""
        block, parent = ("father", self.father) if self.father.recognition else ("mother", self.mother)
        if parent.given and not parent.personal_number and not parent.id_number:
            errors.add(f"{block}.personal_number", missing("số định danh cá nhân hoặc số giấy tờ tùy thân"))
        if self.declarant.relation not in rules.MAY_RECOGNISE:
            errors.add("declarant.relation", as_error(rules.DeclarantNoParty()))

    @property
    def other_parent(self) -> PersonBlock:
        """Who does not recognise: the mother who bore the child, as a rule; perhaps nobody."""
        return self.mother if self.father.recognition else self.father

    def recognition(self) -> RecognitionBeside:
        """The recognition by itself; the child lives with its mother, or with whom it is recognised by."""
        parent, sex = (self.father, Sex.MALE) if self.father.recognition else (self.mother, Sex.FEMALE)
        child = self.child
        return RecognitionBeside(
            parent=Parent(**{name: getattr(parent, name) for name in PersonBlock.model_fields}, sex=sex),
            child=Child(
                name=child.name, sex=child.sex, born_on=child.born_on, ethnicity=child.ethnicity,
                nationality=child.nationality, personal_number=child.personal_number,
                residence=self.mother.residence or parent.residence,
            ),
            proof=self.proof,
            files=Who.CHILD if self.declarant.relation is Relation.SELF else Who.PARENT,
        )


def declaration(procedure: Procedure) -> type[RecognisedBirthDeclaration]:
    """The model of such a declaration: the same in every version so far."""
    return RecognisedBirthDeclaration
