"""The catalogue of procedures and the parameters of the one-stop rules: dated rows, seeded once, then edited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from math import log
from typing import Any

from django.db.models import Q, QuerySet

from tuphap.engines.vietnamese import fold
from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import localdate, now
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from .models import Procedure, ProcedureParameter
from .rules import ProcedureNotInForce, UnknownProcedure
from .seeds import PARAMETERS, PROCEDURES


def in_force(queryset: QuerySet[Any], *, on: date) -> QuerySet[Any]:
    """Those dated rows that hold on this day."""
    return queryset.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


def procedures(*, on: date) -> QuerySet[Procedure]:
    """Every procedure in force on this day, by sector and name."""
    return in_force(Procedure.objects.all(), on=on).order_by("sector", "group", "name", "code")


def procedure_in_force(code: str, *, on: date) -> Procedure:
    """The version of a procedure that holds on this day.

    :raises UnknownProcedure: no procedure has this code.
    :raises ProcedureNotInForce: it has, but none of its versions holds on this day.
    """
    versions = Procedure.objects.filter(code=code)
    found: Procedure | None = in_force(versions, on=on).first()
    if found is not None:
        return found
    any_version = versions.order_by("-valid_from").first()
    if any_version is None:
        raise UnknownProcedure(code=code)
    raise ProcedureNotInForce(name=any_version.name, day=f"{on:%d/%m/%Y}")


def parameter(code: str, *, on: date) -> int:
    """The value of a parameter on this day.

    :raises LookupError: it has no row for this day: the catalogue was not seeded.
    """
    value = in_force(ProcedureParameter.objects.filter(code=code), on=on).values_list("value", flat=True).first()
    if value is None:
        raise LookupError(f"no parameter {code!r} on {on}")
    return int(value)


def seed_procedures() -> int:
    """Enter the catalogue and the parameters that are not there yet; answers how many rows were new.

    A row is known by its code and first day; one that is there, edited or not, is left as it is.
    """
    return int(_seed(actor=system_actor("seed"), at=now()))


@operation
def _seed(*, actor: Actor, at: Any) -> int:
    number = _enter(Procedure, PROCEDURES) + _enter(ProcedureParameter, PARAMETERS)
    if number:
        audit.record("dossiers.catalogue_seeded", subject=None, actor=actor, at=at, rows=number, day=localdate(at))
    return number


def _enter(model: type[Procedure] | type[ProcedureParameter], rows: Iterable[dict[str, Any]]) -> int:
    """Insert those rows whose days no row of the same code covers yet."""
    there: dict[str, list[tuple[date, date]]] = {}
    for code, first, end in model._default_manager.order_by("pk").values_list("code", "valid_from", "valid_to"):
        there.setdefault(code, []).append((first, end or date.max))
    def covered(row: dict[str, Any]) -> bool:
        last = row["valid_to"] or date.max
        return any(row["valid_from"] < end and first < last for first, end in there.get(row["code"], ()))

    new: list[Any] = [model(**row) for row in rows if not covered(row)]
    model._default_manager.bulk_create(new)
    return len(new)


# -- a resident's words


def matching(found: Iterable[Procedure], text: str) -> list[Procedure]:
    """Procedures whose name, code or residents' words are what ``text`` means, accents aside; the best first.

    A word weighs the more the fewer procedures have it. What is said in one phrase counts before words from here and
    there, and a whole phrase of residents before all else. Procedures that miss half of what was said are left out.
    """
    entries = [(procedure, _phrases(procedure)) for procedure in found]
    wanted = [word for word in fold(text).split() if word not in _FILLERS] or fold(text).split()
    exact = [procedure for procedure, _ in entries if procedure.code.casefold() == text.strip().casefold()]
    if exact or not wanted:
        return exact
    weights = _weights(wanted, [phrases for _, phrases in entries])
    whole, least = sum(weights.values()), 0.5 * sum(weights.values())
    phrase = " ".join(wanted)
    ranked = []
    for procedure, phrases in entries:
        everywhere = _heard(weights, frozenset().union(*(words for _, words in phrases)))
        if not whole or everywhere < least:
            continue
        together = max(_heard(weights, words) - 0.02 * len(words) for _, words in phrases)
        said = max((2.0 if text == phrase else 1.0 for text, _ in phrases if f" {phrase} " in f" {text} "), default=0.0)
        score = everywhere / whole + together / whole + said
        ranked.append((-score, len(procedure.name), procedure.code, procedure))
    ranked.sort(key=lambda entry: entry[:3])
    return [entry[3] for entry in ranked if entry[0] <= 0.45 * ranked[0][0]]


_FILLERS = frozenset({"lam", "xin", "cap", "cho", "can", "muon", "toi", "thu", "tuc", "ve", "o", "dau", "nao"})
_Phrases = tuple[tuple[str, frozenset[str]], ...]


def _phrases(procedure: Procedure) -> _Phrases:
    """Name, group and residents' words of a procedure, folded, each with its words."""
    return _folded((procedure.name, f"{procedure.sector} {procedure.group}", *procedure.keywords))


@lru_cache(maxsize=4096)
def _folded(texts: tuple[str, ...]) -> _Phrases:
    told = []
    for text in texts:
        words = [word for word in re.split(r"[^a-z0-9]+", fold(text)) if word]
        kept = [word for word in words if word not in _FILLERS] or words
        told.append((" ".join(kept), frozenset(kept)))
    return tuple(told)


def _weights(wanted: list[str], known: list[_Phrases]) -> dict[str, float]:
    """How much each word tells: the rarer the more; a word that nobody knows tells as much as the rarest."""
    counts = Counter(
        word for phrases in known for word in frozenset().union(*(words for _, words in phrases)) if word in wanted
    )
    return {word: log(1 + len(known) / (1 + counts[word])) for word in wanted}


def _heard(weights: dict[str, float], words: frozenset[str]) -> float:
    """The weight of those wanted words that are among ``words``; the last one may be half typed."""
    last = next(reversed(weights))
    return sum(
        weight for word, weight in weights.items()
        if word in words or (word == last and len(word) > 2 and any(known.startswith(word) for known in words))
    )
