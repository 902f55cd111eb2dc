"""Filing for another: who is represented, by what right, and on which paper. Pure: no database, no clock.

The applicant of the dossier stays who files it; the represented person is whose matter it is.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tuphap.kernel.refusal import Invalid, Problem, Refusal
from tuphap.kernel.text import tidy

from .applicants import Applicant

FULL_AGE = 18  # Bộ luật Dân sự 2015, Điều 20
AUTHORISATION, KINSHIP, GUARDIANSHIP = "uy_quyen", "quan_he_nhan_than", "giay_to_giam_ho"
# Under which codes the catalogue asks for an authorisation of its own.
AUTHORISATIONS = (AUTHORISATION, "van_ban_uy_quyen")


class Ground(StrEnum):
    """By what right somebody files for another."""

    PARENT = "parent"
    GUARDIAN = "guardian"
    AUTHORISED = "authorised"


GROUND_TITLES: dict[Ground, str] = {
    Ground.PARENT: "Cho con chưa thành niên của tôi",
    Ground.GUARDIAN: "Cho người mà tôi giám hộ",
    Ground.AUTHORISED: "Theo ủy quyền của người khác",
}
GROUND_WORDS: dict[Ground, str] = {
    Ground.PARENT: "Cha, mẹ đại diện cho con chưa thành niên",
    Ground.GUARDIAN: "Người giám hộ",
    Ground.AUTHORISED: "Người được ủy quyền",
}


class Kinship(StrEnum):
    """What the filer is to the represented person; ``OTHER`` is no close relative."""

    FATHER = "father"
    MOTHER = "mother"
    GRANDPARENT = "grandparent"
    CHILD = "child"
    SPOUSE = "spouse"
    SIBLING = "sibling"
    OTHER = "other"


KINSHIP_TITLES: dict[Kinship, str] = {
    Kinship.FATHER: "Cha",
    Kinship.MOTHER: "Mẹ",
    Kinship.GRANDPARENT: "Ông, bà",
    Kinship.CHILD: "Con",
    Kinship.SPOUSE: "Vợ, chồng",
    Kinship.SIBLING: "Anh, chị, em ruột",
    Kinship.OTHER: "Quan hệ khác",
}
PARENTS = frozenset({Kinship.FATHER, Kinship.MOTHER})
CLOSE = frozenset(Kinship) - {Kinship.OTHER}


class Writing(StrEnum):
    """How an authorisation was put down."""

    NOTARISED = "notarised"
    CERTIFIED = "certified"
    PLAIN = "plain"


WRITING_TITLES: dict[Writing, str] = {
    Writing.NOTARISED: "Hợp đồng, văn bản ủy quyền có công chứng",
    Writing.CERTIFIED: "Giấy ủy quyền có chứng thực chữ ký",
    Writing.PLAIN: "Văn bản ủy quyền giữa người thân, không công chứng, chứng thực",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a sector asks of an authorisation, from a day on.

    ``plain_among``: who may be authorised in plain writing. ``in_person``: procedures in which nobody is represented.
    """

    sector: str
    valid_from: date
    basis: str
    plain_among: frozenset[Kinship] = frozenset()
    in_person: frozenset[str] = frozenset()


POLICIES: tuple[Policy, ...] = (
    Policy(
        "Hộ tịch", date(2020, 7, 16), "Thông tư 04/2020/TT-BTP, Điều 2", plain_among=CLOSE,
        # marriage, re-registered marriage, recognition of parent and child, at home and with a foreign element
        in_person=frozenset({
            "1.000894", "1.000593", "1.004746", "1.001022", "1.000689", "2.000806", "2.000779", "1.001695", "2.000513",
        }),
    ),
)
_USUAL = Policy("", date(2017, 1, 1), "Bộ luật Dân sự 2015, Điều 138 và Điều 562")


def policy_for(sector: str, *, on: date) -> Policy:
    """The rule of this sector on this day; the Civil Code's where the sector has none of its own."""
    found = [p for p in POLICIES if p.sector == sector and p.valid_from <= on]
    return max(found, key=lambda p: p.valid_from, default=_USUAL)


Text = Annotated[str, BeforeValidator(lambda value: tidy(value) if isinstance(value, str) else value or "")]
Day = Annotated[date | None, BeforeValidator(lambda value: value or None)]


