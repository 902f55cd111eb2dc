"""What a module declares about its papers: how they look, and what happens once they are signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.module_loading import import_string

from tuphap.kernel.refusal import Refusal
from tuphap.shared.plug import Registry


class UnknownTemplate(Refusal):
    code = "documents.unknown_template"
    message_vi = "Không có mẫu văn bản {template} áp dụng cho ngày {on}."
    status = 500


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """One version of a paper's form.

    :ivar code: which paper (``"civil_status.birth_extract"``); versions share it.
    :ivar title: the paper's Vietnamese name, shown by the public check as its kind.
    :ivar version: the version's name, kept with every document made from it.
    :ivar valid_from: the first day on which it is used; a later version takes over on its own day.
    :ivar source: the typst file, inside the module; may import ``/vanban.typ`` and nothing else.
    :ivar sample: data for previews and for the tests that render every template.
    """

    code: str
    title: str
    version: str
    valid_from: date
    source: Path
    sample: dict[str, Any] = field(default_factory=dict, hash=False)

    def install(self) -> None:
        templates.add(f"{self.code}@{self.version}", self)


@dataclass(frozen=True, slots=True)
class SigningOutcome:
    """What the module does when a document is signed, or cannot be.

    ``on_signed`` names its operation ``(*, document, signed, actor, at)``, which calls ``documents.attach`` within;
    ``on_failed`` the operation ``(*, document, reason, actor, at)`` called when the retries are used up.
    """

    code: str
    on_signed: str
    on_failed: str

    def install(self) -> None:
        outcomes.add(self.code, self)

    def signed(self) -> Callable[..., Any]:
        found: Callable[..., Any] = import_string(self.on_signed)
        return found

    def failed(self) -> Callable[..., Any]:
        found: Callable[..., Any] = import_string(self.on_failed)
        return found


templates: Registry[DocumentTemplate] = Registry("document template")
outcomes: Registry[SigningOutcome] = Registry("signing outcome")


def template_on(code: str, *, on: date) -> DocumentTemplate:
    """The version of this paper's form that is used on this day.

    :raises UnknownTemplate: none is declared, or none is in use yet.
    """
    usable = [t for t in templates if t.code == code and t.valid_from <= on]
    if not usable:
        raise UnknownTemplate(template=code, on=on)
    return max(usable, key=lambda t: t.valid_from)


def template_version(code: str, version: str) -> DocumentTemplate:
    """This very version.

    :raises UnknownTemplate: it is not declared.
    """
    found = templates.get(f"{code}@{version}")
    if found is None:
        raise UnknownTemplate(template=code, on=version)
    return found
