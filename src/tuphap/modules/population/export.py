"""Tickets as rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .models import Ticket

MOST = 5000  # rows of one list: a joint session works through fewer
HEADS = (
    "Phiếu", "Nhóm", "Đơn vị", "Việc hộ tịch", "Họ tên", "Số định danh", "Mục khác nhau", "Hộ tịch ghi", "Dân cư ghi",
    "Trạng thái", "Hạn", "Cách xử lý", "Lý do, căn cứ", "Trả lời của công an",
)


def rows(tickets: Iterable[Ticket]) -> Iterator[tuple[Any, ...]]:
    """A line a ticket; differing fields one under the other."""
    for one in tickets:
        fields = [field for field in one.fields if field.differs]
        yield (
            one.code, f"{one.klass} – {one.klass_title}", one.unit.short_name,
            f"{one.act.title} số {one.act.display_number}" if one.act is not None else "", one.name,
            one.record.number if one.record is not None else "", one.differing,
            "; ".join(field.shown[0] for field in fields), "; ".join(field.shown[1] for field in fields),
            one.state_title, one.due.strftime("%d/%m/%Y"), one.choice_title, one.reason, one.verdict_note,
        )
