"""From a block of a declaration to the page that asks for it: what is asked is said once, beside the field's type."""

from __future__ import annotations

import types
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from enum import StrEnum
from typing import Any, Union, get_args, get_origin

from django import forms
from pydantic.fields import FieldInfo

from tuphap.shared.dossiers.api import FormPage
from tuphap.shared.people.api import Address, PartialDate
from tuphap.shared.ui.fields import AddressField, DayField, NameField, PartialDateField, PersonalNumberField, PhoneField

from ..answers import Block
from ..forms import BLANK, BlockForm, IdentityForm
from .asking import Ask

FEW = 4  # choices that stand open on the page; more fold into a list

_BY_KIND: dict[str, type[forms.Field]] = {
    "name": NameField, "number": PersonalNumberField, "phone": PhoneField, "email": forms.EmailField,
}
_BY_TYPE: dict[Any, type[forms.Field]] = {
    PartialDate: PartialDateField, date: DayField, Address: AddressField, bool: forms.BooleanField,
    int: forms.IntegerField,
}


def page_form(block: type[Block], *, base: type[BlockForm] = BlockForm, order: tuple[str, ...] = (),
              rows: tuple[tuple[str, ...], ...] = ()) -> type[BlockForm]:
    """The form of a block's page: every field of the block that has an :class:`Ask`, besides those of ``base``."""
    asked = {name: _field(info) for name, info in block.model_fields.items() if _ask(info) is not None}
    for name in getattr(block, "must", ()):  # of a base's fields, which may stay empty elsewhere
        asked[name] = deepcopy(base.base_fields[name])
        asked[name].required = True
    return type(
        f"{block.__name__}Form", (base,),
        {"__doc__": block.__doc__, "__module__": block.__module__, "block": block, "field_order": order or None,
         "rows": rows or getattr(base, "rows", ()), **asked},
    )


def filer_page(code: str, title: str, block: type[Block], *first: str) -> FormPage:
    """The page of who files for somebody else: ``first`` is asked before the name."""
    return FormPage(code, title, page_form(block, base=IdentityForm, order=(
        *first, "name", "personal_number", "phone", "email", "residence", "id_kind", "id_number"),
        rows=(("phone", "email"), ("id_kind", "id_number"))))


def _ask(info: FieldInfo) -> Ask | None:
    return next((told for told in info.metadata if isinstance(told, Ask)), None)


def _field(info: FieldInfo) -> forms.Field:
    ask = _ask(info)
    assert ask is not None  # the caller has looked
    kind = _plain(info.annotation)
    told: dict[str, Any] = {"label": ask.label, "help_text": ask.help, "required": not ask.optional}
    if not ask.help and (kind in (PartialDate, date) or ask.kind in ("number", "phone")):
        del told["help_text"]  # those fields have words of their own
    if not info.is_required() and info.default is not None and not info.validate_default:
        told["initial"] = info.default
    if ask.titles and all(isinstance(part, Mapping) for part in ask.titles.values()):
        parts = [(part, [(str(code), title) for code, title in dict(of).items()]) for part, of in ask.titles.items()]
        return forms.ChoiceField(choices=[BLANK, *parts], **told)
    if ask.titles:
        choices = [(str(code), title) for code, title in ask.titles.items()]
        if len(choices) > FEW:
            return forms.ChoiceField(choices=[BLANK, *choices], **told)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        raise TypeError(f"{kind.__name__} is asked for without titles")
    if kind is bool:
        return forms.BooleanField(**{**told, "required": False})
    made = _BY_KIND.get(ask.kind) or _BY_TYPE.get(kind)
    if made is not None:
        return made(**told)
    return forms.CharField(
        max_length=ask.most, widget=forms.Textarea(attrs={"rows": 3}) if ask.kind == "text" else forms.TextInput, **told
    )


def _plain(annotation: Any) -> Any:
    """The type itself: ``date | None`` is a date."""
    if get_origin(annotation) in (Union, types.UnionType):
        return next(one for one in get_args(annotation) if one is not type(None))
    return annotation
