"""The policy: dates, units, successors, territory, delegation; and that both its questions have one answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import VIETNAM
from tuphap.shared.access import api as access
from tuphap.shared.access.many import MANY
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.api import actor_for
from tuphap.shared.accounts.models import User
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import AdminUnit, OrgUnit

MERGER = date(2025, 7, 1)
BEFORE, AFTER = date(2025, 5, 12), date(2025, 9, 3)
LOCAL, DOWN = access.Permission("test.local", "Tại chỗ"), access.Permission("test.down", "Xuống dưới", True)


@pytest.fixture(autouse=True)
def declared() -> Iterator[None]:
    LOCAL.install()
    DOWN.install()
    with setting_up():
        yield
    for permission in (LOCAL, DOWN):
        access.permissions._items.pop(permission.code)


class World:
    """A province before and after: communes A and B became A2; C goes on; D lies in another province."""

    def __init__(self) -> None:
        self.province = self.land("x1", 1, None, date(1990, 1, 1), MERGER)
        self.province_now = self.land("x1", 1, None, MERGER)
        self.other = self.land("x2", 1, None, date(1990, 1, 1))
        district = self.land("x10", 2, self.province, date(1990, 1, 1), MERGER)
        self.department = self.office("so", "so", self.province_now)
        self.division = self.office("phong", "phong", self.province_now, parent=self.department)
        self.committee = self.office("tinh", "ubnd_tinh", self.province_now)
        a, b = (self.land(c, 3, district, date(1990, 1, 1), MERGER) for c in ("x1001", "x1002"))
        a2, c = (self.land(c, 3, self.province_now, MERGER) for c in ("x1001", "x1003"))
        self.a2, self.c = self.office("a2", "ubnd_xa", a2, first=MERGER), self.office("c", "ubnd_xa", c, first=MERGER)
        self.a = self.office("a", "ubnd_xa", a, last=MERGER, successor=self.a2)
        self.b = self.office("b", "ubnd_xa", b, last=MERGER, successor=self.a2)
        self.d = self.office("d", "ubnd_xa", self.land("x2001", 3, self.other, date(1990, 1, 1)))
        self.offices = [self.department, self.division, self.committee, self.a, self.b, self.a2, self.c, self.d]
        self.person, self.lender = self.user("p"), self.user("l")

    def land(self, code, level, parent, first, last=None):
        return AdminUnit.objects.create(
            code=code, level=level, name=code, kind="xa", parent=parent, valid_from=first, valid_to=last, sort_key=code
        )

    def office(self, code, kind, land, *, first=date(1990, 1, 1), last=None, **fields):
        return OrgUnit.objects.create(
            code=f"T.{code}", name=code, short_name=code, kind=kind, admin_unit=land, valid_from=first, valid_to=last,
            sort_key=code, **fields,
        )

    def user(self, name):
        return User.objects.create_staff(username=f"test-{name}", password=None, full_name=name)

    def grant(self, unit, *, person=None, permission="test.local", first=date(2020, 1, 1), last=None, **fields):
        return Grant.objects.create(
            person=person or self.person, permission=permission, unit=unit, valid_from=first, valid_to=last, **fields
        )

    def reached(self, permission: str, on: date) -> set[str]:
        units = access.units_where(actor_for(self.person), permission, on=on)
        return {o.code.removeprefix("T.") for o in self.offices if o.pk in units}


@pytest.fixture
def world(db) -> World:
    return World()


def test_nothing_is_allowed_without_a_grant(world) -> None:
    assert world.reached("test.local", AFTER) == set()
    with pytest.raises(access.Forbidden) as refused:
        access.require(actor_for(world.person), "test.local", unit_id=world.c.pk, on=AFTER)
    assert refused.value.params["reason"] == "no_such_permission"


def test_an_undeclared_permission_is_held_by_nobody(world) -> None:
    world.grant(world.c, permission="test.unknown")
    assert world.reached("test.unknown", AFTER) == set()
    assert access.why_not(actor_for(world.person), "test.unknown", unit_id=None, on=AFTER) == "unknown_permission"


def test_a_local_grant_stays_in_its_office(world) -> None:
    world.grant(world.c)
    assert world.reached("test.local", AFTER) == {"c"}


def test_a_grant_at_a_former_commune_follows_its_successor_from_that_day(world) -> None:
    world.grant(world.a)
    assert world.reached("test.local", BEFORE) == {"a"}
    assert world.reached("test.local", AFTER) == {"a", "b", "a2"}


def test_the_successor_holds_the_books_of_those_it_succeeded(world) -> None:
    world.grant(world.a2)
    assert world.reached("test.local", AFTER) == {"a", "b", "a2"}


def test_reaching_down_covers_the_province_then_and_now_and_no_other(world) -> None:
    world.grant(world.department, permission="test.down")
    assert world.reached("test.down", AFTER) == {"so", "phong", "a", "b", "a2", "c"}
    world.grant(world.committee, permission="test.down")
    assert "tinh" in world.reached("test.down", AFTER)
    assert "d" not in world.reached("test.down", AFTER)


def test_the_same_grant_without_reach_stays_at_the_department(world) -> None:
    world.grant(world.department)
    assert world.reached("test.local", AFTER) == {"so"}


def test_a_commune_reaches_no_other_commune(world) -> None:
    world.grant(world.c, permission="test.down")
    assert world.reached("test.down", AFTER) == {"c"}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"first": AFTER + timedelta(1)}, "not_yet"),
        ({"last": AFTER - timedelta(1)}, "expired"),
        ({"revoked_at": datetime(2025, 8, 1, tzinfo=VIETNAM)}, "revoked"),
    ],
)
def test_a_grant_out_of_force_opens_nothing_and_says_why(world, fields, reason) -> None:
    world.grant(world.c, **fields)
    assert not access.may(actor_for(world.person), "test.local", unit_id=world.c.pk, on=AFTER)
    assert access.why_not(actor_for(world.person), "test.local", unit_id=world.c.pk, on=AFTER) == reason


def test_both_end_days_are_included(world) -> None:
    world.grant(world.c, first=AFTER, last=AFTER)
    assert world.reached("test.local", AFTER) == {"c"}
    assert world.reached("test.local", AFTER + timedelta(1)) == set()


def test_another_unit_is_told_apart_from_no_grant(world) -> None:
    world.grant(world.c)
    assert access.why_not(actor_for(world.person), "test.local", unit_id=world.d.pk, on=AFTER) == "not_this_unit"


def test_a_disabled_account_holds_nothing(world) -> None:
    world.grant(world.c)
    User.objects.filter(pk=world.person.pk).update(is_active=False)
    assert world.reached("test.local", AFTER) == set()
    assert access.why_not(actor_for(world.person), "test.local", unit_id=world.c.pk, on=AFTER) == "account_disabled"


def test_a_token_narrows_what_its_owner_holds(world) -> None:
    world.grant(world.c)
    narrowed = actor_for(world.person, scopes=frozenset({"test.down"}))
    assert not access.may(narrowed, "test.local", unit_id=world.c.pk, on=AFTER)
    assert access.why_not(narrowed, "test.local", unit_id=world.c.pk, on=AFTER) == "outside_token"


class TestDelegation:
    @pytest.fixture
    def own(self, world):
        return world.grant(world.c, person=world.lender, last=date(2025, 12, 31))

    @pytest.fixture
    def lent(self, world, own):
        return world.grant(
            world.c, first=date(2025, 9, 1), last=date(2025, 9, 10), delegated_from=own
        )

    def test_it_holds_on_its_days(self, world, lent) -> None:
        assert world.reached("test.local", AFTER) == {"c"}
        assert world.reached("test.local", date(2025, 9, 11)) == set()

    @pytest.mark.parametrize("loss", [
        {"revoked_at": datetime(2025, 9, 2, tzinfo=VIETNAM)}, {"valid_to": date(2025, 9, 2)},
        {"valid_from": date(2025, 9, 4)},
    ])
    def test_the_lender_loses_it_the_borrower_too(self, world, own, lent, loss) -> None:
        Grant.objects.filter(pk=own.pk).update(**loss)
        assert world.reached("test.local", AFTER) == set()
        assert access.why_not(actor_for(world.person), "test.local", unit_id=world.c.pk, on=AFTER) == (
            "delegation_lapsed"
        )

    def test_a_disabled_lender_lends_nothing(self, world, lent) -> None:
        User.objects.filter(pk=world.lender.pk).update(is_active=False)
        assert world.reached("test.local", AFTER) == set()

    def test_what_is_lent_cannot_be_lent_on(self, world, lent) -> None:
        with pytest.raises(access.LendingRefused):
            access.check_lendable(lent, lender=actor_for(world.person), first=AFTER, last=AFTER)
        third = world.user("t")
        world.grant(world.c, person=third, first=AFTER, last=AFTER, delegated_from=lent)
        assert not access.units_where(actor_for(third), "test.local", on=AFTER)

    @pytest.mark.parametrize(("first", "last"), [
        (date(2019, 1, 1), AFTER), (AFTER, date(2026, 1, 1)), (AFTER, BEFORE),
    ])
    def test_it_stays_within_the_lenders_days(self, world, own, first, last) -> None:
        with pytest.raises(access.LendingRefused):
            access.check_lendable(own, lender=actor_for(world.lender), first=first, last=last)
        access.check_lendable(own, lender=actor_for(world.lender), first=AFTER, last=AFTER)

    def test_a_token_lends_what_it_may_use_and_an_agency_nothing(self, world, own) -> None:
        narrow = actor_for(world.lender, scopes=frozenset({"test.down"}))
        with pytest.raises(access.Forbidden):
            access.check_lendable(own, lender=narrow, first=AFTER, last=AFTER)
        access.check_lendable(own, lender=replace(narrow, scopes=frozenset({"test.local"})), first=AFTER, last=AFTER)
        agency = replace(actor_for(world.lender), kind=ActorKind.AGENCY)
        with pytest.raises(access.LendingRefused):
            access.check_lendable(own, lender=agency, first=AFTER, last=AFTER)

    def test_only_ones_own_can_be_lent(self, world, own) -> None:
        with pytest.raises(access.LendingRefused):
            access.check_lendable(own, lender=actor_for(world.person), first=AFTER, last=AFTER)


def test_a_change_of_offices_is_another_state_and_what_was_undone_never_was(world) -> None:
    world.grant(world.department, permission="test.down")
    parts = OrgUnit.objects.filter(parent=world.department)

    def reached() -> set[int]:
        """As a request would: what it asks is new, what the process has worked out is kept."""
        return set(access.units_where(actor_for(world.person), "test.down", on=AFTER))

    before = reached()
    with setting_up():
        part = OrgUnit.objects.create(
            code="H99.P", name="Phòng mới", short_name="Phòng mới", kind="phong", parent=world.department,
            admin_unit=world.department.admin_unit, valid_from=MERGER, sort_key="x",
        )
        assert reached() == before | {part.pk}
        with transaction.atomic():
            parts.filter(pk=part.pk).update(parent=None)
            assert reached() == before
            transaction.set_rollback(True)
        assert reached() == before | {part.pk}
        parts.filter(pk=part.pk).update(parent=None)
        assert reached() == before


def test_two_queries_a_request_however_much_is_asked(world, django_assert_num_queries) -> None:
    for permission in ("test.down", "test.local"):
        world.grant(world.department, permission=permission)
    actor = actor_for(world.person)
    with django_assert_num_queries(2):  # what is held; how far it reaches
        for office in world.offices:
            access.may(actor, "test.down", unit_id=office.pk, on=AFTER)
    with django_assert_num_queries(1):  # another kind of reach from the same offices
        access.may(actor, "test.local", unit_id=world.department.pk, on=AFTER)
    with django_assert_num_queries(0):  # never given
        access.may(actor, "test.never", unit_id=world.department.pk, on=AFTER)
    with django_assert_num_queries(1):  # of the next request the reach is known
        access.may(actor_for(world.person), "test.down", unit_id=world.department.pk, on=AFTER)
    with django_assert_num_queries(1):
        list(access.rows(actor, "test.down", OrgUnit.objects.order_by("pk"), on=AFTER, unit_field="pk"))


DAYS = st.sampled_from([BEFORE, MERGER - timedelta(1), MERGER, AFTER])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    on=DAYS,
    permission=st.sampled_from(["test.local", "test.down"]),
    drawn=st.lists(
        st.tuples(st.integers(0, 7), st.sampled_from(["test.local", "test.down"]), DAYS, st.none() | DAYS,
                  st.booleans(), st.booleans()),
        max_size=5,
    ),
)
def test_what_one_may_is_what_one_sees(world, on, permission, drawn) -> None:
    """may(unit) ⇔ unit in rows(); and neither is wider than the grants that an independent reading finds in force."""
    Grant.objects.update(delegated_from=None)
    Grant.objects.all().delete()
    for index, code, first, last, revoked, lent in drawn:
        if last is not None and last < first:
            continue
        unit, fields = world.offices[index], {}
        if revoked:
            fields["revoked_at"] = datetime(2025, 1, 1, tzinfo=VIETNAM)
        if lent:
            fields["delegated_from"] = world.grant(unit, person=world.lender, permission=code, first=MERGER)
            last = last or AFTER
        world.grant(unit, permission=code, first=first, last=last, **fields)
    actor: Actor = actor_for(world.person)
    seen = set(
        access.rows(actor, permission, OrgUnit.objects.all(), on=on, unit_field="pk").values_list("pk", flat=True)
    )
    fresh = actor_for(world.person)
    assert seen == {o.pk for o in OrgUnit.objects.all() if access.may(fresh, permission, unit_id=o.pk, on=on)}
    direct = {
        g.unit_id for g in Grant.objects.filter(person=world.person, permission=permission)
        if g.revoked_at is None and g.valid_from <= on and (g.valid_to is None or on <= g.valid_to)
        and (g.delegated_from is None or g.delegated_from.valid_from <= on)
    }
    assert direct <= seen
    assert bool(direct) == bool(seen)
    assert direct == set(
        access.grants_in_force(on=on).filter(person=world.person, permission=permission).values_list("unit", flat=True)
    )
    if permission == "test.local" and on < MERGER:
        assert seen == direct


def test_many_keys_are_one_parameter_and_few_are_each_their_own() -> None:
    """Both find the same, as do the empty list and a subquery; what is no key of ours is left to Django."""
    world = World()
    units = list(OrgUnit.objects.order_by("pk").values_list("pk", flat=True))
    many = frozenset([*units, *range(10**9, 10**9 + MANY)])
    for rows, field in ((OrgUnit.objects, "pk__in"), (OrgUnit.objects.exclude(parent=None), "parent__in")):
        asked = rows.filter(**{field: many})
        assert str(asked.query).count("= ANY(") == 1
        assert set(asked) == set(rows.filter(**{field: units[:MANY]})) | set(rows.filter(**{field: units[MANY:]}))
        assert not rows.filter(**{field: []}).exists()
    assert set(OrgUnit.objects.exclude(pk__in=many)) == set()
    assert OrgUnit.objects.filter(pk__in=OrgUnit.objects.filter(pk=world.c.pk)).get() == world.c
    everybody = [*OrgUnit.objects.all()] * MANY
    assert set(OrgUnit.objects.filter(parent__in=everybody)) == set(OrgUnit.objects.exclude(parent=None))
