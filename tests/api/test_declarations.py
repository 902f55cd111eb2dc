"""Whatever is sent as a page of a declaration, each of its faults is told in Vietnamese."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from tuphap.shared.dossiers.api import Procedure
from tuphap.shared.dossiers.guards import problems_of

from .contract import VIETNAMESE

pytestmark = pytest.mark.django_db
ODD = (
    "2026-03-05", "2026", "2026-01-01T00:00:01", "99999-01-01", "1.5", "x" * 5000, 1.5, -1, 10**30, "", "male",
)
ANYTHING = st.recursive(
    st.sampled_from(ODD) | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2), max_leaves=4,
)


def test_every_fault_of_a_declaration_is_told_in_vietnamese(catalogue: None) -> None:
    foreign: set[tuple[str, str]] = set()
    for page, model in _pages().items():

        @hypothesis.seed(0)
        @hypothesis.settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(_page_of(model))
        def declare(answers: Any) -> None:
            try:
                TypeAdapter(model).validate_python(answers)
            except ValidationError as error:
                told = problems_of(error, page=page)
                foreign.update((p.field or "", p.message) for p in told if not VIETNAMESE.search(p.message))

        declare()
    assert not foreign


def _pages() -> dict[str, Any]:
    """The model of each page of each kind of declaration."""
    found: dict[str, Any] = {}
    for procedure in Procedure.objects.order_by("pk"):
        handler = procedure.declared_handler
        if handler is not None:
            fields = handler.answers_model(procedure).model_fields
            found |= {f"{handler.code}/{name}": field.annotation for name, field in fields.items()}
    return found


def _page_of(model: Any) -> st.SearchStrategy[Any]:
    """Answers with the page's own fields, right and wrong."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        fields = {name: _page_of(field.annotation) | ANYTHING for name, field in model.model_fields.items()}
        return st.fixed_dictionaries({}, optional=fields)
    return ANYTHING
