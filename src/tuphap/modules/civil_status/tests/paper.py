"""Entries of old books for tests: a birth, a marriage, a death as books of 1998 have them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tuphap.modules.civil_status.events.targets import in_full
from tuphap.modules.civil_status.models import Act, OldEntry
from tuphap.modules.civil_status.old_books import operations
from tuphap.modules.civil_status.old_books import rules as old
from tuphap.modules.civil_status.old_books.declare import LINE
from tuphap.modules.one_stop_shop.tests.steps import PICTURE
from tuphap.shared.orgs.models import OrgUnit

from .world import AT, World

LATER = AT + timedelta(days=2)
Places = dict[str, dict[str, dict[str, str]]]
NOTHING, UNREAD = {"standing": "not_stated"}, {"standing": "illegible"}


def raw(text: str, value: str = "") -> dict[str, str]:
    return {"raw": text, "value": value, "standing": "given"}


SIGNED = {"page": raw("23"), "signer_name": raw("Trần Văn Chủ"), "signer_title": raw("Chủ tịch")}


def grown(name: str, born: str, **more: dict[str, str]) -> dict[str, dict[str, str]]:
    """A person as books of those days tell them: many places are empty."""
    blank = dict.fromkeys(("ethnicity", "nationality", "personal_number", "id_paper", "times", "sex"), NOTHING)
    return {**blank, "name": raw(name), "born_on": raw(born), "residence": raw("Thôn Đoài, xã An Hồng"), **more}


BIRTH: Places = {
    LINE: SIGNED,
    "child": {"name": raw("NGUYỄN VĂN LÂM"), "born_on": raw("5-3-1998"), "sex": raw("trai"), "ethnicity": NOTHING,
              "nationality": UNREAD, "personal_number": NOTHING},
    "event": {"place": raw("Trạm xá xã"), "native_place": NOTHING},
    "mother": grown("Trần Thị Hoa", "năm Ất Mão", born_on=raw("năm Ất Mão", "1975")), "father": {},
    "declarant": {"name": raw("Trần Thị Hoa"), "relation": raw("mẹ"), "residence": NOTHING, "id_paper": NOTHING},
}
WEDDING: Places = {
    LINE: SIGNED, "husband": grown("Bùi Văn Cũ", "1970"), "wife": grown("Lê Thị Hồng", "05/04/1999"),
}
DYING: Places = {
    LINE: {"page": NOTHING, "signer_name": UNREAD, "signer_title": NOTHING},
    "deceased": grown("Bùi Văn Cũ", "1970", sex=raw("Nam")),
    "event": {"died_on": raw("01/02/2001"), "died_at": NOTHING, "place": raw("tại nhà"), "cause": UNREAD,
              "proof": NOTHING},
    "declarant": {},
}
WHAT = {"birth": BIRTH, "marriage": WEDDING, "death": DYING}


def office_then(world: World) -> OrgUnit:
    """The office before the reform whose place ``here`` took."""
    return OrgUnit.objects.filter(successor=world.here, kind="ubnd_xa").order_by("code")[0]


def line(world: World, **more: Any) -> old.Line:
    whole = old.Line(office_then(world).name, False, 1998, "01", "15", date(1998, 3, 20))
    return replace(whole, **more)


def begun(world: World, what: str = "birth", *, unit: OrgUnit | None = None, **more: Any) -> OldEntry:
    return operations.start(
        what=f"civil_status.{what}", unit_id=(unit or office_then(world)).pk, line=line(world, **more),
        scan=operations.Scan(PICTURE, "trang-23.png", "image/png"), actor=world.who("officer"), at=AT)


def transcribed(world: World, what: str = "birth", parts: Places | None = None, **more: Any) -> OldEntry:
    entry = begun(world, what, **more)
    for code, places in {**WHAT[what], **(parts or {})}.items():
        entry = operations.write_part(
            entry_id=entry.pk, part=code, places=deepcopy(places), actor=world.who("officer"), at=AT)
    return entry


def proposed(world: World, what: str = "birth", parts: Places | None = None, *, why: dict[str, str] | None = None,
             notes: list[dict[str, str]] | None = None, **more: Any) -> OldEntry:
    entry = transcribed(world, what, parts, **more)
    if notes:
        operations.write_notes(entry_id=entry.pk, notes=notes, actor=world.who("officer"), at=AT)
    return operations.propose(entry_id=entry.pk, actor=world.who("officer"), at=AT, **(why or {}))


def confirmed(world: World, entry: OldEntry, *, by: str = "chairman") -> Act:
    act = operations.confirm(entry_id=entry.pk, compared=True, actor=world.who(by), at=LATER)
    return in_full(act)


def entered(world: World, what: str = "birth", parts: Places | None = None, **more: Any) -> Act:
    return confirmed(world, proposed(world, what, parts, **more))
