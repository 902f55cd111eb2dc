"""The pages on which an entry is transcribed: where it stands, its parts place by place, the notes of its margin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import DayField, FileField

from ..forms import BLANK, OfficeField
from ..models import OldEntry
from ..rules import ANNOTATION_TITLES, BookKind
from . import declare, rules
from .operations import Scan
from .rules import InBook, Line

SCANS = (".pdf", ".jpg", ".jpeg", ".png")
STANDINGS = [(str(code), title) for code, title in rules.STANDING_TITLES.items()]


class BookOfficeField(OfficeField):
    """An office by its name, of those that are no more with the day until which they were."""

    def label_from_instance(self, obj: Any) -> str:
        until = f" (đến {obj.valid_to:%d/%m/%Y})" if obj.valid_to is not None else ""
        return f"{obj.name}{until}"


class LineForm(Form):
    """Where the entry stands."""

    rows = (("year", "volume"), ("number", "registered_on"))

    unit = BookOfficeField(
        label="Đơn vị đã đăng ký", queryset=OrgUnit.objects.none(),
        help_text="Đơn vị khi đó, kể cả đã sáp nhập. Không có trong danh sách thì chọn đơn vị đang giữ sổ.",
    )
    stands_for = forms.BooleanField(
        label="Đơn vị trên chỉ là nơi đang giữ sổ; cơ quan ghi trong sổ không có trong danh sách", required=False)
    office_name = forms.CharField(
        label="Tên cơ quan đăng ký ghi trong sổ", max_length=200,
        help_text="Ghi đúng như trong sổ, ví dụ: Ủy ban nhân dân xã An Hồng, huyện An Hải, thành phố Hải Phòng.",
    )
    year = forms.IntegerField(label="Năm mở sổ", min_value=rules.FIRST_YEAR, max_value=2100)
    volume = forms.CharField(label="Quyển số", max_length=3, help_text="Ví dụ: 01, 02A.")
    number = forms.CharField(label="Số", max_length=5, help_text="Ví dụ: 15, 15A.")
    registered_on = DayField(label="Ngày đăng ký", not_after_today=True)

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, BookOfficeField)  # declared above
        field.queryset = units
        if units.count() == 1:
            field.initial = units[0].pk

    def line(self) -> Line:
        told = self.cleaned_data
        return Line(
            told["office_name"], told["stands_for"], told["year"], told["volume"].strip().upper(),
            told["number"].strip().upper(), told["registered_on"],
        )


class StartForm(LineForm):
    """What is to be transcribed."""

    field_order = ("what", "unit", "stands_for", "office_name", "year", "volume", "number", "registered_on", "scan")

    what = forms.ChoiceField(label="Việc hộ tịch", choices=[
        BLANK, *((code, kind.title) for code, kind in declare.KINDS.items())])
    scan = FileField(
        label="Bản quét trang sổ", kinds=SCANS, help_text="Tệp PDF, JPG hoặc PNG, quét màu cả trang, không quá 20 MB.")


class ScanForm(Form):
    """Another scan of the page."""

    scan = FileField(
        label="Bản quét trang sổ", kinds=SCANS, help_text="Tệp PDF, JPG hoặc PNG, quét màu cả trang, không quá 20 MB.")


def scan_in(form: Form) -> Scan:
    """The file of a form that asks for a scan."""
    file = form.cleaned_data["scan"]
    return Scan(file.read(), file.name, file.content_type or "")


def line_of(entry: OldEntry) -> dict[str, Any]:
    """Where an entry stands, for :class:`LineForm`."""
    return {
        "unit": entry.unit_id, "stands_for": entry.stands_for, "office_name": entry.office_name, "year": entry.year,
        "volume": entry.volume, "number": entry.number, "registered_on": entry.registered_on,
    }


class PartForm(Form):
    """A part of the entry: of each place what is written, whether something is, and how it is to be understood."""

    def __init__(self, *args: Any, part: declare.Part, written: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, known = part, written or {}
        for place in part.places:
            self._add(place, known.get(place.code) or {})
        self.rows = tuple(
            tuple(name for name in (place.code, f"{place.code}_standing", f"{place.code}_value") if name in self.fields)
            for place in part.places
        )

    def _add(self, place: declare.Place, known: Mapping[str, Any]) -> None:
        raw = forms.CharField(label=place.title, max_length=400, required=False, initial=known.get("raw", ""))
        must = place.must and not self.part.optional
        standing = forms.ChoiceField(label="Trong sổ", choices=STANDINGS[:1] if must else STANDINGS,
                                     initial=known.get("standing", str(InBook.GIVEN)))
        added: dict[str, forms.Field] = {place.code: raw, f"{place.code}_standing": standing}
        if place.may_be_understood:
            added[f"{place.code}_value"] = forms.CharField(
                label="Hiểu là", max_length=100, required=False,
                initial=known.get("value", "") if known.get("read") else "")
        for name, field in added.items():
            field.unmarked = True  # type: ignore[attr-defined]  # every place is answered for, one way or the other
            self.fields[name] = field

    def places(self) -> dict[str, dict[str, str]]:
        """What was typed, place by place."""
        told = self.cleaned_data
        return {
            place.code: {
                "raw": told.get(place.code, ""), "standing": told.get(f"{place.code}_standing", ""),
                "value": told.get(f"{place.code}_value", ""),
            }
            for place in self.part.places
        }


class NotesForm(Form):
    """The notes of the margin; those without text count for nothing."""

    PARTS = ("kind", "noted_on", "text", "decision_no", "authority")

    def __init__(self, *args: Any, entry: OldEntry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            (str(kind), ANNOTATION_TITLES[kind]) for kind in rules.NOTE_KINDS
            if BookKind(entry.kind) in rules.NOTES_ONLY_OF.get(kind, {BookKind(entry.kind)})
        ]
        self.many = min(rules.MOST_NOTES, len(entry.notes) + 2)
        rows = []
        for place in range(self.many):
            known: Mapping[str, Any] = entry.notes[place] if place < len(entry.notes) else {}
            for name, field in _note_fields(place, kinds).items():
                field.initial = known.get(name, "")
                field.unmarked = True  # type: ignore[attr-defined]  # a note has all of it or is none
                self.fields[f"notes_{place}_{name}"] = field
            rows += [(f"notes_{place}_kind", f"notes_{place}_noted_on"),
                     (f"notes_{place}_decision_no", f"notes_{place}_authority")]
        self.rows = tuple(rows)

    def notes(self) -> list[dict[str, str]]:
        told = []
        for place in range(self.many):
            note = {name: self.cleaned_data.get(f"notes_{place}_{name}") or "" for name in self.PARTS}
            if note["text"]:
                noted_on = note["noted_on"]
                told.append({**note, "noted_on": noted_on.isoformat() if isinstance(noted_on, date) else noted_on})
        return told


def _note_fields(place: int, kinds: list[tuple[str, str]]) -> dict[str, forms.Field]:
    return {
        "kind": forms.ChoiceField(label=f"Ghi chú {place + 1}: loại", choices=kinds, required=False),
        "noted_on": DayField(label="Ngày ghi", required=False, not_after_today=True),
        "text": forms.CharField(label="Nội dung ghi chú, như trong sổ", max_length=900, required=False,
                                widget=forms.Textarea(attrs={"rows": 2})),
        "decision_no": forms.CharField(label="Số quyết định, bản án", max_length=100, required=False),
        "authority": forms.CharField(label="Cơ quan", max_length=200, required=False),
    }


class ProposeForm(Form):
    """The reasons for what is doubtful."""

    day_reason = forms.CharField(label="Lý do ngày đăng ký không khớp năm của sổ", max_length=500, required=False)
    duplicate_reason = forms.CharField(
        label="Căn cứ xác định là việc khác, không trùng", max_length=500, required=False)

    def __init__(self, *args: Any, doubts: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in doubts:
                del self.fields[name]

    def reasons(self) -> dict[str, str]:
        return dict(self.cleaned_data)


class ConfirmForm(Form):
    """That the scan was looked at."""

    compared = forms.BooleanField(
        label="Tôi đã đối chiếu từng mục với bản quét trang sổ, nội dung đúng", required=False)
