"""A morning's work, step by step, for the tests of this module."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse
from PIL import Image

from tuphap.modules.one_stop_shop import operations
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.dossiers import testing
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.dossiers.testing import Town, morning

MONDAY = date(2026, 3, 2)


def _picture() -> bytes:
    """A scanned page, as small as one can be."""
    made = io.BytesIO()
    Image.new("L", (8, 8), 255).save(made, "PNG")
    return made.getvalue()


PICTURE = _picture()


@dataclass
class Work:
    """The town and the verbs of its people; each step happens at the instant it is told, ten minutes apart."""

    town: Town

    def file(self, *, procedure: str = testing.RESTARTS, name: str = "Trần Văn An", number: str = "031090000111",
             wish: str = "bình thường", at: datetime = morning(MONDAY), **more: Any) -> Dossier:
        """Received at the desk."""
        page = {"name": name, "personal_number": number, "phone": "0912345678", "wish": wish}
        return operations.file_at_counter(
            procedure_code=procedure, receiving_unit_id=self.town.commune.pk,
            resolving_unit_id=self.town.commune.pk, answers={"request": page}, papers=[{"component": "don"}],
            actor=self.town.who("desk"), at=at, **more,
        )

    def draft_online(self, *, who: str = "lan", procedure: str = testing.RESTARTS,
                     at: datetime = morning(MONDAY, 8)) -> Dossier:
        return operations.start_draft(
            procedure_code=procedure, resolving_unit_id=self.town.commune.pk, actor=self.town.who(who), at=at
        )

    def submit_online(self, *, who: str = "lan", procedure: str = testing.RESTARTS,
                      at: datetime = morning(MONDAY, 8), papers: bool = True) -> Dossier:
        """Sent in by a citizen."""
        dossier = self.draft_online(who=who, procedure=procedure, at=at)
        actor = self.town.who(who)
        operations.save_page(dossier_id=dossier.pk, page="request", actor=actor, at=at,
                             answers={"name": "Nguyễn Thị Lan", "personal_number": "031192000123"})
        if papers:
            self.scan(dossier, who=who, at=at)
        return operations.submit(dossier_id=dossier.pk, actor=actor, at=at)

    def scan(self, dossier: Dossier, *, who: str, at: datetime) -> None:
        operations.attach(dossier_id=dossier.pk, component="don", content=PICTURE, name="don.png",
                          media_type="image/png", actor=self.town.who(who), at=at)

    def receive(self, dossier: Dossier, at: datetime = morning(MONDAY)) -> Dossier:
        return operations.receive(dossier_id=dossier.pk, actor=self.town.who("desk"), at=at)

    def assign(self, dossier: Dossier, to: str = "officer", at: datetime = morning(MONDAY, 9, 10)) -> Dossier:
        return operations.assign(dossier_id=dossier.pk, to_user_id=self.town.people[to].pk,
                                 actor=self.town.who("desk"), at=at)

    def propose(self, dossier: Dossier, at: datetime = morning(MONDAY, 9, 20), who: str = "officer",
                **more: Any) -> Dossier:
        return operations.propose(dossier_id=dossier.pk, actor=self.town.who(who), at=at, **more)

    def approve(self, dossier: Dossier, at: datetime = morning(MONDAY, 9, 30), who: str = "chairman") -> Dossier:
        return operations.approve(dossier_id=dossier.pk, actor=self.town.who(who), at=at)

    def sign(self, dossier: Dossier, at: datetime = morning(MONDAY, 9, 31)) -> Dossier:
        return testing.sign(dossier_id=dossier.pk, at=at, actor=testing.SYSTEM)

    def hand_out(self, dossier: Dossier, at: datetime = morning(MONDAY, 10)) -> Dossier:
        return operations.return_result(dossier_id=dossier.pk, way="tai_quay", actor=self.town.who("desk"), at=at)

    def whole(self, **more: Any) -> Dossier:
        """From the desk to the result handed out, in an hour."""
        dossier = self.file(**more)
        for step in (self.assign, self.propose, self.approve, self.sign, self.hand_out):
            dossier = step(dossier)
        return dossier

    def look(self, dossier: Dossier | UUID) -> Dossier:
        return Dossier.objects.get(pk=dossier.pk if isinstance(dossier, Dossier) else dossier)


def client_of(work: Work, name: str) -> Client:
    """The browser of one of the people, logged in."""
    client = Client()
    force_login(client, work.town.people[name])
    return client


def act(client: Client, dossier: Dossier, action: str, **typed: Any) -> Any:
    """Send one of the forms of the dossier's page."""
    return client.post(reverse("one_stop_shop:act", args=[dossier.pk, action]), typed)


def text_of(response: Any) -> str:
    """What the page says, on one line."""
    return re.sub(r"\s+", " ", response.content.decode())
