"""How an act that came from an old book is told: as it is written there, unless a note has changed it since.

What the book does not state, and what nobody can read in it, is said in words: an empty line would say something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tuphap.shared.people.api import PartialDate, Sex

from .fields import Kind
from .models import Act, BirthAct, Party
from .old_books import declare
from .old_books.rules import InBook, Written

WORDS = {InBook.NOT_STATED: "không ghi", InBook.ILLEGIBLE: "không đọc được"}
_SHOWN: dict[Kind, Callable[[str], str]] = {
    Kind.NAME: str.upper, Kind.DAY: lambda value: str(PartialDate.parse(value)),
    Kind.SEX: lambda value: Sex(value).label,
}


def place_of(act: Act, path: str) -> Written | None:
    """What was transcribed of a place (``mother.ethnicity``); None of an act that was registered here."""
    part, _, place = path.partition(".")
    found: Written | None = act.facts.get("written", {}).get(part, {}).get(place) if act.is_from_paper else None
    return found


def words(act: Act, path: str, value: str, kind: Kind = Kind.TEXT) -> str:
    """What papers and pages show of a place whose value today is this; of an act registered here, the value itself."""
    found = place_of(act, path)
    return told(found, value, kind) if found is not None else show(value, kind)


def show(value: str, kind: Kind) -> str:
    """A stored value as papers print it."""
    return _SHOWN.get(kind, str)(value) if value else ""


def told(written: Written, value: str, kind: Kind) -> str:
    """A place in words. ``value``: what stands there today; where a note has changed it, that is told."""
    if value != written["value"]:
        return show(value, kind)
    if written["standing"] != InBook.GIVEN:
        return WORDS[InBook(written["standing"])]
    return f"{written['raw']} ({show(value, kind)})" if written["read"] else show(value, kind)


def sections(act: Act) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """An act from an old book in its parts, as it stands (of ``current.as_it_stands`` for today's)."""
    kind = declare.kind_of(act.kind, act.event)
    content: declare.Content = act.facts["written"]
    for part in kind.parts:
        if part.code == declare.LINE:
            continue
        person = act.party(part.role) if part.role is not None else None
        written = content.get(part.code, {})
        yield part.title, tuple(
            (place.title, told(written[place.code], _value(act, person, part, place, written[place.code]), place.kind))
            for place in part.places if place.code in written
        )


def _value(act: Act, person: Party | None, part: declare.Part, place: declare.Place, written: Written) -> str:
    """What stands in a place today: in the person's column, in the birth's, or as transcribed where no column is."""
    if person is not None and hasattr(Party, place.code):
        return str(getattr(person, place.code))
    if part.role is None and isinstance(act, BirthAct):
        return str(getattr(act, place.code))
    return written["value"]


def headline(act: Act) -> str:
    """Whom it is about."""
    main = declare.kind_of(act.kind, act.event).main
    return " – ".join(party.name for party in map(act.party, main) if party is not None)


def taken_from(act: Act) -> str:
    """From what a copy of this act is taken: the data base, or the book on paper with its page."""
    if not act.is_from_paper:
        return "Cơ sở dữ liệu hộ tịch điện tử"
    return f"{act.book.title}{f', trang {act.page}' if act.page else ''}"
