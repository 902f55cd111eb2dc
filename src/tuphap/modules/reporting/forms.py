"""What people type into reports: figures that nothing counts, explanations, reasons."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import DayField

from . import layout, queries
from .layout import Doubt
from .models import Report

MOST = 10_000_000


class FigureForm(Form):
    """One box a figure that is typed, one for each explanation, and the word that there is nothing to report."""

    def __init__(self, *args: Any, report: Report, doubts: list[Doubt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report, self.doubts = report, doubts
        lay, typed = report.form.lay, layout.cells_of(report.typed)
        if not report.is_summary:
            for cell in lay.cells() if report.is_estimate else sorted(lay.typed()):
                self.fields[layout.field_of(cell)] = forms.IntegerField(
                    label=lay.name(cell), min_value=0, max_value=MOST, required=False, initial=typed.get(cell, 0),
                    widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "cell-box"}),
                )
        for place, doubt in enumerate(doubts):
            self.fields[queries.explanation_field(place)] = forms.CharField(
                label=doubt.text, max_length=500, required=False, initial=report.explanations.get(doubt.code, ""),
                widget=forms.Textarea(attrs={"rows": 2}), help_text="Nêu nguyên nhân tăng, giảm.",
            )
        if not any(report.counted.values()):
            self.fields["confirmed_zero"] = forms.BooleanField(
                label="Xác nhận trong kỳ không phát sinh việc nào thuộc biểu này", required=False,
                initial=report.confirmed_zero,
            )

    def cell(self, cell: layout.Cell) -> forms.BoundField | None:
        """The box of a cell; None where it is not typed."""
        name = layout.field_of(cell)
        return self[name] if name in self.fields else None

    def others(self) -> list[forms.BoundField]:
        """The boxes that do not stand in the table."""
        return [field for field in self if not field.name.startswith("o_")]

    def typed(self) -> dict[str, int]:
        """The figures as they were typed, by cell."""
        return {
            layout.key_of(cell): self.cleaned_data[layout.field_of(cell)] or 0
            for cell in self.report.form.lay.cells() if layout.field_of(cell) in self.fields
        }

    def explanations(self) -> dict[str, str]:
        return {
            doubt.code: self.cleaned_data[queries.explanation_field(place)] for place, doubt in enumerate(self.doubts)
        }


class ReasonForm(Form):
    """Why a report is sent back, returned, amended, or summed up without some."""

    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class FormVersionForm(Form):
    """A new version of a form: its layout as data, checked whole before it is entered."""

    rows = (("code", "summary_code"),)

    code = forms.CharField(label="Mã biểu", max_length=40)
    summary_code = forms.CharField(label="Mã biểu tổng hợp của tỉnh", max_length=40)
    title = forms.CharField(label="Tên biểu", max_length=300)
    legal_basis = forms.CharField(label="Căn cứ", max_length=300)
    valid_from = DayField(label="Áp dụng cho kỳ kết thúc từ ngày")
    layout = forms.CharField(
        label="Nội dung biểu (JSON)", max_length=200_000, widget=forms.Textarea(attrs={"rows": 24, "class": "code"}),
        help_text="Dòng, cột, nguồn đếm, quan hệ tổng. Sửa từ phiên bản đang áp dụng; hệ thống kiểm tra trước khi lưu.",
    )

    def clean_layout(self) -> Any:
        try:
            told = json.loads(self.cleaned_data["layout"])
        except ValueError as wrong:
            raise forms.ValidationError(f"Không đọc được JSON: {wrong}", code="json") from wrong
        if not isinstance(told, dict):
            raise forms.ValidationError("Nội dung biểu phải là một đối tượng JSON.", code="json")
        return told
