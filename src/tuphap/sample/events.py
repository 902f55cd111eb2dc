"""What else happens in the communes: people ask to marry, marry here and abroad, part, die, recognise children, look
after orphans and do so no longer.

Each is filed at a desk of one of the dense communes and handled within its day or two; the last of them stand where the
present finds them. One couple's papers follow on one another: first she is attested single, then they marry, and every
third time a court ends it. Done again, each step finds what was done before by its key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from tuphap.kernel.clock import VIETNAM, localdate
from tuphap.kernel.refusal import Conflict, Refusal
from tuphap.modules.civil_status.events import operations as civil_status
from tuphap.modules.civil_status.events.guardianship import HANDLER as GUARDIANSHIP_EVENT
from tuphap.modules.civil_status.models import Act, Paper
from tuphap.modules.civil_status.rules import FOREIGN_MARRIAGE, ActState, AnnotationKind, BookKind, PartyRole
from tuphap.modules.one_stop_shop import operations as desk
from tuphap.modules.one_stop_shop.operations import Payment
from tuphap.shared.calendar import api as calendar
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.dossiers.rules import State
from tuphap.shared.operation.api import Once
from tuphap.shared.operation.models import Done
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import AdminUnit

from . import declarations
from .closing import close
from .families import Birth, Families, Person
from .offices import CHAIRMAN, DENSE, OFFICER, RECEIVER, WITHOUT_CERTIFICATE, Desk
from .stories import Happening
from .walk import patiently

MARRIAGE, DEATH, STATUS, GUARDIANSHIP = "1.000894", "1.000656", "1.004873", "1.004837"
RECOGNITION, GUARDIANSHIP_END, ABROAD, DIVORCE_ABROAD = "1.001022", "1.004845", "2.002189", "2.000554"
JOINED_DEATH = "tam.lien-thong-khai-tu"
BIRTH, BIRTH_AGAIN, MARRIAGE_AGAIN, CHANGE, EXTRACT = "1.001193", "1.004884", "1.004746", "1.004859", "2.000635"
RECOGNISED_BIRTH, RECOGNISED_FOREIGN = "1.000689", "1.001695"
SEED = 733
EVERY = 5  # working days from one event to the next
# In turns. A marriage follows the attestation before it: the same bride. What is about an earlier act of the commune is
# left out where there is none.
TURNS = (
    DEATH, STATUS, MARRIAGE, RECOGNITION, DEATH, GUARDIANSHIP, STATUS, MARRIAGE, ABROAD, DEATH, GUARDIANSHIP_END,
    DIVORCE_ABROAD, RECOGNISED_BIRTH, DEATH, RECOGNISED_FOREIGN,
)
# What the joined deaths ask for, the newest first. No bank has the account of nines.
AIDS: tuple[dict[str, Any], ...] = (
    {"aid": "insurance", "pension": True}, {"aid": "social", "social": True},
    {"aid": "insurance", "pension": True, "account": "9999999999"}, {"aid": "merit", "merit": True, "way": "cash"},
    {"aid": "none"},
)
CAUSES = ("Bệnh già", "Tai biến mạch máu não", "Ung thư phổi", "Tai nạn giao thông", "Nhồi máu cơ tim")
STEPS = (  # what is done when, from the morning of its day
    ("file", time(8, 10)), ("assign", time(8, 20)), ("prepare", time(9, 5)), ("approve", time(14, 20)),
    ("return", time(15, 30)), ("close", time(15, 45)),
)  # fmt: skip
DIVORCED_EVERY, DIVORCED_AFTER = 3, timedelta(days=75)
Answers = Callable[[AdminUnit, date], dict[str, dict[str, Any]]]  # the pages, once the commune of the day is known
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Event:
    """One of them: which procedure, whose pages, at which desk, and which dossier it became."""

    number: int
    desk: Desk
    procedure: str
    answers: Answers
    day: date
    key: str = ""  # where its number is not enough to tell it by
    payment: Payment | None = None
    divorced_on: date | None = None
    dossier: UUID | None = None

    def once(self, what: str) -> Once:
        return Once(f"sample-event-{self.key or self.number}-{what}")


def happenings(
    desks: dict[str, Desk], *, first: date, until: datetime, how_many: int | None, alone: bool = True
) -> list[Happening]:
    """Everything of these events before ``until``, each step at its instant.

    :param how_many: None: one every :data:`EVERY` working days.
    :param alone: nobody else tells of families; who recognises a child is then found among these.
    """
    found: list[Happening] = []
    for event in _events(desks, first=first, until=until, how_many=how_many, alone=alone):
        moments = [(what, datetime.combine(event.day, clock, tzinfo=VIETNAM)) for what, clock in STEPS]
        if event.procedure == MARRIAGE and event.number % DIVORCED_EVERY == 0:
            moments.append(("divorce", moments[0][1] + DIVORCED_AFTER))
        found += [Happening(at, doing(event, what), event.desk.commune) for what, at in moments if at <= until]
    return found


def doing(event: Event, what: str) -> Callable[[Any, datetime], None]:
    """What is done of an event at an instant, found again where it was done before the filler was killed."""

    def do(filling: Any, at: datetime) -> None:
        if what != "file" and event.dossier is None:
            event.dossier = _filed(event)
            if event.dossier is None:
                return  # there was nothing that it could have been about
        try:
            patiently(VERBS[what], event, at)
        except Conflict as gone_on:  # a timer, or an earlier run, was there first
            log.info("event %s, %s: %s", event.key or event.number, what, gone_on.code)
        except Refusal as refusal:
            raise RuntimeError(f"event {event.key or event.number} ({event.procedure}), {what} at {at}: {refusal.code} "
                               f"{refusal}") from refusal

    return do


def _filed(event: Event) -> UUID | None:
    """What was filed for it by an earlier run; asked of the keys, as its pages may be others by now, or none."""
    receiver = event.desk.actor(RECEIVER)
    kept = Done.objects.filter(actor_id=receiver.user_id, key=event.once("file").key, is_answered=True).first()
    return UUID(kept.result["pk"]) if kept is not None and kept.result else None


def _events(
    desks: dict[str, Desk], *, first: date, until: datetime, how_many: int | None, alone: bool
) -> Iterator[Event]:
    families, days = Families(SEED, first=7000 if alone else 97_000), calendar.working_calendar()
    communes = [code for code in DENSE if code in desks and code != WITHOUT_CERTIFICATE]
    turns = TURNS if alone else tuple(turn for turn in TURNS if turn != RECOGNITION)
    day, number = days.add_working_days(max(first, orgs.REFORM), 3), 0
    every = EVERY if how_many is None else max(EVERY, (localdate(until) - day).days * 5 // 7 // max(how_many, 1))
    couple: tuple[Person, Person] | None = None
    while communes and day <= localdate(until) and (how_many is None or number < how_many):
        procedure = turns[number % len(turns)]
        if procedure == STATUS or couple is None:
            couple = families.adult("nam", day, 24 + number % 9), families.adult("nu", day, 21 + number % 8)
        yield Event(
            number, desks[communes[number // 2 % len(communes)]], procedure,
            _answers(procedure, number, families, day, couple), day,
        )
        day, number = days.add_working_days(day, every), number + 1


def _answers(
    procedure: str, number: int, families: Families, day: date, couple: tuple[Person, Person]
) -> Answers:
    """The pages of this event."""
    groom, bride = couple
    if procedure == MARRIAGE:
        return lambda commune, on: {
            "husband": {**person(groom, commune, on, number), "before": "single"},
            "wife": {**person(bride, commune, on, number), "before": "single"},
            "together": {"free_will": True, "files": "husband", "phone": groom.phone, "copies": number % 3},
        }
    if procedure == STATUS:
        return lambda commune, on: {
            "subject": {**person(bride, commune, on, number), "sex": "female"},
            "request": {"status": "single", "purpose": "marriage", "spouse_name": groom.name,
                        "spouse_born": f"sinh năm {groom.born_on.year}", "married_at": f"UBND {commune.name}",
                        "phone": bride.phone},
        }
    if procedure == GUARDIANSHIP:
        child, elder = families.birth(day - timedelta(days=9 * 365)), families.adult("nu", day, 63)
        return lambda commune, on: {
            "ward": {
                "name": child.child_name, "sex": declarations.SEX[child.child_sex], "ethnicity": "Kinh",
                "born_on": child.born_on.isoformat(), "nationality": "Việt Nam", "why": "no_parents",
                "residence": home(commune, on, number), "id_kind": "other", "id_number": f"GKS {child.notice_no}",
            },
            "guardian": {**person(elder, commune, on, number), "sex": "female", "relation": "Bà ngoại"},
            "terms": {"form": "natural", "able": True, "phone": elder.phone},
        }
    if procedure in (RECOGNISED_BIRTH, RECOGNISED_FOREIGN):
        return _recognised_birth(number, families.birth(day - timedelta(days=9 + number % 20)),
                                 foreign=procedure == RECOGNISED_FOREIGN)
    if procedure in _ABOUT:
        return _ABOUT[procedure](number, families, day)
    dead = families.adult("nam" if number % 2 else "nu", day, 58 + number * 7 % 38)
    child_of = families.adult("nam", day, 35 + number % 20)
    late = 24 if number % 6 == 3 else number % 5  # days from the death to the declaration
    return _death(number, dead, child_of, late=late)


def _death(number: int, dead: Person, child_of: Person, *, late: int) -> Answers:
    """The pages of a death that a child declares so many days after it."""
    return lambda commune, on: {
        "deceased": {**person(dead, commune, on, number), "sex": declarations.SEX[dead.sex]},
        "death": {
            "died_on": (on - timedelta(days=late)).isoformat(),
            "died_at": f"{number * 5 % 24:02d}:{number * 7 % 60:02d}",
            "place_kind": "home", "place": home(commune, on, number), "cause": CAUSES[number % len(CAUSES)],
            "proof": "notice", "proof_number": f"{number + 4}/GBT", "copies": number % 4,
        },
        "declarant": {"relation": "child", "name": child_of.name, "personal_number": child_of.personal_number,
                      "phone": child_of.phone, "residence": home(commune, on, number)},
    }


def _recognised_birth(number: int, birth: Birth, *, foreign: bool) -> Answers:
    """A father who is not married to the mother comes with her and the newborn; perhaps from abroad."""
    def answers(commune: AdminUnit, on: date) -> dict[str, dict[str, Any]]:
        father = {**person(birth.father, commune, on, number), "recognition": True}
        if foreign:
            father |= {"name": "Lee Joon Ho", "nationality": "Hàn Quốc", "ethnicity": "", "personal_number": "",
                       "id_kind": "passport", "id_number": f"M{80000 + number}"}
        return {
            **declarations.answers(birth, commune=commune, on=on), "father": father,
            "mother": person(birth.mother, commune, on, number),
            "declarant": {"relation": "mother", "phone": birth.mother.phone},
            "proof": {"evidence": "examination", "evidence_number": f"ADN {number}/{on.year}", "both_present": True,
                      "undisputed": True, "other_parent_agrees": True, "copies": number % 2},
        }

    return answers


# -- by the joined procedure


def joined_deaths(desks: dict[str, Desk], *, until: datetime) -> list[Happening]:
    """One death of each of the last working days, with what is asked of other agencies; one writes a wrong account."""
    families, found = Families(SEED, first=96_000), list[Happening]()
    communes = [code for code in DENSE if code in desks and code != WITHOUT_CERTIFICATE]
    for number, day in enumerate(_last_days(until, len(AIDS) if communes else 0)):
        dead = families.adult("nam" if number % 2 else "nu", day, 71 + 4 * number)
        pages, child_of = AIDS[number], families.adult("nu", day, 44 + number)
        event = Event(number, desks[communes[number % len(communes)]], JOINED_DEATH,
                      _joined_death(number, dead, child_of, pages), day, key=f"joined-death-{number}")
        moments = [(what, datetime.combine(day, clock, tzinfo=VIETNAM)) for what, clock in STEPS]
        found += [Happening(at, doing(event, what), event.desk.commune) for what, at in moments if at <= until]
    return found


def _last_days(until: datetime, count: int) -> list[date]:
    days, found, day = calendar.working_calendar(), list[date](), localdate(until)
    while len(found) < count:
        if days.is_working_day(day):
            found.append(day)
        day -= timedelta(days=1)
    return found


def _joined_death(number: int, dead: Person, child_of: Person, aid: dict[str, Any]) -> Answers:
    alone = _death(number, dead, child_of, late=1 + number % 3)
    return lambda commune, on: {
        **alone(commune, on),
        "residence": {"household": "other", "head_name": child_of.name, "head_number": child_of.personal_number},
        "aid": {"way": "account", "bank": "Ngân hàng Nông nghiệp", "account": f"321020500{1000 + number}", **aid},
    }


# -- about what was registered before; empty where nothing was


def _acts(commune: AdminUnit, kind: BookKind) -> QuerySet[Act]:
    """What stands in this commune's books, of those that it was formed from as well."""
    units = [commune, *orgs.predecessors(commune)]
    return Act.objects.filter(kind=kind, state=ActState.REGISTERED, unit__admin_unit__in=units).order_by("signed_at")


