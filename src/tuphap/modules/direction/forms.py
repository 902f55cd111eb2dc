"""What a figure is asked for, as people pick it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from tuphap.shared.indicators.api import Basis, Step
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Form

from .rules import Period

CHANNELS = (
    ("", "Mọi kênh"), ("truc_tuyen", "Trực tuyến"), ("truc_tiep", "Trực tiếp"), ("buu_chinh", "Bưu chính"),
    ("phi_dia_gioi", "Phi địa giới"),
)
BASES = ((Basis.RESTATED.value, "Theo đơn vị hiện nay"), (Basis.THEN.value, "Theo đơn vị tại thời điểm đó"))
DAY = "%d/%m/%Y"
STEPS = ((Step.WEEK.value, "Tuần"), (Step.MONTH.value, "Tháng"), (Step.YEAR.value, "Năm"))


def day_field(label: str) -> forms.DateField:
    """A day typed as dd/mm/yyyy that may be left out."""
    widget = forms.DateInput(format=DAY, attrs={"inputmode": "numeric", "placeholder": "ngày/tháng/năm"})
    return forms.DateField(label=label, required=False, input_formats=[DAY], widget=widget)


class FilterForm(Form):
    """Period, office, sector, procedure, channel, basis. All may be left out; the names stand in the page's address."""

    rows: tuple[tuple[str, ...], ...] = (("tu_ngay", "den_ngay"), ("linh_vuc", "thu_tuc"), ("kenh", "co_so"))

    tu_ngay = day_field("Từ ngày")
    den_ngay = day_field("Đến ngày")
    don_vi = forms.TypedChoiceField(label="Đơn vị", required=False, coerce=int, empty_value=None)
    linh_vuc = forms.ChoiceField(label="Lĩnh vực", required=False)
    thu_tuc = forms.ChoiceField(label="Thủ tục", required=False)
    kenh = forms.ChoiceField(label="Kênh nộp", required=False, choices=CHANNELS)
    co_so = forms.ChoiceField(label="Cách tính", required=False, choices=BASES)
    buoc = forms.ChoiceField(label="Biểu đồ theo", required=False, choices=STEPS)

    def __init__(
        self, *args: Any, units: Iterable[OrgUnit], procedures: Iterable[tuple[str, str, str]] = (), **kwargs: Any
    ) -> None:
        """``procedures``: code, name and sector of each that a dossier may be of."""
        super().__init__(*args, **kwargs)
        known = list(procedures)
        self._choose("don_vi", "Toàn bộ phạm vi", [(unit.pk, unit.short_name) for unit in units])
        self._choose("linh_vuc", "Mọi lĩnh vực", [(sector, sector) for sector in sorted({s for _, _, s in known})])
        self._choose("thu_tuc", "Mọi thủ tục", [(code, f"{code} {name}"[:90]) for code, name, _ in known])

    def _choose(self, field: str, everything: str, choices: list[Any]) -> None:
        self.fields[field].choices = [("", everything), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start: date | None = cleaned.get("tu_ngay")
        end: date | None = cleaned.get("den_ngay")
        if start and end and end < start:
            self.add_error("den_ngay", "Ngày cuối phải bằng hoặc sau ngày đầu.")
        return cleaned


class BoardForm(FilterForm):
    """The same of a module's board: its records are of one line of work, whatever the procedure."""

    rows = (("tu_ngay", "den_ngay"), ("don_vi", "co_so"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("linh_vuc", "thu_tuc", "kenh"):
            del self.fields[name]


class CloseForm(Form):
    """Which period is to be closed, and on what ground."""

    ky = forms.ChoiceField(label="Kỳ số liệu")
    can_cu = forms.CharField(
        label="Căn cứ", max_length=300, help_text="Số, ngày văn bản yêu cầu báo cáo hoặc kế hoạch chốt số liệu."
    )

    def __init__(self, *args: Any, periods: Iterable[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._periods = {f"{period.kind}:{period.first.isoformat()}": period for period in periods}
        choices = [(key, period.title) for key, period in self._periods.items()]
        self.fields["ky"].choices = [("", "Chọn kỳ"), *choices]  # type: ignore[attr-defined]

    def period(self) -> Period:
        """The period that was chosen."""
        return self._periods[self.cleaned_data["ky"]]


class ReopenForm(Form):
    """Why a closed period is reopened."""

    ly_do = forms.CharField(label="Lý do mở lại", max_length=300)
