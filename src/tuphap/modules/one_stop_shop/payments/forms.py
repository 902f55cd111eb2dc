"""What is typed about money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.fees import api as fees
from tuphap.shared.fees.api import FeeLine, Tariff
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import ChoiceField, DayField

NOT_EXEMPT = ("", "— Không miễn, giảm —")
PAYING = (("", "Chưa thu"), ("cash", "Thu tiền mặt ngay, lập biên lai"), ("later", "Cho nộp sau"))


def exemptions(tariffs: Sequence[Tariff]) -> list[tuple[str, str]]:
    """The reasons that some of these fees know."""
    return list(dict.fromkeys((code, one.title) for tariff in tariffs for code, one in tariff.exemptions))


def proofs(tariffs: Sequence[Tariff]) -> str:
    """Which papers show them."""
    shown = dict.fromkeys(one.proof for tariff in tariffs for _, one in tariff.exemptions)
    return f"Ví dụ: {'; '.join(shown)}." if shown else ""


class FeeRow(Form):
    """One fee at the counter: how much, and why nothing is owed. Left blank, the declaration says how much."""

    quantity = forms.IntegerField(label="Số lượng", min_value=0, max_value=9999, required=False)
    copies = forms.IntegerField(label="Số bản", min_value=0, max_value=999, required=False)
    exemption = ChoiceField(label="Miễn, giảm", required=False)
    proof = forms.CharField(label="Giấy tờ chứng minh được miễn, giảm", max_length=300, required=False)
    rows = (("quantity", "copies"), ("exemption", "proof"))

    def __init__(self, *args: Any, tariff: Tariff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tariff = tariff
        self.fields["quantity"].label = f"Số {tariff.unit}" if tariff.unit else "Số lượng"
        self.fields["quantity"].help_text = "Để trống: theo tờ khai." if tariff.counted_by else ""
        if not tariff.unit:
            del self.fields["quantity"]
        if not tariff.in_copies:
            del self.fields["copies"]
        reasons = exemptions([tariff])
        self.fields["exemption"].choices = [NOT_EXEMPT, *reasons]  # type: ignore[attr-defined]
        self.fields["proof"].help_text = proofs([tariff])
        if not reasons:
            del self.fields["exemption"], self.fields["proof"]

    @property
    def count(self) -> fees.Count | None:
        """How much, where it was typed."""
        typed = self.cleaned_data.get("quantity"), self.cleaned_data.get("copies")
        if typed == (None, None):
            return None
        quantity, copies = (1 if value is None else value for value in typed)
        return fees.Count(quantity, copies)

    @property
    def spared(self) -> tuple[str, str] | None:
        """Reason and proof, where nothing is owed."""
        reason = self.cleaned_data.get("exemption", "")
        return (reason, self.cleaned_data["proof"]) if reason else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("exemption") and not given.get("proof"):
            self.add_error("proof", "Vui lòng ghi giấy tờ chứng minh được miễn, giảm phí, lệ phí.")
        return given


class ExemptForm(Form):
    """Let fees be owed no more, or in part."""

    reason = ChoiceField(label="Lý do miễn, giảm")
    proof = forms.CharField(label="Giấy tờ chứng minh", max_length=300)

    def __init__(self, *args: Any, tariffs: Sequence[Tariff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = exemptions(tariffs)  # type: ignore[attr-defined]
        self.fields["proof"].help_text = proofs(tariffs)


class CountForm(Form):
    """How much of one fee, as the desk counts it."""

    quantity = forms.IntegerField(label="Số lượng", min_value=0, max_value=9999)
    copies = forms.IntegerField(label="Số bản", min_value=0, max_value=999)
    rows = (("quantity", "copies"),)

    def __init__(self, *args: Any, line: FeeLine, **kwargs: Any) -> None:
        super().__init__(*args, prefix=line.code, initial={"quantity": line.quantity, "copies": line.copies}, **kwargs)
        self.line = line
        self.fields["quantity"].label = f"{line.name}: số {line.unit or 'lượng'}"


class ReasonForm(Form):
    reason = forms.CharField(label="Lý do", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class PaperForm(Form):
    receipt_no = forms.CharField(label="Số biên lai lập ngoài hệ thống", max_length=40)


class AssignForm(Form):
    """For which dossier money that fits no order was meant."""

    ho_so = forms.CharField(label="Mã hồ sơ", max_length=60)
    note = forms.CharField(label="Căn cứ ghi nhận", max_length=300)


class OfficeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PeriodForm(Form):
    """Which office's money, of which days, how paid."""

    don_vi = OfficeChoice(label="Đơn vị", queryset=OrgUnit.objects.none(), required=False,
                          empty_label="— Mọi đơn vị được xem —")
    tu = DayField(label="Từ ngày", help_text="")
    den = DayField(label="Đến ngày", help_text="")
    hinh_thuc = forms.ChoiceField(label="Hình thức", required=False, choices=[
        ("", "Tất cả"), *((str(method), title) for method, title in fees.METHOD_TITLES.items()),
    ])

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].queryset = units  # type: ignore[attr-defined]


class AccountForm(Form):
    """Into which account an office's fees are paid from today."""

    don_vi = OfficeChoice(label="Đơn vị", queryset=OrgUnit.objects.none(), empty_label=None)
    bank = forms.CharField(label="Mã ngân hàng (BIN)", max_length=6, help_text="6 chữ số theo NAPAS, ví dụ 970436.")
    bank_name = forms.CharField(label="Tên ngân hàng", max_length=100)
    number = forms.CharField(label="Số tài khoản", max_length=19)
    holder = forms.CharField(label="Tên tài khoản", max_length=150)
    basis = forms.CharField(label="Căn cứ mở tài khoản", max_length=200)
    rows = (("bank", "bank_name"), ("number", "holder"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].queryset = units  # type: ignore[attr-defined]


def dossier_tariffs(dossier: Dossier) -> list[Tariff]:
    """The fees of a dossier's version of which something is owed."""
    owed = {line.code for line in fees.lines(dossier) if line.is_owed}
    return [one for one in fees.tariffs(dossier.procedure) if one.code in owed]