def _recognition(number: int, families: Families, day: date) -> Answers:
    """A father comes for a child whose mother declared it alone."""
    father = families.adult("nam", day, 25 + number % 12)

    def answers(commune: AdminUnit, on: date) -> dict[str, dict[str, Any]]:
        act = _acts(commune, BookKind.BIRTH).exclude(parties__role=PartyRole.FATHER).exclude(
            annotations__kind=AnnotationKind.RECOGNITION).first()
        child = act.party(PartyRole.CHILD) if act is not None else None
        if act is None or child is None:
            return {}
        return {
            "parent": {**person(father, commune, on, number), "sex": "male"},
            "child": {
                "name": child.name, "sex": child.sex, "born_on": child.born_on, "ethnicity": child.ethnicity,
                "nationality": child.nationality, "residence": home(commune, on, number), "id_kind": "other",
                "id_number": f"GKS {act.display_number}", "personal_number": child.personal_number,
            },
            "proof": {"files": "parent", "evidence": "examination", "evidence_number": f"ADN {number}/{on.year}",
                      "both_present": True, "undisputed": True, "other_parent_agrees": True, "phone": father.phone},
        }

    return answers


def _end_of_guardianship(number: int, families: Families, day: date) -> Answers:
    def answers(commune: AdminUnit, on: date) -> dict[str, dict[str, Any]]:
        begun = _acts(commune, BookKind.GUARDIANSHIP).filter(event=GUARDIANSHIP_EVENT)
        act = begun.exclude(annotations__kind=AnnotationKind.GUARDIANSHIP_END).first()
        ward, guardian = (act.party(PartyRole.WARD), act.party(PartyRole.GUARDIAN)) if act is not None else (None, None)
        if act is None or ward is None or guardian is None:
            return {}
        return {
            "target": {"number": act.display_number, "name": ward.name,
                       "office": declarations.address(commune, "", on)},
            "end": {"why": "adopted", "ended_on": on.isoformat(), "proof": f"Quyết định {number}/QĐ-UBND"},
            "requester": {"name": guardian.name, "personal_number": guardian.personal_number, "phone": "0912000222",
                          "residence": home(commune, on, number)},
        }

    return answers


