"""Old books of a dense commune on their way into the register: scans, and entries in every state that people reach.

Each step is done again without effect: files are known by their bytes, every other step by its key.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import typst

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.modules.digitisation import operations
from tuphap.modules.digitisation.models import Book, Entry
from tuphap.modules.digitisation.operations import ScanFile
from tuphap.modules.digitisation.rules import BookLine, State
from tuphap.shared.accounts.models import User
from tuphap.shared.operation.api import Once

from .families import Families, Person
from .offices import DENSE, DEPUTY, WITHOUT_CERTIFICATE, Desk, actor_of
from .old_books import NOTHING, UNREAD, _back, _raw
from .stories import Happening

SEED = 1996
YEAR = 1996
MANAGER, KEYERS, PROOFER = "quanly.sohoa", ("nhaplieu.mot", "nhaplieu.hai"), "kiemtra.sohoa"
# How far each birth of the book has come; number 9 was never scanned.
BIRTHS = {
    1: State.TRANSFERRED, 2: State.TRANSFERRED, 3: State.TRANSFERRED, 4: State.APPROVED, 5: State.PROOFED,
    6: State.KEYED, 7: State.RETURNED, 8: State.UNREADABLE, 10: State.SCANNED, 11: State.SCANNED,
}
MARRIAGES = range(1, 5)
KEYED = frozenset(BIRTHS.values()) - {State.SCANNED, State.UNREADABLE}
PROOFED = frozenset({State.PROOFED, State.APPROVED, State.TRANSFERRED})
APPROVED = PROOFED - {State.PROOFED}
Typed = dict[str, dict[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Page:
    """A birth of the book as it stands there."""

    number: int
    child: Person
    mother: Person
    father: Person

    @property
    def day(self) -> date:
        return date(YEAR, 1 + self.number % 12, 14)

    @property
    def typed(self) -> Typed:
        return {
            "line": {"page": _raw(str(self.number)), "signer_name": _raw("Đào Văn Chính"),
                     "signer_title": _raw("Chủ tịch")},
            "child": {
                "name": _raw(self.child.name.upper()), "born_on": _raw(f"{self.child.born_on:%d-%m-%Y}"),
                "sex": _raw("trai" if self.child.sex == "nam" else "gái"), "ethnicity": _raw("Kinh"),
                "nationality": NOTHING, "personal_number": NOTHING,
            },
            "event": {"place": _raw("Trạm xá xã"), "native_place": UNREAD},
            "mother": _parent(self.mother), "father": _parent(self.father), "declarant": {},
        }


def _parent(person: Person) -> dict[str, dict[str, str]]:
    return {"name": _raw(person.name), "born_on": _raw(str(person.born_on.year)), "ethnicity": _raw("Kinh"),
            "nationality": NOTHING, "residence": _raw("Thôn Đông"), "personal_number": NOTHING}


def happenings(desks: dict[str, Desk], *, until: datetime) -> list[Happening]:
    """What was done with these books on four mornings before the present."""
    desk = next((desks[code] for code in DENSE if code in desks and code != WITHOUT_CERTIFICATE), None)
    if desk is None or desk.before is None:
        return []
    pages = list(_pages())
    steps: tuple[tuple[int, Callable[[Desk, list[Page], datetime], None]], ...] = (
        (9, _scan), (8, _key), (6, _proof), (4, _approve))
    found = [
        Happening(datetime.combine(_back(localdate(until), days), time(9, 10), tzinfo=VIETNAM),
                  _doing(step, desk, pages), desk.commune)
        for days, step in steps
    ]
    return [one for one in found if one.at <= until]


def _doing(
    step: Callable[[Desk, list[Page], datetime], None], desk: Desk, pages: list[Page]
) -> Callable[[Any, datetime], None]:
    def do(filling: Any, at: datetime) -> None:
        step(desk, pages, at)

    return do


def _pages() -> Iterator[Page]:
    families = Families(SEED, first=97_000)
    for number in BIRTHS:
        sex = "nam" if number % 2 else "nu"
        yield Page(number, families.adult(sex, date(YEAR, 12, 31), 1), families.adult("nu", date(YEAR, 6, 1), 25),
                   families.adult("nam", date(YEAR, 6, 1), 28))


def _actor(username: str) -> Any:
    return actor_of(User.objects.get(username=username))


def _once(*parts: object) -> Once:
    return Once("sample-digitising-" + "-".join(map(str, parts)))


def _scan(desk: Desk, pages: list[Page], at: datetime) -> None:
    """The manifest of three books; two of them are scanned, one with a page left out and a file of a wrong name."""
    manager, unit = _actor(MANAGER), desk.before
    assert unit is not None  # see :func:`happenings`
    for kind, what, last in (("KS", "birth", 11), ("KH", "marriage", 4), ("KT", "death", 30)):
        line = BookLine(
            office_name=unit.name, kind=kind, what=f"civil_status.{what}", year=YEAR, volume="01", first_number=1,
            last_number=last, opened_on=date(YEAR, 1, 1), closed_on=date(YEAR, 12, 31),
            condition="worn" if kind == "KT" else "good",
        )
        operations.enter_book(unit_id=unit.pk, line=line, actor=manager, at=at, once=_once("book", kind))
    births = [ScanFile(f"KS.{YEAR}.01.{page.day}.{page.number:03d}.pdf", _drawn(_told(page))) for page in pages]
    births.append(ScanFile("bia truoc.pdf", _drawn(["SỔ ĐĂNG KÝ KHAI SINH", f"Năm {YEAR}"])))
    operations.take_in(files_in=births, book_id=_book("KS").pk, actor=manager, at=at)
    marriages = [
        ScanFile(f"KH.{YEAR}.01.{date(YEAR, 2, number)}.{number:03d}.pdf",
                 _drawn(["SỔ ĐĂNG KÝ KẾT HÔN", f"Số {number}"])) for number in MARRIAGES
    ]
    operations.take_in(files_in=marriages, book_id=_book("KH").pk, actor=manager, at=at)


def _book(kind: str) -> Book:
    return Book.objects.get(kind=kind, year=YEAR, volume="01")


def _entry(page: Page) -> Entry:
    return Entry.objects.get(book=_book("KS"), number=page.number)


def _key(desk: Desk, pages: list[Page], at: datetime) -> None:
    """One keys them, another those of the sample once more; a page that nobody can read is said to be so."""
    first, second = map(_actor, KEYERS)
    for page in pages:
        entry, ends = _entry(page), BIRTHS[page.number]
        told: dict[str, Any] = {"entry_id": entry.pk, "what": entry.what, "registered_on": page.day,
                                "typed": page.typed, "at": at}
        if ends is State.UNREADABLE:
            operations.set_unreadable(entry_id=entry.pk, reason="Mực nhòe, không đọc được họ tên.", actor=first, at=at,
                                      once=_once("unreadable", page.number))
        elif ends in KEYED:
            kept = operations.key(**told, actor=first, once=_once("key", page.number))
            if kept.keyed_twice:
                operations.key(**told, actor=second, once=_once("key-again", page.number))


def _proof(desk: Desk, pages: list[Page], at: datetime) -> None:
    """Held against the scan; one goes back."""
    proofer = _actor(PROOFER)
    for page in pages:
        ends = BIRTHS[page.number]
        if ends in PROOFED:
            operations.proof(entry_id=_entry(page).pk, compared=True, actor=proofer, at=at,
                             once=_once("proof", page.number))
        elif ends is State.RETURNED:
            operations.return_entry(
                entry_id=_entry(page).pk, reasons={"mother.name": "Đọc lại chữ đệm của người mẹ."}, actor=proofer,
                at=at, once=_once("return", page.number))


def _approve(desk: Desk, pages: list[Page], at: datetime) -> None:
    """The deputy approves; what is approved by then goes into the register, and one more is approved afterwards."""
    deputy, book = desk.actor(DEPUTY), _book("KS")
    for page in pages:
        if BIRTHS[page.number] is State.TRANSFERRED:
            operations.approve(entry_id=_entry(page).pk, actor=deputy, at=at, once=_once("approve", page.number))
    job = operations.begin_transfer(book_id=book.pk, actor=_actor(MANAGER), at=at, once=_once("transfer"))
    while operations.transfer_some(job_id=job.pk, actor=_actor(MANAGER), at=at + timedelta(minutes=5)):
        pass
    for page in pages:
        if BIRTHS[page.number] is State.APPROVED:
            operations.approve(entry_id=_entry(page).pk, actor=deputy, at=at, once=_once("approve", page.number))


def _told(page: Page) -> list[str]:
    """The page in the book's own words, with printed heads."""
    child = page.typed["child"]
    return [
        "SỔ ĐĂNG KÝ KHAI SINH", f"Số: {page.number}", f"Ngày đăng ký: {page.day:%d/%m/%Y}",
        f"Họ và tên: {child['name']['raw']}", f"Ngày, tháng, năm sinh: {child['born_on']['raw']}",
        f"Giới tính: {child['sex']['raw']}", "Dân tộc: Kinh", "Nơi sinh: Trạm xá xã",
        f"Họ và tên: {page.mother.name}", f"Họ và tên: {page.father.name}",
    ]


_PAPER = """
#set page(width: 210mm, height: 148mm, margin: 14mm, fill: rgb("f3e9d2"))
#set text(font: "Liberation Serif", size: 14pt, lang: "vi")
#for line in json(bytes(sys.inputs.lines)) [ #line \\ ]
"""


def _drawn(lines: list[str]) -> bytes:
    """A page as a scanner makes it: one picture in a PDF, the same bytes every time."""
    from PIL import Image

    inputs = {"lines": json.dumps(lines, ensure_ascii=False)}
    drawn = typst.compile(_PAPER.encode(), format="png", ppi=80, sys_inputs=inputs)
    out = io.BytesIO()
    with Image.open(io.BytesIO(bytes(drawn))) as picture:
        fixed = datetime(YEAR, 1, 1, tzinfo=VIETNAM).timetuple()
        picture.convert("RGB").save(out, format="PDF", resolution=80, creationDate=fixed, modDate=fixed)
    return out.getvalue()
