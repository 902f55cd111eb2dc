"""A figure is the length of its list: for random records, offices, periods and both bases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q, QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuphap.kernel.actor import Actor, ActorKind, system_actor
from tuphap.kernel.clock import localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.models import User
from tuphap.shared.indicators import api
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import AdminUnit, OrgUnit

ME = system_actor("test")
pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 30)
SOME = ("hs-2", "hs-5")


def revoked_within(scope: api.Scope) -> QuerySet[Grant]:
    """Grants stand in for records here: each has an office and an instant."""
    return Grant.objects.filter(revoked_at__gte=scope.start, revoked_at__lt=scope.end, permission="record")


def open_at(scope: api.Scope) -> QuerySet[Grant]:
    return Grant.objects.filter(valid_from__lt=localdate(scope.moment), permission="record")


def too_many(scope: api.Scope) -> int:
    return 7


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.indicators, "_items", {})
    monkeypatch.setattr(access.permissions, "_items", {})
    access.Permission("figures", "Xem số liệu").install()
    common: dict[str, Any] = {"unit_vi": "hồ sơ", "unit_field": "unit", "label_field": "role"}
    api.Indicator("flow", "Trong kỳ", list=f"{__name__}.revoked_within", at_field="revoked_at", **common).install()
    api.Indicator("some", "Một phần", part_of="flow", at_field="revoked_at", where=api.only(role__in=SOME), **common
                  ).install()
    api.Indicator("late", "Phần của một phần", part_of="some", at_field="revoked_at", **common,
                  where=lambda asked: Q(revoked_at__gte=asked.end - timedelta(days=20))).install()
    api.Indicator("stock", "Cuối kỳ", list=f"{__name__}.open_at", **common).install()
    api.Indicator("own", "Tự đếm", list=f"{__name__}.open_at", count=f"{__name__}.too_many", **common).install()


@pytest.fixture
def offices() -> list[OrgUnit]:
    """0 and 1 became 3; 2 became 4; 3 became 4 later. 5 stands alone."""
    with setting_up():
        place = AdminUnit.objects.create(
            code="99901", level=3, name="Xã", kind="xa", valid_from=date(2020, 1, 1), sort_key="x"
        )
        made = [
            OrgUnit.objects.create(
                code=f"T.{n}", name=f"UBND {n}", short_name=f"{n}", kind="ubnd_xa", admin_unit=place,
                valid_from=date(2020, 1, 1), sort_key=str(n),
            )
            for n in range(6)
        ]
        for old, new in ((0, 3), (1, 3), (2, 4), (3, 4)):
            made[old].successor = made[new]
            made[old].save()
        User.objects.create_staff(username="x", password=None, full_name="X")
    return made


@pytest.fixture
def record(offices: list[OrgUnit]) -> Callable[[int, datetime], Grant]:
    person = User.objects.get(username="x")

    def make(office: int, at: datetime) -> Grant:
        with setting_up():
            return Grant.objects.create(
                person=person, permission="record", unit=offices[office], valid_from=localdate(at), revoked_at=at,
                role=f"hs-{office}",
            )

    return make


def scope(offices: list[OrgUnit], *which: int, basis: api.Basis = api.Basis.THEN, **more: Any) -> api.Scope:
    bounds = {"period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31), **more}
    return api.Scope(actor=ME, unit_ids=frozenset(offices[n].pk for n in which), basis=basis, **bounds)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60 * 24)), max_size=25),
    chosen=st.sets(st.integers(0, 5)), basis=st.sampled_from(api.Basis), start=st.integers(0, 60),
    length=st.integers(0, 60), code=st.sampled_from(["flow", "some", "late", "stock"]), step=st.sampled_from(api.Step),
)
def test_count_list_table_and_groups_always_agree(
    offices, record, records, chosen, basis, start, length, code, step
) -> None:
    with setting_up():
        Grant.objects.filter(permission="record").delete()
    for office, hours in records:
        record(office, datetime(2025, 6, 1, tzinfo=UTC) + timedelta(hours=hours))
    first = date(2025, 6, 1) + timedelta(days=start)
    asked = scope(
        offices, *chosen, basis=basis, period_from=first, period_to=first + timedelta(days=length)
    )
    number = api.count(code, asked)
    assert number == api.rows(code, asked).count() == len(list(api.rows(code, asked)))
    assert sum(api.by_unit(code, asked).values()) == number
    assert set(api.by_unit(code, asked)) <= asked.unit_ids
    for unit, figure in api.by_unit(code, asked).items():
        assert figure == api.rows(code, asked.narrowed(unit)).count() == api.count(code, asked.narrowed(unit))
    margins = api.margins([code, "flow", "stock"], asked, step=step)
    assert dict(margins.by_unit.get(code, {})) == api.by_unit(code, asked)
    assert dict(margins.by_period.get(code, {})) == api.by_period(code, asked, step=step)
    if code != "stock":
        assert sum(api.by_period(code, asked, step=step).values()) == number
    later = {0: {3, 4}, 1: {3, 4}, 2: {4}, 3: {4}} if basis is api.Basis.RESTATED else {}
    expected = sum(
        1 for office, hours in records
        for day in [localdate(datetime(2025, 6, 1, tzinfo=UTC) + timedelta(hours=hours))]
        if ({office} | later.get(office, set())) & chosen
        and (day <= asked.period_to if code == "stock" else asked.period_from <= day <= asked.period_to)
        and (code in ("flow", "stock") or f"hs-{office}" in SOME)
        and (code != "late" or day > asked.period_to - timedelta(days=20))
    )
    assert number == expected


def test_parts_are_counted_with_their_whole_as_each_is_alone(offices, record) -> None:
    for office in range(6):
        for day in range(office + 1):
            record(office, datetime(2025, 12, 1, 3, tzinfo=UTC) + timedelta(days=5 * day))
    asked, codes = scope(offices, *range(6)), ["late", "flow", "stock", "some"]
    together = api.table(codes, asked, step=api.Step.WEEK)
    alone = [cell for code in codes for cell in api.table([code], asked, step=api.Step.WEEK)]
    assert sorted(together, key=str) == sorted(alone, key=str)
    assert {code: sum(c.number for c in together if c.code == code) for code in codes} == {
        "flow": 21, "some": 9, "late": 3, "stock": 21}


@pytest.mark.parametrize("wrong", [
    {}, {"list": "x", "part_of": "flow", "where": api.only()}, {"part_of": "flow"}, {"list": "x", "where": api.only()},
])
def test_an_indicator_has_a_list_or_is_a_part(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="list of its own"):
        api.Indicator("wrong", "Sai", unit_vi="hồ sơ", **wrong).install()


def test_a_day_begins_and_ends_in_viet_nam(offices, record) -> None:
    record(5, datetime(2025, 6, 29, 16, 59, 59, 999999, tzinfo=UTC))
    record(5, datetime(2025, 6, 29, 17, 0, tzinfo=UTC))
    record(5, datetime(2025, 6, 30, 16, 59, 59, 999999, tzinfo=UTC))
    record(5, datetime(2025, 6, 30, 17, 0, tzinfo=UTC))
    assert api.count("flow", scope(offices, 5, period_from=DAY, period_to=DAY)) == 2
    weeks = api.by_period("flow", scope(offices, 5), step=api.Step.WEEK)
    assert weeks == {date(2025, 6, 23): 1, date(2025, 6, 30): 3}
    months = api.by_period("flow", scope(offices, 5), step=api.Step.MONTH)
    assert months == {date(2025, 6, 1): 3, date(2025, 7, 1): 1}


def test_restated_adds_what_the_predecessors_did(offices, record) -> None:
    at = datetime(2025, 3, 3, 3, tzinfo=UTC)
    for office in range(6):
        record(office, at)
    assert api.by_unit("flow", scope(offices, *range(6))) == {office.pk: 1 for office in offices}
    restated = scope(offices, *range(6), basis=api.Basis.RESTATED)
    assert api.by_unit("flow", restated) == {offices[4].pk: 5, offices[5].pk: 1}
    assert api.count("flow", scope(offices, 4, basis=api.Basis.RESTATED)) == 5
    assert api.by_unit("flow", scope(offices, 3, basis=api.Basis.RESTATED)) == {offices[3].pk: 3}
    assert api.by_unit("flow", scope(offices, 0, 5, basis=api.Basis.RESTATED)) == {offices[0].pk: 1, offices[5].pk: 1}
    assert api.count("flow", scope(offices, 4)) == 1


def test_every_figure_by_office_and_week_is_one_query(offices, record, django_assert_num_queries) -> None:
    for office in range(6):
        record(office, datetime(2025, 3, 3 + office, 3, tzinfo=UTC))
    asked = scope(offices, 4, 5, basis=api.Basis.RESTATED)
    with django_assert_num_queries(2):  # the successors, once for a scope; the figures
        cells = api.table(["stock", "flow"], asked, step=api.Step.WEEK)
    assert {c.period for c in cells if c.code == "flow"} == {date(2025, 3, 3)}
    assert sum(c.number for c in cells if c.code == "stock") == 6
    with django_assert_num_queries(1):
        api.table(["flow", "stock"], asked)
    with django_assert_num_queries(1):
        told = api.margins(["stock", "flow"], asked, step=api.Step.WEEK)
    assert (sum(told.by_unit["stock"].values()), told.by_period["flow"]) == (6, {date(2025, 3, 3): 6})
    with django_assert_num_queries(0):
        assert api.table([], asked) == []
        assert not api.margins([], asked, step=api.Step.WEEK).by_unit


def test_a_count_that_is_not_its_list_would_show() -> None:
    """The property above has teeth: an indicator that counts by itself, wrongly, breaks it."""
    asked = api.Scope(actor=ME, unit_ids=frozenset(), period_from=DAY, period_to=DAY)
    assert api.count("own", asked) != api.rows("own", asked).count()


def test_a_bad_period_is_refused() -> None:
    with pytest.raises(api.ScopeRefused):
        api.Scope(actor=ME, unit_ids=frozenset(), period_from=DAY, period_to=DAY - timedelta(days=1))
    with pytest.raises(api.ScopeRefused):
        api.Scope(actor=ME, unit_ids=frozenset(), period_from=date(1, 1, 1), period_to=DAY)


def test_a_stock_is_told_of_no_later_than_now(offices) -> None:
    noon = datetime(2025, 6, 30, 5, tzinfo=UTC)
    assert scope(offices, 5, at=noon).moment == noon
    assert scope(offices, 5, period_to=date(2025, 6, 1), at=noon).moment == datetime(2025, 6, 1, 17, tzinfo=UTC)


def test_nobody_asks_for_offices_beyond_their_grants(offices, record) -> None:
    with setting_up():
        person = User.objects.create_staff(username="gd", password=None, full_name="Giám đốc")
        Grant.objects.create(person=person, permission="figures", unit=offices[4], valid_from=date(2020, 1, 1))
    actor = Actor(kind=ActorKind.STAFF, name="Giám đốc", user_id=person.pk)
    period = {"at": now(), "period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31)}
    whole = api.scope_for(actor, "figures", **period)
    assert whole.unit_ids == {offices[n].pk for n in (0, 1, 2, 3, 4)}
    assert api.scope_for(actor, "figures", unit_ids=[offices[0].pk], **period).unit_ids == {offices[0].pk}
    with pytest.raises(api.OutsideScope):
        api.scope_for(actor, "figures", unit_ids=[offices[5].pk], **period)
    assert api.scope_for(ME, "figures", **period).unit_ids == frozenset()
