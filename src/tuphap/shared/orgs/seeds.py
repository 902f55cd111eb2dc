"""Fill the tables: the country's units from the packed file, and the justice offices of one province.

Both insert what is missing and never overwrite. They run as operations of the platform itself, from ``tuphap migrate``,
the sample and the tests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from tuphap.engines.vietnamese import fold, text_sort_key
from tuphap.kernel.actor import Actor, system_actor
from tuphap.kernel.clock import now
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import operation

from .data.form import Unit, read
from .models import AdminUnit, OrgUnit, Succession

EARLIEST = date(2004, 1, 1)
"""Lower bound for units of before the reform: their codes are of 2004; when each was really formed is not recorded."""

REFORM = date(2025, 7, 1)
"""Two levels instead of three: NQ 202/2025/QH15 (provinces), the resolutions on communes, QĐ 19/2025/QĐ-TTg (codes)."""

BASIS_PROVINCE = "Nghị quyết 202/2025/QH15"
BASIS_COMMUNE = "Quyết định 19/2025/QĐ-TTg"

_LEVEL = {"P": 1, "D": 2, "C": 3, "N": 1, "c": 3}
_ABOVE = {"D": "P", "C": "D", "c": "N"}
_LOCK = 0x0765  # the advisory lock that lets one loader work at a time

Key = tuple[str, int, date]


@dataclass(slots=True)
class _Country:
    """The packed file, with the units above each and those from which each came."""

    units: list[Unit]
    parents: list[int | None]
    came_from: dict[str, list[Unit]]

    @classmethod
    def load(cls) -> _Country:
        units, parents, came_from = list(read()), list[int | None](), defaultdict[str, list[Unit]](list)
        above: dict[str, int] = {}
        for place, unit in enumerate(units):
            above[unit.mark] = place
            parents.append(above.get(_ABOVE.get(unit.mark, "")))
            for code in unit.became:
                came_from[code].append(unit)
        return cls(units, parents, came_from)


def seed_units(*, province_offices: tuple[str, ...] = ()) -> None:
    """Load the 34 provinces and 3,321 communes, the units before 1 July 2025 and the succession; about a second.

    :param province_offices: codes of present provinces whose justice offices are made too (see :func:`seed_offices`).
    """
    _load_country(actor=system_actor("seed"), at=now())
    for code in province_offices:
        seed_offices(code)


def seed_offices(province_code: str) -> None:
    """Make the offices of one present province: People's Committees, Department of Justice with divisions, communes.

    Also those of the provinces, districts and communes that became it, closed on 1 July 2025, each pointing to its main
    successor. Codes are derived and stable: ``H31`` the province, ``H31.09`` the Department, ``H31.101`` onwards the
    present communes in the order of their codes, ``H31.303`` a former district, ``H31.303.01`` its communes.
    """
    _make_offices(province_code=province_code, actor=system_actor("seed"), at=now())


@operation
def _load_country(*, actor: Actor, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    country = _Country.load()
    known: dict[Key, int] = {
        (code, level, since): pk
        for code, level, since, pk in AdminUnit.objects.filter(valid_from__in=(EARLIEST, REFORM)).values_list(
            "code", "level", "valid_from", "pk"
        )
    }
    keys = [_key(unit) for unit in country.units]
    missing = [place for place, key in enumerate(keys) if key not in known]
    if not missing and Succession.objects.filter(effective=REFORM).exists():
        return 0
    for place, pk in zip(missing, _new_keys(AdminUnit, len(missing)), strict=True):
        known[keys[place]] = pk
    _copy(
        AdminUnit,
        ("id", "code", "level", "name", "kind", "parent_id", "valid_from", "valid_to", "sort_key", "search_key"),
        (_unit_row(country, place, known) for place in missing),
    )
    present = set(Succession.objects.filter(effective=REFORM).values_list("old_id", "new_id"))
    steps = [step for step in _steps(country, known) if (step[0], step[1]) not in present]
    _copy(Succession, ("old_id", "new_id", "kind", "effective", "is_main", "decision_no"), steps)
    audit.record("orgs.units_loaded", subject=None, actor=actor, at=at, units=len(missing), successions=len(steps))
    return len(missing)


def _key(unit: Unit) -> Key:
    return unit.code, _LEVEL[unit.mark], EARLIEST if unit.mark in "PDC" else REFORM


def _unit_row(country: _Country, place: int, known: dict[Key, int]) -> tuple[Any, ...]:
    unit, parent = country.units[place], country.parents[place]
    code, level, since = key = _key(unit)
    names, above = [unit.name], parent
    while above is not None:
        names.append(country.units[above].name)
        above = country.parents[above]
    kind, proper = _kind_and_proper_name(unit.name)
    return (
        known[key], code, level, unit.name, kind,
        None if parent is None else known[_key(country.units[parent])],
        since, REFORM if since == EARLIEST else None,
        text_sort_key(f"{proper} {unit.name}"), fold(" ".join(names))[:200],
    )


def _kind_and_proper_name(name: str) -> tuple[AdminUnit.Kind, str]:
    for kind in AdminUnit.Kind:
        if name.startswith(f"{kind.label} "):
            return kind, name.removeprefix(f"{kind.label} ")
    raise ValueError(f"{name!r} names no kind of unit")


def _steps(country: _Country, known: dict[Key, int]) -> Iterator[tuple[Any, ...]]:
    """Every succession; the kind follows from who went where, see the folder's README."""
    new = {unit.code: unit for unit in country.units if unit.mark in "Nc"}
    for unit in country.units:
        for rank, code in enumerate(unit.became):
            heir = new[code]
            kind = _succession_kind(unit, heir, country.came_from[code])
            basis = BASIS_PROVINCE if unit.mark == "P" else BASIS_COMMUNE
            yield known[_key(unit)], known[_key(heir)], kind, REFORM, rank == 0, basis