class Authorisation(BaseModel):
    """The paper by which one person lets another act.

    :param e_copy: verification code or address of a certified electronic copy; with it no scan is asked for.
    :param receives_result: whether it reaches to taking the result.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    writing: Writing
    number: Text = Field("", max_length=60)
    issued_on: date
    issuer: Text = Field("", max_length=200)
    valid_to: Day = None
    e_copy: Text = Field("", max_length=200)
    receives_result: bool = True


class Representation(BaseModel):
    """For whom a dossier is filed, and by what right."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ground: Ground
    name: Text = Field(min_length=2, max_length=100)
    personal_number: Text = ""
    born_on: Day = None
    kinship: Kinship
    authorisation: Authorisation | None = None
    guardianship: Text = Field("", max_length=200)

    def person(self) -> Applicant:
        """The represented person, checked as an applicant is.

        :raises pydantic.ValidationError: no name or number of a person.
        """
        return Applicant(name=self.name, personal_number=self.personal_number)

    def key(self) -> str:
        """What makes two filings those of one represented person."""
        return self.personal_number or f"{self.person().key()}{self.born_on or ''}"

    @property
    def kind(self) -> str:
        return GROUND_WORDS[self.ground]

    @property
    def kinship_title(self) -> str:
        return KINSHIP_TITLES[self.kinship]

    @property
    def paper(self) -> str:
        """The paper on which the right stands, in words; empty for parents."""
        if self.ground is Ground.GUARDIAN:
            return self.guardianship
        if self.authorisation is None:
            return ""
        told = self.authorisation
        parts = [WRITING_TITLES[told.writing], f"số {told.number}" if told.number else "",
                 f"ngày {told.issued_on:%d/%m/%Y}", told.issuer]
        until = f"có hiệu lực đến {told.valid_to:%d/%m/%Y}" if told.valid_to else ""
        return ", ".join(part for part in (*parts, until) if part)


class InPersonOnly(Refusal):
    """The law lets nobody be represented in this matter."""

    code = "dossiers.in_person_only"
    message_vi = "{procedure} phải do chính người yêu cầu thực hiện, không nộp thay ({basis})."
    field = "representation.ground"


class NotAMinor(Refusal):
    code = "dossiers.not_a_minor"
    message_vi = "Người được đại diện đã đủ {age} tuổi; cha, mẹ nộp thay cần có văn bản ủy quyền."
    field = "representation.born_on"


class SelfRepresented(Refusal):
    code = "dossiers.self_represented"
    message_vi = "Người được đại diện phải là người khác với người nộp hồ sơ."
    field = "representation.personal_number"


def full_age_on(born_on: date) -> date:
    """The day on which somebody comes of age; those born on 29 February do on 1 March."""
    try:
        return born_on.replace(year=born_on.year + FULL_AGE)
    except ValueError:
        return date(born_on.year + FULL_AGE, 3, 1)


def read(told: Any) -> Representation:
    """What was declared of the representation.

    :raises Invalid: it is not whole; each fault beside its field.
    """
    from pydantic import ValidationError

    from .guards import problems_of

    try:
        read = told if isinstance(told, Representation) else Representation.model_validate(told)
        read.person()
    except ValidationError as error:
        raise Invalid(problems_of(error, page="representation")) from error
    return read


def check(
    told: Representation, *, filer_number: str, procedure: str, procedure_code: str, sector: str, today: date
) -> None:
    """Whether this person may file this for the other today.

    :raises InPersonOnly, NotAMinor, SelfRepresented: never, not so, or for oneself.
    :raises Invalid: what the ground needs is missing or does not hold.
    """
    policy = policy_for(sector, on=today)
    if procedure_code in policy.in_person:
        raise InPersonOnly(procedure=procedure, basis=policy.basis)
    if told.personal_number and told.personal_number == filer_number:
        raise SelfRepresented()
    faults = tuple(_faults(told, policy, today))
    if faults:
        raise Invalid(faults)
    if told.ground is Ground.PARENT and told.born_on is not None and today >= full_age_on(told.born_on):
        raise NotAMinor(age=FULL_AGE)


def _faults(told: Representation, policy: Policy, today: date) -> Iterator[Problem]:
    def fault(field: str, message: str) -> Problem:
        return Problem(f"representation.{field}", "dossiers.representation", message)

    if told.born_on is not None and told.born_on > today:
        yield fault("born_on", "Ngày sinh không được sau ngày hôm nay.")
    if told.ground is Ground.PARENT:
        if told.born_on is None:
            yield fault("born_on", "Nhập ngày sinh của con.")
        if told.kinship not in PARENTS:
            yield fault("kinship", "Nộp cho con thì người nộp phải là cha hoặc mẹ.")
        return
    if told.ground is Ground.GUARDIAN:
        if not told.guardianship:
            yield fault("guardianship", "Nhập số, ngày, nơi cấp giấy tờ về việc giám hộ.")
        return
    if not told.personal_number:
        yield fault("personal_number", "Nhập số định danh cá nhân của người ủy quyền.")
    paper = told.authorisation
    if paper is None:
        yield fault("authorisation", "Nhập thông tin văn bản ủy quyền.")
        return
    if paper.issued_on > today:
        yield fault("authorisation.issued_on", "Ngày ủy quyền không được sau ngày hôm nay.")
    if paper.valid_to is not None and paper.valid_to < today:
        yield fault("authorisation.valid_to", "Văn bản ủy quyền đã hết hiệu lực.")
    if paper.writing is Writing.PLAIN and told.kinship not in policy.plain_among:
        among = ", ".join(KINSHIP_TITLES[k].lower() for k in Kinship if k in policy.plain_among)
        allowed = f" Chỉ {among} không phải công chứng, chứng thực." if among else ""
        yield fault("authorisation.writing",
                    f"Văn bản ủy quyền phải được công chứng hoặc chứng thực ({policy.basis}).{allowed}")
    if paper.writing is not Writing.PLAIN and not paper.number:
        yield fault("authorisation.number", "Nhập số công chứng, chứng thực.")


