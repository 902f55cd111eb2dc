"""Fields as people fill them in: days by their figures, names as they are written, communes by typing a few letters.

Each cleans to the value type of the mechanism that owns it, and shows again what was typed when that was wrong. Values
that were kept as JSON (ISO days, an address as a mapping) are read back as initial values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse

from tuphap.engines.vietnamese import fold
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Refusal
from tuphap.kernel.text import tidy
from tuphap.shared.orgs import api as orgs
from tuphap.shared.people import api as people

SUGGEST_URL = "site:find_units"
MEGABYTE = 1024 * 1024


class _Shaped:
    """A field that says how wide its box should be: ``"s"``, ``"m"``, or as wide as there is room."""

    width = ""


def _refused(refusal: Refusal) -> ValidationError:
    return ValidationError(refusal.message, code=refusal.code)


class DayField(_Shaped, forms.CharField):
    """A whole day, typed as ``dd/mm/yyyy``; cleans to a ``date``, or None where it may stay empty.

    ``not_after_today``: a day that lies ahead is an error.
    """

    width = "s"

    def __init__(self, *, not_after_today: bool = False, **kwargs: Any) -> None:
        self.not_after_today = not_after_today
        kwargs.setdefault("help_text", "Ví dụ: 05/03/2026")
        kwargs.setdefault("error_messages", {}).setdefault("required", "Nhập ngày, ví dụ 05/03/2026.")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "data-day": "1", "autocomplete": "off", "maxlength": "10"}

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            value = localdate(value)
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            value = date.fromisoformat(value)
        return value.strftime("%d/%m/%Y") if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        text = super().clean(self.prepare_value(value))
        if not text:
            return None
        day = _day(text)
        if day is None:
            raise ValidationError(f"“{text}” không phải là một ngày. Nhập như 05/03/2026.", code="day")
        if self.not_after_today and day > localdate(now()):
            raise ValidationError("Ngày này chưa tới. Kiểm tra lại ngày, tháng, năm.", code="date_in_future")
        return day


def _day(text: str) -> date | None:
    found = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text) or re.fullmatch(r"(\d\d)(\d\d)(\d{4})", text)
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


class PartialDateField(_Shaped, forms.CharField):
    """A day of which perhaps only the month or the year is known; cleans to a ``people.PartialDate`` or None."""

    width = "s"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Ví dụ: 05/03/1990. Nếu không rõ ngày, ghi 03/1990 hoặc 1990.")
        kwargs.setdefault("error_messages", {}).setdefault("required", "Nhập ngày sinh, hoặc chỉ năm nếu không rõ.")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "data-day": "1", "autocomplete": "off", "maxlength": "10"}

    def prepare_value(self, value: Any) -> Any:
        text = value.isoformat() if hasattr(value, "isoformat") else value
        if isinstance(text, str) and re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
            return "/".join(reversed(text.split("-")))
        return text

    def clean(self, value: Any) -> people.PartialDate | None:
        text = super().clean(self.prepare_value(value))
        if not text:
            return None
        iso = _partial_iso(text)
        try:
            if iso is not None:
                return people.PartialDate.parse(iso)
        except (Refusal, ValueError):
            pass
        raise ValidationError(
            f"“{text}” không phải là một ngày. Nhập ngày/tháng/năm, hoặc chỉ tháng/năm, hoặc chỉ năm.", code="day"
        )


def _partial_iso(text: str) -> str | None:
    """``5/3/1990`` as ``1990-03-05``, ``3/1990`` as ``1990-03``, ``1990`` as it is."""
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:2]}/{text[2:4]}/{text[4:]}"
    parts = re.split(r"[/.\- ]", text)
    if len(parts) > 3 or not all(part.isdigit() for part in parts) or len(parts[-1]) != 4:
        return None
    return "-".join([parts[-1], *(part.zfill(2) for part in reversed(parts[:-1]))])


class NameField(_Shaped, forms.CharField):
    """A person's whole name, as in their papers; cleans to its text (NFC, blanks tidied)."""

    def __init__(self, *, foreign: bool = False, **kwargs: Any) -> None:
        self.foreign = foreign
        kwargs.setdefault("max_length", 100)
        kwargs.setdefault("error_messages", {}).setdefault("required", "Nhập họ, chữ đệm, tên.")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return str(people.PersonName(tidy(text)).text)
        except Refusal as refusal:
            raise _refused(refusal) from refusal


