"""The whole platform in processes of its own, on a throwaway home: what journeys walk through and crashes hit."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tuphap.runtime import postgres

ROOT = Path(__file__).resolve().parents[2]
START_WAIT = 240.0

# What the command line of each process shows.
MARKS = {
    "web": "tuphap.site.wsgi:application",
    "worker": "tuphap.runtime.worker",
    "signer": "tuphap.runtime.signer",
    "stream": "tuphap.runtime.stream:application",
    "postgres": "postgres",
}


def free_ports(count: int) -> int:
    """The first of ``count`` free ports that follow one another."""
    for _ in range(200):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first: int = probe.getsockname()[1]
        if first + count < 65000 and all(_is_free(first + i) for i in range(count)):
            return first
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass(slots=True)
class Platform:
    """A running sample platform without births: offices, people and keys of ``dense`` communes."""

    dense: int = 2
    home: Path = field(default_factory=lambda: postgres.throwaway_folder() / "home")
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TUPHAP_", "DATABASE_", "DJANGO_", "PYTEST_"))}
        return {
            **kept, "TUPHAP_HOME": str(self.home), "TUPHAP_MODE": "sample", "PORT": str(self.port),
            "PYTHONPATH": str(ROOT / "src"), "TUPHAP_WEB_WORKERS": "2",
            "TUPHAP_API_CALLS_A_MINUTE": "100000",  # a few people of ours do the work of many
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``tuphap`` with these arguments beside the running platform."""
        return subprocess.run(
            [sys.executable, "-m", "tuphap.cli", *arguments], env=self.environment, cwd=ROOT, text=True,
            capture_output=True, timeout=300,
        )

    def start(self) -> None:
        """Start every process and wait for the page; the first start makes the database and the offices."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_ports(4)
        with (self.home.parent / "platform.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tuphap.cli", "run", "--no-sample"], env=self.environment, cwd=ROOT,
                stdout=log, stderr=log, start_new_session=True,
            )
        self.wait_until_open()

    def found(self) -> None:
        """Make offices, people and keys."""
        done = self.command("sample", "--births", "0", "--dense", str(self.dense), "--others", "0")
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def wait_until_open(self, *, within: float = START_WAIT) -> None:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError((self.home.parent / "platform.log").read_text())
            try:
                if httpx.get(f"{self.url}/suc-khoe/", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise RuntimeError("the platform did not open: " + (self.home.parent / "platform.log").read_text()[-2000:])

    def pids(self, what: str) -> list[int]:
        """Processes of this platform of one kind (a key of :data:`MARKS`), eldest first."""
        found: list[int] = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if what == "postgres":
                    ours = "-D " + str(self.home) in line and "/postgres" in line
                else:
                    environment = (entry / "environ").read_bytes().decode(errors="replace")
                    ours = MARKS[what] in line and f"TUPHAP_HOME={self.home}" in environment.split("\0")
            except OSError:
                continue
            if ours:
                found.append(int(entry.name))
        return sorted(found)

    def kill(self, what: str) -> int:
        """``kill -9`` every process of one kind; how many there were."""
        pids = self.pids(what)
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(pids)

    def halt(self) -> None:
        """Stop as Ctrl-C does; :meth:`start` opens the same home again."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process = None

    def stop(self) -> None:
        """Stop as Ctrl-C does, and remove the home."""
        self.halt()
        shutil.rmtree(self.home.parent, ignore_errors=True)
