"""Geometry that fits its frame, words of deadlines, and menus that show no more than one may follow."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from tuphap.kernel.actor import PUBLIC, Actor, ActorKind
from tuphap.kernel.clock import VIETNAM, now, standing_at
from tuphap.shared.ui import api as ui
from tuphap.shared.ui import charts, menus


@given(st.integers(min_value=0, max_value=10**7))
def test_the_scale_holds_its_highest_value_and_divides_evenly(most: int) -> None:
    top = charts.top_of_scale(most)
    assert top >= max(most, 4) and top % 4 == 0
    assert top == 4 or top < 2.5 * most + 4


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=60))
def test_columns_stay_within_the_plot_and_add_up(values: list[tuple[int, int, int]]) -> None:
    series = [ui.Series(t, "blue") for t in "abc"]
    boxes = charts.column_boxes(series, [ui.Column(str(i), v) for i, v in enumerate(values)])
    floor = charts.PLOT_TOP + charts.PLOT_HEIGHT
    for box, given_values in zip(boxes, values, strict=True):
        assert sum(part.value for part in box.parts) == sum(given_values)
        for part in box.parts:
            assert part.x >= charts.PLOT_LEFT and part.x + part.width <= charts.PLOT_WIDTH + 0.2
            assert part.y >= charts.PLOT_TOP - 0.3 and part.y + part.height <= floor + 0.3
    assert boxes[-1].show_label


def test_a_chart_tells_the_same_numbers_as_its_table() -> None:
    drawn = Template("{% bar_chart bars 'Theo đơn vị' %}").render(
        Context({"bars": [ui.Bar("Xã Vĩnh Bảo", 1234, "/x/"), ui.Bar("Đặc khu", 0)]})
    )
    assert drawn.count("1.234") >= 2 and drawn.count('href="/x/"') == 2


def test_who_sees_which_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {
        "open": ui.MenuItem("Ai cũng thấy", "site:home", kind="public"),
        "staff": ui.MenuItem("Cán bộ", "notices:list", order=1),
        "closed": ui.MenuItem("Cần quyền", "search:results", permission="x.y"),
        "none": ui.MenuItem("Không có trang", "nowhere:at_all"),
    }
    monkeypatch.setattr(menus, "menu_items", lines.values())
    monkeypatch.setattr(menus.access, "may_anywhere", lambda actor, permission, on: False)
    staff = Actor(kind=ActorKind.STAFF, name="Lan")

    def titles(kind: str, actor: Actor, path: str = "/") -> list[str]:
        return [line.title for group in ui.menu(kind, actor=actor, path=path, at=now()) for line in group.lines]

    assert titles("public", PUBLIC) == ["Ai cũng thấy"]
    assert titles("staff", staff) == ["Cán bộ"]
    assert titles("staff", PUBLIC) == []
    here = ui.menu("staff", actor=staff, path="/thong-bao/da-doc/", at=now())
    assert here[0].lines[0].current and here[0].lines[0].count is None


@pytest.mark.django_db
@pytest.mark.parametrize(("due", "words"), [
    (date(2026, 3, 5), "hạn hôm nay 17:00"), (date(2026, 3, 6), "còn 1 ngày làm việc"),
    (date(2026, 3, 9), "còn 2 ngày làm việc"), (date(2026, 3, 4), "quá hạn 1 ngày làm việc"),
    (date(2026, 3, 2), "quá hạn 3 ngày làm việc"), (None, ""),
])
def test_a_deadline_is_told_in_working_days(due: date | None, words: str) -> None:
    at = datetime(2026, 3, 5, 9, tzinfo=VIETNAM)
    due_at = datetime.combine(due, datetime.min.time().replace(hour=17), tzinfo=VIETNAM) if due else None
    dossier = SimpleNamespace(
        result_ready_at=None, due_at=due_at, is_ended=False, is_paused=False, resolving_unit_id=None, verdict=""
    )
    with standing_at(at):
        drawn = Template("{% deadline d %}").render(Context({"d": dossier}))
    assert words in drawn and bool(drawn.strip()) == bool(words)
    paused = SimpleNamespace(**{**vars(dossier), "is_paused": True})
    if due:
        assert "tạm dừng" in Template("{% deadline d %}").render(Context({"d": paused}))
