"""A birth from the resident's first words to the bank's counter, through every role, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from . import resident
from .town import pages

if TYPE_CHECKING:
    from .town import Town
    from .visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), pytest.mark.xdist_group("platform")]


def test_a_birth_from_declaration_to_the_bank(visit: Callable[..., Visitor], town: Town) -> None:
    birth = town.birth()
    typed = pages(birth)
    father = visit("cong-dan")
    resident.find_procedure(father)
    resident.log_in(father, birth.father)
    resident.begin(father)
    resident.declare(father, typed, with_a_mistake=True)
    resident.attach(father)
    resident.send(father, typed)
