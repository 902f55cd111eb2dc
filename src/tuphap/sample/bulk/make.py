"""Parts of the filling: some thousand dossiers at a time, in the order in which they come, with all their rows.

A part depends on its number, the seed and the numbers that the registers have reached, and on nothing else; making it
touches no database, so that the next one is made while the last one is being written.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from random import Random
from uuid import UUID

from django.urls import reverse

from tuphap.engines.vietnamese import fold
from tuphap.kernel.clock import localdate
from tuphap.modules.civil_status.models import Act, BirthAct, Book, Party
from tuphap.modules.civil_status.rules import (
    ACT_STATE_TITLES,
    ACTS_IN_A_VOLUME,
    SEARCH_SOURCE,
    SERIES,
    ActState,
    BookKind,
    PartyRole,
    Permission,
    PersonalNumberState,
)
from tuphap.modules.one_stop_shop.listeners import SEARCH
from tuphap.modules.one_stop_shop.models import Parcel
from tuphap.shared.dossiers.handling import handled
from tuphap.shared.dossiers.models import Attachment, Custody, Dossier, Event, Pause, Rating
from tuphap.shared.dossiers.rules import State
from tuphap.shared.numbering.models import Number, Series
from tuphap.shared.orgs.api import REFORM
from tuphap.shared.search.models import SearchRecord

from .courses import live, minute_of_arrival, steps_left
from .declared import BARE, WITH_PAPER, Declarations, Draft, Told
from .life import Life
from .people import People, folded, keys_of
from .province import DEPARTMENT_SHARE, Law, Office, Province, Seat
from .rows import Row, Table, as_json
from .times import Times

PEOPLE_EACH = 4  # serials of people that a dossier may use
DRAFTS, POSTED, ELSEWHERE, HANDED_ON = 0.012, 0.02, 0.02, 0.006
ONLINE = 0.42  # of what may be filed online, in an office that is as far as most
WITHOUT_NUMBER_DAYS = 3  # so many days a newborn's number may take
_REFERENCE, _ACT = "XXXX", "00000000-0000-0000-0000-000000000000"  # in whose place the addresses get their own


@dataclass(slots=True)
class Register:
    """How far the numbers of one book of one office and year have come."""

    series: int
    following: int
    book: int
    volume: int
    first_of_book: int


@dataclass(slots=True)
class Keys:
    """Keys taken from the tables' own sequences beforehand."""

    numbers: list[int]
    series: list[int]
    books: list[int]


@dataclass(slots=True)
class Part:
    """Everything that one part writes. ``moved``: series whose next number is another now: key, it was, it is."""

    number: int
    dossiers: int
    rows: dict[str, list[Row]]
    registered: list[tuple[UUID, datetime]] = field(default_factory=list)
    moved: list[tuple[int, int, int]] = field(default_factory=list)
    last_day: str = ""

    @property
    def size(self) -> int:
        return sum(map(len, self.rows.values()))


class Tables:
    """The tables in the order in which they are written: people before their act is registered, see ``fill``."""

    def __init__(self) -> None:
        self.series, self.books = Table(Series, keyed=True), Table(Book, keyed=True)
        self.numbers, self.dossiers = Table(Number, keyed=True), Table(Dossier)
        self.events, self.custodies, self.pauses = Table(Event), Table(Custody), Table(Pause)
        self.attachments, self.ratings, self.parcels = Table(Attachment), Table(Rating), Table(Parcel)
        self.acts, self.births, self.parties = Table(Act), Table(BirthAct), Table(Party)
        self.found = Table(SearchRecord)

    def all(self) -> list[Table]:
        return list(vars(self).values())


