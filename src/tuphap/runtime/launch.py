"""``tuphap run`` and ``tuphap serve``: bring everything up in the right order, and keep it up."""

from __future__ import annotations

import json
import os
import socket
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tuphap.site import progress as sample_progress

from . import database, postgres
from .home import Home
from .services import (
    Service,
    common_environment,
    is_there,
    platform_services,
    python,
    sample_filler,
)
from .supervisor import Supervisor

PAGE_WAIT = 90.0


class PortTaken(RuntimeError):
    """Another program listens where we should."""


def launch(*, mode: str, port: int, bind: str, sample: bool, console: Console | None = None) -> None:
    """Run the platform until Ctrl-C or a polite kill.

    :param mode: ``sample`` or ``production``; simulators and sample exist in the first alone.
    :raises HomeInUse: another instance runs on this home.
    :raises PortTaken: a port is not free.
    :raises ClusterTrouble: PostgreSQL does not start.
    """
    console = console or Console(highlight=False)
    home = Home.from_environment()
    home.prepare()
    in_sample = mode == "sample"
    with home.held():
        for wanted in range(port, port + 6) if in_sample else (port, port + 3):
            _require_free(bind, wanted)
        if not os.environ.get("TUPHAP_SECRET_KEY"):
            home.secret("secret-key")
        supervisor = _with_database(home, mode=mode, port=port, console=console)
        try:
            _run(supervisor, home, port=port, bind=bind, in_sample=in_sample, sample=sample, console=console)
        finally:
            supervisor.stop()
            console.print("Đã dừng. Dữ liệu được giữ tại", str(home.path))


def _with_database(home: Home, *, mode: str, port: int, console: Console) -> Supervisor:
    """The supervisor, with our own cluster running unless the environment names a database."""
    cluster = None
    if database.given() is None:
        cluster = postgres.cluster_of(home)
        if not cluster.exists():
            console.print(f"Tạo cơ sở dữ liệu PostgreSQL {cluster.binaries.major}…")
            cluster.create()
        cluster.start()
    supervisor = Supervisor(
        home, environment=common_environment(home, mode=mode, port=port), cluster=cluster,
        say=lambda text: console.print(f"[yellow]{text}[/yellow]"), log_to_files=mode == "sample",
    )
    supervisor.listen()
    return supervisor


def _run(
    supervisor: Supervisor, home: Home, *, port: int, bind: str, in_sample: bool, sample: bool, console: Console
) -> None:
    addresses = database.given() or database.of_cluster(postgres.cluster_of(home))
    ready = Service("prepare", python("tuphap.runtime.prepare"), addresses.environment(owner=True))
    roles = json.loads(supervisor.run_once(ready).strip().splitlines()[-1])
    filled = in_sample and sample and is_there("tuphap.sample")
    if filled and sample_progress.read(home.path) is None:  # told before the worker looks, see worker.queues_now
        sample_progress.report(home.path, sample_progress.Progress(done=0, total=1, what="Chuẩn bị tỉnh mẫu"))
    for service in platform_services(home, addresses, port=port, bind=bind, in_sample=in_sample):
        supervisor.add(service)
    _wait_for_page(supervisor, port)
    if supervisor.stopping:
        return
    url = os.environ.get("TUPHAP_PUBLIC_URL", f"http://localhost:{port}")
    console.print(f"\n[bold]Tư Pháp Số[/bold]   {url}")
    if in_sample:
        console.print(f"Thử các vai:   {url}/thu-vai/")
        for title in ("Công dân", *roles):
            console.print(f"  · {title}")
    console.print("Dừng: Ctrl-C\n")
    if not filled:
        supervisor.run()
        return
    supervisor.add(sample_filler(addresses))
    with _bar(console) as bar:
        task = bar.add_task("Nạp tỉnh mẫu", total=100)

        def show() -> None:
            if bar.finished or (not bar.live.is_started and console.is_terminal):
                return
            kept = sample_progress.read(home.path)
            if supervisor.is_finished("sample"):
                bar.update(task, completed=100, description="Tỉnh mẫu đã đầy đủ")
                bar.stop()
            elif kept is not None:
                bar.update(task, completed=kept.percent, description=kept.what)

        supervisor.run(show)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn(),
        console=console, refresh_per_second=4,
    )


def _wait_for_page(supervisor: Supervisor, port: int) -> None:
    """Return when the page opens, or somebody asks us to stop.

    :raises RuntimeError: it does not open in time.
    """
    deadline = time.monotonic() + PAGE_WAIT
    while not supervisor.stopping:
        supervisor.step()
        if _opens(port):
            return
        if time.monotonic() > deadline:
            raise RuntimeError("trang không mở được; xem log/web.log")
        time.sleep(0.1)


def _opens(port: int) -> bool:
    # By the name under which people come: a production knows no other.
    host = urlsplit(os.environ.get("TUPHAP_PUBLIC_URL", "")).netloc or f"localhost:{port}"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/suc-khoe/", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=3) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code == 400  # a name that TUPHAP_ALLOWED_HOSTS does not hold; it is up all the same, and logs why
    except OSError:
        return False


def _require_free(bind: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as taken:
            raise PortTaken(f"Cổng {port} đang được dùng; đặt PORT khác, ví dụ PORT=8100 make run") from taken
