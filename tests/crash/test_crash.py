"""The whole platform, killed at random while people work: what was acknowledged is there, once, and nothing is lost."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from contextlib import closing

import psycopg
import pytest
from tests.crash.inspector import broken_links
from tests.crash.journeys import STEPS, Team, Walk, birth_at_the_counter, birth_by_citizen
from tests.crash.killer import VICTIMS, Killer, kill
from tests.crash.ledger import Ledger
from tests.crash.world import World, inspector_of
from tests.harness.platform import PROCESSES, Platform

from tuphap.runtime.home import Home
from tuphap.runtime.postgres import APPLICATION, DURABLE, cluster_of
from tuphap.sample.families import Birth

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("platform")]

JOBS_END_WITHIN = 60.0  # a killed worker's job waits 15 s for its heartbeat


def walk_births(world: World, ledger: Ledger, count: int, *, threads: int) -> None:
    """So many births from declaration to return; every one of them comes to its end."""

    def one(birth: Birth, office: Team) -> None:
        birth_by_citizen(birth, office, ledger, today=world.today, copies=birth.copies)

    world.at_once(one, world.births(count), threads=threads)


def expect_whole(world: World, ledger: Ledger) -> None:
    """Jobs end; every acknowledged step is there once; numbers run without gap; papers are signed; the log is whole."""
    inspector = world.inspector
    left = inspector.jobs_left(within=JOBS_END_WITHIN)
    assert not left, "\n".join([*left, world.platform.last_words()])
    assert not inspector.lost_or_doubled(ledger.lines())
    assert not inspector.inconsistencies()
    assert not inspector.unlinked(within=JOBS_END_WITHIN), world.platform.last_words()
    assert not broken_links(world.platform.home / "keys" / "signer" / "signed.log")
    world.platform.command("audit", "verify")


@pytest.mark.parametrize(
    ("journeys", "threads", "longest"),
    [pytest.param(14, 14, 4.0, id="14"),
     pytest.param(200, 10, 8.0, id="200", marks=[pytest.mark.full, pytest.mark.timeout(1800)])],
)
def test_everything_acknowledged_survives_kill_9(
    world: World, seed: int, journeys: int, threads: int, longest: float
) -> None:
    ledger = world.ledger(f"killed-{journeys}")
    began = time.monotonic()
    with Killer(world.platform, seed, longest) as killer:
        walk_births(world, ledger, journeys, threads=threads)
    sys.stdout.write(f"{journeys} journeys in {time.monotonic() - began:.0f} s, killed {dict(killer.killed)}\n")
    assert set(killer.killed) == set(VICTIMS), "everything was killed while people worked"
    assert Counter(line["step"] for line in ledger.lines()) == dict.fromkeys(STEPS, journeys)
    world.platform.wait_until_open()
    expect_whole(world, ledger)
    for paper in world.inspector.some_signed(2):
        world.platform.command("verify", str(paper))


def test_the_cluster_answers_only_when_its_disk_has(world: World) -> None:
    cluster = cluster_of(Home(world.platform.home))
    for role in cluster.passwords:
        with psycopg.connect(cluster.url(user=role)) as connection:
            for name in (*DURABLE, "data_checksums"):
                assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == ("on",), (role, name)
    with psycopg.connect(cluster.url(user=APPLICATION)) as connection:
        assert connection.execute("SELECT setconfig FROM pg_db_role_setting").fetchall() == []


@pytest.mark.full  # in every run: civil_status/tests/test_concurrency.py, fifty threads and a signer that fails
def test_fifty_approvals_and_signings_at_once_while_the_signer_dies(world: World, seed: int) -> None:
    chance = random.Random(seed)
    desk = world.desks[0]
    ledger = world.ledger("fifty")
    prepared: list[Walk] = []

    def prepare(birth: Birth, office: Team) -> None:
        copies = 1 if birth.copies == 1 else 0
        prepared.append(birth_at_the_counter(birth, office, ledger, today=world.today, copies=copies))

    world.at_once(prepare, world.births(50), threads=6, desks=[desk])
    (before,) = world.inspector.values("SELECT count(*) FROM civil_status_act WHERE unit_id = %s", desk.unit_id)
    finished = threading.Event()
    killed: list[bool] = []

    def kill_the_signer() -> None:
        while not finished.wait(chance.uniform(0.3, 3.0)):
            killed.append(kill(world.platform, "signer", chance))

    murderer = threading.Thread(target=kill_the_signer)
    murderer.start()
    try:
        world.at_once(lambda walk, office: walk.move("approve", office.chairman), prepared, threads=16, desks=[desk])
        time.sleep(5)  # the signings go on
    finally:
        finished.set()
        murderer.join()
    assert killed.count(True) > 1
    expect_whole(world, ledger)
    query = "SELECT number, state FROM civil_status_act WHERE unit_id = %s ORDER BY 1"
    acts = world.inspector.rows(query, desk.unit_id)
    assert [act["number"] for act in acts] == list(range(1, before + 51))
    assert {act["state"] for act in acts} == {"registered"}
    (ready,) = world.inspector.values(
        "SELECT count(*) FROM dossiers_dossier WHERE id = ANY(%s::uuid[]) AND state = 'result_ready'",
        [walk.dossier for walk in prepared],
    )
    assert ready == 50


@pytest.mark.full  # in every run: runtime/test_backup.py, where one program writes without pause
def test_a_backup_taken_while_people_work_is_whole_elsewhere(world: World) -> None:
    ledger = world.ledger("backup")
    failures: list[BaseException] = []

    def work() -> None:
        try:
            walk_births(world, ledger, 8, threads=4)
        except BaseException as failure:
            failures.append(failure)

    people = threading.Thread(target=work)
    people.start()
    to = world.platform.home.parent / "backup"
    try:
        deadline = time.monotonic() + 120
        while len(ledger.lines()) < 25 and people.is_alive() and time.monotonic() < deadline:
            time.sleep(0.1)
        before = ledger.lines()
        world.platform.command("backup", str(to))
        after = len(ledger.lines())
    finally:
        people.join()
    assert not failures, failures
    assert after > len(before), "people went on working while it was made"

    elsewhere = Platform(home=world.platform.home.parent / "elsewhere")
    elsewhere.command("restore", str(to))
    elsewhere.command("audit", "verify")
    cluster = cluster_of(Home(elsewhere.home))
    cluster.start()
    try:
        with closing(inspector_of(Home(elsewhere.home))) as there:
            assert not there.lost_or_doubled(before)
            assert not list(there.steps())
            assert not list(there.damaged_files())
            for paper in there.some_signed(1):
                elsewhere.command("verify", str(paper))
    finally:
        cluster.stop()


@pytest.mark.full  # in every run: the first test above, and test_platform.py
def test_every_killed_process_comes_back_and_a_warm_home_opens_with_its_data(world: World, seed: int) -> None:
    chance = random.Random(seed)
    ledger = world.ledger("back")
    walk_births(world, ledger, 1, threads=1)
    for what in PROCESSES:
        gone = world.platform.pid(what)
        assert kill(world.platform, what, chance)
        world.platform.wait_back(what, gone)
    walk_births(world, ledger, 1, threads=1)
    world.platform.halt()
    assert not any(world.platform.pids(what) for what in PROCESSES)
    world.platform.start()
    walk_births(world, ledger, 1, threads=1)
    expect_whole(world, ledger)
