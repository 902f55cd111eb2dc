"""Reads: a unit as it was on a day, what became of it, and how the past is told in today's units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tuphap.engines.vietnamese import fold
from tuphap.kernel.refusal import NotFound, Refusal

from .models import AdminUnit, OrgUnit, Succession

LEVEL_BY_LENGTH = {2: AdminUnit.Level.PROVINCE, 3: AdminUnit.Level.DISTRICT, 5: AdminUnit.Level.COMMUNE}


class UnknownUnit(NotFound):
    """No unit bore this code on this day."""

    code = "orgs.unknown_unit"
    message_vi = "Không có đơn vị mang mã {code} vào ngày {on}."


class UnitClosed(Refusal):
    """The office works no longer, or not yet; its successor, where there is one, is named."""

    code = "orgs.unit_closed"
    message_vi = "{unit} không hoạt động vào ngày {on}{now}."


class NoSuccessor(Refusal):
    """The office was abolished and no single office took its place."""

    code = "orgs.no_successor"
    message_vi = "{unit} đã kết thúc hoạt động và không có một đơn vị kế thừa duy nhất."


class SplitNeedsChoice(Refusal):
    """The unit was divided: which part an address lies in, only a person who knows the place can say."""

    code = "orgs.split_needs_choice"
    message_vi = "{unit} đã được chia về {names}; vui lòng chọn theo thôn, tổ dân phố."

    def __init__(self, *, unit: AdminUnit, candidates: tuple[AdminUnit, ...], field: str | None = None) -> None:
        self.candidates = candidates
        super().__init__(field=field, unit=unit.name, names=", ".join(c.name for c in candidates))


@dataclass(frozen=True, slots=True)
class Successor:
    """A unit into which another turned. ``is_main``: the one that counts when the past is restated."""

    unit: AdminUnit
    is_main: bool
    kind: Succession.Kind


@dataclass(frozen=True, slots=True)
class Found:
    """A present unit that fits what was typed, and the old unit by whose name it was found, if so."""

    unit: AdminUnit
    formerly: AdminUnit | None = None


def valid_on(on: date, prefix: str = "") -> Q:
    """The condition that a unit existed on this day; ``prefix`` is the path to it (``"unit__"``)."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": on})
    )


def is_valid(unit: AdminUnit | OrgUnit, *, on: date) -> bool:
    """Whether the unit existed on this day."""
    return unit.valid_from <= on and (unit.valid_to is None or on < unit.valid_to)


def admin_unit(code: str, *, on: date, level: int | None = None) -> AdminUnit:
    """The administrative unit that bore ``code`` on this day (2 digits a province, 3 a district, 5 a commune).

    :raises UnknownUnit: none did.
    """
    found = _units(code, on=on, level=level).select_related("parent__parent").first()
    if found is None:
        raise UnknownUnit(code=code, on=f"{on:%d/%m/%Y}")
    return found


def _units(code: str, *, on: date, level: int | None = None) -> QuerySet[AdminUnit]:
    level = level or LEVEL_BY_LENGTH.get(len(code), AdminUnit.Level.COMMUNE)
    return AdminUnit.objects.filter(valid_on(on), code=code, level=level)


def provinces(*, on: date) -> QuerySet[AdminUnit]:
    """The provinces and centrally-run cities of this day, in alphabetical order."""
    return AdminUnit.objects.filter(valid_on(on), level=AdminUnit.Level.PROVINCE).order_by("sort_key", "code")


def communes(*, within: AdminUnit, on: date) -> QuerySet[AdminUnit]:
    """The communes of a province or district on this day, in alphabetical order."""
    return AdminUnit.objects.filter(
        Q(parent=within) | Q(parent__parent=within), valid_on(on), level=AdminUnit.Level.COMMUNE
    ).order_by("sort_key", "code")


def office(code: str, *, on: date) -> OrgUnit:
    """The office that bore this electronic code on this day.

    :raises UnknownUnit: none did.
    """
    found = OrgUnit.objects.filter(valid_on(on), code=code).select_related("admin_unit").first()
    if found is None:
        raise UnknownUnit(code=code, on=f"{on:%d/%m/%Y}")
    return found


