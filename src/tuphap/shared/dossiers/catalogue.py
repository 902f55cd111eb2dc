"""The catalogue of procedures and the parameters of the one-stop rules: dated rows, seeded once, then edited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
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
    number = 0
    for row in rows:
        first, end = row["valid_from"], row["valid_to"] or date.max
        if not any(first < other_end and other_first < end for other_first, other_end in there.get(row["code"], ())):
            model._default_manager.create(**row)
            number += 1
    return number


def matching(found: Iterable[Procedure], text: str) -> list[Procedure]:
    """Procedures whose name, code or residents' words hold the words of ``text``, accents aside; the best first."""
    words = fold(text).split()
    ranked = []
    for procedure in found:
        haystacks = [fold(procedure.name), procedure.code, *(fold(word) for word in procedure.keywords)]
        hits = sum(any(word in haystack for haystack in haystacks) for word in words)
        whole = any(fold(text) in haystack for haystack in haystacks)
        if hits:
            ranked.append((not whole, -hits, len(procedure.name), procedure))
    ranked.sort(key=lambda entry: entry[:3])
    best = -ranked[0][1] if ranked else 0
    return [entry[3] for entry in ranked if -entry[1] == best or not entry[0]]
