"""Reports over the real register: counted as by hand, sent, checked, summed up, amended, and then never changed."""

from __future__ import annotations

import dataclasses
from copy import deepcopy
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.kernel.refusal import Invalid
from tuphap.modules.civil_status import operations as register
from tuphap.modules.civil_status.tests import test_events as events
from tuphap.modules.civil_status.tests import test_follow_ups as follow
from tuphap.modules.civil_status.tests.world import AT, World
from tuphap.modules.civil_status.tests.world import sign as sign_paper
from tuphap.modules.reporting import counting, layout, operations, queries, rules, seeds
from tuphap.modules.reporting.models import CountedGroup, Form, Included, Report
from tuphap.modules.reporting.rules import State
from tuphap.shared.access.api import Forbidden
from tuphap.shared.audit.models import Entry
from tuphap.shared.indicators import api as indicators
from tuphap.shared.notices.models import Notice
from tuphap.shared.numbering.models import Number
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import OrgUnit

from .offices import (
    BIRTHS,
    ESTIMATE,
    HALF,
    MARRIAGES,
    NOW,
    OTHERS,
    YEAR,
    Offices,
    refuse_to_sign,
    sign,
    value,
)

pytestmark = pytest.mark.django_db
BOY = {"sex": "male"}


def unmarried(world: World, number: int) -> dict[str, Any]:
    told = world.distinct(number)
    told["father"] = {"parents_married": False, "marriage_record": "", "name": "", "born_on": None,
                      "personal_number": "", "residence": None}
    return told


def two_births(world: World) -> None:
    """A girl and a boy, in wedlock, in time."""
    world.registered()
    world.registered(world.distinct(1, child=BOY))


def a_month(world: World) -> None:
    """Five births that count, one that was cancelled; two deaths; a marriage; attestation and correction."""
    two_births(world)
    world.registered(unmarried(world, 2))  # a girl, out of wedlock
    world.registered(world.distinct(3, child={**BOY, "born_on": "2025-11-01"}))  # late
    mother = {"nationality": "Hàn Quốc"}
    world.registered(world.distinct(4, mother=mother))  # a girl, with a foreign element
    wrong = world.registered(world.distinct(5))
    register.cancel_act(
        act_id=wrong.pk, decision_no="12/QĐ", authority="UBND thành phố", reason="Trùng", decided_on=localdate(AT),
        actor=world.who("chairman"), at=AT,
    )
    events.registered(world, events.MARRIAGE, events.couple(world))
    late = AT + timedelta(days=30)
    events.registered(world, events.DEATH, events.dead(world), at=late)
    child = {"name": "Vũ Minh Bé", "sex": "female", "born_on": "2021-05-05", "personal_number": ""}
    events.registered(world, events.DEATH, events.dead(world, deceased=child, death={
        "died_on": (localdate(late) - timedelta(days=40)).isoformat()}), at=late)
    events.registered(world, events.STATUS, events.request(world), at=late)


def figures(report: Report, *rows: str) -> dict[str, list[int]]:
    columns = [column.code for column in report.form.lay.columns]
    return {row: [report.values.get((row, column), -1) for column in columns] for row in rows}


# --- Counted as by hand -----------------------------------------------------------------------------------------------


