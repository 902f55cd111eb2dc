"""A commune's shelf of old books, who digitises them, scans small enough for tests, and entries brought far enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import VIETNAM
from tuphap.modules.civil_status.tests.paper import office_then
from tuphap.modules.civil_status.tests.world import World, make_world
from tuphap.modules.digitisation.models import Book, Entry
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
