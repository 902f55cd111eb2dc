"""The pages of a declaration that stands in a procedure's row, and what the case officer types of the result."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django import forms

from tuphap.shared.dossiers.api import FieldKind, FieldSpec, FormPage, PageSpec, Procedure, read_form
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.fields import (
    AddressField,
    ChoiceField,
    DayField,
    NameField,
    PartialDateField,
    PersonalNumberField,
    PhoneField,
    UnitField,
)

from .. import rules
from .answers import LONGEST_LONG_TEXT, LONGEST_TEXT, MOST_MONEY

_PAIRS = (("phone", "email"), ("personal_number", "born_on"))
_RADIO_MOST = 6  # more choices than that are a list to open


def pages(procedure: Procedure) -> tuple[FormPage, ...]:
    """The pages of this version's declaration.

    :raises dossiers.BadForm: the row's form is none.
    """
    return _pages(json.dumps(procedure.form, sort_keys=True))


@lru_cache(maxsize=512)
def _pages(form: str) -> tuple[FormPage, ...]:
    return tuple(
        FormPage(page.code, page.title, _form_of(page), page.intro) for page in read_form(json.loads(form))
    )


def _form_of(page: PageSpec) -> type[Form]:
    asked: dict[str, Any] = {field.code: _BOXES[field.kind](field) for field in page.fields}
    made = type(f"Page_{page.code}", (Form,), {**asked, "rows": _PAIRS, "__doc__": page.title})
    assert issubclass(made, Form)  # its base
    return made


def _told(field: FieldSpec, **more: Any) -> dict[str, Any]:
    """What every box is told; a kind's own help stands where the form gives none."""
    told: dict[str, Any] = {"label": field.label, "required": field.required, **more}
    return {**told, "help_text": field.help} if field.help else told


def _of(box: Callable[..., forms.Field], **more: Any) -> Callable[[FieldSpec], forms.Field]:
    return lambda field: box(**_told(field, **more))


def _line(field: FieldSpec) -> forms.Field:
    return forms.CharField(**_told(field, max_length=field.most or LONGEST_TEXT))


def _words(field: FieldSpec) -> forms.Field:
    rows = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(**_told(field, max_length=field.most or LONGEST_LONG_TEXT, widget=rows))


def _number(field: FieldSpec) -> forms.Field:
    least = field.least if field.least is not None else 0
    return forms.IntegerField(**_told(field, min_value=least, max_value=field.most or MOST_MONEY))


def _choice(field: FieldSpec) -> forms.Field:
    choices = [(choice, choice) for choice in field.choices]
    if len(choices) > _RADIO_MOST or not field.required:
        return forms.ChoiceField(**_told(field, choices=[("", "— Chọn —"), *choices]))
    return ChoiceField(**_told(field, choices=choices))


def _yes_no(field: FieldSpec) -> forms.Field:
    return YesNoField(**_told(field))


class YesNoField(forms.TypedChoiceField):
    """Yes or no, neither of them chosen before somebody chooses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", "Có"), ("no", "Không")], coerce=lambda value: value == "yes", empty_value=None,
            widget=forms.RadioSelect(attrs={"class": "choices-inline"}), **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


_BOXES: dict[FieldKind, Callable[[FieldSpec], forms.Field]] = {
    FieldKind.TEXT: _line,
    FieldKind.LONG_TEXT: _words,
    FieldKind.NAME: _of(NameField),
    FieldKind.DATE: _of(DayField),
    FieldKind.PARTIAL_DATE: _of(PartialDateField),
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.PHONE: _of(PhoneField),
    FieldKind.EMAIL: _of(forms.EmailField),
    FieldKind.PERSONAL_NUMBER: _of(PersonalNumberField),
    FieldKind.TAX_CODE: _of(forms.CharField, max_length=16),
    FieldKind.PLACE: _of(AddressField),
    FieldKind.UNIT: _of(UnitField),
}


class DraftForm(Form):
    """The paper that the case officer puts before the leader."""

    kind = ChoiceField(label="Kết quả", choices=[(kind.value, title) for kind, title in rules.DECISION_TITLES.items()])
    title = forms.CharField(
        label="Tên văn bản", max_length=rules.LONGEST_TITLE,
        help_text="Ví dụ: Quyết định về việc cấp Giấy đăng ký hoạt động.",
    )
    paragraphs = forms.CharField(
        label="Nội dung", max_length=rules.LONGEST_DECISION, widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Mỗi đoạn cách nhau một dòng trống. Khi từ chối, nêu rõ lý do và điều luật làm căn cứ.",
    )
    enclosures = forms.CharField(
        label="Kèm theo", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một văn bản, giấy tờ.",
    )

    def told(self) -> dict[str, Any]:
        """The operation's own keywords."""
        typed = self.cleaned_data
        return {
            "kind": typed["kind"], "title": typed["title"], "paragraphs": rules.paragraphs_of(typed["paragraphs"]),
            "enclosures": rules.lines_of(typed["enclosures"]),
        }