def test_the_cells_are_what_one_counts_by_hand(offices: Offices) -> None:
    a_month(offices.world)
    births = offices.begun(BIRTHS)
    # tổng, nam, nữ, đúng hạn, quá hạn, trực tuyến (x: -1)
    assert figures(births, *(row.code for row in births.form.lay.rows)) == {
        "births": [5, 2, 3, 4, 1, 0], "births_wedlock": [4, 2, 2, 3, 1, 0], "births_other": [1, 0, 1, 1, 0, 0],
        "births_foundling": [0, 0, 0, 0, 0, 0], "births_here": [5, 2, 3, 4, 1, 0],
        "births_abroad": [0, 0, 0, 0, 0, 0], "births_foreign": [1, 0, 1, 1, 0, 0],
        "births_pending": [5, 2, 3, 4, 1, 0], "births_again": [0, 0, 0, -1, -1, 0],
        "deaths": [2, 1, 1, 1, 1, 0], "deaths_child": [1, 0, 1, 0, 1, 0], "deaths_minor": [0, 0, 0, 0, 0, 0],
        "deaths_adult": [1, 1, 0, 1, 0, 0], "deaths_unknown": [0, 0, 0, 0, 0, 0],
        "deaths_foreign": [0, 0, 0, 0, 0, 0], "deaths_again": [0, 0, 0, -1, -1, 0],
    }
    marriages = offices.begun(MARRIAGES)
    assert figures(marriages, "marriages", "marriages_first", "marriages_second") == {
        "marriages": [1, 1, 0, 0], "marriages_first": [1, 1, 0, 0], "marriages_second": [0, 0, 0, 0]}
    others = offices.begun(OTHERS)
    assert figures(others, "statuses", "statuses_other", "changes", "extracts") == {
        "statuses": [1, 1, 0, 0], "statuses_other": [1, 1, 0, 0], "changes": [0, 0, 0, 0], "extracts": [0, 0, 0, 0]}
    for report in (births, marriages, others):
        assert not queries.faults(report)
    # the other commune has none of them
    assert value(offices.begun(BIRTHS, unit=offices.there), "births") == 0


def test_every_kind_of_act_is_told_apart_as_the_forms_ask(offices: Offices) -> None:
    world = offices.world
    birth = follow.fatherless(world)
    follow.registered(world, follow.RECOGNITION, follow.recognised(world))
    follow.registered(world, follow.CHANGE, follow.changed(world, birth, "correction", ("child.ethnicity", "Tày")))
    follow.registered(world, follow.FOREIGN_MARRIAGE, follow.married_abroad(world))
    sign_paper(follow.give(world, follow.asked(world, birth)).document, at=follow.LATER)
    report = offices.begun(OTHERS)
    told = figures(report, "recognitions", "recognitions_father", "recognitions_mother", "changes_correction",
                   "changes_change", "foreign_marriages", "extracts", "confirmations")
    # tổng, trong nước, có yếu tố nước ngoài, trực tuyến
    assert told == {
        "recognitions": [1, 1, 0, 0], "recognitions_father": [1, 1, 0, 0], "recognitions_mother": [0, 0, 0, 0],
        "changes_correction": [1, 1, 0, 0], "changes_change": [0, 0, 0, 0], "foreign_marriages": [1, 0, 1, 0],
        "extracts": [1, 1, 0, 0], "confirmations": [0, 0, 0, 0],
    }
    assert not queries.faults(report)


def test_a_cell_is_the_length_of_its_list_for_every_cell(offices: Offices) -> None:
    a_month(offices.world)
    for form in (BIRTHS, MARRIAGES, OTHERS):
        report = offices.begun(form)
        for cell in report.form.lay.cells():
            labels = queries.labels_of(report, cell)
            assert len(labels) == report.values[cell], cell
            assert len(set(labels)) == len(labels)


def test_every_source_and_trait_of_the_forms_is_declared_and_gives_only_its_classes(offices: Offices) -> None:
    a_month(offices.world)
    scope = indicators.Scope(
        actor=offices.who("director"), unit_ids=frozenset({offices.here.pk}), period_from=date(2026, 1, 1),
        period_to=date(2026, 6, 30),
    )
    for form in seeds.FORMS:
        lay = layout.parse(form["lay"])
        counting.check_sources(lay)
        for source, traits in lay.sources().items():
            known = indicators.traits_of(source)
            assert sum(len(one.labels) for one in indicators.told_apart(source, scope, by=traits)) == indicators.count(
                source, scope)
            for alike in indicators.told_apart(source, scope, by=known):
                for trait, told in alike.classes:
                    assert told in dict(known[trait].classes), (source, trait, told)


# --- Who, what, when --------------------------------------------------------------------------------------------------


