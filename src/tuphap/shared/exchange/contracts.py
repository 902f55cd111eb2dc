"""What the agencies' interfaces carry, as far as we know them: bodies and answers.

Their own words come with the integration contracts.

The simulators speak these, and modules declare their kinds upon them. Days are ISO, numbers are text, nothing is
optional that the other side needs. Extra fields are refused in what we send and let pass in what we are told.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Told(BaseModel):
    """What another side tells us: it may say more than we ask for."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, defer_build=True)  # few processes speak of all


class _Sent(BaseModel):
    """What we say: exactly this."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, defer_build=True)


PersonalNumber = Field(pattern=r"^\d{12}$")
Reference = Field(min_length=1, max_length=60)


class Ping(_Sent):
    """Nothing: whether the other side is there and signs."""


class Pong(_Told):
    """It is; what its clock says."""

    at: datetime


class Child(_Sent):
    """A newborn as registered."""

    name: str = Field(min_length=2, max_length=100)
    sex: Literal["male", "female"]
    born_on: date
    ethnicity: str = ""
    nationality: str = "VNM"


class NumberWanted(_Sent):
    """Police: the personal number of a newborn whose birth was registered.

    :param act: our key of the act; the same act never gets two numbers.
    :param province: province code (two digits) of the office that registered the birth.
    :param verified: the commune has looked into what was said to need verification.
    """

    act: str = Reference
    child: Child
    province: str = Field(pattern=r"^\d{2}$")
    registered_on: date
    office_code: str
    mother_number: str = ""
    father_number: str = ""
    verified: bool = False


class NumberAnswer(_Told):
    """``issued`` with the number, or ``needs_verification`` (thông tin cần xác minh) with what to look into."""

    outcome: Literal["issued", "needs_verification"]
    number: str = Field("", pattern=r"^(\d{12})?$")
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> NumberAnswer:
        if (self.outcome == "issued") != bool(self.number):
            raise ValueError("a number is issued, and only then")
        return self


class NumberNews(_Told):
    """Police, of their own accord: a number was issued after verification, or corrected."""

    act: str = Reference
    number: str = PersonalNumber
    replaces: str = Field("", pattern=r"^(\d{12})?$")
    reason: str = ""


class Correction(_Sent):
    """Police: a civil fact of a person has changed by an act of ours."""

    act: str = Reference
    number: str = PersonalNumber
    field: str
    before: str
    after: str


class Recorded(_Told):
    """The other side has entered it."""

    outcome: Literal["recorded"]
    reference: str = ""


class ResidenceWanted(_Sent):
    """Residence: register a child's permanent residence with a parent."""

    act: str = Reference
    number: str = PersonalNumber
    child: Child
    host_number: str = PersonalNumber
    commune_code: str = Field(pattern=r"^\d{5}$")
    address: str = Field(min_length=1, max_length=300)


class ResidenceAnswer(_Told):
    """``registered`` with the household's reference, or ``refused`` with a reason for people."""

    outcome: Literal["registered", "refused"]
    reference: str = ""
    registered_on: date | None = None
    reason: str = ""


class CardWanted(_Sent):
    """Social insurance: a health insurance card for a child under six."""

    act: str = Reference
    number: str = PersonalNumber
    child: Child
    commune_code: str = Field(pattern=r"^\d{5}$")
    address: str
    clinic_code: str = ""


class CardAnswer(_Told):
    """``issued`` with the card's number and first day, or ``refused`` with a reason for people."""

    outcome: Literal["issued", "refused"]
    card_number: str = ""
    valid_from: date | None = None
    reason: str = ""


class DeathTold(_Sent):
    """Police: the death of somebody was registered.

    :param died_on: year, month, day as far as they are known.
    :param verified: the commune has looked into what was said to need verification.
    """

    act: str = Reference
    number: str = PersonalNumber
    name: str = Field(min_length=2, max_length=100)
    died_on: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    registered_on: date
    office_code: str
    verified: bool = False


class DeathAnswer(_Told):
    """``recorded``, or ``needs_verification`` (thông tin cần xác minh) with what to look into."""

    outcome: Literal["recorded", "needs_verification"]
    reference: str = ""
    note: str = ""


class Dead(_Sent):
    """Somebody whose death was registered, as other agencies know them."""

    name: str = Field(min_length=2, max_length=100)
    number: str = PersonalNumber
    died_on: date


class RemovalWanted(_Sent):
    """Residence: take somebody dead out of the household in which they were registered.

    :param household: who heads it: somebody else, the dead themselves (``head`` then tells who is to), nobody is left.
    """

    act: str = Reference
    dead: Dead
    commune_code: str = Field(pattern=r"^\d{5}$")
    address: str = Field(min_length=1, max_length=300)
    household: Literal["other", "dead", "alone"]
    head_name: str = ""
    head_number: str = Field("", pattern=r"^(\d{12})?$")


class RemovalAnswer(_Told):
    """``removed`` with the reference and the day, or ``refused`` with a reason for people."""

    outcome: Literal["removed", "refused"]
    reference: str = ""
    removed_on: date | None = None
    reason: str = ""


