"""What a dense commune has transcribed from its book of 1998: entries in every state, and a copy of one of them.

Each entry is brought to where it stands in one morning. Done again, each step finds what was done before by its key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import typst

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.modules.civil_status.old_books import operations, rules
from tuphap.modules.one_stop_shop.operations import Payment
from tuphap.shared.calendar import api as calendar
from tuphap.shared.operation.api import Once
from tuphap.shared.orgs.models import AdminUnit

from . import declarations, events
from .events import EXTRACT
from .families import Families, Person
from .offices import CHAIRMAN, DENSE, OFFICER, WITHOUT_CERTIFICATE, Desk
from .stories import Happening

SEED = 1998
YEAR, SIGNER = 1998, "Đào Văn Chính"
MORNING, DAYS_AGO = time(8, 40), 12  # working days before the present on which the first was transcribed
Places = dict[str, dict[str, dict[str, str]]]
NOTHING, UNREAD = {"standing": "not_stated"}, {"standing": "illegible"}


@dataclass(slots=True)
class Page:
    """An entry of the book: what it says, and how far it has come."""

    number: int
    what: str
    parts: Places
    ends: str  # the state in which it stays
    notes: list[dict[str, str]] = field(default_factory=list)

    def once(self, step: str) -> Once:
        return Once(f"sample-old-book-{self.number}-{step}")


def happenings(desks: dict[str, Desk], *, until: datetime) -> list[Happening]:
    """Everything of these entries before ``until``, one entry a working day; the copy the day after the first."""
    desk = next((desks[code] for code in DENSE if code in desks and code != WITHOUT_CERTIFICATE), None)
    if desk is None:
        return []
    days, families = calendar.working_calendar(), Families(SEED, first=96_000)
    grown = families.adult("nam", date(YEAR, 12, 31), 1)
    day, found = _back(localdate(until), DAYS_AGO), list[Happening]()
    for page in _pages(families, grown):
        found.append(Happening(datetime.combine(day, MORNING, tzinfo=VIETNAM), _bringing(page, desk), desk.commune))
        day = days.add_working_days(day, 1)
    copy = events.Event(1, desk, EXTRACT, _copy_of(grown), _back(localdate(until), DAYS_AGO - 1), key="old-book-copy",
                        payment=Payment(cash=True))
    found += [
        Happening(datetime.combine(copy.day, clock, tzinfo=VIETNAM), events.doing(copy, what), desk.commune)
        for what, clock in events.STEPS
    ]
    return [one for one in found if one.at <= until]


def _back(day: date, working_days: int) -> date:
    """So many working days before."""
    days = calendar.working_calendar()
    while working_days:
        day -= timedelta(days=1)
        working_days -= days.is_working_day(day)
    return day


def _bringing(page: Page, desk: Desk) -> Callable[[Any, datetime], None]:
    def do(filling: Any, at: datetime) -> None:
        bring(page, desk, at=at)

    return do


def bring(page: Page, desk: Desk, *, at: datetime) -> None:
    """Transcribe the entry, and let become of it what becomes."""
    unit, officer, chairman = desk.office(date(YEAR, 1, 1)), desk.actor(OFFICER), desk.actor(CHAIRMAN)
    stands_for = unit.valid_from > date(YEAR + 10, 1, 1)  # formed long after: the book is of an office before it
    name = f"Ủy ban nhân dân xã {unit.admin_unit.name.split(maxsplit=1)[-1]} (cũ)" if stands_for else unit.name
    line = rules.Line(name, stands_for, YEAR, "01", f"{page.number:02d}", date(YEAR, 1 + page.number % 12, 15))
    entry = operations.start(
        what=page.what, unit_id=unit.pk, line=line, scan=operations.Scan(_scan(page), "trang-so.png", "image/png"),
        actor=officer, at=at, once=page.once("start"))
    for part, places in page.parts.items():
        operations.write_part(entry_id=entry.pk, part=part, places=places, actor=officer, at=at, once=page.once(part))
    if page.notes:
        operations.write_notes(entry_id=entry.pk, notes=page.notes, actor=officer, at=at, once=page.once("notes"))
    if page.ends == "draft":
        return
    if page.ends == "withdrawn":
        operations.withdraw(entry_id=entry.pk, reason="Chép nhầm dòng sổ.", actor=officer, at=at,
                            once=page.once("withdraw"))
        return
    operations.propose(entry_id=entry.pk, actor=officer, at=at, once=page.once("propose"))
    if page.ends == "returned":
        operations.return_entry(
            entry_id=entry.pk, reasons={"deceased.name": "Đọc lại chữ đệm trong sổ."}, actor=chairman, at=at,
            once=page.once("return"))
    if page.ends == "entered":
        operations.confirm(entry_id=entry.pk, compared=True, actor=chairman, at=at + timedelta(hours=2),
                           once=page.once("confirm"))


def _pages(families: Families, grown: Person) -> Iterator[Page]:
    """Two births, two marriages, two deaths."""
    def adult(sex: str, years: int) -> Person:
        return families.adult(sex, date(YEAR, 6, 1), years)

    yield Page(15, "civil_status.birth", _birth(grown, adult("nu", 24), adult("nam", 27)), "entered")
    yield Page(16, "civil_status.marriage", _marriage(adult("nam", 26), adult("nu", 22)), "entered", [
        {"kind": "divorce", "text": "Ly hôn theo bản án số 12 ngày 04/05/2004 của Tòa án nhân dân huyện.",
         "noted_on": "2004-06-01", "decision_no": "12/2004/HNST", "authority": "Tòa án nhân dân huyện"}])
    yield Page(17, "civil_status.death", _death(adult("nam", 71)), "returned")
    yield Page(18, "civil_status.marriage", _marriage(adult("nam", 31), adult("nu", 25)), "proposed")
    yield Page(19, "civil_status.death", _death(adult("nu", 80)), "withdrawn")
    child = families.adult("nu", date(YEAR, 12, 31), 1)
    yield Page(20, "civil_status.birth", {"line": _line(20)} | {"child": _child(child)}, "draft")


def _raw(text: str, value: str = "") -> dict[str, str]:
    return {"raw": text, "value": value, "standing": "given"}


def _line(number: int) -> dict[str, dict[str, str]]:
    return {"page": _raw(str(number // 2)), "signer_name": _raw(SIGNER), "signer_title": _raw("Chủ tịch")}


def _person(person: Person, **more: dict[str, str]) -> dict[str, dict[str, str]]:
    """As books of those days tell of somebody grown: the year of birth, seldom more."""
    return {
        "name": _raw(person.name), "born_on": _raw(str(person.born_on.year)), "ethnicity": _raw("Kinh"),
        "nationality": NOTHING, "residence": _raw("Thôn Đông"), "personal_number": NOTHING, **more,
    }


def _child(person: Person) -> dict[str, dict[str, str]]:
    return {
        "name": _raw(person.name.upper()), "born_on": _raw(f"{person.born_on:%d-%m-%Y}"),
        "sex": _raw("trai" if person.sex == "nam" else "gái"), "ethnicity": _raw("Kinh"), "nationality": NOTHING,
        "personal_number": NOTHING,
    }


def _birth(child: Person, mother: Person, father: Person) -> Places:
    return {
        "line": _line(15), "child": _child(child), "event": {"place": _raw("Trạm xá xã"), "native_place": UNREAD},
        "mother": _person(mother), "father": _person(father), "declarant": {},
    }


def _marriage(husband: Person, wife: Person) -> Places:
    more = {"id_paper": NOTHING, "times": _raw("lần thứ nhất")}
    return {"line": _line(16), "husband": _person(husband, **more), "wife": _person(wife, **more)}


def _death(dead: Person) -> Places:
    sex = _raw("Nam" if dead.sex == "nam" else "Nữ")
    return {
        "line": _line(17), "deceased": _person(dead, sex=sex, id_paper=NOTHING),
        "event": {"died_on": _raw("mồng một tết Mậu Dần", f"28/01/{YEAR}"), "died_at": NOTHING,
                  "place": _raw("tại nhà"), "cause": UNREAD, "proof": NOTHING},
        "declarant": {},
    }


def _copy_of(grown: Person) -> events.Answers:
    """Who was born then asks for a copy."""
    def answers(commune: AdminUnit, on: date) -> dict[str, dict[str, Any]]:
        return {
            "target": {"book": "KS", "number": f"15/{YEAR}", "name": grown.name, "on_paper": True,
                       "office": declarations.address(commune, "", on)},
            "request": {"copies": 1, "purpose": "bổ sung hồ sơ cán bộ"},
            "requester": {"name": grown.name, "personal_number": grown.personal_number, "phone": grown.phone,
                          "relation": "self", "residence": events.home(commune, on, 15)},
        }

    return answers


_PAPER = """
#set page(width: 210mm, height: 148mm, margin: 14mm, fill: rgb("f3e9d2"))
#set text(font: "Liberation Serif", size: 12pt, lang: "vi")
#align(center)[*SỔ HỘ TỊCH NĂM 1998* — Quyển số 01]
#v(4mm)
#for part in json(bytes(sys.inputs.lines)) [ #part \\ ]
"""


@lru_cache(maxsize=8)
def _drawn(lines: str) -> bytes:
    return bytes(typst.compile(_PAPER.encode(), format="png", ppi=80, sys_inputs={"lines": lines}))


def _scan(page: Page) -> bytes:
    """The page as a camera sees it: what the book says, in its own words."""
    told = [f"Số {page.number}"]
    for places in page.parts.values():
        told.append(" · ".join(place["raw"] for place in places.values() if place.get("raw")))
    return _drawn(json.dumps([line for line in told if line], ensure_ascii=False))