def test_what_stands_in_the_way_of_a_report(offices: Offices) -> None:
    with pytest.raises(Forbidden):
        offices.begun(actor=offices.who("stranger"))
    with pytest.raises(Forbidden):
        offices.begun(actor=offices.who("chairman"))
    with pytest.raises(rules.UnknownPeriod):
        offices.begun(period="2026.quy.chinh-thuc")
    with pytest.raises(rules.UnknownForm):
        offices.begun("99/X")
    with pytest.raises(rules.PeriodNotOver):
        offices.begun(period="2026.nam.chinh-thuc")
    with pytest.raises(rules.PeriodNotOver):
        offices.begun(at=datetime(2026, 6, 30, 23, 59, tzinfo=VIETNAM))
    with pytest.raises(rules.UnknownUnit):
        offices.begun(unit=offices.department)
    offices.begun()
    with pytest.raises(rules.ReportExists):
        offices.begun()
    assert Report.objects.count() == 1


def test_an_office_that_was_merged_is_reported_by_its_successor_for_its_own_days(offices: Offices) -> None:
    gone = OrgUnit.objects.filter(successor=offices.here, valid_to=date(2025, 7, 1)).order_by("code").first()
    assert gone is not None
    report = offices.begun(unit=gone, period=YEAR, actor=offices.who("officer"))
    assert (report.first, report.last) == (date(2025, 1, 1), date(2025, 6, 30))
    own = offices.begun(period=YEAR)
    assert (own.first, own.last) == (date(2025, 7, 1), date(2025, 12, 31))
    with pytest.raises(Forbidden):
        offices.begun(MARRIAGES, unit=gone, period=YEAR, actor=offices.who("stranger"))
    names = {unit.pk for unit in queries.reporters(offices.department, rules.period(YEAR), at=NOW)}
    assert {gone.pk, offices.here.pk, offices.there.pk} <= names
    assert gone.pk not in {unit.pk for unit in queries.reporters(offices.department, rules.period(HALF), at=NOW)}
    with pytest.raises(rules.UnknownUnit):
        offices.begun(unit=gone, period=HALF, actor=offices.who("officer"))


def test_from_the_count_to_the_lock(offices: Offices) -> None:
    two_births(offices.world)
    report = offices.begun()
    with pytest.raises(rules.PeriodLocked):
        operations.approve(report_id=report.pk, actor=offices.who("chairman"), at=NOW)
    report = sign(offices.approved(report))
    assert (report.state, report.number) == (State.SUBMITTED, "01/2026")
    assert report.document is not None
    assert report.document.register_line["kind"] == f"Báo cáo thống kê, biểu {BIRTHS}"
    with pytest.raises(Forbidden):
        operations.accept(report_id=report.pk, actor=offices.who("officer"), at=NOW)
    operations.accept(report_id=report.pk, actor=offices.who("checker"), at=NOW)
    with pytest.raises(rules.NothingToAggregate):
        offices.summed(MARRIAGES)
    summary = offices.summed()
    report.refresh_from_db()
    assert report.state == State.AGGREGATED
    assert figures(summary, "births", "deaths") == figures(report, "births", "deaths")
    assert len(summary.missing) == len(queries.reporters(offices.department, rules.period(HALF), at=NOW)) - 1
    assert offices.here.pk not in summary.missing
    assert offices.there.pk in summary.missing
    summary = sign(_key(offices, summary))
    report.refresh_from_db()
    assert (summary.state, report.state) == (State.LOCKED, State.LOCKED)
    assert [step.state for step in report.steps.all()] == [
        "draft", "ready", "signing", "submitted", "accepted", "aggregated", "locked"]
    told = set(Entry.objects.filter(subject_id=str(report.pk)).values_list("event", flat=True))
    assert {"reporting.report.begun", "reporting.report.submitted", "reporting.report.accepted"} <= told


def _key(offices: Offices, summary: Report) -> Report:
    return offices.approved(summary)


