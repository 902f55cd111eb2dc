"""What lower floors are handed from higher ones: they ask by a function, and never import upwards."""

from __future__ import annotations

from tuphap.kernel.refusal import Refusal
from tuphap.shared.people import api as people


def judge_personal_number(number: str, birth_date: str, sex: str) -> tuple[str, ...]:
    """The identity provider's number by the rules of ``people``; answers the codes of what does not fit.

    :raises BadPersonalNumber: not of the form of a personal number.
    """
    try:
        birth = people.PartialDate.parse(birth_date) if birth_date else None
    except (Refusal, ValueError):
        birth = None
    known_sex = people.Sex(sex) if sex in list(people.Sex) else None
    return tuple(w.code for w in people.check_personal_number(number, birth=birth, sex=known_sex))
