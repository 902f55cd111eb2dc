"""What a citizen declares for the registration of a birth: one block a person, checked field by field.

The same model reads a half-filled form (errors beside the fields), the submitted answers (nothing missing) and the
API's body. Error messages are Vietnamese; each lies at its field, as ``father.name``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from tuphap.kernel.refusal import Refusal
from tuphap.shared.dossiers.api import Applicant, Dossier, Finding, Procedure
from tuphap.shared.people.api import Address, PartialDate, PersonName, Sex, check_personal_number

from . import rules


def as_error(refusal: Refusal) -> PydanticCustomError:
    """A refusal as pydantic tells it: same code, same sentence."""
    text = refusal.message.replace("{", "{{").replace("}", "}}")
    return PydanticCustomError(refusal.code, text)


def checked(check: Callable[[], Any]) -> Any:
    """Run a check; its refusal becomes the error of the field."""
    try:
        return check()
    except Refusal as refusal:
        raise as_error(refusal) from refusal


def missing(what: str) -> PydanticCustomError:
    return PydanticCustomError("civil_status.required", "Vui lòng nhập {what}.", {"what": what})


def required(what: str) -> Callable[[Any], Any]:
    """Refuse an empty answer, naming what is missing."""

    def check(value: Any) -> Any:
        if value is None or value == "":
            raise missing(what)
        return value

    return check


def none_if_empty(value: Any) -> Any:
    return None if value == "" else value


def _name(name: str) -> str:
    """A name as it is kept, or nothing; see ``people.PersonName`` for what a name may hold."""
    return str(checked(lambda: PersonName(name))) if name else ""


def day_of(value: Any) -> Any:
    """A date of which perhaps only a part is known, from its text; its fault lies at the field itself."""
    return checked(lambda: PartialDate.parse(value)) if isinstance(value, str) and value else value


def _personal_number(number: str) -> str:
    if number:
        checked(lambda: check_personal_number(number, birth=None, sex=None))
    return number


Text = Annotated[str, BeforeValidator(lambda v: "" if v is None else v)]
# A name, a personal number of somebody who need not be told of.
NameText = Annotated[Text, AfterValidator(_name)]
NumberText = Annotated[Text, AfterValidator(_personal_number)]
OptionalDay = Annotated[date | None, BeforeValidator(none_if_empty)]


class Block(BaseModel):
    """One page of the form. Unknown keys are refused: a misspelt field must not be lost in silence."""

    # Deferred: a process meets few of all the forms, and to build each when it starts is a twentieth of its start.
    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid", defer_build=True)


class PersonNumberMixin(Block):
    """A person who may have a personal number."""

    personal_number: NumberText = ""


class ChildBlock(PersonNumberMixin):
    """The child: name, day and place of birth, order among those born together, native place."""

    name: str = Field(default="", validate_default=True)
    sex: Sex = Field(default=None, validate_default=True)
    born_on: PartialDate = Field(default=None, validate_default=True)
    birth_count: int = 1
    birth_order: int = 1
    ethnicity: str = Field(default="", validate_default=True)
    nationality: str = "Việt Nam"
    place_kind: rules.BirthPlaceKind = rules.BirthPlaceKind.FACILITY
    facility: Text = Field(default="", validate_default=True)
    place: Address = Field(default=None, validate_default=True)
    native_place: Address = Field(default=None, validate_default=True)
    birth_notice: Text = ""
    foundling: bool = False
    posted_from: OptionalDay = None
    posted_to: OptionalDay = None

    _sex_given = field_validator("sex", mode="before")(required("giới tính"))
    _born_read = field_validator("born_on", mode="before")(day_of)
    _born_given = field_validator("born_on", mode="before")(required("ngày sinh"))
    _ethnicity_given = field_validator("ethnicity", mode="before")(required("dân tộc"))
    _place_given = field_validator("place", mode="before")(required("nơi sinh"))
    _native_given = field_validator("native_place", mode="before")(required("quê quán"))

    @field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        if not name:
            raise missing("họ, chữ đệm, tên của trẻ")
        return _name(name)

    @field_validator("birth_count", "birth_order", mode="before")
    @classmethod
    def _counted(cls, value: Any) -> Any:
        return 1 if value in (None, "") else value

    @field_validator("birth_order")
    @classmethod
    def _among_twins(cls, order: int, entered: ValidationInfo) -> int:
        checked(lambda: rules.check_twins(count=entered.data.get("birth_count", order), order=order))
        return order

    @field_validator("facility")
    @classmethod
    def _facility_named(cls, facility: str, entered: ValidationInfo) -> str:
        if entered.data.get("place_kind") is rules.BirthPlaceKind.FACILITY and not facility:
            raise missing("tên cơ sở y tế nơi sinh")
        return facility


class PersonBlock(PersonNumberMixin):
    """A grown person as the certificate names a parent. Without a name the whole block counts as left blank."""

    name: Text = ""
    born_on: PartialDate | None = None
    ethnicity: Text = ""
    nationality: Text = "Việt Nam"
    residence: Address | None = None
    id_kind: Annotated[rules.IdKind | None, BeforeValidator(none_if_empty)] = None
    id_number: Text = ""

    _born_read = field_validator("born_on", mode="before")(day_of)
    _born_empty = field_validator("born_on", mode="before")(none_if_empty)
    _residence_empty = field_validator("residence", mode="before")(none_if_empty)

    _tidy_name = field_validator("name")(_name)

    @property
    def given(self) -> bool:
        return bool(self.name)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        with Gather(self) as errors:
            if not self.given:
                if self.personal_number or self.born_on is not None:
                    errors.add("name", missing("họ, chữ đệm, tên"))
                return self
            for field, what in self._needed():
                if not getattr(self, field):
                    errors.add(field, missing(what))
        return self

    def _needed(self) -> Iterator[tuple[str, str]]:
        yield "born_on", "ngày sinh (hoặc năm sinh)"
        yield "nationality", "quốc tịch"
        yield "residence", "nơi cư trú"


class MotherBlock(PersonBlock):
    """The mother; left blank for a foundling alone."""


class FatherBlock(PersonBlock):
    """The father, and what lets him be named: the parents' marriage, or a recognition that runs together with this."""

    parents_married: bool = False
    marriage_record: Text = ""
    recognition: bool = False