def test_a_locked_period_stays_when_the_register_changes(offices: Offices) -> None:
    birth = offices.world.registered()
    offices.accepted()
    summary = sign(offices.approved(offices.summed()))
    report = summary.parts.get().part
    register.cancel_act(
        act_id=birth.pk, decision_no="12/QĐ", authority="UBND thành phố", reason="Trùng", decided_on=localdate(AT),
        actor=offices.world.who("chairman"), at=AT,
    )
    assert value(report, "births") == 1
    [changed] = [one for one in queries.changed_since(report, actor=offices.who("director"), at=NOW)
                 if one.cell == ("births", "all")]
    assert (changed.sent, changed.live, changed.removed) == (1, 0, (birth.dossier.code,))
    for verb in (operations.recount, operations.propose):
        with pytest.raises(rules.PeriodLocked):
            verb(report_id=report.pk, actor=offices.who("officer"), at=NOW)
    with pytest.raises(rules.PeriodLocked):
        operations.fill(report_id=report.pk, typed={"births/all": 7}, explanations={}, confirmed_zero=False,
                        actor=offices.who("officer"), at=NOW)
    with pytest.raises(rules.PeriodLocked):
        offices.summed()
    # and the database itself refuses, whoever asks
    for change in (
        lambda: Report.objects.filter(pk=report.pk).update(counted={"births/all": 7}),
        lambda: Report.objects.filter(pk=report.pk).update(state=State.DRAFT),
        lambda: Report.objects.filter(pk=report.pk).update(year=2024),
        lambda: Report.objects.filter(pk=report.pk)._raw_delete("default"),
        lambda: CountedGroup.objects.filter(report=report).delete(),
        lambda: CountedGroup.objects.filter(report=report).update(labels=[]),
        lambda: CountedGroup.objects.create(report=report, source="x", classes={}, labels=["a"]),
        lambda: Included.objects.filter(summary=summary).delete(),
        lambda: report.steps.all().delete(),
        lambda: Form.objects.update(title="Khác"),
    ):
        with setting_up(), pytest.raises(DatabaseError, match="reporting:"), transaction.atomic():
            change()


def test_every_edge_of_the_rules_is_the_databases_and_no_other() -> None:
    from tuphap.modules.reporting.migrations import __path__ as where

    told = (Path(next(iter(where))) / "immutable.sql").read_text(encoding="utf-8")
    written = {part.strip().strip("'") for part in told.split("NOT IN (")[1].split(")")[0].split(",")}
    assert written == {f"{old}>{new}" for old, new in rules.EDGES}


# --- Refused, returned, tried again -----------------------------------------------------------------------------------


def test_a_report_of_nothing_is_confirmed(offices: Offices) -> None:
    report = offices.begun(MARRIAGES)
    with pytest.raises(Invalid) as refused:
        operations.propose(report_id=report.pk, actor=offices.who("officer"), at=NOW)
    assert [problem.code for problem in refused.value.problems] == ["reporting.zero_not_confirmed"]
    offices.ready(report)


def test_counted_figures_are_not_typed_and_typed_ones_must_come_out(offices: Offices) -> None:
    a_month(offices.world)
    report = offices.begun()
    typing = {"explanations": {}, "confirmed_zero": False, "actor": offices.who("officer"), "at": NOW}
    with pytest.raises(rules.NotCounted):
        operations.fill(report_id=report.pk, typed={"births/all": 1}, **typing)
    for unknown in ("births/nothing", "births"):
        with pytest.raises(rules.NoSuchCell, match=unknown) as refused:
            operations.fill(report_id=report.pk, typed={unknown: 1}, **typing)
        assert (refused.value.status, refused.value.field) == (422, f"typed.{unknown}")
    first = offices.begun(period=ESTIMATE)
    assert first.typed  # thirty days are left of the half-year: what they may bring stands beside what was counted
    assert not queries.faults(first)
    operations.fill(report_id=first.pk, typed={"births/all": 50}, **typing)
    with pytest.raises(Invalid) as refused:
        operations.propose(report_id=first.pk, actor=offices.who("officer"), at=NOW)
    problems = refused.value.problems
    assert {problem.code for problem in problems} == {"reporting.sum_mismatch"}
    assert "o_births__all" in {problem.field for problem in problems}
    operations.recount(report_id=first.pk, actor=offices.who("officer"), at=NOW)
    offices.ready(Report.objects.get(pk=first.pk))


