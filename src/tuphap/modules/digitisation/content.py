"""What is keyed of an entry: every place as written beside what it is understood as. Pure.

The shape is that of old books in the register (part → place → raw, value, standing, read). There, what cannot be
understood is refused; here nothing is: what stands in the book stays as it is, with no value, and whoever proofs it
sees that. Only when the act goes into the register must the places be understood without which it can hold no act.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tuphap.engines.vietnamese import normalise
from tuphap.kernel.refusal import Invalid, Problem, Refusal
from tuphap.kernel.text import tidy
from tuphap.modules.civil_status import public as register
from tuphap.modules.civil_status.public import EntryKind, InBook, Part, Place, Written

from . import rules

Content = dict[str, dict[str, Written]]
Typed = Mapping[str, Mapping[str, Mapping[str, str]]]

# What a keyer types in a place instead of its content; no book has them alone in a place.
SIGNS = {"-": InBook.NOT_STATED, "–": InBook.NOT_STATED, "?": InBook.ILLEGIBLE}
LONGEST = 400


def read_place(place: Place, *, raw: str = "", value: str = "", standing: str = "") -> Written:
    """One place as keyed. ``value``: how a person says that ``raw`` is to be understood.

    :raises rules.NotKeyed: neither written nor said to be empty or illegible, or both; its ``field`` is the place.
    """
    raw, value = tidy(raw), tidy(value)
    if raw in SIGNS and not value:
        raw, standing = "", SIGNS[raw]
    stands = InBook(standing or InBook.GIVEN)
    if stands is not InBook.GIVEN:
        if raw or value:
            words = register.STANDING_TITLES[stands]
            raise rules.NotKeyed(field=place.code, what=f"{place.title}: đã chọn “{words}” thì để trống nội dung.")
        return Written(raw="", value="", standing=str(stands), read=False)
    if not raw:
        raise rules.NotKeyed(
            field=place.code,
            what=f"{place.title}: ghi đúng như trong sổ, hoặc gõ “-” (không ghi), “?” (không đọc được).")
    understood = understand(place, value or raw)
    return Written(raw=raw, value=understood, standing=str(stands),
                   read=bool(value) and understood.casefold() != raw.casefold())


def understand(place: Place, text: str) -> str:
    """What the register takes a text for: composed, tones in their one place; empty where it is none of its kind."""
    try:
        return register.understand(place, normalise(text))
    except Refusal:
        return ""


def read_part(part: Part, typed: Mapping[str, Mapping[str, str]]) -> dict[str, Written]:
    """A part as keyed; left wholly empty, it says that the book has no such person, where books may have none.

    :raises Invalid: some places are left open; each problem's field is ``part.place``.
    """
    told = {place.code: typed.get(place.code, {}) for place in part.places}
    if part.optional and not any(one.get("raw") or one.get("value") or one.get("standing") for one in told.values()):
        return {place.code: Written(raw="", value="", standing=str(InBook.NOT_STATED), read=False)
                for place in part.places}
    read, problems = dict[str, Written](), list[Problem]()
    for place in part.places:
        one = told[place.code]
        try:
            read[place.code] = read_place(
                place, raw=one.get("raw", ""), value=one.get("value", ""), standing=one.get("standing", ""))
        except rules.NotKeyed as fault:
            problems.append(Problem(f"{part.code}.{place.code}", fault.code, fault.message))
    if problems:
        raise Invalid(tuple(problems))
    return read


def read_all(kind: EntryKind, typed: Typed) -> Content:
    """An entry as keyed.

    :raises Invalid: some places are left open; each problem's field is ``part.place``.
    """
    read, problems = Content(), list[Problem]()
    for part in kind.parts:
        try:
            read[part.code] = read_part(part, typed.get(part.code, {}))
        except Invalid as faults:
            problems += faults.problems
    if problems:
        raise Invalid(tuple(problems))
    return read


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in which two keyers differ."""

    path: str
    title: str
    first: Written
    second: Written


def places(kind: EntryKind) -> Iterator[tuple[str, Part, Place]]:
    """Every place of an entry with its path ``part.place``, in the order of the form."""
    return ((f"{part.code}.{place.code}", part, place) for part in kind.parts for place in part.places)


def at(content: Mapping[str, Mapping[str, Written]], path: str) -> Written | None:
    """A place of an entry; None where it was never keyed."""
    part, _, place = path.partition(".")
    return content.get(part, {}).get(place)


def differences(kind: EntryKind, first: Content, second: Content) -> list[Difference]:
    """Where two keyings say something else, letter by letter but for blanks and composition."""
    found = []
    for path, part, place in places(kind):
        one, other = at(first, path), at(second, path)
        if one is None or other is None or (one["standing"], one["raw"], one["value"]) == (
                other["standing"], other["raw"], other["value"]):
            continue
        found.append(Difference(path, f"{part.title}: {place.title}", one, other))
    return found


def unread(kind: EntryKind, content: Mapping[str, Mapping[str, Written]]) -> list[str]:
    """The titles of places without which the register can hold no act, and which nobody has understood."""
    return [
        f"{part.title}: {place.title}" for path, part, place in places(kind)
        if place.must and not part.optional and not register.value_at(content, path)
    ]