class AidSeeker(_Sent):
    """Who asks for the aid, and how it is paid; ``account`` is empty where it is paid in cash."""

    name: str = Field(min_length=2, max_length=100)
    number: str = Field("", pattern=r"^(\d{12})?$")
    paper: str = ""
    relation: str
    phone: str = ""
    bank: str = ""
    account: str = ""
    holder: str = ""


class AidWanted(_Sent):
    """Social insurance, social assistance: money for the funeral of somebody dead.

    :param aid: by which law: of social insurance, of social assistance, of people with merit.
    """

    act: str = Reference
    dead: Dead
    aid: Literal["insurance", "social", "merit"]
    insurance_number: str = ""
    seeker: AidSeeker
    commune_code: str = Field(pattern=r"^\d{5}$")


class AidAnswer(_Told):
    """``granted`` with the decision and the amount in đồng, or ``refused`` with a reason for people."""

    outcome: Literal["granted", "refused"]
    decision: str = ""
    decided_on: date | None = None
    amount: int = Field(0, ge=0, le=10_000_000_000)
    reason: str = ""

    @model_validator(mode="after")
    def _whole(self) -> AidAnswer:
        if (self.outcome == "granted") != bool(self.amount):
            raise ValueError("an amount is granted, and only then")
        return self


class StopWanted(_Sent):
    """Social insurance, social assistance: stop what somebody dead was paid every month."""

    act: str = Reference
    dead: Dead
    payments: list[Literal["pension", "social", "merit"]] = Field(min_length=1, max_length=3)
    insurance_number: str = ""