def test_what_has_changed_much_is_explained(offices: Offices) -> None:
    offices.sent(period=ESTIMATE)  # nothing was there yet
    a_month(offices.world)
    report = offices.begun()
    with pytest.raises(Invalid) as refused:
        operations.propose(report_id=report.pk, actor=offices.who("officer"), at=NOW)
    told = [(problem.field, problem.code) for problem in refused.value.problems]
    assert told == [("giai_trinh_0", "reporting.explanation_required"),
                    ("giai_trinh_1", "reporting.explanation_required")]
    assert "5 so với số ước tính 0" in refused.value.problems[0].message
    assert offices.ready(report).state == State.READY


def test_two_forms_of_an_estimate_are_held_against_each_other_by_what_was_counted(offices: Offices) -> None:
    world = offices.world
    gone = events.dead(world, death={"died_on": "2003-05-06", "proof_number": ""})
    events.registered(world, follow.DEATH_AGAIN, {**gone, "lost": follow.lost(world, lost_on="2003")})
    forms = [offices.begun(form, period=ESTIMATE) for form in (BIRTHS, OTHERS)]
    rest = [layout.cells_of(report.typed).get(("deaths_again", "all"), 0) for report in forms]
    more = dict.fromkeys(("deaths_again/all", "deaths_again/domestic"), rest[1] + 1)
    operations.fill(report_id=forms[1].pk, typed=more, explanations={}, confirmed_zero=False,
                    actor=offices.who("officer"), at=NOW)
    assert not queries.faults(Report.objects.get(pk=forms[1].pk))
    official = [offices.begun(form) for form in (BIRTHS, OTHERS)]
    assert not queries.faults(official[1])


def test_the_leader_sends_back_and_the_department_returns(offices: Offices) -> None:
    report = offices.ready(offices.begun())
    with pytest.raises(rules.ReasonRequired):
        operations.send_back(report_id=report.pk, reason=" ", actor=offices.who("chairman"), at=NOW)
    with pytest.raises(Forbidden):
        operations.send_back(report_id=report.pk, reason="Sai", actor=offices.who("officer"), at=NOW)
    operations.send_back(report_id=report.pk, reason="Đếm lại", actor=offices.who("chairman"), at=NOW)
    report = sign(offices.approved(Report.objects.get(pk=report.pk)))
    first = report.document
    operations.return_to_office(report_id=report.pk, reason="Thiếu giải trình", actor=offices.who("checker"), at=NOW)
    report.refresh_from_db()
    assert (report.state, report.document, report.sent_at) == (State.RETURNED, None, None)
    first.refresh_from_db()
    assert first.register_state == "cancelled"
    told = Notice.objects.filter(to_user=offices.users["officer"]).values_list("template", flat=True)
    assert set(told) == {"reporting.sent_back", "reporting.returned"}
    report = sign(offices.approved(report))
    assert (report.state, report.number) == (State.SUBMITTED, "02/2026")


def test_who_has_made_a_report_does_not_check_it(offices: Offices) -> None:
    from tuphap.shared.access.models import Grant

    with setting_up():
        Grant.objects.create(person=offices.users["officer"], permission=rules.Permission.CHECK, unit=offices.here,
                             valid_from=date(2024, 1, 1))
    report = offices.sent()
    for verb, more in ((operations.accept, {}), (operations.return_to_office, {"reason": "Sai"})):
        with pytest.raises(rules.SelfCheck):
            verb(report_id=report.pk, actor=offices.who("officer"), at=NOW, **more)


def test_a_signing_that_failed_is_tried_again_under_its_number_or_given_up(offices: Offices) -> None:
    report = refuse_to_sign(offices.approved(offices.begun()))
    assert (report.state, report.number, report.failure) == (State.READY, "01/2026", "Máy ký không trả lời")
    from tuphap.shared.documents import api as documents

    with documents.signing_by_hand():
        operations.approve(report_id=report.pk, actor=offices.who("chairman"), at=NOW)
    report = sign(Report.objects.get(pk=report.pk))
    assert (report.state, report.number) == (State.SUBMITTED, "01/2026")
    other = refuse_to_sign(offices.approved(offices.begun(MARRIAGES)))
    operations.send_back(report_id=other.pk, reason="Sửa lại", actor=offices.who("chairman"), at=NOW)
    other.refresh_from_db()
    assert (other.state, other.document, other.number) == (State.DRAFT, None, "")
    assert Number.objects.get(series__code=rules.SERIES, value=2).state == "void"