def _abroad(day: date, *, authority: str, number: int) -> dict[str, Any]:
    return {"authority": authority, "country": "Hàn Quốc", "number": f"{2000 + number}", "given_on": day.isoformat(),
            "legalised": True}


def _marriage_abroad(number: int, families: Families, day: date) -> Answers:
    bride, groom = families.adult("nu", day, 26 + number % 6), families.adult("nam", day, 31 + number % 9)
    return lambda commune, on: {
        "husband": {**person(groom, commune, on, number), "name": "Kim Min Ho", "nationality": "Hàn Quốc",
                    "ethnicity": "", "personal_number": "", "id_kind": "passport", "id_number": f"M{70000 + number}"},
        "wife": person(bride, commune, on, number),
        "abroad": _abroad(day - timedelta(days=400), authority="Ủy ban quận Gangnam", number=number),
        "together": {"files": "wife", "phone": bride.phone},
    }


def _divorce_abroad(number: int, families: Families, day: date) -> Answers:
    def answers(commune: AdminUnit, on: date) -> dict[str, dict[str, Any]]:
        act = _acts(commune, BookKind.FOREIGN).filter(event=FOREIGN_MARRIAGE).exclude(
            annotations__kind=AnnotationKind.DIVORCE).first()
        wife, husband = (act.party(PartyRole.WIFE), act.party(PartyRole.HUSBAND)) if act is not None else (None, None)
        if wife is None or husband is None:
            return {}
        return {
            "subject": {
                "name": wife.name, "sex": "female", "born_on": wife.born_on, "ethnicity": wife.ethnicity,
                "nationality": wife.nationality, "personal_number": wife.personal_number,
                "residence": home(commune, on, number),
            },
            "former": {"name": husband.name, "phone": "0912000333"},
            "abroad": _abroad(on - timedelta(days=20), authority="Tòa án gia đình Seoul", number=number),
        }

    return answers


