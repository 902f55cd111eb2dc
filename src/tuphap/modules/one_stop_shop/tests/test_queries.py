"""What the desk is shown: only what it may see, in the order of deadlines; what anybody may follow; slips; figures."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import pairwise

import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.refusal import Refusal
from tuphap.modules.one_stop_shop import figures, operations, queries, rules, sheets, slips
from tuphap.modules.one_stop_shop.rules import Bucket, Form
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, Work
from tuphap.shared.access.api import Forbidden
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Action, Dossier, Rating, StepVerdict
from tuphap.shared.dossiers.rules import UnknownDossier
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.indicators import api as indicators
from tuphap.shared.indicators.api import Scope
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db
TUESDAY, THURSDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6)


# -- who sees what


def test_everybody_sees_their_own_part(work: Work) -> None:
    dossier, draft = work.submit_online(), work.draft_online(who="hoa")
    at, who = morning(MONDAY, 10), work.town.who
    seen = {name: set(queries.visible(who(name), at=at)) for name in work.town.people}
    for name in ("lan", "desk", "officer", "second", "chairman", "head"):
        assert seen[name] == {dossier}, name
    assert seen["hoa"] == {draft}
    assert seen["stranger"] == set()
    assert queries.own_dossiers(who("lan"), at=at).get() == dossier
    assert not queries.own_dossiers(who("desk"), at=at).exists()


def test_one_row_is_judged_as_the_database_judges_many(work: Work) -> None:
    """In memory and in the database the same is seen: by everybody, of every channel, office, kind and state."""
    town, at = work.town, morning(MONDAY, 10)
    work.draft_online(), work.draft_online(who="hoa"), work.submit_online()
    work.file(number="031192000123"), work.assign(work.file(number="031090000333"))
    town_over = {"procedure_code": testing.RESTARTS, "answers": {"request": {"name": "Lê Minh"}},
                 "papers": [{"component": "don"}], "actor": town.who("desk"), "at": morning(MONDAY)}
    operations.file_at_counter(receiving_unit_id=town.commune.pk, resolving_unit_id=town.other.pk, **town_over)
    with setting_up():
        testing_dossier = work.file(number="031090000444")
        Dossier.objects.filter(pk=testing_dossier.pk).update(represented_number="031192000456")
        typed = work.draft_online()
        Dossier.objects.filter(pk=typed.pk).update(applicant_user=None)  # as a desk that types it would leave it
    whole = list(Dossier.objects.select_related(*dossiers.RELATED))
    actors = [*map(town.who, town.people), Actor(kind=ActorKind.PUBLIC, name=""), testing.SYSTEM]
    told = [({d for d in whole if dossiers.sight_of(who, at=at).has(d)}, set(dossiers.visible(who, at=at)))
            for who in actors]
    assert all(in_memory == in_rows for in_memory, in_rows in told)
    assert {len(in_memory) for in_memory, _ in told} >= {0, 1, 2}


def test_a_dossier_is_found_by_each_of_its_names(work: Work) -> None:
    dossier = work.receive(work.submit_online())
    at, desk = morning(MONDAY, 10), work.town.who("desk")
    for name in (dossier.code, dossier.code.lower(), dossier.submission_code, str(dossier.pk), dossier.pk):
        assert queries.get_visible(name, desk, at) == dossier
    with pytest.raises(UnknownDossier):
        queries.get_visible("H31.99-260302-0001", desk, at)


# -- offers


def offered(work: Work, dossier: dossiers.Dossier, who: str) -> list[str]:
    return [str(o.action) for o in queries.available_actions(dossier, work.town.who(who), morning(MONDAY, 11))]


def test_each_is_offered_what_they_may_do(work: Work) -> None:
    dossier = work.submit_online()
    assert offered(work, dossier, "lan") == ["withdraw"]
    assert offered(work, dossier, "desk") == ["receive", "ask_supplement", "refuse", "withdraw", "transfer"]
    assert offered(work, dossier, "officer") == offered(work, dossier, "stranger") == []
    dossier = work.assign(work.receive(dossier))
    assert offered(work, dossier, "officer") == [
        "begin", "refuse", "stop", "ask_supplement", "pause_fee", "ask_agency", "extend",
    ]
    assert offered(work, dossier, "second") == []
    dossier = work.propose(dossier)
    assert offered(work, dossier, "chairman") == ["send_back", "approve", "refuse", "extend", "transfer"]
    assert offered(work, dossier, "officer") == ["extend"]
    dossier = work.sign(work.approve(dossier))
    assert offered(work, dossier, "desk") == ["return"]


def test_an_offer_says_whether_it_needs_a_reason_and_is_dangerous(work: Work) -> None:
    offers = {o.action: o for o in queries.available_actions(work.file(), work.town.who("desk"), morning(MONDAY, 11))}
    assert offers[Action.REFUSE].needs_reason and offers[Action.REFUSE].danger
    assert not offers[Action.ASSIGN].needs_reason and not offers[Action.ASSIGN].danger
    assert offers[Action.ASSIGN].label == "Phân công"


# -- the worklist


def test_work_comes_by_deadline(work: Work) -> None:
    before = date(2026, 2, 24)
    late = work.assign(work.file(number="031090000401", at=morning(before)), at=morning(before, 10))
    today = work.assign(work.file(number="031090000402", at=morning(date(2026, 2, 26))), at=morning(MONDAY))
    tomorrow = work.assign(work.file(number="031090000403", at=morning(date(2026, 2, 27))), at=morning(MONDAY))
    far = work.assign(work.file(number="031090000404", at=morning(MONDAY, 16)), at=morning(MONDAY, 16))
    paused = work.assign(work.file(number="031090000405", at=morning(MONDAY)), at=morning(MONDAY, 10))
    operations.ask_supplement(dossier_id=paused.pk, reasons=["x"], actor=work.town.who("officer"),
                              at=morning(MONDAY, 11))
    work.assign(work.file(number="031090000406"), to="second")
    found = queries.worklist(work.town.who("officer"), morning(TUESDAY, 8))
    assert [(item.dossier, item.bucket) for item in found.items] == [
        (late, Bucket.LATE), (today, Bucket.TODAY), (tomorrow, Bucket.TOMORROW), (far, Bucket.LATER),
        (paused, Bucket.PAUSED),
    ]
    assert found.numbers[Bucket.LATE] == 1
    assert found.groups[0][1] == "Quá hạn"


def test_each_has_the_work_of_their_desk(work: Work) -> None:
    submitted = work.submit_online()
    received = work.file(number="031090000411")
    proposed = work.propose(work.assign(work.file(number="031090000412")))
    ready = work.sign(work.approve(work.propose(work.assign(work.file(number="031090000413")))))
    at = morning(MONDAY, 11)

    def waiting(who: str) -> set[tuple[object, str]]:
        return {(i.dossier, str(i.action)) for i in queries.worklist(work.town.who(who), at).items}

    assert waiting("desk") == {(submitted, "receive"), (received, "assign"), (ready, "return")}
    assert waiting("chairman") == {(proposed, "approve")}
    assert waiting("head") == {(received, "assign")}
    assert waiting("officer") == waiting("stranger") == waiting("lan") == set()


def test_what_was_sent_in_online_waits_eight_working_hours(work: Work) -> None:
    dossier = work.submit_online(at=morning(MONDAY, 14))
    assert queries.acceptance_due(dossier) == morning(TUESDAY, 14, 30)
    items = queries.worklist(work.town.who("desk"), morning(date(2026, 3, 4), 8)).items
    assert items[0].bucket is Bucket.LATE


def test_the_worklist_costs_the_same_for_one_and_for_ten(work: Work, django_assert_max_num_queries) -> None:
    for n in range(10):
        work.assign(work.file(number=f"0310900005{n:02d}"))
    for n in range(5):
        work.submit_online(who="lan" if n % 2 else "hoa")
    for name in ("officer", "desk"):
        with django_assert_max_num_queries(20):
            assert len(queries.worklist(work.town.who(name), morning(MONDAY, 11)).items) >= 5


# -- following


def test_anybody_with_code_and_telephone_follows_without_names(work: Work) -> None:
    dossier = work.whole()
    seen = queries.track(dossier.code, "5678")
    assert seen.state == "returned" and seen.steps[0].title == "Nộp hồ sơ"
    assert "An" not in str(seen).split() and dossier.applicant_phone not in str(seen)
    for code, digits in ((dossier.code, "1234"), ("H31.15-260302-9999", "5678"), (dossier.code, ""), ("", "5678"),
                         (dossier.code, "abcd")):
        with pytest.raises(UnknownDossier):
            queries.track(code, digits)


def test_procedures_are_found_in_residents_words(catalogue: None) -> None:
    def first(text: str) -> str:
        return queries.find_procedures(text, on=MONDAY)[0].code

    assert first("làm giấy khai sinh") == first("lam giay khai sinh") == "1.001193"
    assert first("giấy độc thân") == "1.004873"
    assert first("lấy chồng nước ngoài") == "2.000806"
    assert first("1.000656") == "1.000656"
    assert queries.find_procedures("xyzzy", on=MONDAY) == []
    assert "2.000528" not in {p.code for p in queries.find_procedures("", on=date(2025, 6, 1))}


# -- papers


def test_the_control_sheet_is_made_from_the_log(work: Work) -> None:
    dossier = work.file(at=morning(MONDAY, 8))
    work.assign(dossier, at=morning(MONDAY, 9))
    work.propose(dossier, at=morning(MONDAY, 15, 30))
    running = queries.control_sheet(work.look(dossier))
    assert [r.title for r in running] == ["Nộp hồ sơ", "Tiếp nhận", "Phân công", "Trình lãnh đạo"]
    officer = running[2]
    assert (officer.from_name, officer.to_name) == ("Cán bộ Desk", "Cán bộ Officer")
    assert officer.to_role == "Công chức thụ lý"
    assert (officer.quota_hours, officer.hours, officer.verdict) == (4.0, 4.5, StepVerdict.LATE)
    assert running[3].finished_at is None
    work.approve(dossier, at=morning(MONDAY, 16))
    work.sign(dossier, at=morning(MONDAY, 16))
    work.hand_out(dossier, at=morning(MONDAY, 16, 30))
    whole = queries.control_sheet(work.look(dossier))
    assert whole[-1].to_name == "Trần Văn An"
    assert all(a.finished_at == b.handed_at for a, b in pairwise(whole))


def test_a_pause_is_not_counted_against_the_officer(work: Work) -> None:
    dossier = work.assign(work.receive(work.submit_online()), at=morning(MONDAY, 9))
    operations.ask_supplement(dossier_id=dossier.pk, reasons=["x"], actor=work.town.who("officer"),
                              at=morning(MONDAY, 10))
    operations.answer_supplement(dossier_id=dossier.pk, actor=work.town.who("lan"), at=morning(FRIDAY, 10))
    work.propose(dossier, at=morning(FRIDAY, 11))
    step = next(r for r in queries.control_sheet(work.look(dossier)) if r.title == "Phân công")
    assert (step.hours, step.verdict) == (2.0, StepVerdict.EARLY)


def test_slips_are_printed_from_the_entry_that_issued_them(work: Work) -> None:
    dossier = work.submit_online()
    operations.ask_supplement(dossier_id=dossier.pk, reasons=["Thiếu chữ ký", "Đơn mờ"], note="Mang theo bản chính",
                              actor=work.town.who("desk"), at=morning(MONDAY))
    operations.answer_supplement(dossier_id=dossier.pk, actor=work.town.who("lan"), at=morning(MONDAY, 10))
    work.receive(dossier, at=morning(MONDAY, 11))
    dossier = work.look(dossier)
    assert [e.form for e in queries.slips_of(dossier)] == ["02", "01"]
    supplement, receipt = (slips.slip_data(dossier, e) for e in queries.slips_of(dossier))
    assert supplement["items"] == ["Thiếu chữ ký", "Đơn mờ"] and "01/04/2026" in supplement["closing"]
    assert ["Hẹn trả kết quả lúc", "17 giờ 00 phút, ngày 05/03/2026"] in receipt["entries"]
    assert receipt["rows"] == [{"name": "Đơn", "kind": "Bản điện tử", "copies": 1}]
    for form in ("01", "02"):
        assert queries.slip(dossier, form).startswith(b"%PDF")
    with pytest.raises(rules.NoSuchSlip):
        queries.slip(dossier, "03")


def test_the_apology_names_both_days_the_reason_and_the_head_who_signs(work: Work) -> None:
    dossier = work.assign(work.file())
    operations.extend(dossier_id=dossier.pk, new_due=morning(TUESDAY + timedelta(days=7), 17), reason="Chờ xác minh",
                      actor=work.town.who("officer"), at=morning(MONDAY, 11))
    issued = queries.slips_of(work.look(dossier))[-1]
    told = slips.slip_data(work.look(dossier), issued)
    assert issued.form == "04" and told["code"] == dossier.code
    assert ["Hẹn trả kết quả ban đầu", "17 giờ 00 phút, ngày 05/03/2026"] in told["entries"]
    assert ["Hẹn trả kết quả mới", "17 giờ 00 phút, ngày 10/03/2026"] in told["entries"]
    assert ["Lý do", "Chờ xác minh"] in told["entries"]
    assert (told["right_title"], told["right_name"]) == ("Thủ trưởng cơ quan", "")  # the officer's word, not their hand
    assert queries.slip(work.look(dossier), "04").startswith(b"%PDF")
    by_head = work.propose(work.assign(work.file(number="031090000602", at=morning(TUESDAY)), at=morning(TUESDAY)),
                           at=morning(TUESDAY, 10))
    operations.extend(dossier_id=by_head.pk, new_due=morning(TUESDAY + timedelta(days=7), 17), reason="Chờ xác minh",
                      actor=work.town.who("chairman"), at=morning(TUESDAY, 11))
    event = queries.slips_of(work.look(by_head))[-1]
    assert slips.slip_data(work.look(by_head), event)["right_name"] == work.town.people["chairman"].full_name


@pytest.mark.parametrize("form", rules.SLIPS)
def test_every_slip_renders(form: Form) -> None:
    declared = documents.templates[f"{slips.template_code(form)}@2025"]
    assert documents.render(declared.code, declared.sample, on=MONDAY).startswith(b"%PDF")


def test_the_code_on_a_slip_leads_to_the_tracking_page(work: Work) -> None:
    import segno

    dossier = work.file()
    picture = io.BytesIO()
    segno.make(slips.tracking_url(dossier), error="m", micro=False).save(picture, kind="png", scale=4)
    read = zxingcpp.read_barcodes(Image.open(picture), formats=zxingcpp.BarcodeFormat.QRCode)
    assert read[0].text.endswith(f"/tra-cuu/?ma={dossier.code}")
    assert slips.tracking_qr(dossier).startswith("<svg")


def test_the_book_lists_what_was_received(work: Work) -> None:
    first = work.file(at=morning(MONDAY))
    second = work.file(number="031090000601", at=morning(TUESDAY))
    desk, unit = work.town.who("desk"), work.town.commune.pk
    book = queries.tracking_book(desk, at=morning(FRIDAY), unit_id=unit, day_from=MONDAY, day_to=TUESDAY)
    assert list(book) == [first, second]
    rest = queries.tracking_book(desk, at=morning(FRIDAY), unit_id=unit, day_from=TUESDAY, day_to=FRIDAY)
    assert list(rest) == [second]
    with pytest.raises(Forbidden):
        queries.tracking_book(work.town.who("stranger"), at=morning(FRIDAY), unit_id=unit, day_from=MONDAY,
                              day_to=FRIDAY)


def test_the_sheets_have_every_column_and_a_line_for_each(work: Work) -> None:
    done, open_one = work.whole(), work.file(number="031090000601", at=morning(TUESDAY))
    control = sheets.control_data(work.look(done), queries.control_sheet(work.look(done)), at=morning(FRIDAY))
    heads = [head["title"] for head in control["heads"]]
    assert heads[2:] == ["Bên giao", "Bên nhận", "Giao, nhận lúc", "Định mức (giờ)", "Xong lúc", "Kết quả", "Ghi chú",
                         "Ký giao", "Ký nhận"]
    handed = next(row for row in control["rows"] if row[1] == "Phân công")
    assert handed[3].startswith(work.town.people["officer"].full_name) and handed[4] == "09:10 02/03/2026"
    assert next(row for row in control["rows"] if row[1].startswith("Ký số"))[2] == "Hệ thống"
    assert all(len(row) == len(heads) for row in control["rows"]) and control["code"] == done.code
    unit = work.town.commune
    rows = queries.tracking_book(work.town.who("desk"), at=morning(FRIDAY), unit_id=unit.pk, day_from=MONDAY,
                                 day_to=FRIDAY)
    book = sheets.book_data(unit, rows, days=(MONDAY, FRIDAY), at=morning(FRIDAY))
    first, second = book["rows"]
    assert first[1] == done.code and first[8] == "Trước hạn" and first[9] == "Nhận tại Bộ phận Một cửa"
    assert second[1] == open_one.code and second[6:] == ["", "", "Đã tiếp nhận", ""]
    assert len(first) == len(book["heads"]) == 10


def test_the_book_names_who_took_the_result(work: Work) -> None:
    dossier = work.sign(work.approve(work.propose(work.assign(work.file()))))
    operations.return_result(dossier_id=dossier.pk, way="tai_quay", received_by="Trần Thị Em",
                             actor=work.town.who("desk"), at=morning(MONDAY, 10))
    row = queries.tracking_book(work.town.who("desk"), at=morning(FRIDAY), unit_id=work.town.commune.pk,
                                day_from=MONDAY, day_to=MONDAY).get()
    assert sheets.received_by(row) == "Trần Thị Em"


def test_both_sheets_come_as_pdf_with_the_code_that_leads_to_the_tracking_page(work: Work) -> None:
    dossier = work.whole()
    control = queries.control_sheet_pdf(work.look(dossier), at=morning(FRIDAY))
    desk, unit = work.town.who("desk"), work.town.commune.pk
    book = queries.tracking_book_pdf(desk, at=morning(FRIDAY), unit_id=unit, day_from=MONDAY, day_to=FRIDAY)
    assert control.startswith(b"%PDF") and book.startswith(b"%PDF")
    with pytest.raises(Forbidden):
        queries.tracking_book_pdf(work.town.who("stranger"), at=morning(FRIDAY), unit_id=unit, day_from=MONDAY,
                                  day_to=FRIDAY)


# -- figures


def scope(work: Work, *, first: date = MONDAY, last: date = FRIDAY, at=None, **more) -> Scope:
    units = frozenset({work.town.commune.pk, work.town.other.pk})
    return Scope(actor=work.town.who("desk"), unit_ids=more.pop("units", units), period_from=first, period_to=last,
                 at=at or morning(last, 23), **more)


def figure(code: str, of: Scope) -> int:
    number = indicators.count(f"dossiers.{code}", of)
    assert number == len(list(indicators.rows(f"dossiers.{code}", of)))
    return number


def test_figures_tell_what_happened(work: Work) -> None:
    work.whole()
    work.file(number="031090000701")
    online = work.receive(work.submit_online())
    operations.withdraw(dossier_id=online.pk, actor=work.town.who("lan"), at=morning(TUESDAY))
    late = work.assign(work.file(number="031090000702", at=morning(date(2026, 2, 23))), at=morning(MONDAY))
    work.sign(work.approve(work.propose(late)))
    week = scope(work)
    told = {name: figure(name, week) for name in (
        "received", "received_online", "carried_over", "resolved", "resolved_early", "resolved_late", "withdrawn",
        "pending", "pending_late", "pending_in_time", "refused", "stopped",
    )}
    assert told == {
        "received": 3, "received_online": 1, "carried_over": 1, "resolved": 2, "resolved_early": 1, "resolved_late": 1,
        "withdrawn": 1, "pending": 1, "pending_late": 1, "pending_in_time": 0, "refused": 0, "stopped": 0,
    }
    assert figure("pending_late", scope(work, last=THURSDAY)) == 0, "due on Thursday, not late on Thursday"
    assert figures.balance(week).holds
    assert rules.on_time_share(early=1, on_time=0, late=1) == 0.5
    assert rules.on_time_share(early=0, on_time=0, late=0) is None


def test_ratings_are_counted_with_their_mean_where_and_when_they_were_given(work: Work) -> None:
    for who, stars, day in (("lan", 5, TUESDAY), ("hoa", 2, THURSDAY)):
        dossier = work.receive(work.submit_online(who=who), at=morning(MONDAY))
        for step in (work.assign, work.propose, work.approve, work.sign, work.hand_out):
            dossier = step(dossier)
        operations.rate(dossier_id=dossier.pk, stars=stars, actor=work.town.who(who), at=morning(day, 20))
    assert figure("ratings", scope(work)) == 2 and figure("ratings", scope(work, last=TUESDAY)) == 1
    here, there = (scope(work, units=frozenset({unit.pk})) for unit in (work.town.commune, work.town.other))
    (cell,) = indicators.table(["dossiers.ratings"], here)
    assert cell.number == 2
    told = indicators.measured(["dossiers.stars_mean"], here, numbers={})
    assert {(reading.value, reading.base) for group in told.values() for reading in group.values()} == {(3.5, 2)}
    assert indicators.table(["dossiers.ratings"], there) == []
    told = indicators.measured(["dossiers.stars_mean"], there, numbers={})
    assert told[indicators.WHOLE]["dossiers.stars_mean"].value is None
    row = indicators.rows("dossiers.ratings", here).values_list("dossier__code", "stars").first()
    assert row == (Rating.objects.order_by("at")[0].dossier.code, 5)


def test_a_transfer_leaves_one_unit_and_comes_to_the_other(work: Work) -> None:
    dossier = work.file()
    operations.transfer(dossier_id=dossier.pk, to_unit_id=work.town.other.pk, reason="Thẩm quyền",
                        actor=work.town.who("desk"), at=morning(TUESDAY))
    here, there = (scope(work, units=frozenset({unit.pk})) for unit in (work.town.commune, work.town.other))
    assert (figure("received", here), figure("transferred_out", here), figure("pending", here)) == (1, 1, 0)
    assert (figure("received", there), figure("transferred_in", there), figure("pending", there)) == (0, 1, 1)
    for one in (here, there, scope(work)):
        assert figures.balance(one).holds


def test_a_figure_rises_by_one_and_drills_to_the_dossier(work: Work) -> None:
    before = figure("received", scope(work))
    dossier = work.file()
    rows = indicators.rows("dossiers.received", scope(work))
    assert rows.count() == before + 1 and rows.get().dossier == dossier


steps = st.lists(st.tuples(
    st.integers(0, 3),
    st.sampled_from(["assign", "propose", "approve", "sign", "withdraw", "stop", "transfer", "supplement", "answer"]),
    st.integers(0, 30),
), max_size=25)


@given(steps, st.integers(0, 12), st.integers(0, 20))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_balance_holds_under_any_history(work: Work, history, first: int, length: int) -> None:
    from datetime import timedelta

    from django.db import connection

    before = connection.savepoint()
    try:
        _live(work, history)
        start = MONDAY + timedelta(days=first)
        for units in ({work.town.commune.pk}, {work.town.other.pk}, {work.town.commune.pk, work.town.other.pk}):
            of = scope(work, first=start, last=start + timedelta(days=length), units=frozenset(units),
                       at=morning(MONDAY + timedelta(days=60)))
            assert figures.balance(of).holds
            assert figure("resolved", of) == sum(figure(f"resolved_{v}", of) for v in ("early", "on_time", "late"))
            assert figure("pending", of) == figure("pending_late", of) + figure("pending_in_time", of)
        for dossier in dossiers.Dossier.objects.all():
            _sound(dossier)
    finally:
        connection.savepoint_rollback(before)


def _sound(dossier: dossiers.Dossier) -> None:
    """What holds of every dossier, whatever befell it."""
    log = list(dossier.events.order_by("seq"))
    assert all(one.to_state == after.from_state and one.at <= after.at for one, after in pairwise(log))
    assert log[-1].to_state == dossier.state and log[-1].to_overlay == dossier.overlay
    assert dossier.due_at >= dossier.original_due_at >= dossier.received_at
    pauses = list(dossier.pauses.order_by("started_at"))
    assert all(one.ended_at is not None and one.ended_at <= after.started_at for one, after in pairwise(pauses))
    assert dossier.is_paused == any(p.ended_at is None for p in pauses)
    stretches = list(dossier.custodies.order_by("since", "pk"))
    assert all(one.until == after.since for one, after in pairwise(stretches))
    assert (stretches[-1].until is None) == (dossier.state in dossiers.IN_HAND)
    assert dossier.approved_by_id is None or dossier.approved_by_id != dossier.prepared_by_id
    assert bool(dossier.verdict) == (dossier.result_ready_at is not None)


def _live(work: Work, history) -> None:
    """Four dossiers, and whatever of the history the rules allow."""
    from datetime import timedelta

    who, town = work.town.who, work.town
    ids = [work.file(number=f"03109000080{n}", at=morning(MONDAY + timedelta(days=n))).pk for n in range(4)]
    at = morning(MONDAY + timedelta(days=4))
    for which, verb, hours in history:
        at += timedelta(hours=hours)
        pk = ids[which]
        home = work.look(pk).resolving_unit == town.commune
        desk, officer, leader = ("desk", "officer", "chairman") if home else ("stranger",) * 3
        target = town.other if home else town.commune
        acts = {
            "assign": lambda: operations.assign(dossier_id=pk, to_user_id=town.people[officer].pk, actor=who(desk),
                                                at=at),
            "propose": lambda: operations.propose(dossier_id=pk, actor=who(officer), at=at),
            "approve": lambda: operations.approve(dossier_id=pk, actor=who(leader), at=at),
            "sign": lambda: testing.sign(dossier_id=pk, actor=testing.SYSTEM, at=at),
            "withdraw": lambda: operations.withdraw(dossier_id=pk, actor=who(desk), at=at),
            "stop": lambda: operations.stop(dossier_id=pk, reason="Luật định", actor=who(desk), at=at),
            "transfer": lambda: operations.transfer(dossier_id=pk, to_unit_id=target.pk, reason="Chuyển",
                                                    actor=who(desk), at=at),
            "supplement": lambda: operations.ask_supplement(dossier_id=pk, reasons=["x"], actor=who(desk), at=at),
            "answer": lambda: operations.answer_supplement(dossier_id=pk, actor=who(desk), at=at),
        }
        try:
            acts[verb]()
        except Refusal:
            continue
