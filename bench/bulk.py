"""A province's two years: how fast they are written, and what pages take on them at fifty requests a second.

The load comes whether or not answers do (an open loop): a page that the machine cannot carry shows it in its p95, and
in the rate that it reaches. Everything runs on the same cores: web, database and the asking itself.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from .__main__ import tell
from .house import House
from .pages import stepped_in

DOSSIERS = int(os.environ.get("BENCH_DOSSIERS", "100000"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))
RATE = 50.0
PEOPLE = 48  # who ask in turns; a person may search 200 times in ten minutes
PATIENCE = 60.0  # for answers that come late, once no more is asked; what is not answered by then counts as that late


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: an address, in somebody's session; ``leads_to``: where a whole code is sent on to."""

    address: str
    session: str
    leads_to: str = " "


def measure(built: House) -> None:
    from django.conf import settings

    from tuphap.sample.bulk import fill_bulk

    settings.ALLOWED_HOSTS = ["*"]
    filled = fill_bulk(total=DOSSIERS)
    if filled.dossiers:
        bare = _bare_copy(built)
        tell("bulk.fill", filled.rows / filled.seconds, "rows/s", bare, "rows/s of the log by COPY into a bare table",
             dossiers=filled.dossiers, dossiers_a_second=round(filled.dossiers / filled.seconds),
             seconds=round(filled.seconds, 1),
             bound_by="the database's process: indexes (the search's first of all) and foreign keys")
    pages = _pages()
    with _web() as (address, web):
        load = Load(address, web=web, database=built.cluster.processes)
        frame = load.run(pages.pop("frame"))
        for name, askings in pages.items():
            told = load.run(askings)
            more: dict[str, Any] = {"dossiers": DOSSIERS, "offered": RATE, "achieved": round(told.achieved, 1),
                                    "failed": told.failed, "bound_by": told.bound}
            of = f"a staff page with nothing in it, asked for {RATE:.0f} times a second too"
            tell(f"load.{name}.p50", told.at(50), "ms", frame.at(50), of, **more)
            tell(f"load.{name}.p95", told.at(95), "ms", frame.at(95), of, **more)
            tell(f"load.{name}.rate", told.achieved, "answers/s", frame.achieved, of, **more)


# -- what is asked for