_ABOUT: dict[str, Callable[[int, Families, date], Answers]] = {
    RECOGNITION: _recognition, GUARDIANSHIP_END: _end_of_guardianship, ABROAD: _marriage_abroad,
    DIVORCE_ABROAD: _divorce_abroad,
}


def person(person: Person, commune: AdminUnit, on: date, number: int) -> dict[str, Any]:
    return {
        "name": person.name, "born_on": person.born_on.isoformat(), "ethnicity": "Kinh", "nationality": "Việt Nam",
        "personal_number": person.personal_number, "residence": home(commune, on, number),
    }


def home(commune: AdminUnit, on: date, number: int) -> dict[str, Any]:
    return declarations.address(commune, f"Số {11 + number}, ngõ {3 + number % 40}", on)


# -- the steps


def _file(event: Event, at: datetime) -> None:
    event.dossier = _filed(event)
    office = event.desk.office(localdate(at))
    procedure, answers = event.procedure, event.answers(office.admin_unit, localdate(at))
    if event.dossier is not None or not answers:
        return
    papers = [{"component": code, "is_original": True, "note": ""} for code in PAPERS[procedure]]
    made = desk.file_at_counter(
        procedure_code=procedure, receiving_unit_id=office.pk, resolving_unit_id=office.pk,
        answers=answers, papers=papers, result_way=Dossier.ResultWay.DESK,
        duplicate_reason="Việc khác" if event.key else "", payment=event.payment,
        actor=event.desk.actor(RECEIVER), at=at, once=event.once("file"),
    )
    event.dossier = made.pk


