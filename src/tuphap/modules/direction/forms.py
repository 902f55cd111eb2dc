"""What a figure is asked for, as people pick it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from tuphap.shared.indicators.api import Basis, Step
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Form

CHANNELS = (
    ("", "Mọi kênh"), ("truc_tuyen", "Trực tuyến"), ("truc_tiep", "Trực tiếp"), ("buu_chinh", "Bưu chính"),
    ("phi_dia_gioi", "Phi địa giới"),
)
BASES = ((Basis.RESTATED.value, "Theo đơn vị hiện nay"), (Basis.THEN.value, "Theo đơn vị tại thời điểm đó"))
DAY = "%d/%m/%Y"
STEPS = ((Step.WEEK.value, "Tuần"), (Step.MONTH.value, "Tháng"))


def day_field(label: str) -> forms.DateField:
    """A day typed as dd/mm/yyyy that may be left out."""
    widget = forms.DateInput(format=DAY, attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm"})
    return forms.DateField(label=label, required=False, input_formats=[DAY], widget=widget)


class FilterForm(Form):
    """Period, office, channel, basis. Everything may be left out; the names stand in the page's address."""

    rows = (("tu_ngay", "den_ngay"),)

    tu_ngay = day_field("Từ ngày")
    den_ngay = day_field("Đến ngày")
    don_vi = forms.TypedChoiceField(label="Đơn vị", required=False, coerce=int, empty_value=None)
    kenh = forms.ChoiceField(label="Kênh nộp", required=False, choices=CHANNELS)
    co_so = forms.ChoiceField(label="Cách tính", required=False, choices=BASES)
    buoc = forms.ChoiceField(label="Biểu đồ theo", required=False, choices=STEPS)

    def __init__(self, *args: Any, units: Iterable[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(unit.pk, unit.short_name) for unit in units]
        self.fields["don_vi"].choices = [("", "Toàn bộ phạm vi"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start: date | None = cleaned.get("tu_ngay")
        end: date | None = cleaned.get("den_ngay")
        if start and end and end < start:
            self.add_error("den_ngay", "Ngày cuối phải bằng hoặc sau ngày đầu.")
        return cleaned
