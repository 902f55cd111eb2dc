"""How forms are drawn and how a refusal comes back into them: one renderer for every form of the platform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from tuphap.kernel.refusal import Refusal

REQUIRED = "Vui lòng điền mục này."


class Renderer(TemplatesSetting):
    """Label, mark, help and error around every field; a summary of the errors on top of every form."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


class Form(forms.Form):
    """The base of the platform's forms.

    ``rows`` (on the class) names pairs of short fields that stand side by side where there is room. An empty field that
    may stay empty cleans to its empty value as everywhere in Django.
    """

    rows: tuple[tuple[str, ...], ...] = ()
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = REQUIRED

    def add_refusal(self, refusal: Refusal) -> None:
        """Show each problem of the refusal beside the field it names, or on top where it names none of this form."""
        add_refusal(self, refusal)

    def lines(self) -> Iterable[tuple[forms.BoundField, ...]]:
        """The visible fields in order, the declared pairs together."""
        return lines(self)


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show each problem of the refusal beside the field it names, or on top where it names none of this form."""
    form.errors  # noqa: B018  a form adds errors only once it has been cleaned
    for problem in refusal.problems:
        field = _field_named(form, problem.field)
        if form.has_error(field or "__all__", code=problem.code):
            continue
        form.add_error(field, forms.ValidationError(problem.message, code=problem.code))


def _field_named(form: forms.BaseForm, name: str | None) -> str | None:
    """The form's own field for a path such as ``mother.name`` (``mother_name``, or ``name`` on the mother's page)."""
    if not name:
        return None
    parts = name.split(".")
    candidates = ["_".join(parts[i:]) for i in range(len(parts))] + parts[:1]
    return next((c for c in candidates if c in form.fields), None)


def lines(form: forms.BaseForm) -> list[tuple[forms.BoundField, ...]]:
    """The visible fields in order, those that the form's ``rows`` pairs in one line."""
    pairs = {name: row for row in getattr(form, "rows", ()) for name in row if row[0] in form.fields}
    drawn: list[tuple[forms.BoundField, ...]] = []
    for field in form.visible_fields():
        row = pairs.get(field.name)
        if row is None:
            drawn.append((field,))
        elif row[0] == field.name:
            drawn.append(tuple(form[name] for name in row if name in form.fields))
    return drawn