def offices(*, kind: str | None = None, within: AdminUnit | None = None, on: date) -> QuerySet[OrgUnit]:
    """The offices at work on this day, of one kind or all, in a territory or everywhere, in alphabetical order."""
    found = OrgUnit.objects.filter(valid_on(on))
    if kind is not None:
        found = found.filter(kind=kind)
    if within is not None:
        found = found.filter(
            Q(admin_unit=within) | Q(admin_unit__parent=within) | Q(admin_unit__parent__parent=within)
        )
    return found.select_related("admin_unit").order_by("sort_key", "code")


def require_open(unit: OrgUnit, *, on: date) -> None:
    """Refuse work in an office that does not exist on this day.

    :raises UnitClosed: it has been closed, or is not open yet.
    """
    if not is_valid(unit, on=on):
        heir = restate(unit.pk, on=on)
        now = f", nay là {heir.name}" if heir is not None and heir != unit else ""
        raise UnitClosed(unit=unit.name, on=f"{on:%d/%m/%Y}", now=now)


def successors(unit: AdminUnit, *, on: date) -> list[Successor]:
    """What the unit had become by this day, the main successor first; nothing while it still existed."""
    if is_valid(unit, on=on):
        return []
    found: dict[int, Successor] = {}
    for step in Succession.objects.filter(old=unit, effective__lte=on).select_related("new__parent", "old").order_by(
        "-is_main", "new__sort_key"
    ):
        kind = Succession.Kind(step.kind)
        further = successors(step.new, on=on)
        for heir in further or [Successor(step.new, True, kind)]:
            is_main = step.is_main and heir.is_main
            if heir.unit.pk not in found or is_main:
                found[heir.unit.pk] = Successor(heir.unit, is_main, kind if not further else heir.kind)
    return sorted(found.values(), key=lambda s: (not s.is_main, s.unit.sort_key))


def predecessors(unit: AdminUnit) -> list[AdminUnit]:
    """What the unit was formed from, wholly or in part, in alphabetical order."""
    return list(AdminUnit.objects.filter(became__new=unit).select_related("parent").order_by("sort_key", "code"))


def map_address(code: str, *, as_of: date, on: date, choice: str | None = None) -> AdminUnit:
    """The unit in which an address given with the unit code of ``as_of`` lies on the day ``on``.

    :param choice: the code that a person chose among the successors of a divided unit.
    :raises UnknownUnit: no unit had ``code`` on ``as_of``, or ``choice`` is not among its successors.
    :raises SplitNeedsChoice: the unit was divided and nobody has chosen; carries the candidates.
    :raises NoSuccessor: it was abolished and nothing stands for it.
    """
    unit = admin_unit(code, on=as_of)
    if is_valid(unit, on=on):
        return unit
    heirs = [s.unit for s in successors(unit, on=on)]
    if choice is not None:
        for heir in heirs:
            if heir.code == choice:
                return heir
        raise UnknownUnit(code=choice, on=f"{on:%d/%m/%Y}")
    if not heirs:
        raise NoSuccessor(unit=unit.name)
    if len(heirs) > 1:
        raise SplitNeedsChoice(unit=unit, candidates=tuple(heirs))
    return heirs[0]


def current(office: OrgUnit, *, on: date) -> OrgUnit:
    """The office itself while it is at work, else the one that had taken its place by this day.

    :raises NoSuccessor: nothing took its place.
    """
    heir = restate(office.pk, on=on)
    if heir is None:
        raise NoSuccessor(unit=office.name)
    return heir


def restate(unit_id: int, *, on: date) -> OrgUnit | None:
    """The office of this day to which the past of ``unit_id`` is counted: the main successor where one was divided.

    None where nothing succeeded it (the districts' offices), so that a figure can say what it leaves out.
    """
    unit: OrgUnit | None = OrgUnit.objects.select_related("admin_unit", "successor__admin_unit").get(pk=unit_id)
    while unit is not None and unit.valid_to is not None and unit.valid_to <= on:
        unit = unit.successor
    return unit


