from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.harness.homes import cluster_in, throwaway_home

from tuphap.runtime.binaries import Binaries, find_binaries
from tuphap.runtime.home import Home
from tuphap.runtime.postgres import Cluster


@pytest.fixture(params=["machine", "wheel"])
def binaries(request: pytest.FixtureRequest) -> Binaries:
    """PostgreSQL's binaries of both kinds, one after the other."""
    for found in find_binaries():
        if found.kind == request.param:
            return found
    pytest.skip(f"no PostgreSQL of the kind {request.param!r} here")


@pytest.fixture
def home() -> Iterator[Home]:
    with throwaway_home() as made:
        yield made


@pytest.fixture
def cluster(home: Home, binaries: Binaries) -> Iterator[Cluster]:
    """A new cluster, started durably."""
    made = cluster_in(home, binaries)
    made.create()
    made.start()
    yield made
    made.stop()