class StopAnswer(_Told):
    """``stopped`` with the reference and the first month that is not paid, or ``refused`` with a reason for people."""

    outcome: Literal["stopped", "refused"]
    reference: str = ""
    from_month: str = Field("", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")
    reason: str = ""

    @model_validator(mode="after")
    def _whole(self) -> StopAnswer:
        if (self.outcome == "stopped") != bool(self.from_month):
            raise ValueError("payments stop from a month on, and only then")
        return self


class Cancellation(_Sent):
    """Any agency that had a part in a birth or a death: its registration was cancelled by decision.

    :param part: what the agency was asked for, in our words; ``reference``: what it gave (a card, a removal, an aid).
    """

    act: str = Reference
    part: str
    number: str = Field("", pattern=r"^(\d{12})?$")
    reference: str = ""
    decision_no: str = Field(min_length=1, max_length=100)
    decided_on: date
    authority: str = Field(min_length=1, max_length=200)


class CancellationAnswer(_Told):
    """``undone``: its part is taken back; ``noted``: it is known, and what follows is told in ``note`` for people."""

    outcome: Literal["undone", "noted"]
    note: str = ""


class DossierStep(_Sent):
    """National portal: a dossier has come to a state. ``event`` numbers the dossier's steps from one."""

    dossier_code: str = Reference
    external_code: str = ""
    procedure_code: str
    event: int = Field(ge=1)
    state: str
    state_title: str
    office_code: str
    at: datetime
    due_at: datetime | None = None


class SubmittedPaper(_Told):
    """A file that was sent with a dossier; ``content`` in base64, its hash in hexadecimal."""

    component: str = Reference
    name: str = Field(min_length=1, max_length=200)
    media_type: str = Field(max_length=100)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    content: str = Field(min_length=4)


class OnlineSubmission(_Told):
    """National portal: somebody has submitted a dossier there, with answers page by page and papers.

    Who they are the portal knows by their electronic identity. The same ``external_code`` never makes two dossiers.
    """

    external_code: str = Reference
    procedure_code: str
    office_code: str
    applicant_number: str = PersonalNumber
    applicant_name: str = Field(min_length=2, max_length=100)
    phone: str = ""
    email: str = ""
    submitted_at: datetime
    answers: dict[str, dict[str, object]] = {}
    papers: list[SubmittedPaper] = Field([], max_length=40)
    result_way: Literal["tai_quay", "buu_chinh", "truc_tuyen"] = "truc_tuyen"
    post_to: dict[str, object] | None = None
    representation: dict[str, object] | None = None


class SubmissionAnswer(_Told):
    """It lies at the desk under our code; the portal's own is kept beside it. What is refused is told by its code."""

    outcome: Literal["submitted"]
    external_code: str
    submission_code: str
    office_code: str


class ActPushed(_Sent):
    """The Ministry's civil-status system: an act has been registered, changed or cancelled."""

    act: str = Reference
    kind: str
    state: str
    number: str
    book: str
    registered_on: date
    office_code: str
    person_name: str
    person_number: str = ""
    born_on: date | None = None


class PaymentTold(_Told):
    """Payments: money has come to an account of ours.

    :param transaction: the bank's number of it; the same whenever and however it is told.
    :param reference: the words of the transfer, as the payer's bank sent them.
    """

    transaction: str = Reference
    reference: str = Field("", max_length=200)
    account: str = Field("", max_length=19)
    amount: int = Field(ge=1, le=2_000_000_000)
    paid_at: datetime


class PaymentsAsked(_Sent):
    """Payments: what has come under these words, or to this account on this day."""

    references: list[str] = Field(default_factory=list, max_length=200)
    accounts: list[str] = Field(default_factory=list, max_length=500)
    day: date | None = None


class PaymentsFound(_Told):
    payments: list[PaymentTold]


class RefundWanted(_Sent):
    """Payments: send this much of a transaction back to whom it came from."""

    refund: str = Reference
    transaction: str = Reference
    amount: int = Field(ge=1)
    reason: str = Field(min_length=1, max_length=300)


class RefundAnswer(_Told):
    """``refunded`` with the bank's number, or ``refused`` with a reason for people."""

    outcome: Literal["refunded", "refused"]
    reference: str = Field("", max_length=60)
    reason: str = Field("", max_length=300)


PartialDay = Field("", pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")
RecordKey = Field(min_length=1, max_length=40)


class PopulationPerson(_Told):
    """Police: one record of the population database that is shared with the province.

    :param key: their own name of the record. :param version: counts its changes. :param sequence: the place of its last
        change among all changes.
    :param born_on, died_on: year, month, day as far as they are known.
    :param merged_into: of a record that was put together with another: that one's key.
    """

    key: str = RecordKey
    number: str = Field("", pattern=r"^(\d{12})?$")
    old_number: str = Field("", max_length=12)
    name: str = Field(min_length=1, max_length=100)
    sex: Literal["", "male", "female"] = ""
    born_on: str = PartialDay
    father: str = Field("", max_length=100)
    mother: str = Field("", max_length=100)
    birth_place: str = Field("", max_length=400)
    residence: str = Field("", max_length=400)
    residence_code: str = Field("", pattern=r"^(\d{5})?$")
    state: Literal["alive", "dead", "merged"] = "alive"
    died_on: date | None = None
    merged_into: str = Field("", max_length=40)
    version: int = Field(ge=1)
    sequence: int = Field(ge=1)

    @model_validator(mode="after")
    def _whole(self) -> PopulationPerson:
        if (self.state == "merged") != bool(self.merged_into):
            raise ValueError("a merged record says into which, and no other does")
        return self


class ChangesAsked(_Sent):
    """Police: what has changed since a sequence, oldest first, at most so many."""

    since: int = Field(ge=0)
    most: int = Field(1000, ge=1, le=5000)


class ChangesFound(_Told):
    """The changes of ``(since, last]``; each record as it is now. ``more``: there are others."""

    since: int = Field(ge=0)
    last: int = Field(ge=0)
    more: bool = False
    people: list[PopulationPerson]


class PersonNews(_Told):
    """Police, of their own accord: a record has changed."""

    person: PopulationPerson


class FieldChange(_Sent):
    """One field of a record: what stands there as far as we know, and what is right."""

    field: Literal["name", "sex", "born_on", "father", "mother", "number", "state"]
    before: str = Field("", max_length=100)
    after: str = Field(min_length=1, max_length=100)


class RecordCorrection(_Sent):
    """Police: fields of a person that the book of civil status tells otherwise.

    :param ticket: our key of the discrepancy; the same one is never carried out twice.
    :param minutes: joint minutes of commune and police, without which sex, parents and life are not changed.
    :param died_on: with a change of ``state`` to dead.
    """

    ticket: str = Reference
    act: str = Reference
    key: str = RecordKey
    number: str = PersonalNumber
    changes: list[FieldChange] = Field(min_length=1, max_length=7)
    ground: str = Field(max_length=500)
    minutes: str = Field("", max_length=200)
    died_on: str = PartialDay
    office_code: str


class CorrectionVerdict(_Told):
    """What became of a correction: carried out, refused with a reason for people, or joint minutes are wanted."""

    outcome: Literal["accepted", "rejected", "needs_minutes"]
    reason: str = Field("", max_length=500)

    @model_validator(mode="after")
    def _whole(self) -> CorrectionVerdict:
        if self.outcome == "rejected" and not self.reason:
            raise ValueError("a refusal has its reason")
        return self


class PersonWanted(_Sent):
    """Police: somebody of an act for whom no record was found: find it, or make one."""

    ticket: str = Reference
    act: str = Reference
    name: str = Field(min_length=2, max_length=100)
    sex: Literal["", "male", "female"] = ""
    born_on: str = PartialDay
    father: str = ""
    mother: str = ""
    office_code: str
    ground: str = Field(max_length=500)


class PersonFound(_Told):
    """``linked`` to a record that was there, ``created``, or ``refused`` with a reason for people."""

    outcome: Literal["linked", "created", "refused"]
    key: str = Field("", max_length=40)
    number: str = Field("", pattern=r"^(\d{12})?$")
    reason: str = Field("", max_length=500)

    @model_validator(mode="after")
    def _whole(self) -> PersonFound:
        if (self.outcome == "refused") == bool(self.key):
            raise ValueError("a record is named, or a reason told")
        return self


class MergeWanted(_Sent):
    """Police: two records that are one person's; which of them stays the police decide."""

    ticket: str = Reference
    keys: list[str] = Field(min_length=2, max_length=2)
    ground: str = Field(max_length=500)
    office_code: str
