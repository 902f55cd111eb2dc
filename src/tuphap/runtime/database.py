"""Which database this home uses, and how to have it running for the time of one command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from . import postgres
from .home import Home


@dataclass(frozen=True, slots=True)
class Addresses:
    """The two ways in: as the application, which may not touch what is append-only, and as the owner, who migrates."""

    application: str
    owner: str

    def environment(self, *, owner: bool) -> dict[str, str]:
        """The variables for a process; only one that migrates or backs up is told the owner's address."""
        variables = {"DATABASE_URL": self.application}
        if owner:
            variables["DATABASE_OWNER_URL"] = self.owner
        return variables


def given() -> Addresses | None:
    """The addresses that the environment names, or None where the platform runs a cluster of its own."""
    application = os.environ.get("DATABASE_URL", "")
    if not application:
        return None
    return Addresses(application, os.environ.get("DATABASE_OWNER_URL", "") or application)


def of_cluster(cluster: postgres.Cluster) -> Addresses:
    """The addresses of our own cluster."""
    return Addresses(cluster.url(user=postgres.APPLICATION), cluster.url(user=postgres.OWNER))


@contextmanager
def running(home: Home) -> Iterator[Addresses]:
    """The home's database, running within the block: already, or started for it and stopped after.

    :raises HomeInUse: the supervisor holds the home, but its database does not answer.
    """
    addresses = given()
    if addresses is not None:
        yield addresses
        return
    home.prepare()
    cluster = postgres.cluster_of(home)
    addresses = of_cluster(cluster)
    if cluster.exists() and _answers(addresses.application):
        yield addresses
        return
    with home.held():
        if not cluster.exists():
            cluster.create()
        cluster.start()
        try:
            yield addresses
        finally:
            cluster.stop()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