class Maker:
    """Makes the parts in their order."""

    def __init__(
        self, *, total: int, seed: int, size: int, province: Province, times: Times,
        registers: dict[tuple[int, str, int], Register],
    ) -> None:
        self.seed, self.size, self.total = seed, size, total
        self.province, self.times, self.registers = province, times, registers
        self.tables = Tables()
        self.ends = list(accumulate(times.volumes(total, seed)))  # how many dossiers have come by the end of each day
        self._codes = _lots(province.shares)
        self._department_codes = _lots(province.department_shares)
        self._seats: dict[bool, tuple[list[Seat], list[float]]] = {}
        self._new: list[tuple[tuple[int, str, int], Register]] = []  # registers that this part has opened
        self._dossier_page = reverse("one_stop_shop:dossier", args=[_REFERENCE])
        self._act_page = reverse("civil_status:act", args=[_ACT])

    @property
    def parts(self) -> int:
        return -(-self.total // self.size)

    def make(self, number: int, keys: Keys) -> Part:
        """The part of this number; the registers must have come as far as the one before has brought them."""
        random = Random(f"{self.seed}/{self.total}/{number}")  # noqa: S311 - a sample, not a secret
        first, last = number * self.size, min(self.total, (number + 1) * self.size)
        people = People(random, first * PEOPLE_EACH)
        declarations = Declarations(random, people, self.province.hospitals)
        part = Part(number, last - first, {table.name: [] for table in self.tables.all()})
        lives: list[tuple[Life, Told]] = []
        for n in range(first, last):
            lives.append(self._live(n, random, declarations))
        acts = self._number_acts(part, lives, keys)
        for life, told in lives:
            self._write(part.rows, life, told, acts.get(life.key))
        part.last_day = f"{self.times.days[bisect_right(self.ends, last - 1)]:%d/%m/%Y}"
        return part

    # -- one dossier

    def _live(self, n: int, r: Random, declarations: Declarations) -> tuple[Life, Told]:
        times = self.times
        place = bisect_right(self.ends, n)
        day = times.days[place]
        seat, law = self._where(r, place)
        here = place, minute_of_arrival(r, place, times)
        office = receiving = seat.office(day)
        channel = self._channel(r, law, seat)
        left, elsewhere = steps_left(r, place, times), None
        if channel == Dossier.Channel.ELSEWHERE:
            receiving = self._another(r, place, seat).office(day)
        elif channel == Dossier.Channel.ONLINE and r.random() < DRAFTS / ONLINE:
            left = 0
        elif seat is not self.province.department and r.random() < HANDED_ON:
            elsewhere = self._another(r, place, seat)
        # Who comes to the Department lives in some commune.
        home = office if seat is not self.province.department else self._another(r, place, seat).office(day)
        told = declarations.of(law, home, day)
        created = times.at(*here)
        life = Life(
            number=n, key=_key(created, n, 0), law=law, seat=seat, receiving=receiving, resolving=office,
            channel=channel, times=times, left=left,
        )
        life.applicant, life.answers = ("citizen", None, told.filer.name), as_json(told.answers)
        live(life, r, here, elsewhere=elsewhere,
             post_to={"name": told.filer.name, "phone": told.filer.phone, "address": told.home})
        if life.state is State.DRAFT:
            residents = self.province.residents
            life.columns["applicant_user_id"] = residents[n % len(residents)]
        return life, told

    def _where(self, r: Random, place: int) -> tuple[Seat, Law]:
        """Which seat, and which procedure in its version of the day; drawn again where none holds on it."""
        day = self.times.days[place]
        while True:
            at_department = r.random() < DEPARTMENT_SHARE and bool(self._department_codes[0])
            codes, weights = self._department_codes if at_department else self._codes
            code = codes[bisect_right(weights, r.random() * weights[-1])]
            law = next((v for v in self.province.laws[code] if v.since <= day and (v.until is None or day < v.until)),
                       None)
            if law is not None:
                break
        if at_department:
            return self.province.department, law
        seats, reached = self._working(place)
        return seats[bisect_right(reached, r.random() * reached[-1])], law

    def _working(self, place: int) -> tuple[list[Seat], list[float]]:
        """The seats that work on this day, and the sums of their weights: all, or those of before the reform."""
        day = self.times.days[place]
        whole = day >= REFORM
        known = self._seats.get(whole)
        if known is None:
            seats = [seat for seat in self.province.seats if seat.works_on(day)]
            known = self._seats[whole] = seats, list(accumulate(seat.weight for seat in seats))
        return known

    def _another(self, r: Random, place: int, than: Seat) -> Seat:
        seats, _ = self._working(place)
        found = seats[int(r.random() * len(seats))]
        return found if found is not than or len(seats) == 1 else seats[seats.index(found) - 1]

    def _channel(self, r: Random, law: Law, seat: Seat) -> str:
        chance = r.random()
        if law.is_online and chance < ONLINE * seat.online:
            return Dossier.Channel.ONLINE.value
        if chance > 1 - POSTED:
            return Dossier.Channel.POST.value
        if chance > 1 - POSTED - ELSEWHERE and seat is not self.province.department:
            return Dossier.Channel.ELSEWHERE.value
        return Dossier.Channel.DIRECT.value

    # -- the registers

    def _number_acts(self, part: Part, lives: list[tuple[Life, Told]], keys: Keys) -> dict[UUID, tuple[UUID, str]]:
        """Give each decided act its number in the order of the decisions, and write it; act and number by dossier."""
        decided = [(life.approved_at, life, told.act) for life, told in lives
                   if told.act is not None and life.approved_at is not None
                   and (life.signed_at is not None or life.state is State.AWAITING_SIGNATURE)]
        decided.sort(key=lambda one: (one[0], one[1].number))
        began: dict[tuple[int, str, int], int] = {}
        opened: set[tuple[int, str, int]] = set()
        given: dict[UUID, tuple[UUID, str]] = {}
        for at, life, draft in decided:
            day = localdate(at)
            line = (life.resolving.id, draft.kind.value, day.year)
            register = self.registers.get(line)
            if register is None:
                register = self._open(part.rows, line, at, keys)
                opened.add(line)
            elif line not in began and line not in opened:
                began[line] = register.following
            if register.following - register.first_of_book >= ACTS_IN_A_VOLUME:
                register.book, register.volume = keys.books.pop(), register.volume + 1
                register.first_of_book = register.following
                self._open_book(part.rows, line, at, register)
            number = register.following
            register.following += 1
            given[life.key] = self._write_act(part, life, draft, number, register, keys, at)
        part.moved += [(self.registers[line].series, was, self.registers[line].following)
                       for line, was in began.items()]
        self._close_new_series(part.rows)
        return given

    def _open(self, rows: dict[str, list[Row]], line: tuple[int, str, int], at: datetime, keys: Keys) -> Register:
        """The first act of the year opens the series and the book; the series' row is written when all are numbered."""
        register = self.registers[line] = Register(keys.series.pop(), 1, keys.books.pop(), 1, 1)
        self._new.append((line, register))
        self._open_book(rows, line, at, register)
        return register

    def _close_new_series(self, rows: dict[str, list[Row]]) -> None:
        for (unit, kind, year), register in self._new:
            rows[self.tables.series.name].append(self.tables.series.row(
                id=register.series, code=SERIES[BookKind(kind)].value, unit_id=unit, year=year,
                next=register.following))
        self._new = []

    def _open_book(
        self, rows: dict[str, list[Row]], line: tuple[int, str, int], at: datetime, register: Register
    ) -> None:
        unit, kind, year = line
        rows[self.tables.books.name].append(self.tables.books.row(
            id=register.book, unit_id=unit, kind=kind, year=year, volume=register.volume,
            first_number=register.first_of_book, opened_on=localdate(at)))

    def _write_act(
        self, part: Part, life: Life, draft: Draft, number: int, register: Register, keys: Keys, at: datetime
    ) -> tuple[UUID, str]:
        rows, tables, day, office = part.rows, self.tables, localdate(at), life.resolving
        key, reserved, signed = _key(at, life.number, 1), keys.numbers.pop(), life.signed_at
        (signer, title), shown = life.signer, f"{number:02d}/{day.year}"
        rows[tables.numbers.name].append(tables.numbers.row(
            id=reserved, series_id=register.series, value=number, reserved_at=at, settled_at=signed,
            state=(Number.State.RESERVED if signed is None else Number.State.CONFIRMED).value,
            subject_type="civil_status.birthact" if draft.birth else "civil_status.act", subject_id=str(key)))
        rows[tables.acts.name].append(tables.acts.row(
            id=key, kind=draft.kind.value, unit_id=office.id, unit_name=office.name, dossier_id=life.key,
            book_id=register.book, page=number - register.first_of_book + 1, year=day.year, number=number,
            reserved_id=reserved, registered_on=day, state=ActState.PENDING_SIGNATURE.value,
            preparer_id=life.officer[1], preparer_name=life.officer[2], signer_id=signer[1], signer_name=signer[2],
            signer_title=title, event=draft.event, event_on=draft.happened_on.isoformat() if draft.happened_on else "",
            event_earliest=draft.happened_on, event_latest=draft.happened_on, facts=as_json(draft.facts),
            declared=life.answers, created_at=at))
        has_number = draft.birth is None or (self.times.last_day - day).days > WITHOUT_NUMBER_DAYS
        if draft.birth is not None:
            state = PersonalNumberState.GIVEN if has_number and signed else PersonalNumberState.PIN_PENDING
            rows[tables.births.name].append(tables.births.row(
                act_ptr_id=key, **{**draft.birth, "personal_number_state": state.value}))
        for role, person, sex, home, how in draft.people:
            order, words = keys_of(person.name)
            bare = how == BARE
            known = role is not PartyRole.CHILD or (has_number and signed is not None)
            rows[tables.parties.name].append(tables.parties.row(
                act_id=key, role=role.value, name=person.name, sort_key=order, search_key=words, sex=sex,
                born_on="" if bare else person.born_on.isoformat(), born_earliest=None if bare else person.born_on,
                born_latest=None if bare else person.born_on, ethnicity="" if bare else "Kinh", nationality="Việt Nam",
                residence=home["text"] if home else "", residence_code=home["unit_code"] if home else "",
                residence_as_of=home["as_of"] if home else None, id_kind="cccd" if how == WITH_PAPER else "",
                id_number=person.number if how == WITH_PAPER else "", personal_number=person.number if known else ""))
        if signed is not None:
            part.registered.append((key, signed))
            self._let_act_be_found(rows, key, draft, office, shown, signed, has_number=has_number)
        return key, shown

    def _let_act_be_found(
        self, rows: dict[str, list[Row]], key: UUID, draft: Draft, office: Office, shown: str, at: datetime,
        *, has_number: bool,
    ) -> None:
        named = [person for role, person, *_ in draft.people if role is not PartyRole.DECLARANT]
        if draft.birth is not None:
            number = named[0].number if has_number else ""  # the child's
            words = [*dict.fromkeys(folded(p.name) for p in named), shown, number, draft.birth["born_on"]]
        else:
            words = [*dict.fromkeys(w for p in named for w in (folded(p.name), p.number)), shown]
        rows[self.tables.found.name].append(self.tables.found.row(
            source=SEARCH_SOURCE, object_id=str(key), unit_id=office.id, permission=str(Permission.VIEW),
            title=draft.title, url=self._act_page.replace(_ACT, str(key)),
            text_folded=_line(fold(draft.title), *words), updated_at=at,
            data=as_json({"number": shown, "office": office.name, "state": ACT_STATE_TITLES[ActState.REGISTERED]})))

    # -- its rows

    def _write(
        self, rows: dict[str, list[Row]], life: Life, told: Told, act: tuple[UUID, str] | None
    ) -> None:
        tables, columns, filer, key = self.tables, life.columns, told.filer, life.key
        if life.state is not State.DRAFT:
            columns["submission_code"] = f"MAU-{life.number // 10_000:05d}-{life.number % 10_000:04d}"
        if life.signed_at is not None:
            result = {"date": localdate(life.signed_at).isoformat(), "signer": life.signer[0][2], "documents": []}
            columns["result"] = as_json({"number": act[1], "act": str(act[0]), **result} if act else result)
        if "post_to" in columns:
            columns["post_to"] = as_json(columns["post_to"])
        rows[tables.dossiers.name].append(tables.dossiers.row(
            id=key, procedure_id=life.law.id, state=life.state.value, overlay=life.overlay.value,
            channel=life.channel, receiving_unit_id=life.receiving.id, resolving_unit_id=life.resolving.id,
            applicant=as_json({
                "kind": "person", "name": filer.name, "personal_number": filer.number, "registration_number": "",
                "phone": filer.phone, "email": "", "address": told.home["text"],
            }),
            applicant_name=filer.name, applicant_phone=filer.phone, applicant_key=filer.number, answers=life.answers,
            form_version=life.law.form_version, due_at=life.due, original_due_at=life.original_due,
            version=1 + len(life.events), **columns,
        ))
        events = rows[tables.events.name]
        for event in life.events:
            event["facts"], event["reasons"] = as_json(event["facts"]), as_json(event["reasons"])
            events.append(tables.events.row(**event))
        stood = [(since, until) for _, since, until, _ in life.pauses]
        judged = {name: columns[name] for name in ("verdict", "original_verdict") if name in columns}
        for unit, came, since, until, outcome in life.custodies:
            took = handled(since, until, stood, self.times.ladder) if until is not None else None
            rows[tables.custodies.name].append(tables.custodies.row(
                dossier_id=key, unit_id=unit, came=came, since=since, until=until, outcome=outcome,
                handling_hours=took and took.hours, handling_days=took and took.days,
                paused_hours=took and took.paused_hours, channel=life.channel, procedure_id=life.law.id,
                **(judged if outcome == Custody.Outcome.RESOLVED else {})))
        for kind, since, until, reason in life.pauses:
            rows[tables.pauses.name].append(tables.pauses.row(
                dossier_id=key, kind=kind, started_at=since, ended_at=until, reason=reason))
        if life.rating is not None:
            rows[tables.ratings.name].append(tables.ratings.row(**life.rating))
        if life.parcel is not None:
            rows[tables.parcels.name].append(tables.parcels.row(
                **{**life.parcel, "to": as_json(life.parcel["to"])}))
        if life.state is State.DRAFT:
            return
        is_file = life.channel == Dossier.Channel.ONLINE
        for component, _ in life.law.papers:
            rows[tables.attachments.name].append(tables.attachments.row(
                dossier_id=key, component=component, source="file" if is_file else "paper",
                file_id=self.province.picture if is_file else None, is_original=not is_file,
                added_at=columns["created_at"]))
        self._let_be_found(rows, life, told)

    def _let_be_found(self, rows: dict[str, list[Row]], life: Life, told: Told) -> None:
        code, sent = life.columns.get("code", ""), life.columns["submission_code"]
        reference, name, law = code or sent, told.filer.name, life.law
        words = folded(name)
        rows[self.tables.found.name].append(self.tables.found.row(
            source=SEARCH.code, object_id=str(life.key), unit_id=life.resolving.id, permission=SEARCH.permission,
            title=f"{reference} · {name}", url=self._dossier_page.replace(_REFERENCE, reference),
            text_folded=_line(reference.lower(), "·", words, code.lower(), sent.lower(), words, told.filer.phone,
                              told.filer.number, folded(law.name)),
            data=as_json({"state": life.state.value, "procedure": law.name}), updated_at=life.events[-1]["at"]))


def _line(*words: str) -> str:
    """As the search keeps it: what was folded already in one line, a blank at each end."""
    return f" {' '.join(filter(None, words))} "


def _key(at: datetime, number: int, what: int) -> UUID:
    """A UUID of version 7, as ``kernel.ids`` makes them, with the dossier's number in the place of chance."""
    value = (int(at.timestamp() * 1000) << 80) | (0x7 << 76) | ((0xB00 | what) << 64) | (0x2 << 62) | number
    return UUID(int=value)


def _lots(shares: dict[str, float]) -> tuple[list[str], list[float]]:
    """What is drawn from, and the sums of the shares."""
    return list(shares), list(accumulate(shares.values()))

