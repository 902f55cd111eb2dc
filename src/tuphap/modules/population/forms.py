"""What officials type: a decision with its ground, what a batch is about, a file that is kept with a ticket."""

from __future__ import annotations

from typing import Any

from django import forms

from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import FileField

from . import comparison, rules
from .models import Ticket
from .rules import Choice, Klass

RIGHT = "right_"  # before the name of a field, what the book says of it


class DecisionForm(Form):
    """How a ticket is to end, on what ground; with "as the book says", what the book says of each field."""

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = rules.CHOICES[Klass(ticket.klass)]
        self.fields["choice"] = forms.ChoiceField(
            label="Cách xử lý", choices=[(str(one), rules.CHOICE_TITLES[one]) for one in choices],
            widget=forms.RadioSelect, error_messages={"required": "Vui lòng chọn cách xử lý."},
        )
        if Choice.BOOK in choices:
            for one in ticket.fields:
                if one.field in ("name", "sex", "born_on", "father", "mother") and one.differs:
                    self.fields[f"{RIGHT}{one.field}"] = forms.CharField(
                        label=f"Sổ ghi {one.title.lower()}", max_length=100, required=False,
                        initial=comparison.show(one.field, one.civil),
                        help_text="Ghi đúng như trang sổ; để nguyên nếu sổ ghi như dữ liệu hộ tịch.",
                    )
        self.fields["reason"] = forms.CharField(
            label="Lý do, căn cứ", max_length=500, required=Choice.CONFIRM not in choices,
            error_messages={"required": rules.ReasonRequired.message_vi},
            widget=forms.Textarea(attrs={
                "rows": 2, "data-shortcut": "r", "data-shortcut-title": "Đến ô lý do, căn cứ"}),
        )
        if ticket.klass == Klass.D:
            self.fields["minutes"] = forms.CharField(
                label="Biên bản đối chiếu (số, ngày)", max_length=200, required=False,
                help_text="Biên bản giữa UBND cấp xã và công an cấp xã.",
            )

    @property
    def rights(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(RIGHT)]

    def told(self) -> dict[str, Any]:
        """As the operation takes it; a sex is typed in words."""
        words = {"nam": "male", "nữ": "female"}
        right = {
            name.removeprefix(RIGHT): words.get(value.casefold(), value) if name == f"{RIGHT}sex" else value
            for name, value in self.cleaned_data.items() if name.startswith(RIGHT)
        }
        return {"choice": self.cleaned_data["choice"], "right": right, "reason": self.cleaned_data["reason"],
                "minutes": self.cleaned_data.get("minutes", "")}


class ReasonForm(Form):
    """Why a proposal is not confirmed, why a ticket is looked at again."""

    reason = forms.CharField(label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class EvidenceForm(Form):
    """A paper that belongs to a ticket."""

    words = forms.CharField(label="Tài liệu là gì", max_length=200, help_text="Ví dụ: biên bản đối chiếu đã ký.")
    file = FileField(label="Tệp", kinds=(".pdf", ".jpg", ".jpeg", ".png"),
                     help_text="Tệp PDF hoặc ảnh quét, không quá 20 MB.")


class BatchForm(Form):
    """Which acts are matched."""

    rows = (("year_from", "year_to"),)
    unit: Any = forms.ModelChoiceField(label="Đơn vị", queryset=None, empty_label=None)
    kinds = forms.MultipleChoiceField(
        label="Loại sổ", choices=list(rules.KIND_TITLES.items()), initial=list(rules.KIND_TITLES),
        widget=forms.CheckboxSelectMultiple, error_messages={"required": "Chọn ít nhất một loại sổ."},
    )
    year_from = forms.IntegerField(label="Từ năm", min_value=1900, max_value=2200)
    year_to = forms.IntegerField(label="Đến năm", min_value=1900, max_value=2200)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]  # a choice of rows
