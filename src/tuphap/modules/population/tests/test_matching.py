"""With the engine itself: a batch over a small town, killed and gone on; an act matched as it is registered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tuphap.kernel.clock import standing_at
from tuphap.modules.civil_status.tests.world import AT, World
from tuphap.modules.population import matching, operations, rules, tasks
from tuphap.modules.population.matching import Result
from tuphap.modules.population.models import Batch, Link, Ticket
from tuphap.shared.access import api as access
from tuphap.shared.audit.models import Entry

from .town import main, neighbours, old_birth, person_like, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("linkage-civil")]  # the compiled code is loaded once
LATER = AT + timedelta(days=20)
NAMES = ("NGUYỄN VĂN LÂM", "TRẦN VĂN ĐÔI", "LÊ ĐÌNH PHÚC", "PHẠM QUANG HUY", "VŨ ĐỨC THẮNG", "BÙI THANH TÙNG")
MOTHERS = ("Trần Thị Hoa", "Lê Thị Na", "Bùi Thị Mai", "Đỗ Thị Lan", "Vũ Thị Cúc", "Hồ Thị Xuân")


@pytest.fixture
def house(town: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    monkeypatch.setattr(matching, "folder", lambda: tmp_path)
    matching._loaded.clear()
    return town


def _town(house: World) -> list[Any]:
    """Six births: one exact, one without accents, another day, a record of a stranger; two of whom nobody knows."""
    acts = [
        old_birth(house, number=str(20 + n), name=name, born=f"{n + 2:02}-02-1998", mother=MOTHERS[n])
        for n, name in enumerate(NAMES)
    ]
    subjects = [main(act) for act in acts]
    home = house.here.admin_unit.code
    take_in(
        *neighbours(400),
        person_like(subjects[0], "P0", number=""),
        person_like(subjects[1], "P1", number="031098000111", name="TRAN VAN DOI"),
        person_like(subjects[2], "P2", number="031098000112", born_on="1998-02-24"),
        person_like(subjects[3], "P3", number="031098000113"),
        {"key": "P9", "number": "031098000119", "name": "HOÀNG THỊ LẠ", "sex": "female", "born_on": "1998-07-07",
         "residence_code": home},
    )
    return acts


def _begun(house: World, *, by: str = "officer") -> Batch:
    return operations.begin_batch(
        unit_id=house.here.pk, kinds=["KS"], year_from=1998, year_to=1998, actor=house.who(by), at=LATER)


@pytest.mark.full  # the engine's own tests run it on files each time
def test_a_batch_finds_who_is_whom_and_a_rerun_changes_nothing(house: World) -> None:
    with pytest.raises(rules.NothingPulled):
        _begun(house)
    acts = _town(house)
    with pytest.raises(access.Forbidden):
        _begun(house, by="stranger")
    batch = _begun(house)
    with pytest.raises(rules.BatchRuns):
        _begun(house)
    with standing_at(LATER):
        done = tasks.run_here(batch)
    assert (done.state, done.percent, done.failure) == ("done", 100, "")
    assert done.counts == {"people": 6, "A": 1, "B": 2, "C": 1, "E": 2, "F": 1}
    found = {link.act_id: link for link in Link.objects.select_related("record")}
    assert [found[act.pk].record.key if found[act.pk].record else "" for act in acts] == [  # type: ignore[union-attr]
        "P0", "P1", "P2", "P3", "", ""]
    assert Ticket.objects.get(klass="F").name == "HOÀNG THỊ LẠ"
    assert found[acts[2].pk].findings[0]["words"]  # for who decides; of who agrees nobody asks
    assert not found[acts[0].pk].findings
    assert not list(matching.folder().glob("batch-*"))
    with standing_at(LATER):
        again = tasks.run_here(_begun(house))
    assert again.counts == done.counts
    assert (Link.objects.count(), Ticket.objects.count()) == (6, 6)
    assert not Entry.objects.filter(event=rules.Event.OPENED, at__gt=LATER).exists()


def test_a_batch_that_was_killed_goes_on_where_it_was(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _town(house)
    batch, enter = _begun(house), operations.enter_results
    monkeypatch.setattr(tasks, "CHUNK", 2)

    class Killed(BaseException):
        """As a process that is gone: nobody catches it."""

    def once_more(**given: Any) -> int:
        if given["place"] == 2:
            raise Killed
        return enter(**given)

    with standing_at(LATER):
        monkeypatch.setattr(operations, "enter_results", once_more)
        with pytest.raises(Killed):
            tasks.run_batch(str(batch.pk))
        batch.refresh_from_db()
        assert (batch.state, batch.place, Link.objects.count()) == ("running", 2, 2)
        monkeypatch.setattr(operations, "enter_results", enter)
        late = [Result("1", "P0", 1.0, matching.Decision.AUTO)]
        assert operations.enter_results(  # what comes twice does nothing
            batch_id=batch.pk, place=0, results=late, total=6, actor=tasks.MATCHING, at=LATER) == 2
        done = tasks.run_here(batch)
    assert (done.state, done.place, done.counts["people"]) == ("done", 6, 6)
    assert Link.objects.count() == 6


def test_an_act_is_matched_as_it_is_registered(house: World) -> None:
    acts = _town(house)
    assert matching.refresh(405, on=LATER.date())
    assert not matching.refresh(405, on=LATER.date())
    with standing_at(LATER):
        for act in acts[:3]:
            tasks.match_act(act_id=str(act.pk))
    found = {link.act_id: link for link in Link.objects.select_related("record")}
    assert [(found[act.pk].klass, found[act.pk].record.key) for act in acts[:3]] == [  # type: ignore[union-attr]
        ("A", "P0"), ("B", "P1"), ("C", "P2")]
    assert found[acts[2].pk].findings[0]["words"]  # why, for who decides