class PersonalNumberField(_Shaped, forms.CharField):
    """The 12 digits of the personal identification number; blanks between them are taken out."""

    width = "m"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "12 chữ số, ghi trên thẻ căn cước.")
        kwargs.setdefault("error_messages", {}).setdefault("required", "Nhập số định danh cá nhân gồm 12 chữ số.")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off", "maxlength": "16", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        number = re.sub(r"[ .\-]", "", super().clean(value))
        if number:
            try:
                people.check_personal_number(number, birth=None, sex=None)
            except Refusal as refusal:
                raise _refused(refusal) from refusal
        return number


_PHONE = re.compile(r"(?:0|\+84)(?:[35789]\d{8}|2\d{8,9})")


class PhoneField(_Shaped, forms.CharField):
    """A Vietnamese mobile or landline number; cleans to digits beginning with 0."""

    width = "m"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault("required", "Nhập số điện thoại để cơ quan liên hệ.")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "tel", "autocomplete": "tel", "maxlength": "20"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        phone = re.sub(r"[ .\-()]", "", text)
        if phone and not _PHONE.fullmatch(phone):
            raise ValidationError(
                f"“{text}” không phải là số điện thoại. Số di động có 10 chữ số, ví dụ 0912 345 678.", code="phone"
            )
        return phone.replace("+84", "0", 1) if phone.startswith("+84") else phone


class UnitInput(forms.TextInput):
    """A text box with suggestions of communes; without script, what is typed is understood by the server."""

    template_name = "ui/widgets/unit.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        with suppress(NoReverseMatch):  # no pages above this mechanism: a plain box
            context["widget"]["attrs"]["data-suggest"] = reverse(SUGGEST_URL)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_goi_y"
        return context


def unit_label(unit: orgs.AdminUnit) -> str:
    """How a commune is shown in the box: ``Phường Hồng Bàng, Thành phố Hải Phòng (11311)``."""
    names: list[str] = []
    here: orgs.AdminUnit | None = unit
    while here is not None:
        names.append(here.name)
        here = here.parent
    return f"{', '.join(names)} ({unit.code})"


class UnitField(_Shaped, forms.CharField):
    """A commune, ward or special zone of the day ``on`` (today where not given); cleans to its code of five digits.

    Takes the label of a suggestion, a code, or a name; a name that fits several names them all.
    """

    widget = UnitInput

    def __init__(self, *, on: date | None = None, **kwargs: Any) -> None:
        self.on = on
        kwargs.setdefault("help_text", "Gõ vài chữ của tên xã, phường rồi chọn trong gợi ý.")
        kwargs.setdefault("error_messages", {}).setdefault("required", "Chọn xã, phường hoặc đặc khu.")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "spellcheck": "false"}

    @property
    def day(self) -> date:
        return self.on or localdate(now())

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and re.fullmatch(r"\d{5}", value):
            try:
                return unit_label(orgs.admin_unit(value, on=self.day))
            except orgs.UnknownUnit:
                return value
        return value

    def clean(self, value: Any) -> str:
        text = tidy(super().clean(value))
        return self.unit(text).code if text else ""

    def unit(self, text: str) -> orgs.AdminUnit:
        """The commune that ``text`` means.

        :raises ValidationError: none, or several.
        """
        code = re.search(r"(?:^|\()(\d{5})\)?$", text)
        if code:
            try:
                return orgs.admin_unit(code[1], on=self.day)
            except orgs.UnknownUnit:
                raise ValidationError(f"Không có xã, phường mang mã {code[1]}.", code="unknown_unit") from None
        found = [f.unit for f in orgs.find_units(text.replace(",", " "), on=self.day, limit=50)]
        exact = [unit for unit in found if is_named(unit, text)]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if not found:
            raise ValidationError(
                f"Không tìm thấy xã, phường nào tên “{text}”. Kiểm tra lại cách viết, hoặc ghi kèm tên tỉnh.",
                code="unknown_unit",
            )
        names = "; ".join(unit_label(unit) for unit in found[:5])
        raise ValidationError(f"Có nhiều nơi mang tên này: {names}. Ghi kèm tên tỉnh hoặc mã.", code="which_unit")


_KINDS = ("phuong ", "xa ", "dac khu ")


def is_named(unit: orgs.AdminUnit, text: str) -> bool:
    """Whether the words before the first comma are the unit's whole name, with or without its kind, accents aside."""
    wanted, name = fold(text.partition(",")[0]), fold(unit.name)
    bare = next((name.removeprefix(kind) for kind in _KINDS if name.startswith(kind)), name)
    return wanted in (name, bare)


def best_first(units: Iterable[orgs.AdminUnit], text: str) -> list[orgs.AdminUnit]:
    """Units found for what was typed so far: those of that very name, then those that begin so, then the rest."""
    wanted = fold(text.partition(",")[0])

    def rank(unit: orgs.AdminUnit) -> int:
        if is_named(unit, text):
            return 0
        name = fold(unit.name)
        return 1 if name.startswith(wanted) or f" {wanted}" in name else 2

    return sorted(units, key=rank)


