"""A living platform with two staffed offices, and births enough for every test that walks there."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from tests.crash.births import Desk, Maternity, citizen
from tests.crash.inspector import Inspector
from tests.crash.journeys import Team, team
from tests.crash.ledger import Ledger
from tests.harness.platform import Platform
from tests.journeys.town import WARD_CODE

from tuphap.kernel.clock import VIETNAM
from tuphap.runtime.home import Home
from tuphap.runtime.postgres import DATABASE, OWNER, cluster_of
from tuphap.sample.families import Birth

T = TypeVar("T")


@dataclass(slots=True)
class World:
    """The platform, its offices, its births, and the folder in which ledgers are kept."""

    platform: Platform
    maternity: Maternity
    today: date
    inspector: Inspector
    desks: list[Desk] = field(default_factory=list)

    def ledger(self, name: str) -> Ledger:
        return Ledger(self.platform.home.parent / f"{name}.jsonl")

    def births(self, count: int) -> list[Birth]:
        """Births whose declarants the identity provider knows."""
        born = [self.maternity.next() for _ in range(count)]
        place = self.platform.home / "sample" / "citizens.json"
        known = json.loads(place.read_text()) if place.exists() else []
        place.write_text(json.dumps(known + [citizen(birth) for birth in born], ensure_ascii=False))
        return born

    def at_once(
        self, work: Callable[[T, Team], None], items: Iterable[T], *, threads: int, desks: list[Desk] | None = None
    ) -> None:
        """Do the work on every item, in so many threads, each with a team of its own from one of the offices.

        Within an office, every other team has the deputy for its leader. The first failure ends all and is raised.
        """
        chosen = desks or self.desks
        waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
        for item in items:
            waiting.put(item)
        failures: list[BaseException] = []

        def one(number: int) -> None:
            leader = ("chairman", "deputy")[number // len(chosen) % 2]
            try:
                with team(self.platform.url, chosen[number % len(chosen)], leader=leader) as office:
                    while not failures:
                        work(waiting.get_nowait(), office)
            except queue.Empty:
                return
            except BaseException as failure:
                failure.add_note(self.platform.last_words())  # now: the others go on and the logs with them
                failures.append(failure)

        workers = [threading.Thread(target=one, args=(n,), name=f"team {n}") for n in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if failures:
            raise failures[0]


def inspector_of(home: Home) -> Inspector:
    cluster = cluster_of(home)
    return Inspector(cluster.url(database=DATABASE, user=OWNER), home.path / "files")


def world_of(platform: Platform, seed: int) -> World:
    """The offices of a running platform, but for that in which the journeys happen: one of its people is revoked."""
    today = datetime.now(VIETNAM).date()
    world = World(platform, Maternity(seed, today=today), today, inspector_of(Home(platform.home)))
    world.desks = [desk for desk in _desks(world.inspector) if desk.commune != WARD_CODE]
    assert len(world.desks) > 1
    return world


def _desks(inspector: Inspector) -> list[Desk]:
    """The offices that have people of their own, with those who work there now."""
    people = {row["username"].split(".")[0] + row["code"]: str(row["id"]) for row in inspector.rows(
        "SELECT id, username, split_part(username, '.', 3) AS code FROM accounts_user WHERE username LIKE 'chutich.%%'"
        " OR username LIKE 'phochutich.%%' OR username LIKE 'hotich.%%' OR username LIKE 'tiepnhan.%%'"
    )}
    offices = inspector.rows(
        "SELECT o.id, o.code, a.code AS commune, a.name || ', ' || p.name AS place FROM orgs_orgunit o"
        " JOIN orgs_adminunit a ON a.id = o.admin_unit_id JOIN orgs_adminunit p ON p.id = a.parent_id"
        " WHERE o.kind = 'ubnd_xa' AND o.valid_to IS NULL AND a.code = ANY(%s) ORDER BY o.code",
        [key.removeprefix("chutich") for key in people if key.startswith("chutich")],
    )
    return [
        Desk(
            unit=row["code"], unit_id=row["id"], commune=row["commune"], place=row["place"],
            receiver=people["tiepnhan" + row["commune"]], officer=people["hotich" + row["commune"]],
            chairman=people["chutich" + row["commune"]], deputy=people["phochutich" + row["commune"]],
        )
        for row in offices
    ]