class DeclarantBlock(PersonBlock):
    """Who declares. A mother or father who declares is taken from her or his own block where this is left blank."""

    relation: rules.Relation = Field(default=None, validate_default=True)
    phone: Text = ""
    email: Text = ""

    _relation_given = field_validator("relation", mode="before")(required("quan hệ với trẻ"))

    def _needed(self) -> Iterator[tuple[str, str]]:
        if not self.id_number and not self.personal_number:
            yield "personal_number", "số định danh cá nhân hoặc số giấy tờ tùy thân"
        if self.relation in rules.TELL_RESIDENCE:
            yield "residence", "nơi cư trú"


class CopiesBlock(Block):
    """What is asked for beside the original."""

    copies: int = 0
    note: Text = ""

    @field_validator("copies", mode="before")
    @classmethod
    def _none_is_zero(cls, value: Any) -> Any:
        return 0 if value in (None, "") else value

    @field_validator("copies")
    @classmethod
    def _bounded(cls, copies: int) -> int:
        if not 0 <= copies <= rules.MOST_COPIES:
            raise PydanticCustomError(
                "civil_status.copies", "Số bản sao từ 0 đến {most}.", {"most": rules.MOST_COPIES}
            )
        return copies


class BirthDeclaration(Block):
    """A whole declaration. What needs the day of today is checked by :func:`check_against_day`."""

    child: ChildBlock
    mother: MotherBlock = Field(default_factory=MotherBlock)
    father: FatherBlock = Field(default_factory=FatherBlock)
    declarant: DeclarantBlock
    copies: CopiesBlock = Field(default_factory=CopiesBlock)

    @model_validator(mode="after")
    def _across(self) -> Self:
        with Gather(self) as errors:
            self._check_parents(errors)
            self._check_recognition(errors)
            self._check_order(errors)
            self._check_declarant(errors)
        return self

    def _check_parents(self, errors: Gather) -> None:
        if not self.mother.given and not self.child.foundling:
            errors.add("mother.name", as_error(rules.MotherMissing()))
        if self.child.foundling:
            return
        errors.check(
            lambda: rules.check_father(
                parents_married=self.father.parents_married, recognition=self.father.recognition,
                father_given=self.father.given,
            ),
            "father.name",
        )

    def _check_recognition(self, errors: Gather) -> None:
        """Nobody recognises the child here: that is an act of its own (see ``together``)."""
        if self.father.recognition:
            errors.add("father.recognition", as_error(rules.RecognitionApart()))

    def _check_order(self, errors: Gather) -> None:
        for role, title in (("mother", "mẹ"), ("father", "cha")):
            born_on = getattr(self, role).born_on
            if born_on is not None:
                errors.check(
                    lambda born_on=born_on, title=title: rules.check_before(  # type: ignore[misc]
                        earlier=born_on, later=self.child.born_on, field="born_on",
                        what=f"Ngày sinh của {title} phải trước ngày sinh của con.",
                    ),
                    f"{role}.born_on",
                )

    def _check_declarant(self, errors: Gather) -> None:
        relation = self.declarant.relation
        if relation in (rules.Relation.MOTHER, rules.Relation.FATHER):
            parent = self.mother if relation is rules.Relation.MOTHER else self.father
            if not parent.given:
                errors.add("declarant.relation", PydanticCustomError(
                    "civil_status.declarant_not_named", "Người đi khai là cha hoặc mẹ nhưng phần đó đang để trống."))
        elif not self.declarant.given:
            errors.add("declarant.name", missing("họ, chữ đệm, tên người đi khai sinh"))

    def check_against_day(self, *, today: date) -> None:
        """The rules that need a calendar.

        :raises rules.BornInTheFuture: the declared day lies ahead.
        :raises rules.FoundlingNotPosted: the announcement has not hung for its time.
        """
        rules.check_born(born_on=self.child.born_on, today=today)
        if self.child.foundling:
            rules.check_foundling(posted_from=self.child.posted_from, posted_to=self.child.posted_to, on=today)

    def more_findings(self, *, on: date) -> Iterator[Finding]:
        """What a declaration with more pages has to say beside the checks of every birth."""
        return iter(())

    def who_declares(self) -> PersonBlock:
        """The declarant's block, or the parent's own where the parent declares and left it blank."""
        if not self.declarant.given:
            return self.mother if self.declarant.relation is rules.Relation.MOTHER else self.father
        return self.declarant

    def applicant(self) -> Applicant:
        """Who applies: the declarant; see ``shared.dossiers``. A parent lives where the parent's own page says."""
        who = self.who_declares()
        parents = {rules.Relation.MOTHER: self.mother, rules.Relation.FATHER: self.father}
        parent = parents.get(self.declarant.relation)
        residence = who.residence or (parent.residence if parent is not None else None)
        return Applicant(
            name=who.name, personal_number=who.personal_number, phone=self.declarant.phone,
            email=self.declarant.email, address=residence.text if residence else "",
        )

    def as_columns(self, *, declared_on: date) -> dict[str, Any]:
        """The columns of :class:`~.models.BirthAct` that the declaration sets."""
        child = self.child
        return {
            "born_on": child.born_on.isoformat(),
            "born_earliest": child.born_on.earliest,
            "born_latest": child.born_on.latest,
            "sex": str(child.sex),
            "birth_count": child.birth_count,
            "birth_order": child.birth_order,
            "place_kind": child.place_kind,
            "place": self.birth_place_text(),
            "place_code": child.place.unit_code,
            "native_place": child.native_place.text,
            "native_place_code": child.native_place.unit_code,
            "units_as_of": child.place.as_of,
            "birth_notice": child.birth_notice,
            "foundling": child.foundling,
            "parents_married": self.father.parents_married,
            "marriage_record": self.father.marriage_record,
            "declared_on": declared_on,
            "timeliness": rules.timeliness(born_on=child.born_on, declared_on=declared_on),
            "personal_number_state": (
                rules.PersonalNumberState.GIVEN if child.personal_number else rules.PersonalNumberState.PIN_PENDING
            ),
            "relation": self.declarant.relation,
        }

    def birth_place_text(self) -> str:
        """The place as the certificate prints it: the facility, then its commune and province."""
        return ", ".join(part for part in (self.child.facility, self.child.place.text) if part)

    def party_columns(self) -> list[dict[str, Any]]:
        """One row of :class:`~.models.Party` a person named, the child first."""
        child = self.child
        rows = [
            _party(rules.PartyRole.CHILD, child.name, child.born_on, ethnicity=child.ethnicity,
                   nationality=child.nationality, personal_number=child.personal_number, sex=str(child.sex)),
        ]
        for role, block, sex in (
            (rules.PartyRole.MOTHER, self.mother, str(Sex.FEMALE)),
            (rules.PartyRole.FATHER, self.father, str(Sex.MALE)),
            (rules.PartyRole.DECLARANT, self.who_declares(), ""),
        ):
            if block.given:
                rows.append(party_columns_of(role, block, sex))
        return rows