def _succession_kind(unit: Unit, heir: Unit, all_before: Sequence[Unit]) -> Succession.Kind:
    if len(unit.became) > 1:
        return Succession.Kind.SPLIT
    if len(all_before) == 1:
        return Succession.Kind.RENAME
    core = (other for other in all_before if (other.code, other.name) == (heir.code, heir.name))
    if any(other is not unit and other.became[0] == heir.code for other in core):
        return Succession.Kind.ABSORB
    return Succession.Kind.MERGE


def _new_keys(model: type[models.Model], count: int) -> list[int]:
    """Primary keys taken from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert with COPY: 24,000 rows in a fraction of a second."""
    quoted = ", ".join(connection.ops.quote_name(c) for c in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


# --- offices -----------------------------------------------------------------------------------------------------

DEPARTMENT_OF_JUSTICE = "09"
"""The Department's number within the province in our scheme of codes."""

DIVISIONS = (
    ("01", "Văn phòng", "Văn phòng"),
    ("02", "Phòng Hành chính tư pháp", "P. Hành chính tư pháp"),
    ("03", "Phòng Bổ trợ tư pháp", "P. Bổ trợ tư pháp"),
    ("04", "Phòng Xây dựng và kiểm tra văn bản quy phạm pháp luật", "P. Xây dựng, kiểm tra văn bản"),
    ("05", "Phòng Phổ biến, giáo dục pháp luật", "P. Phổ biến, giáo dục pháp luật"),
)
_FIRST_COMMUNE = 101


@operation
def _make_offices(*, province_code: str, actor: Actor, at: datetime) -> int:
    from .queries import admin_unit  # here, so that reading the file needs no table

    province = admin_unit(province_code, on=REFORM, level=AdminUnit.Level.PROVINCE)
    offices = _Offices()
    offices.of_province(province, heirs=None)
    communes = AdminUnit.objects.filter(parent=province, valid_from=REFORM).order_by("code")
    top = offices.made[_province_office_code(province), REFORM]
    for number, commune in enumerate(communes, start=_FIRST_COMMUNE):
        offices.add(f"{top.code}.{number}", OrgUnit.Kind.COMMUNE, commune, parent=top)
    for old in AdminUnit.objects.filter(became__new=province).order_by("code"):
        offices.of_province(old, heirs=province)
        offices.of_districts(old)
    added = offices.save()
    if added:
        audit.record("orgs.offices_made", subject=province, actor=actor, at=at, offices=added)
    return added


class _Offices:
    """Offices in the making, by (code, day of start); present ones first, so that the past can point to them."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, date], OrgUnit] = {}
        self.commune_office: dict[int, OrgUnit] = {}

    def add(
        self, code: str, kind: OrgUnit.Kind, unit: AdminUnit, *, parent: OrgUnit | None = None,
        successor: OrgUnit | None = None, names: tuple[str, str] | None = None,
    ) -> OrgUnit:
        territory = unit.name[0].lower() + unit.name[1:]
        name, short = names or (f"Ủy ban nhân dân {territory}", f"UBND {territory}")
        made = OrgUnit(
            code=code, kind=kind, admin_unit=unit, parent=parent, successor=successor, name=name, short_name=short,
            valid_from=unit.valid_from, valid_to=unit.valid_to,
            sort_key=unit.sort_key if names is None else text_sort_key(f"{name} {territory}"),
        )
        self.made[code, unit.valid_from] = made
        if kind in (OrgUnit.Kind.COMMUNE, OrgUnit.Kind.DISTRICT):
            self.commune_office[unit.pk] = made
        return made

    def of_province(self, unit: AdminUnit, *, heirs: AdminUnit | None) -> None:
        """The province's People's Committee, its Department of Justice and the divisions."""
        top, territory = _province_office_code(unit), unit.name[0].lower() + unit.name[1:]

        def heir(suffix: str) -> OrgUnit | None:
            return None if heirs is None else self.made[_province_office_code(heirs) + suffix, REFORM]

        committee = self.add(top, OrgUnit.Kind.PROVINCE, unit, successor=heir(""))
        suffix = f".{DEPARTMENT_OF_JUSTICE}"
        department = self.add(
            top + suffix, OrgUnit.Kind.DEPARTMENT, unit, parent=committee, successor=heir(suffix),
            names=(f"Sở Tư pháp {territory}", "Sở Tư pháp"),
        )
        for number, name, short in DIVISIONS:
            part = f"{suffix}.{number}"
            self.add(
                top + part, OrgUnit.Kind.DIVISION, unit, parent=department, successor=heir(part), names=(name, short)
            )

    def of_districts(self, province: AdminUnit) -> None:
        """The districts of a former province and their communes, with the main successor of each."""
        top = self.made[_province_office_code(province), province.valid_from]
        heirs = {
            step.old_id: self.commune_office.get(step.new_id)
            for step in Succession.objects.filter(is_main=True, effective=REFORM).filter(
                models.Q(old__parent=province) | models.Q(old__parent__parent=province)
            )
        }
        communes: dict[int | None, list[AdminUnit]] = defaultdict(list)
        for commune in AdminUnit.objects.filter(parent__parent=province).order_by("code"):
            communes[commune.parent_id].append(commune)
        for district in AdminUnit.objects.filter(parent=province, level=AdminUnit.Level.DISTRICT).order_by("code"):
            office = self.add(
                f"{top.code}.{district.code}", OrgUnit.Kind.DISTRICT, district, parent=top,
                successor=heirs.get(district.pk),
            )
            for number, commune in enumerate(communes[district.pk], start=1):
                self.add(
                    f"{office.code}.{number:02d}", OrgUnit.Kind.COMMUNE, commune, parent=office,
                    successor=heirs.get(commune.pk),
                )

    def save(self) -> int:
        """Insert those that are not there yet; point to those that are."""
        codes = {code for code, _ in self.made}
        there = {(o.code, o.valid_from): o.pk for o in OrgUnit.objects.filter(code__in=codes)}
        new = [office for key, office in self.made.items() if key not in there]
        for key, office in self.made.items():
            office.pk = there.get(key)
        for office, pk in zip(new, _new_keys(OrgUnit, len(new)), strict=True):
            office.pk = pk
        for office in new:
            office.parent, office.successor = office.parent, office.successor  # take up the keys given just now
        OrgUnit.objects.bulk_create(new)
        return len(new)


def _province_office_code(province: AdminUnit) -> str:
    return f"H{province.code}"
