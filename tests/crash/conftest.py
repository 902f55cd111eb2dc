from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from random import SystemRandom

import pytest
from tests.crash.world import World, world_of
from tests.harness.platform import Platform


@pytest.fixture(scope="module")
def seed() -> int:
    """What is drawn by lot is drawn from this; ``TUPHAP_CRASH_SEED`` draws the same again."""
    drawn = int(os.environ.get("TUPHAP_CRASH_SEED", "") or SystemRandom().randrange(10**6))
    sys.stdout.write(f"TUPHAP_CRASH_SEED={drawn}\n")
    return drawn


@pytest.fixture(scope="module")
def world(platform: Platform, seed: int) -> Iterator[World]:
    made = world_of(platform, seed)
    with closing(made.inspector):
        yield made