class AddressWidget(forms.MultiWidget):
    """Two boxes, each with its own label: the place within the commune, and the commune."""

    template_name = "ui/widgets/address.html"
    use_fieldset = True

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(
            {"detail": forms.TextInput({"autocomplete": "off"}), "unit": UnitInput({"autocomplete": "off"})}, attrs
        )

    def decompress(self, value: Any) -> list[Any]:
        if value is None:
            return ["", ""]
        kept = value if isinstance(value, Mapping) else value.model_dump()
        return [kept.get("detail", ""), kept.get("unit_code", "")]


class AddressField(_Shaped, forms.MultiValueField):
    """An address of today: house, street or hamlet, and the commune; cleans to a ``people.Address`` or None.

    ``needs_detail``: the place within the commune must be given too.
    """

    widget = AddressWidget

    def __init__(self, *, on: date | None = None, needs_detail: bool = False, **kwargs: Any) -> None:
        required = kwargs.get("required", True)
        self.needs_detail = needs_detail
        kwargs.setdefault("error_messages", {}).setdefault("required", "Nhập địa chỉ: chọn xã, phường hoặc đặc khu.")
        kwargs["error_messages"].setdefault("incomplete", "Chọn xã, phường hoặc đặc khu.")
        fields = (
            forms.CharField(required=required and needs_detail, max_length=200),
            UnitField(required=required, on=on),
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    @property
    def _unit(self) -> UnitField:
        field = self.fields[1]
        assert isinstance(field, UnitField)  # built so above
        return field

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, list):
            return value
        kept = value if isinstance(value, Mapping) else value.model_dump()
        return [kept.get("detail", ""), self._unit.prepare_value(kept.get("unit_code", ""))]

    def compress(self, data_list: list[Any]) -> people.Address | None:
        detail, code = [*data_list, "", ""][:2]
        if not code:
            if detail:
                raise ValidationError(self.error_messages["incomplete"], code="incomplete")
            return None
        day = self._unit.day
        unit = orgs.admin_unit(code, on=day)
        text = ", ".join(part for part in (tidy(detail or ""), orgs.full_name(unit)) if part)
        return people.Address(unit_code=code, as_of=day, detail=tidy(detail or ""), text=text)


class ChoiceField(_Shaped, forms.ChoiceField):
    """One of a few choices, shown as radio buttons so that all are seen at once. ``inline``: side by side."""

    widget = forms.RadioSelect

    def __init__(self, *, inline: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault("required", "Chọn một trong các mục dưới đây.")
        super().__init__(**kwargs)
        if inline:
            self.widget.attrs["class"] = "choices-inline"


class FileField(_Shaped, forms.FileField):
    """A file within the limits of the one-stop rules; a wrong kind or a large one is told beside the field.

    What a file truly holds is judged by ``shared.files`` when it is stored.
    """

    KINDS = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xml")
    LIMIT = 20 * MEGABYTE

    def __init__(self, *, kinds: Iterable[str] = KINDS, limit: int = LIMIT, **kwargs: Any) -> None:
        self.kinds, self.limit = tuple(kinds), limit
        kwargs.setdefault("help_text", f"Tệp PDF, JPG, PNG, DOCX hoặc XML đã ký, không quá {limit // MEGABYTE} MB.")
        messages = kwargs.setdefault("error_messages", {})
        messages.setdefault("required", "Chọn một tệp.")
        messages.setdefault("empty", "Tệp này trống. Chọn tệp khác.")
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ",".join(self.kinds), "data-limit": str(self.limit)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file or file is initial:
            return file
        if not file.name.lower().endswith(self.kinds):
            raise ValidationError(
                f"Không nhận tệp “{file.name}”. Chỉ nhận các tệp {', '.join(self.kinds)}.", code="file_type"
            )
        if file.size > self.limit:
            raise ValidationError(
                f"Tệp “{file.name}” nặng {file.size / MEGABYTE:.1f} MB, vượt quá {self.limit // MEGABYTE} MB.",
                code="file_too_large",
            )
        return file


class _ManyFiles(forms.FileInput):
    """A box that takes several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class FilesField(FileField):
    """Several files, each within the limits; cleans to a list."""

    widget = _ManyFiles
    MOST = 20

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = list(data or [])
        if not chosen:
            super().clean(None)
        if len(chosen) > self.MOST:
            raise ValidationError(f"Chọn nhiều nhất {self.MOST} tệp cho một loại giấy tờ.", code="too_many_files")
        return [super(FilesField, self).clean(file) for file in chosen]
