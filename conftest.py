"""The test run's PostgreSQL: a throwaway cluster, migrated once, a copy of it for every test process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import django
import psycopg
import pytest

from tuphap.runtime import postgres

def _start_cluster() -> tuple[postgres.Cluster, str]:
    wanted = os.environ.get("TUPHAP_TEST_POSTGRES", "machine")
    binaries = postgres.find_binaries()
    chosen = next((b for b in binaries if b.kind == wanted), binaries[0])
    folder = postgres.throwaway_folder()
    cluster = postgres.Cluster(folder=folder, binaries=chosen, user="nobody" if os.getuid() == 0 else None)
    cluster.create()
    cluster.start(fsync="off", synchronous_commit="off", full_page_writes="off")
    with psycopg.connect(cluster.url(database="postgres", user="tuphap_owner"), autocommit=True) as owner:
        owner.execute("CREATE ROLE tuphap_app LOGIN")
        owner.execute("CREATE DATABASE tuphap_test OWNER tuphap_owner")
    return cluster, "tuphap_test"


# What every test finds there already, and no test may change for the next one.
SEEDED = ("django_migrations", "django_content_type", "orgs_", "calendar_", "dossiers_procedure", "procrastinate_")


def _empty_as_owner(case: object) -> None:
    """After a test that committed, empty the tables as their owner: the application's role may not."""
    from django.db import connections

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        emptied = [t for t in tables if not t.startswith(SEEDED)] + ["procrastinate_jobs", "procrastinate_events"]
        owner.execute("SET session_replication_role = replica")
        owner.execute(f"TRUNCATE {', '.join(emptied)} RESTART IDENTITY CASCADE")
    for connection in connections.all(initialized_only=True):
        connection.close()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster before Django reads its settings."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tuphap.settings.test"
    os.environ["TUPHAP_MODE"] = "test"
    cluster, database = _start_cluster()
    config._tuphap_cluster = cluster  # type: ignore[attr-defined]
    os.environ["TUPHAP_HOME"] = str(cluster.folder / "home")
    os.environ["DATABASE_URL"] = cluster.url(database=database, user="tuphap_app")
    os.environ["DATABASE_OWNER_URL"] = cluster.url(database=database, user="tuphap_owner")
    django.setup()
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = _empty_as_owner  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    cluster = getattr(config, "_tuphap_cluster", None)
    if cluster is not None:
        cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Migrate as the owner, then give the application's role what it may have, as ``tuphap migrate`` does."""
    from tuphap.runtime.migrate import migrate

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        migrate(verbosity=0)
        yield