# What is laid on the desk: what the procedure wants and no database holds.
PAPERS = {
    MARRIAGE: ("to_khai", "giay_to_tuy_than", "tinh_trang_hon_nhan"), DEATH: ("to_khai", "giay_bao_tu"),
    JOINED_DEATH: ("giay_bao_tu",),
    STATUS: ("to_khai", "giay_to_tuy_than", "cu_tru"), GUARDIANSHIP: ("to_khai", "cu_giam_ho"),
    RECOGNITION: ("to_khai", "quan_he_cha_con", "giay_to_tuy_than"), GUARDIANSHIP_END: ("to_khai", "cham_dut_giam_ho"),
    ABROAD: ("to_khai", "giay_to_nuoc_ngoai", "giay_to_tuy_than"),
    DIVORCE_ABROAD: ("to_khai", "giay_to_nuoc_ngoai", "giay_to_tuy_than"),
    RECOGNISED_BIRTH: ("to_khai", "giay_chung_sinh", "quan_he_cha_con"),
    RECOGNISED_FOREIGN: ("to_khai", "giay_chung_sinh", "quan_he_cha_con", "ho_chieu"),
    BIRTH: ("giay_chung_sinh",), BIRTH_AGAIN: ("to_khai", "ban_sao_cu"), MARRIAGE_AGAIN: ("to_khai", "ban_sao_cu"),
    CHANGE: ("to_khai", "chung_minh_thay_doi", "giay_to_tuy_than"), EXTRACT: ("to_khai", "giay_to_tuy_than"),
}


