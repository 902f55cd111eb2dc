"""What administrators type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import User
from tuphap.shared.calendar.api import DayKind
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Form

_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}


def day_field(label: str, **asked: Any) -> forms.DateField:
    """A day typed as dd/mm/yyyy."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY),
        error_messages={"invalid": "Ngày không hợp lệ, cần dạng ngày/tháng/năm."}, **asked,
    )


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among colleagues, with their titles."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} – {obj.title}" if obj.title else str(obj.full_name)


class OfficeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among the offices that the form's maker may choose from."""

    def __init__(self, **asked: Any) -> None:
        super().__init__(queryset=OrgUnit.objects.none(), empty_label="Chọn đơn vị", **asked)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class StaffForm(Form):
    """A new member of staff."""

    full_name = forms.CharField(label="Họ và tên", max_length=100)
    username = forms.RegexField(
        label="Tên đăng nhập", regex=r"^[a-z0-9._-]{3,50}$", help_text="Chữ thường không dấu, chữ số và . _ -",
        error_messages={"invalid": "Chỉ gồm chữ thường không dấu, chữ số và . _ -, từ 3 đến 50 ký tự."},
    )
    office = OfficeField(label="Đơn vị công tác")
    title = forms.CharField(label="Chức danh", max_length=100, required=False)
    email = forms.EmailField(label="Thư công vụ", required=False)
    phone = forms.CharField(label="Điện thoại", max_length=15, required=False)

    def __init__(self, *args: Any, offices: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]


class MoveForm(Form):
    """Where somebody works from now on, and as what."""

    office = OfficeField(label="Đơn vị công tác")
    title = forms.CharField(label="Chức danh", max_length=100, required=False)

    def __init__(self, *args: Any, offices: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices  # type: ignore[attr-defined]


class RoleForm(Form):
    """A role given in an office between two days."""

    rows = (("valid_from", "valid_to"),)
    role = forms.ChoiceField(label="Vai trò")
    unit = OfficeField(label="Tại đơn vị")
    valid_from = day_field("Từ ngày")
    valid_to = day_field("Đến hết ngày", required=False, help_text="Để trống nếu chưa xác định.")
    basis = forms.CharField(label="Văn bản căn cứ", max_length=200, required=False)

    def __init__(self, *args: Any, offices: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = offices  # type: ignore[attr-defined]
        self.fields["role"].choices = [(role.code, role.title) for role in access.roles]  # type: ignore[attr-defined]


class DelegationForm(Form):
    """Rights lent to a colleague between two days."""

    rows = (("first", "last"),)
    grants = forms.TypedMultipleChoiceField(
        label="Quyền được ủy quyền", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vui lòng chọn ít nhất một quyền."},
    )
    to = ColleagueField(
        label="Người được ủy quyền", queryset=User.objects.none(), empty_label="Chọn đồng nghiệp"
    )
    first = day_field("Từ ngày")
    last = day_field("Đến hết ngày")
    basis = forms.CharField(label="Văn bản ủy quyền", max_length=200, help_text="Số, ngày của giấy ủy quyền.")

    def __init__(
        self, *args: Any, grants: list[tuple[int, str]], colleagues: QuerySet[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grants"].choices = grants  # type: ignore[attr-defined]
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class TokenForm(Form):
    """A token for a machine."""

    label = forms.CharField(label="Dùng cho", max_length=100)
    scopes = forms.MultipleChoiceField(label="Phạm vi", widget=forms.CheckboxSelectMultiple)
    expires = day_field("Hết hạn sau ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(p.code, p.title) for p in access.permissions]  # type: ignore[attr-defined]


class AgencyForm(Form):
    """A new organisation that calls the API."""

    full_name = forms.CharField(label="Tên cơ quan, tổ chức", max_length=100)
    username = forms.RegexField(
        label="Mã", regex=r"^[a-z0-9._-]{3,50}$", help_text="Chữ thường không dấu, chữ số và . _ -",
        error_messages={"invalid": "Chỉ gồm chữ thường không dấu, chữ số và . _ -, từ 3 đến 50 ký tự."},
    )
    email = forms.EmailField(label="Thư điện tử", required=False)


class CalendarDayForm(Form):
    """What one day is in the calendar."""

    rows = (("day", "kind"),)
    day = day_field("Ngày")
    kind = forms.ChoiceField(label="Là ngày", choices=[(kind.value, kind.label) for kind in DayKind])
    source_document = forms.CharField(label="Văn bản căn cứ", max_length=200)
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)
    switched_on = forms.BooleanField(
        label="Áp dụng", required=False, initial=True, help_text="Bỏ chọn để ngày này trở lại như ngày thường."
    )


class LogFilter(Form):
    """Which entries of the log are looked for."""

    who = forms.CharField(label="Người thực hiện", max_length=100, required=False)
    dossier = forms.CharField(label="Mã hồ sơ", max_length=60, required=False)
    event = forms.CharField(label="Sự kiện bắt đầu bằng", max_length=100, required=False)
    first = day_field("Từ ngày", required=False)
    last = day_field("Đến ngày", required=False)
    denials = forms.BooleanField(label="Chỉ những lần bị từ chối", required=False)
