"""Both sides misbehave and are killed; in the end they agree, and nothing sent twice was done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tuphap.kernel.clock import now
from tuphap.shared.audit.models import Entry
from tuphap.shared.exchange import operations, queries
from tuphap.shared.exchange.models import Inbound, Lane, Outbound
from tuphap.shared.exchange.rules import Received, Sent

from . import world
from .kinds import EFFECT, HEARD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("exchange-round")]
ROOT = Path(__file__).resolve().parents[4]
STORM = {"lose_request": 0.1, "lose_answer": 0.15, "wrong": "500", "wrong_share": 0.05, "later_share": 0.5,
         "later_ms": 50, "repeat": 1, "reorder": True, "verify_share": 0.1, "refuse_share": 0.1}


@dataclass
class Processes:
    """The worker, the door and the agencies as processes that die by ``kill -9`` and are started again."""

    home: Path
    environment: dict[str, str]
    web_port: int = field(default_factory=world.free_port)
    sim_port: int = field(default_factory=world.free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, name: str) -> None:
        here = "tuphap.shared.exchange.tests.process"
        commands = {
            "worker": [here, "worker"],
            "web": [here, "web", str(self.web_port)],
            "agencies": ["tuphap.runtime.simulators.agencies", "--port", str(self.sim_port), "--home", str(self.home),
                         "--platform", f"http://127.0.0.1:{self.web_port}"],
        }
        with (self.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *commands[name]], env=self.environment, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        with self._lock:
            if name in self.running:
                self.running[name].send_signal(signal.SIGKILL)
                self.running[name].wait()
                self.kills[name] += 1
                self.start(name)

    def stop(self) -> None:
        with self._lock:
            for process in self.running.values():
                process.kill()
                process.wait()
            self.running.clear()

    def wait_until_open(self) -> None:
        for name, port, path in (("agencies", self.sim_port, "/_waiting"), ("web", self.web_port, "/suc-khoe/")):
            deadline = time.monotonic() + 90
            while not _opens(f"http://127.0.0.1:{port}{path}"):
                if time.monotonic() > deadline:
                    raise AssertionError(f"{name} did not open: {(self.home / f'{name}.log').read_text()[-2000:]}")
                time.sleep(0.2)


def _opens(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, verify=False, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def processes(transactional_db: None, country: None, signing_services: Any, settings: Any, tmp_path: Path) -> Any:
    from tuphap.shared.exchange import keys

    home = world.short_folder()
    (home / "trust").symlink_to(signing_services.trust, target_is_directory=True)
    settings.TRUST_FOLDER = signing_services.trust
    keys._own.cache_clear()
    keys.own_fingerprint()
    sim_port = world.free_port()
    address = f"http://127.0.0.1:{sim_port}"
    made = Processes(home, {
        **os.environ, "TUPHAP_HOME": str(home), "TUPHAP_SIGNER_SOCKET": str(signing_services.folder / "signer.sock"),
        "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "", "TUPHAP_LOG_LEVEL": "ERROR",
        **{f"TUPHAP_EXCHANGE_{name}_URL": address
           for name in ("POLICE", "RESIDENCE", "INSURANCE", "PORTAL", "MINISTRY")},
    }, sim_port=sim_port)
    try:
        for name in ("agencies", "web", "worker"):
            made.start(name)
        made.wait_until_open()
        yield made
    finally:
        made.stop()
        world.remove(home)


def _messages(chance: random.Random, number: int) -> list[dict[str, Any]]:
    """So many messages about a fifth as many subjects, in every service; some that will never be taken."""
    unit, made = world.commune().pk, []
    for index in range(number):
        about = f"birth:{chance.randrange(max(number // 5, 1))}"
        act, pin = f"{about}/{index}", f"03132{index:07}"
        kind, body = chance.choice([
            ("police.issue-number", world.number_wanted(act)),
            ("police.correct", world.correction(act)),
            ("residence.register", world.residence_wanted(act, pin)),
            ("insurance.issue-card", {**world.residence_wanted(act, pin), "clinic_code": ""}),
            ("portal.sync-dossier", world.step(act, 1)),
        ])
        if kind == "insurance.issue-card":
            del body["host_number"]
        if chance.random() < 0.02:
            kind, body = "ministry.no-such", {}
        made.append({"kind": kind, "subject": about, "body": body, "unit_id": unit, "dossier_code": f"H31-{index}"})
    return made


def _settled() -> bool:
    return not Outbound.objects.filter(state__in=[Sent.QUEUED, Sent.WAITING]).exclude(
        lane__is_blocked=True).exists()


def play(processes: Processes, *, number: int, kills: int, seed: int, within: float) -> None:
    chance = random.Random(seed)
    sim = world.Sim(f"http://127.0.0.1:{processes.sim_port}", processes.home)
    owner = world.by(world.person("chu", world.department(), "exchange.messages.manage"))
    sim.behave(**STORM)
    messages = _messages(chance, number)
    for first in range(0, number, 50):
        world.send_many(messages=messages[first:first + 50], actor=world.ME, at=now())
    deadline = time.monotonic() + within
    killer = threading.Thread(target=_kill, args=(processes, kills, random.Random(seed + 1)), daemon=True)
    killer.start()
    _tell(sim, number // 5)
    killer.join()
    processes.wait_until_open()
    while time.monotonic() < deadline and Outbound.objects.filter(state=Sent.ANSWERED).count() < number * 0.5:
        time.sleep(0.3)
    sim.behave(later_ms=10)
    for attempt in range(4):  # its owner may send every dead letter again; what is dead for good is given up
        world.wait_until(_settled, within=max(deadline - time.monotonic(), 1))
        dead = list(Outbound.objects.filter(state=Sent.DEAD))
        for letter in dead:
            assert queries.owners_of(letter, at=now())
            if letter.kind == "ministry.no-such" and attempt:
                operations.give_up(message_id=letter.pk, reason="Không có dịch vụ này", actor=owner, at=now())
            else:
                operations.send_again(message_id=letter.pk, actor=owner, at=now())
        if not dead and not Outbound.objects.exclude(state__in=[Sent.ANSWERED, Sent.GIVEN_UP]).exists():
            break
    sim.wait_until_sent("police", within=max(deadline - time.monotonic(), 5))
    world.wait_until(lambda: not Inbound.objects.filter(state=Received.HELD).exists(),
                     within=max(deadline - time.monotonic(), 5))
    compare(sim, number)
    sim.line.close()


def _kill(processes: Processes, kills: int, chance: random.Random) -> None:
    for _ in range(kills):
        time.sleep(chance.uniform(0.5, 2.5))
        processes.kill(chance.choice(["worker", "worker", "agencies", "agencies", "web"]))


def _tell(sim: world.Sim, number: int) -> None:
    """Let the police tell so many things of their own accord; who was killed over it is asked again."""
    for index in range(number):
        news = {"act": f"n{index}", "number": "031326000017"}
        while True:
            try:
                sim.act("police", kind="police.number-news", subject=f"person:{index % max(number // 5, 1)}", body=news)
                break
            except httpx.HTTPError:
                time.sleep(0.1)


def compare(sim: world.Sim, number: int) -> None:
    """Both sides end in the same state."""
    ours = {str(m.pk): m for m in Outbound.objects.all()}
    assert len(ours) == number
    assert Counter(m.state for m in ours.values()).keys() <= {Sent.ANSWERED, Sent.GIVEN_UP}
    assert {m.kind for m in ours.values() if m.state == Sent.GIVEN_UP} <= {"ministry.no-such"}
    effects: dict[str, list[Any]] = defaultdict(list)
    for key, facts in Entry.objects.filter(event=EFFECT).values_list("subject_id", "facts"):
        effects[key].append(facts["answer"])
    theirs: dict[str, Any] = {}
    for agency in ("police", "residence", "insurance", "portal", "ministry"):
        state = sim.state(agency)
        order = defaultdict(list)
        for row in state["received"]:
            theirs[row["id"]] = row
            order[row["subject"]].append(row["sequence"])
        for subject, sequences in order.items():
            assert sequences == sorted(sequences), (agency, subject)
        done = Counter(row["message"] for row in state["done"])
        assert not done or max(done.values()) == 1
    for key, message in ours.items():
        assert len(effects[key]) == (message.state == Sent.ANSWERED), (message.kind, message.state, effects[key])
        if message.state == Sent.ANSWERED:
            said = json.loads(theirs[key]["answer"])
            assert {k: v for k, v in json.loads(message.answer).items() if v} == {k: v for k, v in said.items() if v}
    numbers = [a[0]["number"] for a in effects.values() if a and a[0].get("number")]
    assert len(numbers) == len(set(numbers)) == sum(
        row["what"] == "number" for row in sim.state("police")["done"])
    heard = Entry.objects.filter(event=HEARD).order_by("pk").values_list("facts", flat=True)
    in_order: dict[str, list[int]] = defaultdict(list)
    for fact in heard:
        in_order[fact["about"]].append(fact["sequence"])
    told = [m for m in sim.state("police")["outgoing"] if m["kind"] == "police.number-news"]
    assert len(told) >= number // 5 and {m["state"] for m in told} == {"had"}
    assert sum(map(len, in_order.values())) == len(told)
    for sequences in in_order.values():
        assert sequences == sorted(set(sequences))
    assert not Lane.objects.filter(due_at__isnull=False).exists()
    assert not Lane.objects.filter(is_blocked=True).exists()


def test_messages_and_some_kills(processes: Processes) -> None:
    play(processes, number=40, kills=3, seed=20261125, within=200)
    assert sum(processes.kills.values()) == 3


@pytest.mark.full
@pytest.mark.timeout(3000)
def test_ten_thousand_messages_and_many_kills(processes: Processes) -> None:
    play(processes, number=10_000, kills=60, seed=7, within=2800)
    assert processes.kills["worker"] > 10 and processes.kills["agencies"] > 10 and processes.kills["web"] > 3
