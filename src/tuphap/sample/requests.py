"""Requests of residents for somebody else: a parent for a child, a sister for a mother, a neighbour by authority.

Each is about a birth of the stories, in its commune: its native place is corrected, or copies of its extract are asked
for. The first takes the child's birth certificate from the store of results. Done again, each step finds what was done
before by its key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import VIETNAM, localdate, standing_at
from tuphap.kernel.refusal import Conflict
from tuphap.modules.civil_status.models import BirthAct, Party
from tuphap.modules.civil_status.rules import ActState, PartyRole
from tuphap.modules.one_stop_shop import operations as desk
from tuphap.modules.one_stop_shop.looks import queries as looks
from tuphap.modules.one_stop_shop.store import operations as store
from tuphap.modules.one_stop_shop.store import queries as stored
from tuphap.shared.accounts import operations as accounts
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.api import Once
from tuphap.shared.orgs import api as orgs

from . import declarations, events, paying
from .families import Families, Person
from .offices import CHAIRMAN, DENSE, OFFICER, RECEIVER, WITHOUT_CERTIFICATE, Desk, actor_of
from .stories import Act, Happening, Story
from .walk import patiently

CHANGE, EXTRACT = "1.004859", "2.000635"
SEED = 311
EVERY = 4  # working days from one to the next, or as many as are left where there are more of them
POSTED = 9  # of the last of them, every other one goes by post and waits for the postman
STEPS = (  # what is done when, from the morning of its day
    ("file", time(8, 20)), ("receive", time(8, 50)), ("prepare", time(9, 40)), ("approve", time(14, 10)),
    ("return", time(15, 0)),
)  # fmt: skip
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Request:
    """One of them: who files for whom, where, and which dossier it became."""

    number: int
    commune: str
    desk: Desk
    filer: Person
    representation: dict[str, Any]
    code: str
    day: date
    story: Story  # of the birth that it is about
    dossier: UUID | None = None
    citizen: Actor | None = field(default=None)

    @property
    def by_post(self) -> bool:
        return self.number < POSTED and self.number % 2 == 1

    def once(self, what: str) -> Once:
        return Once(f"sample-request-{self.number}-{what}")


def happenings(desks: dict[str, Desk], told: list[Story], *, until: datetime, how_many: int) -> list[Happening]:
    """What happens in these requests before ``until``, each step at its instant; nothing where no births are told."""
    return [
        Happening(at, _doing(request, what), request.commune)
        for request in _requests(desks, told, until=until, how_many=how_many)
        for what, clock in STEPS if (at := _at(request, clock)) <= until
    ]


def _at(request: Request, clock: time) -> datetime:
    """Not all of a day at one minute."""
    return datetime.combine(request.day, clock, tzinfo=VIETNAM) + timedelta(minutes=request.number // POSTED % 8)


def _doing(request: Request, what: str) -> Callable[[Any, datetime], None]:
    def do(filling: Any, at: datetime) -> None:
        try:
            if request.dossier is None:  # filed now, or found again where the filler was killed since
                filed = _at(request, STEPS[0][1])
                with standing_at(filed):
                    patiently(_file, request, filed)
            if what != "file" and request.dossier is not None:  # else the birth was never registered
                patiently(_VERBS[what], request, at)
        except Conflict as gone_on:  # an earlier run was there first
            log.info("request %s, %s: %s", request.number, what, gone_on.code)

    return do


def _requests(desks: dict[str, Desk], told: list[Story], *, until: datetime, how_many: int) -> list[Request]:
    communes = [code for code in DENSE if code in desks and code != WITHOUT_CERTIFICATE]
    if not told or not communes or not how_many:
        return []
    families = Families(SEED, first=5000 if len(told) <= 2000 else 90_000)
    closed = [
        (localdate(s.steps[-1].at), s) for s in told
        if s.steps[-1].act in (Act.CLOSE, Act.RATE) and s.commune in communes and not s.home
    ]
    days, found = _working_days(until), []
    every, changed = min(EVERY, len(days) / how_many), set[int]()
    for number in range(how_many):
        day = days[min(int(number * every), len(days) - 1)]
        earlier = [s for ended, s in closed if ended < day - timedelta(days=2) and s.number not in changed]
        if earlier:  # an act is asked for once it is registered
            found.append(_request(number, day, desks, families, earlier))
            if found[-1].code == CHANGE:
                changed.add(found[-1].story.number)
    return found


def _working_days(until: datetime) -> list[date]:
    """From the last one back to the reform."""
    days, day, found = calendar.working_calendar(), localdate(until), []
    while day >= orgs.REFORM:
        if days.is_working_day(day):
            found.append(day)
        day -= timedelta(days=1)
    return found


def _request(number: int, day: date, desks: dict[str, Desk], families: Families, earlier: list[Story]) -> Request:
    story = earlier[-1 - number % len(earlier)]
    commune = story.commune
    if number % 3 == 0:
        filer, birth = declarations.declarant(story.birth), story.birth
        child = {
            "ground": "parent", "name": birth.child_name, "born_on": birth.born_on.isoformat(),
            "kinship": "father" if filer is birth.father else "mother",
        }
        return Request(number, commune, desks[commune], filer, child, CHANGE, day, story)
    filer, other = families.adult("nu", day, 34), story.birth.mother
    written = day - timedelta(days=3)
    plain = number % 3 == 1
    paper = {
        "writing": "plain" if plain else "certified", "number": "" if plain else f"{140 + number}/{written.year}",
        "issued_on": written.isoformat(), "issuer": "" if plain else desks[commune].now.name,
    }
    told: dict[str, Any] = {
        "ground": "authorised", "name": other.name, "personal_number": other.personal_number,
        "kinship": "sibling" if plain else "other", "authorisation": paper,
    }
    return Request(number, commune, desks[commune], filer, told, EXTRACT, day, story)


# -- the steps


def _file(request: Request, at: datetime) -> None:
    birth, office = _birth_of(request), request.desk.office(localdate(at))
    if birth is None:
        return
    actor = _citizen(request.filer, at)
    draft = desk.start_draft(
        procedure_code=request.code, resolving_unit_id=office.pk, actor=actor, at=at, once=request.once("draft")
    )
    request.dossier, request.citizen = draft.pk, actor
    if draft.state == "draft":
        _send(request, draft, birth, actor, at)
    sent = Dossier.objects.get(pk=draft.pk)
    if fees.owed(sent):
        paying.pay_online(sent, actor=actor, number=f"FT{request.once('fee').key}", at=at + timedelta(minutes=2))


def _send(request: Request, draft: Dossier, birth: BirthAct, actor: Actor, at: datetime) -> None:
    """Page by page, with what must be there, and off."""
    home = declarations.address(
        request.desk.office(localdate(at)).admin_unit, f"Số {7 + request.number}, ngõ 12", localdate(at))
    for page, answers in _answers(request, birth, home, localdate(at)).items():
        desk.save_page(dossier_id=draft.pk, page=page, answers=answers, actor=actor, at=at)
    desk.represent(dossier_id=draft.pk, representation=request.representation, actor=actor, at=at)
    whole = Dossier.objects.get(pk=draft.pk)
    attached = set(whole.attachments.values_list("component", flat=True))
    for component in whole.components:
        if component["mandatory"] and not component["replaced_by_database"] and component["code"] not in attached:
            _attach(request, whole, component, actor, at)
    by_post = {"name": request.filer.name, "phone": request.filer.phone, "address": home}
    desk.submit(
        dossier_id=draft.pk, actor=actor, at=at, once=request.once("submit"),
        **({"result_way": "buu_chinh", "post_to": by_post} if request.by_post else {"result_way": "truc_tuyen"}),
    )


def _attach(request: Request, dossier: Dossier, component: dict[str, Any], actor: Actor, at: datetime) -> None:
    """A result of before where the store has one for it, else a scan."""
    usable = stored.usable(actor, at) if component["code"] == "chung_minh_thay_doi" else []
    if usable:
        store.attach_result(dossier_id=dossier.pk, component=component["code"], document_id=usable[0].document.pk,
                            actor=actor, at=at)
        return
    desk.attach(
        dossier_id=dossier.pk, component=component["code"], content=declarations.paper(component["name"]),
        name=f"{component['code'].replace('_', '-')}.pdf", media_type="application/pdf", actor=actor, at=at,
    )


def _answers(request: Request, birth: BirthAct, home: dict[str, Any], on: date) -> dict[str, dict[str, Any]]:
    filer = request.filer
    told: dict[str, Any] = {
        "target": {
            "book": "KS", "number": birth.display_number, "name": birth.child.name,
            "office": declarations.address(request.desk.office(on).admin_unit, "", on),
        },
        "requester": {
            "name": filer.name, "personal_number": filer.personal_number, "phone": filer.phone, "residence": home,
            "relation": "parent" if request.code == CHANGE else "proxy",
        },
    }
    if request.code == EXTRACT:
        return {**told, "request": {"copies": 2, "purpose": "nộp hồ sơ nhập học"}}
    return {**told, "what": {
        "kind": "correction", "field_1": "child.native_place", "value_1": f"Thôn Đông, {birth.native_place}",
        "ground": "Ghi thiếu thôn, xóm khi đăng ký.", "proof": "Giấy khai sinh của cha", "parents_agree": True,
    }}


def _birth_of(request: Request) -> BirthAct | None:
    """What the story of the birth came to; None where it came to nothing."""
    birth = request.story.birth
    return BirthAct.objects.filter(
        state=ActState.REGISTERED, born_on=birth.born_on.isoformat(),
        parties__in=Party.objects.filter(role=PartyRole.CHILD, name=birth.child_name),
    ).select_related("unit__admin_unit").order_by("created_at").first()


def _receive(request: Request, at: datetime) -> None:
    receiver = request.desk.actor(RECEIVER)
    _look(request, receiver, at)
    desk.receive(dossier_id=_dossier(request), actor=receiver, at=at, once=request.once("receive"))
    desk.assign(dossier_id=_dossier(request), to_user_id=request.desk.people[OFFICER].pk, actor=receiver,
                at=at + timedelta(minutes=5), once=request.once("assign"))


def _prepare(request: Request, at: datetime) -> None:
    officer = request.desk.actor(OFFICER)
    if Dossier.objects.get(pk=_dossier(request)).state not in ("assigned", "in_process"):
        return
    _look(request, officer, at)
    dossier = Dossier.objects.get(pk=_dossier(request))
    found = dossier.handler.find(dossier, actor=officer, at=at)
    desk.propose(
        dossier_id=dossier.pk, actor=officer, at=at + timedelta(minutes=4), once=request.once("propose"),
        acknowledged={f.code: "Đã đối chiếu bản chính văn bản, giấy tờ; đúng thẩm quyền." for f in found},
    )


def _look(request: Request, actor: Actor, at: datetime) -> None:
    looks.note(Dossier.objects.select_related("procedure").get(pk=_dossier(request)), actor, at)


def _approve(request: Request, at: datetime) -> None:
    _look(request, request.desk.actor(CHAIRMAN), at)
    desk.approve(dossier_id=_dossier(request), actor=request.desk.actor(CHAIRMAN), at=at, once=request.once("approve"))
    events.sign(_dossier(request), at=at + timedelta(seconds=40))


def _return(request: Request, at: datetime) -> None:
    """What goes by post waits for the postman."""
    if not request.by_post:
        desk.return_result(dossier_id=_dossier(request), way="truc_tuyen", actor=request.desk.actor(RECEIVER), at=at,
                           once=request.once("return"))


_VERBS: dict[str, Callable[[Request, datetime], None]] = {
    "file": _file, "receive": _receive, "prepare": _prepare, "approve": _approve, "return": _return,
}


def _dossier(request: Request) -> UUID:
    assert request.dossier is not None
    return request.dossier


def _citizen(person: Person, at: datetime) -> Actor:
    """The account of this person, as their first login makes it."""
    return actor_of(accounts.enter_citizen(
        identity=declarations.identity(person), actor=Actor(kind=ActorKind.CITIZEN, name=person.name), at=at,
    ))


def people(desks: dict[str, Desk], told: list[Story], *, until: datetime, how_many: int) -> list[Person]:
    """Who files for others, and those for whom, so that all can log in by themselves."""
    found = []
    for request in _requests(desks, told, until=until, how_many=how_many):
        found.append(request.filer)
        if request.code == EXTRACT:
            found.append(request.story.birth.mother)
    return found
