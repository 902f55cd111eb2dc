"""The pages on which a file is chosen and its columns are met."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.db.models import QuerySet

from tuphap.kernel.refusal import Refusal
from tuphap.modules.civil_status import public as register
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import ChoiceField, FileField

from . import rules
from .models import Batch, Mapping
from .preview import Column

KINDS = (".xlsx", ".csv", ".txt", ".parquet")
BLANK = ("", "Chọn…")
_MEGABYTES = rules.LARGEST_UPLOAD // (1024 * 1024)


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An office by its name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class ChooseForm(Form):
    """A file, of which kind of entries, and who answers for it."""

    what = forms.ChoiceField(label="Việc hộ tịch trong tệp", choices=[BLANK, *register.ENTRY_TITLES])
    unit = UnitField(label="Đơn vị nạp", queryset=OrgUnit.objects.none(), empty_label="Chọn…")
    file = FileField(
        label="Tệp do công cụ khác nhập", kinds=KINDS, limit=rules.LARGEST_UPLOAD, required=False,
        help_text=f"Excel (.xlsx), CSV hoặc Parquet, không quá {_MEGABYTES} MB.",
    )
    ready = forms.ChoiceField(
        label="Hoặc tệp lớn đã đặt sẵn trên máy chủ", required=False,
        help_text="Quản trị viên đặt tệp vào thư mục imports/cho-nap của hệ thống.",
    )

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], ready: list[Path], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, lying = self.fields["unit"], self.fields["ready"]
        assert isinstance(unit, UnitField)  # declared above
        assert isinstance(lying, forms.ChoiceField)
        unit.queryset = units
        if len(units) == 1:
            unit.initial = units[0].pk
        self._ready = {path.name: path for path in ready}
        lying.choices = [("", "Không"), *((name, name) for name in self._ready)]
        if not ready:
            del self.fields["ready"]
            self.fields["file"].required = True

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if not told.get("file") and not told.get("ready") and not self.has_error("file"):
            self.add_error("file", "Chọn một tệp.")
        return told

    @property
    def lying(self) -> Path | None:
        """The file on the server that was chosen, if one was."""
        return self._ready.get(self.cleaned_data.get("ready", ""))


class MappingForm(Form):
    """What each column stands for, and of which office the entries are."""

    shape = ChoiceField(
        label="Mỗi dòng của tệp là", choices=[(shape.value, title) for shape, title in rules.SHAPE_TITLES.items()])
    office_code = forms.CharField(
        label="Mã cơ quan đăng ký của cả tệp", required=False, max_length=30,
        help_text="Chỉ ghi khi mọi dòng thuộc một cơ quan và tệp không có cột cơ quan. Ghi mã của cơ quan khi đó.",
    )

    def __init__(
        self, *args: Any, batch: Batch, columns: list[Column], targets: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        initial = {"shape": batch.shape, "office_code": batch.office_code}
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.columns = columns
        if len(batch.kind.main) != 2 or "husband" not in map(str, batch.kind.main):
            del self.fields["shape"]
        for at, column in enumerate(columns):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=f"Cột “{column.header}” là", required=False, initial=column.path,
                choices=[("", "Không nạp cột này"), *targets],
            )

    def met(self) -> list[tuple[Column, forms.BoundField]]:
        """The columns of the file, each with its box."""
        return [(column, self[f"column_{at}"]) for at, column in enumerate(self.columns)]

    def mapping(self) -> dict[str, str]:
        """Header → place."""
        return {column.header: self.cleaned_data[f"column_{at}"] for at, column in enumerate(self.columns)}

    def add_refusal(self, refusal: Refusal) -> None:
        """What is wrong with the mapping concerns no single box."""
        refusal.field = None
        super().add_refusal(refusal)


class KeepForm(Form):
    """Under which name a mapping is kept."""

    name = forms.CharField(label="Tên cách ghép", max_length=100, help_text="Ví dụ: Phần mềm hộ tịch 158, khai sinh.")


class UseForm(Form):
    """A mapping that was kept."""

    mapping = forms.ModelChoiceField(label="Dùng cách ghép đã lưu", queryset=Mapping.objects.none())

    def __init__(self, *args: Any, kept: QuerySet[Mapping], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mapping"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = kept
