"""How forms are drawn and how a refusal comes back into them: one renderer for every form of the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.forms.renderers import TemplatesSetting

from tuphap.kernel.refusal import Denied, NotFound, Problem, Refusal

T = TypeVar("T")
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

    def carried_out(self, work: Callable[[], T]) -> T | None:
        """What an operation gave that a sound form asked for; None where it is not sound, or a rule refused.

        What is wrong then stands beside the fields.

        :raises Denied, NotFound: the actor may not, or there is no such thing: these have pages of their own.
        """
        if not self.is_valid():
            return None
        try:
            return work()
        except (Denied, NotFound):
            raise
        except Refusal as refusal:
            self.add_refusal(refusal)
            return None

    def lines(self) -> Iterable[tuple[forms.BoundField, ...]]:
        """The visible fields in order, the declared pairs together."""
        return lines(self)


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show each problem of the refusal beside the field it names, or on top where it names none of this form."""
    for problem in refusal.problems:
        add_problem(form, problem)


def add_problem(form: forms.BaseForm, problem: Problem, *, path: str | None = None) -> None:
    """Show one problem beside the field that it (or ``path``) names, or on top of the form."""
    form.errors  # noqa: B018  a form adds errors only once it has been cleaned
    field = _field_named(form, path or problem.field)
    if not form.has_error(field or "__all__", code=problem.code):
        form.add_error(field, forms.ValidationError(problem.message, code=problem.code))


def spread_refusal(refusal: Refusal, pages: Mapping[str, forms.BaseForm], otherwise: forms.BaseForm) -> None:
    """Show a refusal's problems on several forms: ``child.name`` on ``pages["child"]``, others on ``otherwise``."""
    for problem in refusal.problems:
        page, _, path = (problem.field or "").partition(".")
        if page in pages:
            add_problem(pages[page], problem, path=path)
        else:
            add_problem(otherwise, problem)


def plain(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as answers are kept: days as ISO text, addresses as mappings."""
    return {name: _plain(value) for name, value in cleaned.items()}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer as it is shown on the page that is read before sending."""

    name: str
    label: str
    text: str


def shown(form: forms.BaseForm) -> list[Shown]:
    """The initial values of a form as people read them, empty ones with an empty text."""
    return [Shown(field.name, str(field.label), _text(field)) for field in form.visible_fields()]


def _text(bound: forms.BoundField) -> str:
    field, value = bound.field, bound.form.get_initial_for_field(bound.field, bound.name)
    if isinstance(value, Mapping) and "text" in value:
        return str(value["text"])
    if isinstance(field, forms.BooleanField):
        return "Có" if value else "Không"
    if isinstance(field, forms.MultipleChoiceField):
        titles = {str(code): str(title) for code, title in _flat(field.choices)}
        return ", ".join(titles.get(str(one), str(one)) for one in value or ())
    if isinstance(field, forms.ChoiceField):
        titles = {str(code): str(title) for code, title in _flat(field.choices)}
        return titles.get(str(value), "") if value not in (None, "") else ""
    prepared = field.prepare_value(value)
    return "" if prepared is None else str(prepared)


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for code, title in choices:
        if isinstance(title, list | tuple):
            yield from title
        else:
            yield code, title


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
