"""A small province for tests: a department, two communes, and people who work there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tuphap.kernel.actor import Actor, system_actor
from tuphap.modules.administration import operations
from tuphap.shared.accounts.api import User, actor_for
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import AdminUnit, OrgUnit

AT = datetime(2026, 3, 10, 3, tzinfo=UTC)
FIRST = date(2026, 3, 10)


class Province:
    """``root`` runs the province, ``local`` the commune a; ``clerk`` works in a, ``other`` in b."""

    def __init__(self) -> None:
        with setting_up():
            land = self._land("y1", 1, None)
            self.department = self._office("Y", "so", land)
            self.a = self._office("Y.1", "ubnd_xa", self._land("y1001", 3, land))
            self.b = self._office("Y.2", "ubnd_xa", self._land("y1002", 3, land))
        self.root = operations.found_administrator(
            username="goc", full_name="Quản Trị Gốc", office_id=self.department.pk, password=None,
            actor=system_actor("test"), at=AT,
        )
        self.local = self.staff("quan-tri-a", "Quản Trị Xã", self.a)
        self.give(self.local, "administrator", self.a)
        self.clerk = self.staff("clerk", "Nguyễn Thị Lan", self.a)
        self.other = self.staff("other", "Trần Văn Bình", self.b)

    def staff(self, username: str, name: str, office: OrgUnit, **fields: Any) -> User:
        return operations.create_staff(
            username=username, full_name=name, office_id=office.pk, actor=self.by(self.root), at=AT, **fields
        )

    def give(self, person: User, role: str, unit: OrgUnit, **fields: Any) -> list[int]:
        fields.setdefault("valid_from", FIRST)
        return operations.give_role(
            person_id=person.pk, role=role, unit_id=unit.pk, actor=self.by(self.root), at=AT, **fields
        )

    def by(self, user: User) -> Actor:
        return actor_for(user)

    def _land(self, code: str, level: int, parent: AdminUnit | None) -> AdminUnit:
        return AdminUnit.objects.create(
            code=code, level=level, name=code, kind="xa", parent=parent, valid_from=date(2000, 1, 1), sort_key=code
        )

    def _office(self, code: str, kind: str, land: AdminUnit) -> OrgUnit:
        return OrgUnit.objects.create(
            code=code, name=f"Đơn vị {code}", short_name=code, kind=kind, admin_unit=land,
            valid_from=date(2000, 1, 1), sort_key=code,
        )
