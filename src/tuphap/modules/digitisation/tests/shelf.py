"""A commune's shelf of old books, who digitises them, scans small enough for tests, and entries brought far enough."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import VIETNAM
from tuphap.modules.civil_status.tests.paper import BIRTH, office_then, raw
from tuphap.modules.civil_status.tests.world import World, make_world
from tuphap.modules.digitisation import operations, rules
from tuphap.modules.digitisation.models import Book, Entry, Practice
from tuphap.modules.digitisation.rules import Permission, State
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

AT = datetime(2026, 3, 9, 9, 0, tzinfo=VIETNAM)
TODAY = AT.date()


@dataclass(slots=True)
class Shelf:
    """``world`` is civil status; ``then`` the office whose books these are, before its successor ``world.here``."""

    world: World
    then: OrgUnit
    department: OrgUnit
    users: dict[str, User] = field(default_factory=dict)

    def who(self, role: str) -> Actor:
        return actor_for(self.users[role])


def make_shelf() -> Shelf:
    """Two keyers, two proofers, an approver of the commune and one of the department, who manages, who only looks."""
    world = make_world()
    department = OrgUnit.objects.select_related("admin_unit").get(code="H31.09", valid_to__isnull=True)
    made = Shelf(world, office_then(world), department, dict(world.users))
    with setting_up():
        for role, name, unit, permissions in (
            ("keyer", "Ngô Thị Gõ", world.here, [Permission.KEY]),
            ("other", "Hà Văn Phím", world.here, [Permission.KEY, Permission.PROOF, Permission.VIEW]),
            ("proofer", "Lý Thị Soát", world.here, [Permission.PROOF, Permission.VIEW]),
            ("approver", "Trương Văn Duyệt", world.here, [Permission.APPROVE, Permission.VIEW]),
            ("head", "Trịnh Thị Sở", department, [Permission.APPROVE, Permission.VIEW]),
            ("manager", "Mai Văn Kho", department, [Permission.MANAGE, Permission.VIEW]),
            ("looker", "Đào Thị Xem", department, [Permission.VIEW]),
            ("elsewhere", "Tô Văn Xa", world.there, list(Permission)),
        ):
            made.users[role] = User.objects.create_staff(
                username=f"sh.{role}", password=None, full_name=name, title="Công chức")
            for permission in permissions:
                Grant.objects.create(
                    person=made.users[role], permission=permission, unit=unit, valid_from=date(2024, 1, 1))
    return made


def made_book(shelf: Shelf, **more: Any) -> Book:
    """A row of the manifest, written directly."""
    told: dict[str, Any] = {
        "unit": shelf.then, "office_name": shelf.then.name, "kind": "KS", "what": "civil_status.birth", "year": 1998,
        "volume": "01", "first_number": 1, "last_number": 20, "expected": 20, "opened_on": date(1998, 1, 1),
        "entered_at": AT, "entered_by": "Mai Văn Kho", **more,
    }
    with setting_up():
        return Book.objects.create(**told)


def made_file(name: str = "a.pdf") -> StoredFile:
    with setting_up():
        return StoredFile.objects.create(name=name, media_type="application/pdf", size=1, sha256=f"{name:0<64}"[:64],
                                         uploaded_at=AT)


def made_entry(book: Book, number: int, **more: Any) -> Entry:
    """An entry with its scan, written directly."""
    told: dict[str, Any] = {
        "book": book, "number": number, "what": book.what, "registered_on": date(book.year, 3, 20),
        "state": State.SCANNED, "scanned_at": AT, **more,
    }
    with setting_up():
        return Entry.objects.create(**{"scan": made_file(f"{book.pk}.{number}.pdf"), "pages": 1, **told})


def scan_of(text: str, *, pages: int = 1) -> bytes:
    """A PDF of so many empty pages that no other text has: small, whole, opened by every reader."""
    kids = " ".join(f"{3 + n} 0 R" for n in range(pages))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 297] >>" for _ in range(pages)),
    ]
    written = f"%PDF-1.4\n% {text}\n".encode()
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(bodies) + 1
    end = (f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
           f"startxref\n{len(written)}\n%%EOF\n")
    return written + end.encode()


def named(number: str, *, kind: str = "KS", year: int = 1998, volume: str = "01", day: str = "1998-03-20") -> str:
    return f"{kind}.{year}.{volume}.{day}.{number}.pdf"


def birth(name: str = "NGUYỄN VĂN LÂM", **child: Any) -> dict[str, Any]:
    """What a keyer types of a birth."""
    typed = deepcopy(BIRTH)
    typed["child"] |= {"name": raw(name), **child}
    return dict(typed)


def keyed(shelf: Shelf, entry: Entry, *, by: str = "keyer", typed: dict[str, Any] | None = None, **more: Any) -> Entry:
    return operations.key(entry_id=entry.pk, what=entry.what, registered_on=entry.registered_on or date(1998, 3, 20),
                          typed=typed or birth(), actor=shelf.who(by), at=AT, **more)


def proofed(shelf: Shelf, entry: Entry, *, by: str = "proofer", **more: Any) -> Entry:
    return operations.proof(entry_id=entry.pk, compared=True, actor=shelf.who(by), at=AT, **more)


def approved(shelf: Shelf, entry: Entry, *, by: str = "approver") -> Entry:
    return operations.approve(entry_id=entry.pk, actor=shelf.who(by), at=AT)


def practised(shelf: Shelf, **more: Any) -> Practice:
    told: dict[str, Any] = {
        "valid_from": TODAY, "keyed_twice": 0, "approver": "commune", "name_pattern": rules.NAME_PATTERN,
        "basis": "Kế hoạch số hóa", "unit_id": shelf.department.pk, **more,
    }
    return operations.set_practice(**told, actor=shelf.who("manager"), at=AT)