def _assign(event: Event, at: datetime) -> None:
    desk.assign(dossier_id=_dossier(event), to_user_id=event.desk.people[OFFICER].pk,
                actor=event.desk.actor(RECEIVER), at=at, once=event.once("assign"))


def _prepare(event: Event, at: datetime) -> None:
    officer = event.desk.actor(OFFICER)
    desk.begin(dossier_id=_dossier(event), actor=officer, at=at, once=event.once("begin"))
    dossier = Dossier.objects.get(pk=_dossier(event))
    if dossier.state != State.IN_PROCESS:
        return  # prepared by an earlier run; the register knows by now what came of it
    found = dossier.handler.find(dossier, actor=officer, at=at)
    forbidden = [f.message for f in found if f.severity == "error"]
    if forbidden:
        desk.refuse(
            dossier_id=dossier.pk, reason_code="khong_du_dieu_kien", actor=officer, at=at + timedelta(minutes=15),
            text=" ".join(forbidden)[:500], once=event.once("refuse"),
        )
        return
    desk.propose(
        dossier_id=dossier.pk, actor=officer, at=at + timedelta(minutes=15), once=event.once("propose"),
        acknowledged={f.code: "Đã đối chiếu bản chính; các bên có mặt, đúng thẩm quyền." for f in found},
    )


def _approve(event: Event, at: datetime) -> None:
    desk.approve(dossier_id=_dossier(event), actor=event.desk.actor(CHAIRMAN), at=at, once=event.once("approve"))
    sign(_dossier(event), at=at + timedelta(seconds=40))


def sign(dossier_id: UUID, *, at: datetime) -> None:
    """Sign what a decided dossier waits for: the papers of its act, or the copy that it asked for."""
    made = Paper.objects.filter(Q(act__dossier=dossier_id, dossier=None) | Q(dossier=dossier_id))
    for paper in made.select_related("document").order_by("pk"):
        if paper.document.state == "pending":
            documents.sign_now(paper.document_id, at=at)


def _return(event: Event, at: datetime) -> None:
    desk.return_result(dossier_id=_dossier(event), way=Dossier.ResultWay.DESK, actor=event.desk.actor(RECEIVER), at=at,
                       once=event.once("return"))


def _close(event: Event, at: datetime) -> None:
    close(_dossier(event), event.desk, at=at, once=event.once("close"))


def _divorce(event: Event, at: datetime) -> None:
    """The court's decision has come by post; the officer notes it."""
    act = Act.objects.filter(dossier=_dossier(event), state=ActState.REGISTERED).first()
    if act is None or act.annotations.exists():
        return
    civil_status.note_divorce(
        act_id=act.pk, decision_no=f"{90 + event.number}/{at.year}/QĐST-HNGĐ",
        decided_on=localdate(at) - timedelta(days=8), authority="Tòa án nhân dân khu vực 1 – Hải Phòng",
        actor=event.desk.actor(OFFICER), at=at,
    )


VERBS: dict[str, Callable[[Event, datetime], None]] = {
    "file": _file, "assign": _assign, "prepare": _prepare, "approve": _approve, "return": _return, "close": _close,
    "divorce": _divorce,
}


def _dossier(event: Event) -> UUID:
    assert event.dossier is not None  # filed before anything else, in this very run too: by its key
    return event.dossier
