"""Pages: CPU time of those that are opened all day, beside a page of the same frame that shows nothing."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tuphap.sample.offices import OFFICER, RECEIVER
from tuphap.shared.accounts.models import User

from .__main__ import cpu_ms, tell
from .desk import file_one
from .house import House


def stepped_in(user: User) -> Client:
    """A client in this person's role, by the sample's open door."""
    client = Client()
    client.post(reverse("accounts:step_into", args=[user.pk]))
    return client


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
        frame = cpu_ms(lambda client=client: client.get("/tai-khoan/mat-khau/"))  # type: ignore[misc]
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        tell(name, cpu_ms(lambda client=client, address=address: client.get(address)), "ms CPU",  # type: ignore[misc]
             frame, empty)
    client = Client()
    tell("page.procedures", cpu_ms(lambda: client.get("/thu-tuc/?tim=khai+sinh")), "ms CPU",
         cpu_ms(lambda: client.get("/dang-nhap/")), "frame of a public page")