# --- Summed up and amended --------------------------------------------------------------------------------------------


def test_missing_offices_are_named_and_never_counted_as_nothing(offices: Offices) -> None:
    offices.accepted()
    with pytest.raises(rules.ChildMissing) as refused:
        offices.summed(reason=" ")
    assert offices.there.short_name in refused.value.message or "đơn vị khác" in refused.value.message
    assert not Report.objects.filter(level="tinh").exists()
    with pytest.raises(Forbidden):
        operations.aggregate(form=BIRTHS, period=HALF, unit_id=offices.department.pk, reason="x",
                             actor=offices.who("checker"), at=NOW)


def test_an_amended_report_takes_the_place_of_the_old_one_upwards(offices: Offices) -> None:
    world = offices.world
    world.registered()
    old = offices.accepted()
    summary = sign(offices.approved(offices.summed()))
    world.registered(world.distinct(1, child=BOY))
    for wrong in (" ", ""):
        with pytest.raises(rules.ReasonRequired):
            operations.amend(report_id=old.pk, reason=wrong, actor=offices.who("officer"), at=NOW)
    new = operations.amend(report_id=old.pk, reason="Bổ sung một việc", actor=offices.who("officer"), at=NOW)
    assert (new.version, value(new, "births"), value(old, "births")) == (2, 2, 1)
    with pytest.raises(rules.PeriodLocked):
        operations.amend(report_id=old.pk, reason="Lần nữa", actor=offices.who("officer"), at=NOW)
    new = sign(offices.approved(new))
    summary.refresh_from_db()
    assert summary.state == State.LOCKED  # until the department takes the new version in, the old one holds
    operations.accept(report_id=new.pk, actor=offices.who("checker"), at=NOW)
    old.refresh_from_db()
    assert old.state == State.AMENDED
    assert old.document is not None and old.document.register_state == "replaced"
    after = queries.latest(summary.form, offices.department, rules.period(HALF))
    assert after is not None
    assert (after.version, after.state, value(after, "births"), value(summary, "births")) == (2, State.DRAFT, 2, 1)
    assert offices.here.short_name in after.reason
    units = frozenset({offices.here.pk, offices.department.pk})
    whole = indicators.Scope(actor=offices.who("director"), unit_ids=units, period_from=date(2026, 1, 1),
                             period_to=date(2026, 6, 30))
    [told] = indicators.published_for(["civil_status.births_new"], whole)["civil_status.births_new"]
    assert (told.number, told.url) == (1, summary.get_absolute_url())
    after = sign(offices.approved(after))
    assert Report.objects.get(pk=new.pk).state == after.state == State.LOCKED
    summary.refresh_from_db()
    assert summary.state == State.AMENDED
    assert summary.document is not None and summary.document.register_state == "replaced"
    [told] = indicators.published_for(["civil_status.births_new"], whole)["civil_status.births_new"]
    assert (told.number, told.url) == (2, after.get_absolute_url())


def test_a_summary_that_is_being_made_follows_an_amendment(offices: Offices) -> None:
    world = offices.world
    world.registered()
    old = offices.accepted()
    summary = offices.summed()
    offices.ready(summary)
    world.registered(world.distinct(1, child=BOY))
    new = operations.amend(report_id=old.pk, reason="Bổ sung", actor=offices.who("officer"), at=NOW)
    operations.accept(report_id=sign(offices.approved(new)).pk, actor=offices.who("checker"), at=NOW)
    summary = Report.objects.get(pk=summary.pk)
    assert (summary.state, value(summary, "births"), summary.version) == (State.DRAFT, 2, 1)


# --- Forms ------------------------------------------------------------------------------------------------------------


def enact(offices: Offices, lay: dict[str, Any], *, valid_from: date = date(2026, 6, 1), role: str = "planner") -> Form:
    return operations.enact_form(
        code=MARRIAGES, summary_code="11d", title="Kết hôn", legal_basis="Thông tư mới", lay=lay,
        valid_from=valid_from, actor=offices.who(role), at=NOW,
    )


