"""What the engine is asked and what it answers: records, candidates, and the findings that explain them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a civil-status entry is about; births, marriages and deaths are weighed apart."""

    BIRTH = "KS"
    MARRIAGE = "KH"
    DEATH = "KT"


class Decision(StrEnum):
    """What may be done with the best candidate of an entry."""

    AUTO = "auto"  # safe enough to be taken without a look: aims at precision ≥ 0.999
    REVIEW = "review"  # probably the person: somebody looks
    NONE = "none"  # nobody


DECISION_TITLES = {
    Decision.AUTO: "Khớp, đủ tin cậy", Decision.REVIEW: "Có thể khớp, cần người xem", Decision.NONE: "Không tìm thấy",
}


@dataclass(frozen=True, slots=True)
class CivilRecord:
    """One person named in an entry of a civil-status book, as written; "" where nothing is.

    ``born_on`` is as written too (``5-3-1961``, ``1961``, ``03/1961``). ``commune``: the code of the office at the time
    in the table of communes, "" where not known.
    """

    civil_id: str
    kind: Kind
    book: str = ""
    number: str = ""
    year: int | None = None
    commune: str = ""
    name: str = ""
    father: str = ""
    mother: str = ""
    birth_place: str = ""
    residence: str = ""
    sex: str = ""
    born_on: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class PopulationRecord:
    """One person of the population database."""

    pop_id: str
    personal_number: str = ""
    old_number: str = ""
    name: str = ""
    sex: str = ""
    born_on: str = ""
    father: str = ""
    mother: str = ""
    birth_place: str = ""
    residence: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one field says for or against: ``weight`` in bits (log₂ of how much likelier the pair is one person)."""

    field: str  # name, born_on, father, mother, place, sex, number
    title: str  # the field in words: "Họ tên"
    civil: str  # as compared
    population: str
    level: str  # how they agree, as a code: exact, accents, sound, missing, other, …
    words: str  # the same for a clerk: "giống nhau, chỉ khác dấu"
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of the population database who may be the one named."""

    pop_id: str
    probability: float
    decision: Decision
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Summary:
    """What came of a run: how many entries, how they were decided, seconds of each stage."""

    civil: int = 0
    population: int = 0
    auto: int = 0
    review: int = 0
    none: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
