"""How far digitising is: by office of today, kind of book, or year; the tables, their files and their charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, localtime
from tuphap.kernel.text import thousands
from tuphap.modules.civil_status import public as register
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Bar, Column, Series
from tuphap.shared.ui.sheets import Cell, Row, Sheet

from . import content as contents
from . import queries
from .models import Book, Tally
from .queries import FIGURES, Standing, total
from .rules import State

AXES = {"don-vi": "Đơn vị", "loai": "Loại sổ", "nam": "Năm mở sổ"}
STAGES = (
    Series("Đã chuyển", "green"), Series("Đã duyệt, chờ chuyển", "sky"), Series("Đang kiểm tra, duyệt", "blue"),
    Series("Đã quét, chờ nhập", "amber"), Series("Trả lại, không đọc được", "red"), Series("Chưa quét", "grey"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: by which axis, of which office of today, kind, years."""

    axis: str = "don-vi"
    unit: int | None = None
    kind: str = ""
    first: int | None = None
    last: int | None = None

    @property
    def address(self) -> dict[str, Any]:
        """As the address of a page or file has it."""
        told = {"theo": self.axis, "don-vi": self.unit, "loai": self.kind, "tu": self.first, "den": self.last}
        return {name: value for name, value in told.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, with the address of the books behind it."""

    title: str
    standing: Standing
    href: str


def narrowed(found: QuerySet[Book], wanted: Wanted, *, at: datetime) -> QuerySet[Book]:
    """Of these books those that are asked for; an office of today stands for those whose place it took."""
    if wanted.unit is not None:
        found = found.filter(unit__in=_past_of(wanted.unit, at=at))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    years = Q()
    if wanted.first is not None:
        years &= Q(year__gte=wanted.first)
    if wanted.last is not None:
        years &= Q(year__lte=wanted.last)
    return found.filter(years)


def _past_of(unit: int, *, at: datetime) -> list[int]:
    now = orgs.restatement(orgs.with_predecessors([unit]), on=localdate(at))
    return [past for past, heir in now.items() if heir == unit]


def offices(actor: Actor, at: datetime) -> list[OrgUnit]:
    """The offices of today to whom the books fall that the actor may see."""
    units = set(queries.books(actor, at).order_by().values_list("unit_id", flat=True).distinct())
    heirs = {pk for pk in orgs.restatement(units, on=localdate(at)).values() if pk}
    return list(OrgUnit.objects.filter(pk__in=heirs).order_by("sort_key"))


def lines(actor: Actor, wanted: Wanted, *, at: datetime) -> list[Line]:
    """The table: one line for each office of today, kind or year."""
    found = narrowed(queries.books(actor, at), wanted, at=at)
    if wanted.axis == "loai":
        by = queries.standing_by(found, "kind")
        told = [(title, by[kind], {"loai": str(kind)}) for kind, title in register.BOOK_TITLES.items() if kind in by]
    elif wanted.axis == "nam":
        by = queries.standing_by(found, "year")
        told = [(str(year), by[year], {"tu": year, "den": year}) for year in sorted(by)]
    else:
        told = _by_office(queries.standing_by(found, "unit_id"), at=at)
    here = reverse("digitisation:books")
    return [Line(title, one, f"{here}?{urlencode({**_without_axis(wanted), **more})}") for title, one, more in told]


def _without_axis(wanted: Wanted) -> dict[str, Any]:
    return {name: value for name, value in wanted.address.items() if name != "theo"}


def _by_office(by: Mapping[int, Standing], *, at: datetime) -> list[tuple[str, Standing, dict[str, Any]]]:
    now = orgs.restatement(by, on=localdate(at))
    heirs = OrgUnit.objects.filter(pk__in={now[unit] or unit for unit in by}).order_by("sort_key")
    return [
        (one.short_name, total(by[unit] for unit in by if (now[unit] or unit) == one.pk), {"don-vi": one.pk})
        for one in heirs
    ]


def funnel(one: Standing, wanted: Wanted) -> list[Bar]:
    """From what is expected to what is matched; each bar opens its list."""
    tones = {"transferred": "green", "matched": "green", "returned": "red", "unreadable": "red"}
    return [
        Bar(title, value, _list_of(name, wanted), tone=tones.get(name, "blue"))
        for (name, title), value in zip(FIGURES.items(), one.figures, strict=True)
    ]


def _list_of(name: str, wanted: Wanted) -> str:
    here = reverse("digitisation:books" if name == "expected" else "digitisation:entries")
    told = _without_axis(wanted) if name == "expected" else {**_without_axis(wanted), "muc": name}
    return f"{here}?{urlencode(told)}"


def columns(listed: list[Line]) -> list[Column]:
    """Where the acts of each line are, one part for each stage; together they are what is expected."""
    return [Column(line.title, _stages(line.standing), (line.href,)) for line in listed]


def _stages(one: Standing) -> tuple[int, ...]:
    held = one.of(State.RETURNED, State.UNREADABLE)
    working = one.of(State.KEYED, State.PROOFED)
    waiting = one.of(State.SCANNED)
    known = one.transferred + one.of(State.APPROVED) + working + waiting + held
    return (one.transferred, one.of(State.APPROVED), working, waiting, held, max(one.expected - known, 0))


def sheet(listed: list[Line], wanted: Wanted, *, at: datetime) -> Sheet:
    """The table as a file."""
    def cells(one: Standing) -> tuple[Cell, ...]:
        told = zip(FIGURES.values(), one.figures, strict=True)
        return tuple(Cell(head, thousands(value), value) for head, value in told)

    rows = [Row("", line.title, cells(line.standing)) for line in listed]
    rows.append(Row("", "Cộng", cells(total(line.standing for line in listed)), kind="total"))
    words = [register.BOOK_TITLES[register.BookKind(wanted.kind)]] if wanted.kind else ["Mọi loại sổ"]
    if wanted.first or wanted.last:
        words.append(f"năm {wanted.first or '…'}–{wanted.last or '…'}")
    return Sheet(
        title="Tiến độ số hóa sổ hộ tịch", scope_words=", ".join(words),
        period_words=f"Theo {AXES[wanted.axis].lower()}",
        stamp=f"Số liệu lúc {localtime(at):%H:%M ngày %d/%m/%Y}", line_head=AXES[wanted.axis],
        heads=tuple(FIGURES.values()), rows=tuple(rows), has_codes=False,
        notes=("Mỗi số gồm cả việc đã qua bước sau. Việc nhập từ tệp của công cụ khác có thể chưa có bản quét.",),
    )


# --- Quality ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a keyer, or everybody in a kind of place, was wrong among what was keyed twice."""

    title: str
    checked: int
    wrong: int

    @property
    def percent(self) -> str:
        return f"{100 * self.wrong / self.checked:.2f} %".replace(".", ",") if self.checked else "—"


def rates_by_keyer(found: QuerySet[Book]) -> list[Rate]:
    """Most often wrong first."""
    rows = Tally.objects.filter(book__in=found.order_by().values("pk")).order_by().values(
        "keyer__full_name", "keyer__username").annotate(checked_=Sum("checked"), wrong_=Sum("wrong"))
    return _sorted(Rate(f"{row['keyer__full_name']} ({row['keyer__username']})", row["checked_"], row["wrong_"])
                   for row in rows)


def rates_by_place(found: QuerySet[Book]) -> list[Rate]:
    """Of every kind of place, most often wrong first; a person's name is one kind whoever the person is."""
    titles = _titles()
    rows = Tally.objects.filter(book__in=found.order_by().values("pk")).order_by().values("place").annotate(
        checked_=Sum("checked"), wrong_=Sum("wrong"))
    return _sorted(Rate(titles.get(row["place"], row["place"]), row["checked_"], row["wrong_"]) for row in rows)


def rates_by_both(found: QuerySet[Book]) -> list[tuple[str, Rate]]:
    """For the file: keyer and place."""
    titles = _titles()
    rows = Tally.objects.filter(book__in=found.order_by().values("pk")).order_by().values(
        "keyer__full_name", "keyer__username", "place").annotate(checked_=Sum("checked"), wrong_=Sum("wrong"))
    return [
        (f"{row['keyer__full_name']} ({row['keyer__username']})",
         Rate(titles.get(row["place"], row["place"]), row["checked_"], row["wrong_"]))
        for row in rows.order_by("keyer__full_name", "place")
    ]


def _titles() -> dict[str, str]:
    told = {path: f"{part.title}: {place.title}" for kind in register.ENTRY_KINDS.values()
            for path, part, place in contents.places(kind)}
    return {**told, "line.registered_on": "Ngày đăng ký"}


def _sorted(rates: Any) -> list[Rate]:
    return sorted(rates, key=lambda one: (-one.wrong / max(one.checked, 1), -one.checked, one.title))