def restatement(unit_ids: Iterable[int] | None = None, *, on: date) -> dict[int, int | None]:
    """:func:`restate` for many offices (or all) at once: key of the office then → key of the office on this day."""
    closed = dict(OrgUnit.objects.filter(valid_to__lte=on).values_list("pk", "successor_id"))
    wanted = OrgUnit.objects.values_list("pk", flat=True) if unit_ids is None else unit_ids
    answer: dict[int, int | None] = {}
    for start in wanted:
        here: int | None = start
        while here in closed:
            here = closed[here]
        answer[start] = here
    return answer


def with_predecessors(unit_ids: Iterable[int]) -> frozenset[int]:
    """These offices and all whose place they took: the reach of a grant over the papers of before a merger."""
    known = set(unit_ids)
    frontier = set(known)
    while frontier:
        frontier = set(OrgUnit.objects.filter(successor_id__in=frontier).values_list("pk", flat=True)) - known
        known |= frontier
    return frozenset(known)


def name_then_and_now(unit: AdminUnit | OrgUnit, *, on: date) -> str:
    """``Xã A (nay là Phường B)``; of a divided commune, ``Xã A (nay thuộc Phường B, Xã C)``; else the bare name."""
    if is_valid(unit, on=on):
        return unit.name
    if isinstance(unit, OrgUnit):
        heir = restate(unit.pk, on=on)
        names = [] if heir is None else [heir.name]
    else:
        names = [s.unit.name for s in successors(unit, on=on)]
    if not names or names == [unit.name]:
        return unit.name
    return f"{unit.name} (nay {'là' if len(names) == 1 else 'thuộc'} {', '.join(names)})"


def full_name(unit: AdminUnit) -> str:
    """The unit with those above it: ``phường Hồng Bàng, thành phố Hải Phòng``, as running text writes it."""
    names: list[str] = []
    here: AdminUnit | None = unit
    while here is not None:
        names.append(here.name)
        here = here.parent
    return _running(names)


def full_name_of(code: str, *, on: date) -> str:
    """The :func:`full_name` of :func:`admin_unit`, without reading more than the names.

    :raises UnknownUnit: no unit bore the code on this day.
    """
    names = _units(code, on=on).values_list("name", "parent__name", "parent__parent__name").first()
    if names is None:
        raise UnknownUnit(code=code, on=f"{on:%d/%m/%Y}")
    return _running(name for name in names if name)


def _running(names: Iterable[str]) -> str:
    return ", ".join(name[0].lower() + name[1:] for name in names)


def find_units(text: str, *, on: date, within: AdminUnit | None = None, limit: int = 20) -> list[Found]:
    """Present communes by any words of their present or former names and of the units above, accents or not."""
    words = fold(text).replace(",", " ").split()
    if not words:
        return []
    fits = Q(level=AdminUnit.Level.COMMUNE)
    for word in words:
        fits &= Q(search_key__contains=word)
    present = AdminUnit.objects.filter(fits, valid_on(on)).select_related("parent__parent").order_by("sort_key", "code")
    if within is not None:
        present = present.filter(Q(parent=within) | Q(parent__parent=within))
    found = {unit.pk: Found(unit) for unit in present[:limit]}
    if len(found) < limit:
        former = AdminUnit.objects.filter(fits, valid_to__lte=on).select_related("parent").order_by("sort_key", "code")
        for past, heir in _present_heirs(list(former[:limit]), on=on):
            if within is None or within.pk in (heir.parent_id, getattr(heir.parent, "parent_id", None)):
                found.setdefault(heir.pk, Found(heir, past))
    return list(found.values())[:limit]


def _present_heirs(units: list[AdminUnit], *, on: date) -> Iterator[tuple[AdminUnit, AdminUnit]]:
    """Each of these closed units with each that stands in its place on this day; one query for a generation."""
    origin = {unit.pk: [unit] for unit in units}
    while origin:
        steps = Succession.objects.filter(old__in=origin, effective__lte=on).select_related("new__parent__parent")
        later: dict[int, list[AdminUnit]] = {}
        for step in steps.order_by("new__sort_key", "old__sort_key"):
            if is_valid(step.new, on=on):
                yield from ((past, step.new) for past in origin[step.old_id])
            else:
                later.setdefault(step.new_id, []).extend(origin[step.old_id])
        origin = later
