"""Pages: CPU time of those that are opened all day, beside a page of the same frame that shows nothing.

A page costs the web process and the database: both are told.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from tuphap.sample.offices import OFFICER, RECEIVER
from tuphap.shared.accounts.models import User

from .__main__ import ROUNDS, cpu_ms, tell
from .desk import file_one
from .house import House


def stepped_in(user: User) -> Client:
    """A client in this person's role, by the sample's open door."""
    client = Client()
    client.post(reverse("accounts:step_into", args=[user.pk]))
    return client


def database_ms(work: Callable[[], object], *, rounds: int = 2 * ROUNDS) -> float:
    """Mean CPU time that the database's process of our connection spends on one round of ``work``, in milliseconds.

    A mean over many rounds: the kernel counts it in hundredths of a second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    return process_ms(work, process, rounds=rounds)


def process_ms(work: Callable[[], object], process: int, *, rounds: int = 2 * ROUNDS) -> float:
    """Mean CPU time that another process spends on one round of ``work``, in milliseconds."""
    work()
    before = _ticks(process)
    for _ in range(rounds):
        work()
    return (_ticks(process) - before) * 1000 / os.sysconf("SC_CLK_TCK") / rounds


def _ticks(process: int) -> int:
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(told[11]) + int(told[12])


def measure(built: House) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    desk = built.desks[0]
    dossier_id = file_one(desk)
    director = User.objects.get(username="giamdoc")
    empty = "frame of a staff page, nothing in it"
    for name, user, address in (
        ("page.worklist", desk.people[RECEIVER], reverse("one_stop_shop:worklist")),
        ("page.dossier", desk.people[OFFICER], reverse("one_stop_shop:dossier", args=[dossier_id])),
        ("page.director", director, reverse("direction:dashboard")),
    ):
        client = stepped_in(user)
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")

        def page(client: Client = client, address: str = address) -> object:
            return client.get(address)

        def frame(client: Client = client) -> object:
            return client.get("/tai-khoan/mat-khau/")

        tell(name, cpu_ms(page), "ms CPU", cpu_ms(frame), empty)
        tell(f"{name}.database", database_ms(page), "ms CPU", database_ms(frame), f"{empty}: the database's part")
    client = Client()
    tell("page.procedures", cpu_ms(lambda: client.get("/thu-tuc/?tim=khai+sinh")), "ms CPU",
         cpu_ms(lambda: client.get("/dang-nhap/")), "frame of a public page")