def declaration_of(dossier: Dossier) -> BirthDeclaration:
    """The whole declaration as its own handler reads it, with whatever pages more the joined procedure has.

    :raises pydantic.ValidationError: it is not whole.
    """
    read = dossier.handler.answers_model(dossier.procedure).model_validate(dossier.answers)
    assert isinstance(read, BirthDeclaration)  # this module's handlers read nothing else
    return read


def birth_declaration(procedure: Procedure) -> type[BirthDeclaration]:
    """The model of a declaration of birth: the same in every version so far."""
    return BirthDeclaration


def party_columns_of(role: rules.PartyRole, block: PersonBlock, sex: str) -> dict[str, Any]:
    """The columns of :class:`~.models.Party` for a grown person in a role."""
    residence = block.residence
    return _party(
        role, block.name, block.born_on, ethnicity=block.ethnicity, nationality=block.nationality, sex=sex,
        personal_number=block.personal_number, id_kind=block.id_kind or "", id_number=block.id_number,
        residence=residence.text if residence else "", residence_code=residence.unit_code if residence else "",
        residence_as_of=residence.as_of if residence else None,
    )


def _party(role: rules.PartyRole, name: str, born_on: PartialDate | None, **columns: Any) -> dict[str, Any]:
    person = PersonName(name)
    return {
        "role": role,
        "name": person.text,
        "sort_key": person.sort_key,
        "search_key": person.search_key,
        "born_on": born_on.isoformat() if born_on else "",
        "born_earliest": born_on.earliest if born_on else None,
        "born_latest": born_on.latest if born_on else None,
        **columns,
    }


class Gather:
    """Collects the errors of one model, each at its field, so that a page shows all of them at once."""

    def __init__(self, model: BaseModel) -> None:
        self._title = type(model).__name__
        self._errors: list[InitErrorDetails] = []

    def __enter__(self) -> Gather:
        return self

    def add(self, path: str, error: PydanticCustomError) -> None:
        self._errors.append(InitErrorDetails(type=error, loc=tuple(path.split(".")), input=None))

    def check(self, rule: Callable[[], Any], path: str) -> None:
        """Keep the refusal of ``rule``, if it refuses, at this field."""
        try:
            rule()
        except Refusal as refusal:
            self.add(path, as_error(refusal))

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None and self._errors:
            raise ValidationError.from_exception_data(self._title, self._errors)
