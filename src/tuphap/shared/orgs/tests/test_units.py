"""The real country: its counts, its successions, and the answers that an address or a figure gets from them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.data.form import read, write
from tuphap.shared.orgs.data.pack import convert
from tuphap.shared.orgs.models import AdminUnit, OrgUnit, Succession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
Level, Kind = AdminUnit.Level, AdminUnit.Kind


def count(level: int, on: date) -> int:
    return AdminUnit.objects.filter(orgs.valid_on(on), level=level).count()


def test_the_country_has_its_units() -> None:
    assert (count(Level.PROVINCE, AFTER), count(Level.DISTRICT, AFTER), count(Level.COMMUNE, AFTER)) == (34, 0, 3321)
    assert (count(Level.PROVINCE, BEFORE), count(Level.DISTRICT, BEFORE)) == (63, 696)
    assert count(Level.COMMUNE, BEFORE) == 10035
    kinds = Counter(AdminUnit.objects.filter(orgs.valid_on(AFTER)).values_list("kind", flat=True))
    assert kinds == {Kind.PROVINCE: 28, Kind.CITY: 6, Kind.COMMUNE: 2621, Kind.WARD: 687, Kind.SPECIAL_ZONE: 13}
    assert not AdminUnit.objects.filter(orgs.valid_on(AFTER), kind=Kind.TOWNSHIP).exists()


def test_every_unit_stands_under_one_of_its_own_days() -> None:
    from django.db.models import F

    assert not AdminUnit.objects.exclude(level=Level.PROVINCE).filter(parent=None).exists()
    assert not AdminUnit.objects.filter(parent__isnull=False).exclude(parent__valid_from=F("valid_from")).exists()


def test_every_old_commune_became_something_and_every_new_one_came_from_something() -> None:
    assert not AdminUnit.objects.filter(level=Level.COMMUNE, valid_to=AFTER, became=None).exists()
    assert not AdminUnit.objects.filter(valid_from=AFTER, came_from=None).exists()
    mains = Counter(Succession.objects.filter(is_main=True).values_list("old_id", flat=True))
    assert set(mains.values()) == {1}
    assert set(Succession.objects.values_list("old_id", flat=True)) == set(mains)


def test_a_code_may_stand_for_another_commune_after_the_reform() -> None:
    then, today = orgs.admin_unit("00025", on=BEFORE), orgs.admin_unit("00025", on=AFTER)
    assert (then.name, today.name) == ("Phường Ngọc Khánh", "Phường Giảng Võ")
    assert then.parent is not None and then.parent.name == "Quận Ba Đình"
    assert today.parent is not None and today.parent.name == "Thành phố Hà Nội"
    assert (then.province.code, today.province.code) == ("01", "01"), "through the district, and without one"
    with pytest.raises(orgs.UnknownUnit):
        orgs.admin_unit("00001", on=AFTER)
    with pytest.raises(orgs.UnknownUnit):
        orgs.admin_unit("99999", on=AFTER)


def test_kinds_of_succession() -> None:
    def kind(old: str, new: str) -> str:
        return Succession.objects.get(old__code=old, old__valid_to=AFTER, new__code=new).kind

    assert kind("04", "04") == Succession.Kind.RENAME  # Cao Bằng stayed alone
    assert kind("31", "31") == Succession.Kind.MERGE
    assert kind("30", "31") == Succession.Kind.ABSORB
    assert kind("00025", "00199") == Succession.Kind.SPLIT
    assert kind("318", "11948") == Succession.Kind.RENAME  # the island district became a special zone
    for step in Succession.objects.filter(kind=Succession.Kind.RENAME).values_list("new_id", flat=True):
        assert step
    renamed = Succession.objects.filter(kind=Succession.Kind.RENAME).values("new_id")
    assert Succession.objects.filter(new_id__in=renamed).count() == renamed.count()
    divided = Succession.objects.filter(kind=Succession.Kind.SPLIT).values_list("old_id", flat=True)
    assert min(Counter(divided).values()) == 2


def test_an_address_follows_a_merger_and_never_a_split() -> None:
    assert orgs.map_address("11296", as_of=BEFORE, on=AFTER).code == "11602"
    assert orgs.map_address("11296", as_of=BEFORE, on=BEFORE).name == "Phường Quán Toan"
    with pytest.raises(orgs.SplitNeedsChoice) as refused:
        orgs.map_address("00025", as_of=BEFORE, on=AFTER)
    assert refused.value.code == "orgs.split_needs_choice"
    assert refused.value.candidates[0].code == "00025"
    assert {unit.code for unit in refused.value.candidates} == {"00025", "00008", "00199"}
    assert "Phường Giảng Võ" in refused.value.message
    assert orgs.map_address("00025", as_of=BEFORE, on=AFTER, choice="00199").code == "00199"
    with pytest.raises(orgs.UnknownUnit):
        orgs.map_address("00025", as_of=BEFORE, on=AFTER, choice="00001")
    with pytest.raises(orgs.NoSuccessor):
        orgs.map_address("303", as_of=BEFORE, on=AFTER)


def test_names_then_and_now() -> None:
    quan_toan = orgs.admin_unit("11296", on=BEFORE)
    assert orgs.name_then_and_now(quan_toan, on=BEFORE) == "Phường Quán Toan"
    assert orgs.name_then_and_now(quan_toan, on=AFTER) == "Phường Quán Toan (nay là Phường Hồng An)"
    divided = orgs.name_then_and_now(orgs.admin_unit("00025", on=BEFORE), on=AFTER)
    assert divided.startswith("Phường Ngọc Khánh (nay thuộc Phường Giảng Võ, ")
    assert orgs.name_then_and_now(orgs.admin_unit("04", on=BEFORE), on=AFTER) == "Tỉnh Cao Bằng"
    assert orgs.full_name(quan_toan) == "phường Quán Toan, quận Hồng Bàng, thành phố Hải Phòng"


def test_the_province_of_the_sample_has_its_offices() -> None:
    province = orgs.admin_unit("31", on=AFTER)
    today = orgs.offices(kind=OrgUnit.Kind.COMMUNE, within=province, on=AFTER)
    assert today.count() == 114
    assert orgs.communes(within=province, on=AFTER).count() == 114
    assert orgs.office("H31.09", on=AFTER).name == "Sở Tư pháp thành phố Hải Phòng"
    assert orgs.office("H30.09", on=BEFORE).name == "Sở Tư pháp tỉnh Hải Dương"
    assert orgs.offices(kind=OrgUnit.Kind.DIVISION, within=province, on=AFTER).count() == 5
    assert orgs.offices(kind=OrgUnit.Kind.DISTRICT, on=AFTER).count() == 0
    assert orgs.offices(kind=OrgUnit.Kind.COMMUNE, on=BEFORE).count() == 374
    assert all(len(code.rsplit(".", 1)[1]) <= 3 for code in today.values_list("code", flat=True))
    before = OrgUnit.objects.filter(kind=OrgUnit.Kind.COMMUNE, valid_to=AFTER)
    assert not before.filter(successor=None).exists()


def test_an_office_of_the_past_is_counted_to_its_main_successor() -> None:
    old = OrgUnit.objects.get(admin_unit__code="11296", valid_to=AFTER)
    assert orgs.restate(old.pk, on=BEFORE) == old
    heir = orgs.current(old, on=AFTER)
    assert heir.admin_unit.code == "11602" and orgs.restate(old.pk, on=AFTER) == heir
    assert orgs.name_then_and_now(old, on=AFTER) == f"{old.name} (nay là {heir.name})"
    assert old.pk in orgs.with_predecessors([heir.pk])
    assert orgs.restatement([old.pk, heir.pk], on=AFTER) == {old.pk: heir.pk, heir.pk: heir.pk}
    assert orgs.restatement([old.pk], on=BEFORE) == {old.pk: old.pk}

    district = OrgUnit.objects.get(admin_unit__code="303")
    assert orgs.restate(district.pk, on=AFTER) is None
    with pytest.raises(orgs.NoSuccessor):
        orgs.current(district, on=AFTER)
    island = OrgUnit.objects.get(admin_unit__code="318")
    assert orgs.current(island, on=AFTER).admin_unit.name == "Đặc khu Bạch Long Vĩ"


def test_restating_every_office_leaves_only_the_districts_out() -> None:
    answer = orgs.restatement(on=AFTER)
    left_out = OrgUnit.objects.filter(pk__in=[pk for pk, heir in answer.items() if heir is None])
    assert set(left_out.values_list("kind", flat=True)) == {OrgUnit.Kind.DISTRICT}
    split = Succession.objects.filter(
        kind=Succession.Kind.SPLIT, is_main=True, old__offices__isnull=False
    ).select_related("new").first()
    assert split is not None
    office = OrgUnit.objects.get(admin_unit=split.old)
    assert OrgUnit.objects.get(pk=answer[office.pk]).admin_unit == split.new


def test_a_closed_office_takes_no_work() -> None:
    old = OrgUnit.objects.get(admin_unit__code="11296", valid_to=AFTER)
    orgs.require_open(old, on=BEFORE)
    with pytest.raises(orgs.UnitClosed) as refused:
        orgs.require_open(old, on=AFTER)
    assert refused.value.message == (
        "Ủy ban nhân dân phường Quán Toan không hoạt động vào ngày 01/07/2025, nay là Ủy ban nhân dân phường Hồng An."
    )
    with pytest.raises(orgs.UnitClosed, match=r"vào ngày 30/06/2025\.$"):
        orgs.require_open(orgs.office("H31.101", on=AFTER), on=BEFORE)


def test_communes_are_found_without_accents_and_by_their_old_names(django_assert_num_queries) -> None:
    province = orgs.admin_unit("31", on=AFTER)
    assert orgs.find_units("hong bang hai phong", on=AFTER)[0].unit.name == "Phường Hồng Bàng"
    assert orgs.find_units("Cát Bi, Hải An, Hải Phòng", on=AFTER)[0].unit.name == "Phường Hải An"
    by_old_name = orgs.find_units("quán toan", on=AFTER, within=province)
    assert [(f.unit.name, f.formerly and f.formerly.name) for f in by_old_name] == [
        ("Phường Hồng An", "Phường Quán Toan")]
    assert "00199" in {f.unit.code for f in orgs.find_units("ngọc khánh ba đình", on=AFTER)}  # of a divided one, all
    assert orgs.find_units("  ", on=AFTER) == []
    assert len(orgs.find_units("a", on=AFTER, limit=7)) == 7
    with django_assert_num_queries(3):
        orgs.find_units("quán toan", on=AFTER)


def test_a_unit_that_changed_twice_is_followed_to_the_end() -> None:
    later, merged = date(2027, 1, 1), date(2028, 1, 1)
    first = orgs.admin_unit("11602", on=AFTER)  # formed in 2025, among others from 11296

    def unit(code: str, name: str, since: date, until: date | None = None) -> AdminUnit:
        return AdminUnit.objects.create(code=code, level=Level.COMMUNE, name=name, kind=Kind.WARD, parent=first.parent,
                                        valid_from=since, valid_to=until, sort_key=code, search_key=name.lower())

    with setting_up():
        AdminUnit.objects.filter(pk=first.pk).update(valid_to=later)
        north, south = unit("99001", "Phường Bắc", later, merged), unit("99002", "Phường Nam", later)
        renamed = unit("99001", "Phường Bắc Mới", merged)
        for old, new, kind, when, main in (
            (first, north, "split", later, True), (first, south, "split", later, False),
            (north, renamed, "rename", merged, True),
        ):
            Succession.objects.create(old=old, new=new, kind=kind, effective=when, is_main=main)

    old = orgs.admin_unit("11296", on=BEFORE)
    assert [s.unit.code for s in orgs.successors(old, on=AFTER)] == ["11602"]
    assert [(s.unit.name, s.is_main) for s in orgs.successors(old, on=later)] == [
        ("Phường Bắc", True), ("Phường Nam", False)]
    assert orgs.name_then_and_now(old, on=merged) == "Phường Quán Toan (nay thuộc Phường Bắc Mới, Phường Nam)"
    with pytest.raises(orgs.SplitNeedsChoice):
        orgs.map_address("11296", as_of=BEFORE, on=merged)
    assert orgs.map_address("11296", as_of=BEFORE, on=merged, choice="99002") == south
    found = {f.unit.name for f in orgs.find_units("quán toan", on=merged, within=first.parent)}
    assert found == {"Phường Bắc Mới", "Phường Nam"}


def test_seeding_again_changes_nothing() -> None:
    before = (AdminUnit.objects.count(), Succession.objects.count(), OrgUnit.objects.count(), Entry.objects.count())
    orgs.seed_units(province_offices=("31",))
    after = (AdminUnit.objects.count(), Succession.objects.count(), OrgUnit.objects.count(), Entry.objects.count())
    assert before == after
    assert before[:2] == (34 + 3321 + 63 + 696 + 10035, 10597 + 5 + 63)


def test_seeding_fills_what_is_missing() -> None:
    @operation
    def lose(*, actor, at) -> None:
        OrgUnit.objects.filter(admin_unit__code="11602").update(successor=None)
        OrgUnit.objects.filter(successor__admin_unit__code="11602").delete()

    lose(actor=system_actor("test"), at=now())
    orgs.seed_offices("31")
    old = OrgUnit.objects.get(admin_unit__code="11296", valid_to=AFTER)
    assert orgs.current(old, on=AFTER).admin_unit.code == "11602"


def test_no_two_rows_of_one_code_at_once() -> None:
    unit = orgs.admin_unit("11602", on=AFTER)

    @operation
    def double(*, actor, at) -> None:
        AdminUnit.objects.create(code=unit.code, level=unit.level, name=unit.name, kind=unit.kind,
                                 parent=unit.parent, valid_from=date(2026, 1, 1), sort_key="x", search_key="x")

    with pytest.raises(IntegrityError, match="orgs_adminunit_no_overlap"):
        double(actor=system_actor("test"), at=now())


def test_the_packed_form_reads_as_it_was_written() -> None:
    units = list(read())
    assert list(read(write(units))) == units


@pytest.mark.shared_data
def test_the_packed_file_says_what_the_tables_say() -> None:
    tables = Path(__file__).resolve().parents[6] / "shared" / "data" / "admin_units"
    assert list(convert(tables)) == list(read())