def _pages() -> dict[str, list[Asking]]:
    from django.conf import settings
    from django.urls import reverse

    from tuphap.sample.offices import CHAIRMAN, OFFICER, RECEIVER
    from tuphap.shared.accounts.models import User
    from tuphap.shared.dossiers.models import Dossier

    chance = random.Random(1)  # noqa: S311
    people: list[User] = []
    staff = User.objects.select_related("office__successor").order_by("username")
    for post in (RECEIVER, OFFICER, CHAIRMAN):
        people += staff.filter(username__regex=rf"^{post}\..*\.\d+$")[:PEOPLE // 3]
    director = User.objects.get(username="giamdoc")
    sessions = {user.pk: stepped_in(user).cookies[settings.SESSION_COOKIE_NAME].value for user in (*people, director)}
    asked: dict[str, list[Asking]] = {"frame": [], "worklist": [], "dossier": [], "search": [], "director": []}
    for user in people:
        def ask(what: str, address: str, leads_to: str = " ", user: User = user) -> None:
            asked[what].append(Asking(address, sessions[user.pk], leads_to))

        ask("frame", "/tai-khoan/mat-khau/")
        ask("worklist", reverse("one_stop_shop:worklist"))
        assert user.office is not None  # whoever holds a post
        office = user.office.successor or user.office
        theirs = Dossier.objects.filter(resolving_unit=office).exclude(code=None).order_by("-received_at")
        known = list(theirs.values_list("code", "applicant_name")[:400])
        for code, name in chance.sample(known, min(12, len(known))):
            assert code is not None  # left out above
            ask("dossier", reverse("one_stop_shop:dossier", args=[code]))
            # By a whole name, by its last two words, by the code: as people search.
            words = chance.choice((name, " ".join(name.split()[-2:]), code))
            ask("search", f"{reverse('search:results')}?tu-khoa={words.replace(' ', '+')}", code)
    asked["director"] = [Asking(reverse("direction:dashboard"), sessions[director.pk])]
    for askings in asked.values():
        chance.shuffle(askings)
    return asked


# -- the asking


@dataclass(slots=True)
class Told:
    """What came of a load: how long each answer took since it was due to be asked for, in milliseconds."""

    took: list[float]
    achieved: float
    failed: int  # answered with an error, or not at all
    bound: str

    def at(self, percent: int) -> float:
        return statistics.quantiles(self.took, n=100)[percent - 1]


class Load:
    """Asks a web process at a steady rate and watches who has the CPU meanwhile."""

    def __init__(self, address: str, *, web: Callable[[], list[int]], database: Callable[[], list[int]]) -> None:
        self.address, self.web, self.database = address, web, database

    def run(self, askings: Sequence[Asking]) -> Told:
        """One after another as they are due, in turns, whether the last one was answered or not."""
        before, own = self._spent(), time.process_time()
        start = time.monotonic()
        took, failed, ended = asyncio.run(self._ask(askings))
        wall = ended - start
        after = self._spent()
        share = {name: (after[name] - before[name]) / wall for name in before}
        share["the asking"] = (time.process_time() - own) / wall
        share["others"] = max(0.0, share.pop("all") - sum(share.values()))
        achieved = (len(took) - failed) / wall
        cores = os.cpu_count() or 1
        told = ", ".join(f"{name} {cpu:.2f}" for name, cpu in share.items())
        worst = max(("web", "database", "others"), key=lambda name: share[name])
        by = "nothing: it keeps up" if wall < SECONDS + 1 else f"CPU, most of it of: {worst}"
        return Told(took, achieved, failed, f"{by} (of {cores} cores: {told})")

    async def _ask(self, askings: Sequence[Asking]) -> tuple[list[float], int, float]:
        took: list[float] = []
        failed = 0
        limits = httpx.Limits(max_connections=500, max_keepalive_connections=64)
        async with httpx.AsyncClient(base_url=self.address, limits=limits, timeout=2 * PATIENCE,
                                     trust_env=False) as client:
            start = time.monotonic()

            async def one(number: int, due: float) -> None:
                nonlocal failed
                asking, good = askings[number % len(askings)], False
                try:
                    answer = await client.get(asking.address, headers={"Cookie": f"{_cookie()}={asking.session}"})
                    good = answer.status_code == 200 or asking.leads_to in answer.headers.get("Location", "-")
                finally:
                    failed += not good
                    took.append((time.monotonic() - due) * 1000)

            running = []
            for number in range(int(RATE * SECONDS)):
                due = start + number / RATE
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                running.append(asyncio.create_task(one(number, due)))
            _, late = await asyncio.wait(running, timeout=PATIENCE)
            for waiting in late:
                waiting.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            ended = time.monotonic()
        return took, failed, ended

    def _spent(self) -> dict[str, float]:
        """CPU seconds so far, those of ended children with their parents; ``all``: of the whole machine."""
        a_second = os.sysconf("SC_CLK_TCK")
        told = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        return {"web": sum(map(_ticks, self.web())) / a_second,
                "database": sum(map(_ticks, self.database())) / a_second,
                "all": (sum(told) - told[3] - told[4]) / a_second}


def _ticks(process: int) -> int:
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # a connection's process that ended meanwhile
        return 0
    return sum(map(int, told[11:15]))


def _cookie() -> str:
    from django.conf import settings

    name: str = settings.SESSION_COOKIE_NAME
    return name


@contextmanager
def _web() -> Iterator[tuple[str, Callable[[], list[int]]]]:
    """The platform's own web server, as many processes as it would have; its address, and its processes."""
    from tuphap.runtime.services import web_command

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "TUPHAP_ALLOWED_HOSTS": "*", "PYTHONPATH": "src"}
    server = subprocess.Popen(web_command(port=port, bind="127.0.0.1"), env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{address}/suc-khoe/", trust_env=False).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield address, lambda: [server.pid, *_children(server.pid)]
    finally:
        server.terminate()
        server.wait(timeout=30)


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _bare_copy(built: House) -> float:
    """How many rows of the log a second go through COPY into a table without index, key or check."""
    with psycopg.connect(built.owner_url, autocommit=True) as owner:
        owner.execute("DROP TABLE IF EXISTS bench_copy")
        owner.execute("CREATE TABLE bench_copy AS SELECT * FROM dossiers_event LIMIT 0")
        rows = owner.execute("SELECT * FROM dossiers_event LIMIT 40000").fetchall()
        plain = [tuple(psycopg.types.json.Jsonb(v) if isinstance(v, (dict, list)) else v for v in row) for row in rows]
        start = time.monotonic()
        with owner.cursor() as cursor, cursor.copy("COPY bench_copy FROM STDIN") as copy:
            for row in plain:
                copy.write_row(row)
        took = time.monotonic() - start
        owner.execute("DROP TABLE bench_copy")
    return len(plain) / took