def test_a_new_version_takes_over_on_its_day_and_old_reports_keep_theirs(offices: Offices) -> None:
    old = offices.begun(MARRIAGES, period=ESTIMATE)
    lay = deepcopy(seeds.MARRIAGES_LAYOUT)
    lay["rows"] += [{"code": "talks", "title": "Buổi tư vấn tiền hôn nhân", "mark": "3"},
                    {"code": "talks_ward", "title": "Tổ chức tại tổ dân phố", "mark": "3.1", "depth": 1}]
    lay["row_sums"] += [{"total": "talks", "parts": ["talks_ward"], "within": True}]
    form = enact(offices, lay)
    assert Form.objects.get(code=MARRIAGES, valid_from=seeds.SINCE).valid_to == form.valid_from
    report = offices.begun(MARRIAGES, period="2026.6-thang.chinh-thuc")
    assert (report.form, Report.objects.get(pk=old.pk).form.pk == form.pk) == (form, False)
    typing = {"explanations": {}, "confirmed_zero": True, "actor": offices.who("officer"), "at": NOW}
    operations.fill(report_id=report.pk, typed={"talks/all": 2, "talks/domestic": 2, "talks_ward/all": 3}, **typing)
    with pytest.raises(Invalid) as refused:
        operations.propose(report_id=report.pk, actor=offices.who("officer"), at=NOW)
    assert {problem.code for problem in refused.value.problems} == {
        "reporting.part_over_whole", "reporting.sum_mismatch"}
    operations.fill(report_id=report.pk, typed={"talks_ward/all": 1, "talks_ward/domestic": 1}, **typing)
    operations.propose(report_id=report.pk, actor=offices.who("officer"), at=NOW)
    with pytest.raises(rules.FormExists):
        enact(offices, lay)
    with pytest.raises(Forbidden):
        enact(offices, lay, valid_from=date(2027, 1, 1), role="officer")


@pytest.mark.parametrize(("change", "what"), [
    (lambda lay: lay["rows"][0].update(source="civil_status.nothing"), "không có chỉ số"),
    (lambda lay: lay["rows"][0].update(where={"height": ["tall"]}), "không phân theo height"),
    (lambda lay: lay["rows"][1].update(where={"order": ["third"]}), "không có lớp third"),
])
def test_a_form_asks_only_for_what_is_counted(offices: Offices, change: Any, what: str) -> None:
    lay = deepcopy(seeds.MARRIAGES_LAYOUT)
    change(lay)
    with pytest.raises(rules.BadLayout, match=what):
        enact(offices, lay)


def test_what_is_brought_is_entered_once_and_never_over(offices: Offices) -> None:
    before = list(Form.objects.values_list("pk", "layout"))
    seeds.seed()
    assert list(Form.objects.values_list("pk", "layout")) == before
    assert len(before) == len(seeds.FORMS)


def test_a_locked_figure_is_told_beside_the_living_one(offices: Offices) -> None:
    events.registered(offices.world, events.MARRIAGE, events.couple(offices.world))
    offices.accepted(MARRIAGES)
    code = "civil_status.marriages"
    scope = indicators.Scope(actor=offices.who("director"), unit_ids=frozenset({offices.here.pk}),
                             period_from=date(2026, 1, 1), period_to=date(2026, 6, 30))
    assert indicators.published_for([code], scope) == {}  # accepted is not yet locked
    sign(offices.approved(offices.summed(MARRIAGES)))
    [told] = indicators.published_for([code, "civil_status.births_new"], scope)[code]
    assert (told.number, told.title) == (1, f"Báo cáo số 01/2026, biểu {MARRIAGES}")
    assert indicators.published_for([code], scope.within(date(2026, 1, 1), date(2026, 6, 29))) == {}
    alone = dataclasses.replace(scope, unit_ids=frozenset({offices.department.pk}))
    assert indicators.published_for([code], alone) == {}  # the summary tells of the whole province, not of its office
