"""What is typed into digitisation: books, scans, entries place by place, reasons."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from tuphap.kernel.clock import localdate, now
from tuphap.modules.civil_status import public as register
from tuphap.modules.civil_status.public import InBook, Place
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import MEGABYTE, DayField, FileField, FilesField

from . import content as contents
from . import rules
from .models import Book, Entry
from .operations import ScanFile
from .progress import AXES, Wanted
from .rules import BookLine

ANY = ("", "Tất cả")
KINDS = [(code.value, f"{code.value} – {title}") for code, title in register.BOOK_TITLES.items()]
MOST_UNPACKED = 400 * MEGABYTE
MOST_NOTES = 2


class OfficeField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when run
    """An office by its name; one that has ended says until when it worked."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} (đến {obj.valid_to:%d/%m/%Y})" if obj.valid_to else str(obj.name)


class FilterForm(Form):
    """Which books: by office of today, kind, years."""

    don_vi = forms.ChoiceField(label="Đơn vị", required=False)
    loai = forms.ChoiceField(label="Loại sổ", choices=[ANY, *KINDS], required=False)
    tu = forms.IntegerField(label="Từ năm", min_value=rules.FIRST_YEAR, max_value=2100, required=False)
    den = forms.IntegerField(label="Đến năm", min_value=rules.FIRST_YEAR, max_value=2100, required=False)

    def __init__(self, *args: Any, offices: Sequence[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["don_vi"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [ANY, *((str(one.pk), one.short_name) for one in offices)]

    def wanted(self, axis: str) -> Wanted:
        """What is asked for; what makes no sense is left out."""
        told = self.cleaned_data if self.is_valid() else {}
        unit = told.get("don_vi") or ""
        return Wanted(axis if axis in AXES else "don-vi", int(unit) if unit else None, told.get("loai") or "",
                      told.get("tu"), told.get("den"))


class BookForm(Form):
    """A line of the manifest."""

    unit = OfficeField(label="Đơn vị có sổ", queryset=OrgUnit.objects.none(), empty_label="Chọn đơn vị")
    stands_for = forms.BooleanField(
        label="Đơn vị chỉ là nơi giữ sổ; cơ quan đã đăng ký không có trong danh mục", required=False)
    office_name = forms.CharField(label="Tên cơ quan, đúng như trên sổ", max_length=200)
    kind = forms.ChoiceField(label="Loại sổ", choices=KINDS)
    what = forms.ChoiceField(
        label="Loại việc ghi trong sổ", choices=[("", "Theo loại sổ"), *register.ENTRY_TITLES], required=False)
    year = forms.IntegerField(label="Năm mở sổ", min_value=1900, max_value=2100)
    volume = forms.CharField(label="Quyển số", max_length=3, help_text="Hai chữ số, ví dụ: 01")
    first_number = forms.IntegerField(label="Số đầu", min_value=1, max_value=9999, initial=1)
    last_number = forms.IntegerField(label="Số cuối", min_value=1, max_value=9999)
    expected = forms.IntegerField(label="Số việc trong sổ", min_value=0, max_value=20_000, required=False,
                                  help_text="Để trống: theo số đầu, số cuối.")
    opened_on = DayField(label="Ngày mở sổ", required=False, help_text="Để trống: ngày đầu năm.")
    closed_on = DayField(label="Ngày khóa sổ", required=False, not_after_today=True, help_text="Nếu biết.")
    condition = forms.ChoiceField(
        label="Tình trạng sổ", choices=[(code.value, title) for code, title in rules.CONDITION_TITLES.items()])
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)
    rows = (("kind", "what"), ("year", "volume"), ("first_number", "last_number", "expected"),
            ("opened_on", "closed_on"))

    def __init__(self, *args: Any, units: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, OfficeField)  # declared above
        field.queryset = units

    def line(self) -> BookLine:
        told = self.cleaned_data
        kind = told["kind"]
        what = told["what"] or next(one.code for one in register.ENTRY_KINDS.values() if one.book == kind)
        return BookLine(
            office_name=told["office_name"], kind=kind, what=what, year=told["year"],
            volume=told["volume"].strip().upper(), first_number=told["first_number"], last_number=told["last_number"],
            opened_on=told["opened_on"] or date(told["year"], 1, 1), closed_on=told["closed_on"],
            expected=told["expected"], stands_for=told["stands_for"], condition=told["condition"], note=told["note"],
        )


def told_of(book: Book) -> dict[str, Any]:
    """A book for :class:`BookForm`."""
    names = ("stands_for", "office_name", "kind", "what", "year", "volume", "first_number", "last_number", "expected",
             "opened_on", "closed_on", "condition", "note")
    return {"unit": book.unit_id, **{name: getattr(book, name) for name in names}}


class ManifestForm(Form):
    """A manifest as a file."""

    file = FileField(
        label="Tệp danh mục sổ", kinds=(".csv", ".xlsx"), help_text="CSV (UTF-8) hoặc XLSX, không quá 20 MB.")


class _Scans(FilesField):
    MOST = 200


class ScansForm(Form):
    """Scans as they are named: PDFs, or one ZIP with their folders."""

    chosen = _Scans(label="Các tệp quét", kinds=(".pdf", ".zip"), limit=100 * MEGABYTE,
                       help_text="PDF đặt tên đúng mẫu, hoặc một tệp ZIP giữ nguyên thư mục; mỗi tệp không quá 100 MB.")

    def count(self) -> int:
        """How many files there are, those of a ZIP counted by its list.

        :raises rules.BadManifest: a ZIP that does not open.
        """
        return sum(_packed(file) if file.name.lower().endswith(".zip") else 1 for file in self.cleaned_data["chosen"])

    def scans(self) -> Iterator[ScanFile]:
        """The files, those of a ZIP with their folders.

        :raises rules.BadManifest: a ZIP that does not open, or unpacks to too much.
        """
        for file in self.cleaned_data["chosen"]:
            if file.name.lower().endswith(".zip"):
                yield from _unpacked(file.read())
            else:
                yield ScanFile(file.name, file.read())


def _packed(file: Any) -> int:
    try:
        with zipfile.ZipFile(file) as archive:
            return sum(1 for one in archive.infolist() if _is_scan(one))
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise rules.BadManifest(field="chosen", what="Không mở được tệp ZIP.") from error
    finally:
        file.seek(0)


def _is_scan(one: zipfile.ZipInfo) -> bool:
    return not one.is_dir() and not one.filename.rpartition("/")[2].startswith(".")


def _unpacked(content: bytes) -> Iterator[ScanFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise rules.BadManifest(
                    field="chosen", what="Tệp ZIP giải nén ra quá lớn; dùng lệnh tuphap digitisation scans.")
            for one in archive.infolist():
                if _is_scan(one):
                    folder, _, name = one.filename.rpartition("/")
                    yield ScanFile(name, archive.read(one), folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise rules.BadManifest(field="chosen", what="Không mở được tệp ZIP.") from error


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label="Lý do", max_length=300)


class CloseForm(Form):
    """Why a book holds fewer acts than expected."""

    reason = forms.CharField(label="Lý do, nếu ít việc hơn dự kiến", max_length=200, required=False)


class SeenForm(Form):
    """That the sample was looked at."""

    seen = forms.BooleanField(label="Tôi đã xem các việc chọn mẫu, nội dung đúng với bản quét", required=False)


class ProofForm(Form):
    """That the scan was looked at."""

    compared = forms.BooleanField(label="Tôi đã đối chiếu từng mục với bản quét, nội dung đúng", required=False)


class PracticeForm(Form):
    """How the province digitises, from a day on."""

    valid_from = DayField(label="Áp dụng từ ngày")
    keyed_twice = forms.IntegerField(label="Tỷ lệ nhập hai lần (%)", min_value=0, max_value=100)
    approver = forms.ChoiceField(
        label="Cấp duyệt", choices=[(code.value, title) for code, title in rules.APPROVER_TITLES.items()])
    name_pattern = forms.CharField(
        label="Mẫu tên tệp quét (biểu thức chính quy)", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Cần các nhóm: {', '.join(sorted(rules.NAME_GROUPS))}.")
    basis = forms.CharField(label="Căn cứ", max_length=300)
    rows = (("valid_from", "keyed_twice", "approver"),)


class KeyingForm(Form):
    """An entry, every place as it is written; what it means is typed beside it only where that does not show."""

    registered_on = DayField(label="Ngày đăng ký")
    day_is_so = forms.BooleanField(label="Sổ ghi đúng ngày này, dù ngoài thời gian dùng sổ", required=False)

    def __init__(self, *args: Any, entry: Entry, blind: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry, self.kind = entry, register.ENTRY_KINDS[entry.what]
        known = {} if blind else entry.content
        self.fields["registered_on"].initial = entry.registered_on
        self.fields["registered_on"].help_text = ""
        for path, _, place in contents.places(self.kind):
            self._add(path, place, contents.at(known, path))
        for index in range(MOST_NOTES):
            told = entry.notes[index] if not blind and index < len(entry.notes) else {}
            self._add_note(index, told)

    def _add(self, path: str, place: Place, known: Mapping[str, Any] | None) -> None:
        name = path.replace(".", "_")
        raw = forms.CharField(label=place.title, max_length=contents.LONGEST, required=False, initial=_typed(known))
        raw.widget.attrs.update({"autocomplete": "off", "data-place": path, "spellcheck": "false"})
        self.fields[name] = raw
        if place.may_be_understood:
            value = forms.CharField(
                label=f"{place.title}: hiểu là", max_length=100, required=False,
                initial=known["value"] if known and known["read"] else "")
            value.widget.attrs.update({"autocomplete": "off", "data-aside": "1", "placeholder": "hiểu là"})
            self.fields[f"{name}_value"] = value

    def _add_note(self, index: int, told: Mapping[str, Any]) -> None:
        kinds = [(str(kind), register.ANNOTATION_TITLES[kind]) for kind in register.NOTE_KINDS]
        fields: dict[str, forms.Field] = {
            "kind": forms.ChoiceField(label=f"Ghi chú {index + 1}: loại", choices=kinds, required=False),
            "noted_on": DayField(label="Ngày ghi", required=False, not_after_today=True, help_text=""),
            "text": forms.CharField(label="Nội dung, như trong sổ", max_length=900, required=False),
            "decision_no": forms.CharField(label="Số quyết định, bản án", max_length=100, required=False),
            "authority": forms.CharField(label="Cơ quan", max_length=200, required=False),
        }
        for name, field in fields.items():
            field.initial = told.get(name, "")
            self.fields[f"notes_{index}_{name}"] = field

    def parts(self) -> Iterator[tuple[str, str, bool, list[tuple[forms.BoundField, forms.BoundField | None, str]]]]:
        """For the page: code, title, whether books may have no such person, and its boxes with why they came back."""
        for part in self.kind.parts:
            boxes = []
            for place in part.places:
                name = f"{part.code}_{place.code}"
                aside = self[f"{name}_value"] if f"{name}_value" in self.fields else None
                boxes.append((self[name], aside, self.entry.returned.get(f"{part.code}.{place.code}", "")))
            yield part.code, part.title, part.optional, boxes

    def note_boxes(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("notes_")]

    def typed(self) -> dict[str, dict[str, dict[str, str]]]:
        """What was typed, place by place."""
        told: dict[str, dict[str, dict[str, str]]] = {}
        for path, part, place in contents.places(self.kind):
            name = path.replace(".", "_")
            told.setdefault(part.code, {})[place.code] = {
                "raw": self.cleaned_data.get(name, ""), "value": self.cleaned_data.get(f"{name}_value", "")}
        return told

    def notes(self) -> list[dict[str, str]]:
        """Those of the margin that have a text."""
        found = []
        for index in range(MOST_NOTES):
            note = {name: self.cleaned_data.get(f"notes_{index}_{name}") or ""
                    for name in ("kind", "noted_on", "text", "decision_no", "authority")}
            if note["text"]:
                day = note["noted_on"]
                found.append({**note, "noted_on": day.isoformat() if isinstance(day, date) else day})
        return found


def _typed(known: Mapping[str, Any] | None) -> str:
    """A place as a keyer types it: its signs for nothing and for not readable."""
    if known is None:
        return ""
    signs = {InBook.NOT_STATED: "-", InBook.ILLEGIBLE: "?"}
    return signs.get(InBook(known["standing"]), str(known["raw"]))


def fresh_practice() -> dict[str, Any]:
    """For a new :class:`PracticeForm`: what holds today."""
    from .practice import practice_on

    holds = practice_on(localdate(now()))
    return {name: getattr(holds, name) for name in ("keyed_twice", "approver", "name_pattern", "basis")}

