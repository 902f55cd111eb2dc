"""A report as a table: the spreadsheet, the letter and the printed form are all made of this one."""

from __future__ import annotations

from datetime import date

from tuphap.kernel.clock import localtime
from tuphap.kernel.text import thousands
from tuphap.shared.ui.sheets import Cell, Row, Sheet

from . import layout, queries, rules
from .models import Report


def sheet(report: Report) -> Sheet:
    """The form with its figures; cells that say nothing are marked."""
    lay, values = report.form.lay, report.values

    def told(row: layout.Row, column: layout.Column) -> Cell:
        cell = (row.code, column.code)
        if cell not in values:
            return Cell(column.title, "x")
        number = values[cell]
        return Cell(column.title, thousands(number), number)

    rows = [
        Row(row.mark, row.title, tuple(told(row, column) for column in lay.columns), "line" if row.depth else "total",
            row.depth)
        for row in lay.rows
    ]
    return Sheet(
        title=f"Biểu {report.code}. {report.form.title}", scope_words=scope_words(report),
        period_words=period_words(report), stamp=stamp(report), notes=notes(report), line_head="Nội dung",
        heads=tuple(column.title for column in lay.columns), rows=tuple(rows), code_head="STT",
    )


def scope_words(report: Report) -> str:
    return f"{report.unit.name}; đơn vị tính: {report.form.lay.unit.lower()}"


def period_words(report: Report) -> str:
    return f"Kỳ báo cáo: {report.period.title}, từ ngày {day(report.first)} đến ngày {day(report.last)}"


def stamp(report: Report) -> str:
    return localtime(report.counted_at).strftime("Số liệu đếm lúc %H:%M ngày %d/%m/%Y")


def day(on: date) -> str:
    return f"{on:%d/%m/%Y}"


def notes(report: Report) -> tuple[str, ...]:
    """What a reader must know of how the figures came about."""
    said = ["Dấu “x”: ô không có số liệu. Số liệu do hệ thống đếm từ sổ đăng ký, không nhập tay."]
    if report.is_estimate:
        said.append(
            f"Báo cáo ước tính: gồm số đếm được đến hết ngày {day(report.last)} và số ước cho thời gian còn lại của kỳ."
        )
    if report.is_summary:
        said.append(f"Tổng hợp từ báo cáo đã tiếp nhận của {report.parts.count()} đơn vị.")
        if report.missing:
            names = queries.offices_named(report.missing)
            said.append(f"Chưa có báo cáo của {len(names)} đơn vị (không tính là 0): {rules.listed(names, 30)}. "
                        f"Lý do: {report.missing_reason.rstrip('.')}.")
    told = {doubt.code: doubt.text for doubt in queries.doubts(report)}
    said += [
        f"Giải trình – {told[code]}: {text}" for code, text in report.explanations.items() if text and code in told
    ]
    if report.version > 1:
        said.append(f"Báo cáo sửa đổi lần {report.version - 1}: {report.reason}.")
    return tuple(said)
