"""A house to measure in: a durable throwaway cluster, two communes' offices, signer and authorities in threads."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tuphap.runtime import postgres
from tuphap.runtime.process import ordinary_user

if TYPE_CHECKING:
    from tuphap.sample.offices import Desk


@dataclass(frozen=True, slots=True)
class House:
    """What a measurement finds: two desks with people and keys, and the addresses of the database."""

    desks: list[Desk]
    application_url: str
    owner_url: str
    cluster: postgres.Cluster


@contextmanager
def house() -> Iterator[House]:
    """Build the house, let the measurements run in it, take it down."""
    folder = postgres.throwaway_folder()
    binaries, user = postgres.find_binaries()[0], ordinary_user()
    if user and not postgres.is_reachable(binaries.folder):
        binaries = postgres.copy_for_others(binaries, folder / "binaries")
    cluster = postgres.Cluster(
        folder=folder / "postgres", binaries=binaries, user=user,
        passwords={postgres.OWNER: "owner", postgres.APPLICATION: "application"},
    )
    cluster.create()
    cluster.start(max_connections="100")  # everything durable, as in earnest
    try:
        cluster.prepare()
        urls = {
            "DATABASE_URL": cluster.url(user=postgres.APPLICATION),
            "DATABASE_OWNER_URL": cluster.url(user=postgres.OWNER)
        }
        os.environ.update(
            urls, TUPHAP_HOME=str(folder / "home"), TUPHAP_MODE="sample",
            DJANGO_SETTINGS_MODULE="tuphap.settings.sample", TUPHAP_LOG_LEVEL="WARNING",
        )
        with _furnished(folder) as desks:
            yield House(desks, urls["DATABASE_URL"], urls["DATABASE_OWNER_URL"], cluster)
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _furnished(folder: Path) -> Iterator[list[Desk]]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tuphap.runtime.migrate import migrate
    from tuphap.runtime.seed import seed
    from tuphap.runtime.testing import running

    (folder / "home" / "state").mkdir(parents=True)
    migrate(verbosity=0)
    seed()
    call_command("collectstatic", interactive=False, verbosity=0)
    with running():
        from tuphap.sample.fill import found

        try:
            yield list(found(dense=2, others=0).values())
        finally:
            connections.close_all()