def may_hold_result(told: Representation, *, on: date) -> bool:
    """Whether the filer still may hold papers that were issued to the represented person."""
    if told.ground is Ground.PARENT:
        return told.born_on is not None and on < full_age_on(told.born_on)
    if told.ground is Ground.GUARDIAN:
        return True
    paper = told.authorisation
    return paper is not None and paper.receives_result and (paper.valid_to is None or on <= paper.valid_to)


def components(told: Representation | None, asked: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The papers of a procedure and those that the representation adds; none for parents of a minor."""
    codes = {paper["code"] for paper in asked}
    code = next((code for code in AUTHORISATIONS if code in codes), AUTHORISATION)
    added = {paper["code"]: paper for paper in _papers(told, code)} if told is not None else {}
    return [added.pop(paper["code"], paper) for paper in asked] + list(added.values())


def possible_components(asked: Container[str]) -> list[dict[str, Any]]:
    """Every paper that filing for another may add to those of a procedure, none of them mandatory."""
    authorised = () if any(code in asked for code in AUTHORISATIONS) else ((AUTHORISATION, "Văn bản ủy quyền"),)
    named = (*authorised, (KINSHIP, "Giấy tờ chứng minh quan hệ với người ủy quyền"),
             (GUARDIANSHIP, "Giấy tờ về việc giám hộ"))
    return [_paper(code, name, note="Chỉ khi nộp thay người khác.", mandatory=False) for code, name in named]


def _paper(code: str, name: str, *, note: str = "", mandatory: bool = True) -> dict[str, Any]:
    return {"code": code, "name": name, "form": "original", "copies": 1, "mandatory": mandatory,
            "replaced_by_database": "", "note": note}


def _papers(told: Representation, authorisation: str) -> tuple[dict[str, Any], ...]:
    if told.ground is Ground.PARENT:
        return ()
    if told.ground is Ground.GUARDIAN:
        return (_paper(GUARDIANSHIP, "Giấy tờ về việc giám hộ"),)
    assert told.authorisation is not None
    referred = bool(told.authorisation.e_copy)
    note = "Đã dẫn bản chứng thực điện tử, không phải nộp bản chụp." if referred else "Bản chụp đủ các trang."
    found = [_paper(authorisation, "Văn bản ủy quyền", note=note, mandatory=not referred)]
    if told.authorisation.writing is Writing.PLAIN:
        found.append(_paper(KINSHIP, "Giấy tờ chứng minh quan hệ với người ủy quyền"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Point:
    """Something that the officer must look at about a representation."""

    code: str
    severity: Literal["error", "warning"]
    message: str
    evidence: str = ""


def points(told: Representation, *, today: date) -> tuple[Point, ...]:
    """What the check of a dossier says of its representation: what has ended stops it, the rest is looked at."""
    found: list[Point] = []
    paper = told.authorisation
    if told.ground is Ground.PARENT and told.born_on is not None and today >= full_age_on(told.born_on):
        found.append(Point("dossiers.of_age_now", "warning",
                           f"{told.name} nay đã đủ {FULL_AGE} tuổi; xác nhận ý chí của người này.",
                           f"Ngày sinh đã khai: {told.born_on:%d/%m/%Y}."))
    if told.ground is Ground.AUTHORISED and paper is not None:
        if paper.valid_to is not None and paper.valid_to < today:
            found.append(Point("dossiers.authorisation_ended", "error",
                               f"Văn bản ủy quyền đã hết hiệu lực từ {paper.valid_to:%d/%m/%Y}.", told.paper))
        else:
            kinship = "; đối chiếu giấy tờ chứng minh quan hệ" if paper.writing is Writing.PLAIN else ""
            found.append(Point("dossiers.authorisation_seen", "warning",
                               f"Nộp theo ủy quyền của {told.name}: đối chiếu văn bản ủy quyền{kinship}.", told.paper))
    if told.ground is Ground.GUARDIAN:
        found.append(Point("dossiers.guardianship_seen", "warning",
                           f"Người giám hộ nộp cho {told.name}: đối chiếu giấy tờ giám hộ.", told.guardianship))
    return tuple(found)
