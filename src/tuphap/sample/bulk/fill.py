"""Fill: found what is missing, then part after part, each in one transaction with its entry in the log.

A part counts its predecessors in the log before it writes, so that whoever was killed goes on where they were, and two
fillers at once do not double. Acts are written before they are registered, as the register wants it: people are added
to no registered act.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from random import Random
from uuid import UUID

from django.conf import settings
from django.db import connection, connections
from django.db.models import Min, QuerySet

from tuphap.kernel.actor import Actor, ActorKind, system_actor
from tuphap.kernel.clock import VIETNAM, now, standing_at
from tuphap.kernel.refusal import Conflict
from tuphap.modules.civil_status.models import Act, Book
from tuphap.modules.civil_status.rules import ACTS_IN_A_VOLUME, SERIES, ActState
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts import operations as accounts
from tuphap.shared.accounts.identity import Identity
from tuphap.shared.accounts.models import User
from tuphap.shared.audit import api as audit
from tuphap.shared.audit.models import Entry
from tuphap.shared.calendar import api as calendar
from tuphap.shared.dossiers.api import Procedure
from tuphap.shared.files import api as files
from tuphap.shared.files.models import StoredFile
from tuphap.shared.numbering.models import Number, Series
from tuphap.shared.operation.api import operation
from tuphap.shared.orgs import api as orgs
from tuphap.shared.search import words as vocabulary

from .. import declarations, offices
from ..families import HOSPITALS, Families
from .make import Keys, Maker, Part, Register, Tables
from .province import Office, Province, Seat, Who, laws_of, office_of, seat_of, shares_of
from .times import Times

SEED, SIZE = 2031, 4_000  # a part's dossiers: two seconds of work
OTHERS = 108  # with the six dense ones, all 114 communes
RESIDENTS = 12  # accounts to which the drafts belong
BEGUN, WRITTEN, DONE = "sample.bulk_begun", "sample.bulk_written", "sample.bulk_done"
_LOCK = 0x0B01
_PICTURE = "ban-chup-du-lieu-do.pdf"
FILLER = system_actor("sample.bulk")

Tell = Callable[[int, int, str], None]


class AnotherFilling(Conflict):
    code = "sample.another_filling"
    message_vi = "Cơ sở dữ liệu này đã nạp, hoặc đang nạp dở, {total} hồ sơ đo; không nạp thêm số lượng khác."


class SomebodyElse(Conflict):
    """Another filler wrote this part, or somebody took numbers meanwhile; the next run reads what is there."""

    code = "sample.somebody_else"
    message_vi = "Có tiến trình khác vừa ghi vào sổ. Vui lòng chạy lại lệnh để nạp tiếp."


@dataclass(frozen=True, slots=True)
class Filled:
    """What a run has done: dossiers and rows of this run, and how long writing took; ``dossiers`` 0: all were there."""

    total: int
    dossiers: int
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Begun:
    total: int
    seed: int
    size: int
    until: datetime


def fill_bulk(
    *, total: int, seed: int = SEED, size: int = SIZE, dense: int = len(offices.DENSE), others: int = OTHERS,
    tell: Tell = lambda done, total, what: None,
) -> Filled:
    """Bring the database to ``total`` dossiers of the last two years; done before, it answers at once.

    :param size: dossiers of a part.
    :param dense, others: how many communes take part.
    :param tell: told after each part how many dossiers there are, of how many, and up to which day.
    :raises AnotherFilling: another number was begun here.
    :raises SomebodyElse: the registers moved meanwhile.
    """
    if not settings.SAMPLE_MODE:
        raise RuntimeError("Hồ sơ đo chỉ có trong TUPHAP_MODE=sample.")
    begun = _begin(total=total, seed=seed, size=size, actor=FILLER, at=now())
    if _written(DONE).exists():
        return Filled(begun.total, 0, 0, 0.0)
    tell(0, total, "Mở tài khoản cán bộ các xã, phường")
    times = Times(calendar.working_calendar(), until=begun.until)
    maker = Maker(
        total=begun.total, seed=begun.seed, size=begun.size, times=times, registers=_registers(),
        province=_found(dense=dense, others=others, first=times.first_day),
    )
    start, dossiers, rows = time.monotonic(), 0, 0
    with _no_collector():
        for part in _parts(maker, first=_written(WRITTEN).count()):
            write(part=part, tables=maker.tables, actor=FILLER, at=now())
            vocabulary.learn(_words(part, maker.tables))
            dossiers, rows = dossiers + part.dossiers, rows + part.size
            tell(min(total, (part.number + 1) * begun.size), total, f"Hồ sơ đo đến ngày {part.last_day}")
    took = time.monotonic() - start
    tell(total, total, "Thống kê cho bộ lập kế hoạch truy vấn")
    settle(maker.tables)
    _end(total=total, dossiers=dossiers, seconds=round(took), actor=FILLER, at=now())
    return Filled(begun.total, dossiers, rows, took)


def _words(part: Part, tables: Tables) -> set[str]:
    """By what this part's records are found."""
    place = tables.found.columns.index("text_folded")
    return {word for row in part.rows[tables.found.name] for word in row[place].split()}


def _parts(maker: Maker, *, first: int) -> Iterator[Part]:
    """The parts from this one on; each is made while the one before is being written."""
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(maker.make, first, _keys(maker.size)) if first < maker.parts else None
        for number in range(first, maker.parts):
            assert waiting is not None
            part = waiting.result()
            waiting = beside.submit(maker.make, number + 1, _keys(maker.size)) if number + 1 < maker.parts else None
            yield part


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of rows and no circles among them: looking for some would take a third of the time."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


# -- the log is what knows how far it has come


def _written(event: str) -> QuerySet[Entry]:
    return Entry.objects.filter(event=event)


@operation
def _begin(*, total: int, seed: int, size: int, actor: Actor, at: datetime) -> _Begun:
    """What was begun here before, else this."""
    _hold()
    known = _written(BEGUN).order_by("pk").first()
    if known is None:
        audit.record(BEGUN, subject=None, actor=actor, at=at, total=total, seed=seed, size=size, until=at.isoformat())
        return _Begun(total, seed, size, at)
    told = known.facts
    if told["total"] != total:
        raise AnotherFilling(total=f"{told['total']:,}".replace(",", "."))
    return _Begun(told["total"], told["seed"], told["size"], datetime.fromisoformat(told["until"]))


@operation
def _end(*, total: int, dossiers: int, seconds: int, actor: Actor, at: datetime) -> None:
    audit.record(DONE, subject=None, actor=actor, at=at, total=total, dossiers=dossiers, seconds=seconds)


@operation
def write(*, part: Part, tables: Tables, actor: Actor, at: datetime) -> None:
    """Write one part and say so in the log.

    :raises SomebodyElse: it is there already, or a number that it gives was taken meanwhile.
    """
    _hold()
    if _written(WRITTEN).count() != part.number:
        raise SomebodyElse()
    for table in tables.all():
        table.copy(part.rows[table.name])
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_ON, [list(column) for column in zip(*part.moved, strict=True)] or [[], [], []])
        if cursor.rowcount != len(part.moved):
            raise SomebodyElse()
        cursor.execute(_REGISTER, [[key for key, _ in part.registered], [signed for _, signed in part.registered],
                                   ActState.REGISTERED.value])
    audit.record(WRITTEN, subject=None, actor=actor, at=at, part=part.number, dossiers=part.dossiers, rows=part.size,
                 acts=len(part.rows[tables.acts.name]), up_to=part.last_day)


_MOVE_ON = """
UPDATE numbering_series s SET next = v.becomes FROM unnest(%s::bigint[], %s::int[], %s::int[]) v(id, was, becomes)
WHERE s.id = v.id AND s.next = v.was
"""
_REGISTER = f"""
UPDATE {Act._meta.db_table} a SET state = v.state, signed_at = v.signed
FROM (SELECT unnest(%s::uuid[]) AS id, unnest(%s::timestamptz[]) AS signed, %s::text AS state) v WHERE a.id = v.id
"""  # noqa: S608 - the table's own name


def _hold() -> None:
    """One filler at a time, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def settle(tables: Tables) -> None:
    """Let the planner know what is there, and the indexes be tidy; as the tables' owner."""
    owner = connections["owner"]
    with owner.cursor() as cursor:
        for name in sorted({table.name for table in tables.all()}):
            cursor.execute(f"VACUUM (ANALYZE) {owner.ops.quote_name(name)}")
    owner.close()


def _keys(size: int) -> Keys:
    """Keys for one part: a number for each dossier at most, and series and books for all offices and four kinds."""
    def taken(table: str, count: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return [key for (key,) in cursor.fetchall()][::-1]

    return Keys(numbers=taken(Number._meta.db_table, size), series=taken(Series._meta.db_table, 800),
                books=taken(Book._meta.db_table, 800 + size // 50))


def _registers() -> dict[tuple[int, str, int], Register]:
    """How far the registers of all offices have come."""
    kinds = {code.value: kind.value for kind, code in SERIES.items()}
    last: dict[tuple[int, str, int], Book] = {}
    for book in Book.objects.order_by("volume"):
        last[book.unit_id, book.kind, book.year] = book
    found = {}
    for row in Series.objects.filter(code__in=kinds, book="").order_by("pk"):
        line = row.unit_id, kinds[row.code], row.year
        book_now = last.get(line)
        found[line] = (
            Register(row.pk, row.next, book_now.pk, book_now.volume, book_now.first_number) if book_now is not None
            else Register(row.pk, row.next, 0, 0, row.next - ACTS_IN_A_VOLUME)  # full: the next act opens one
        )
    return found


# -- what must be there first


def _found(*, dense: int, others: int, first: date) -> Province:
    """Offices, people with their rights (keys are the living sample's to hand out), procedures, a picture, accounts."""
    opening = datetime.combine(max(first - timedelta(days=5), _administered()), clock(8, 0), tzinfo=VIETNAM)
    random = Random(offices.PROVINCE)  # noqa: S311 - a sample, not a secret
    with standing_at(opening):
        administrator = offices.found(at=opening)
        offices.department_people(administrator, at=opening)
        desks = offices.desks(administrator, Families(SEED), random, dense=dense, others=others, opening=opening)
        picture = _picture(actor=FILLER, at=opening)
        residents = [_resident(number, opening) for number in range(RESIDENTS)]
    rows = list(Procedure.objects.order_by("code", "valid_from"))
    laws = laws_of(rows)
    shares, department_shares = shares_of(rows, laws)
    return Province(
        seats=[seat_of(desk, random) for desk in desks.values()], department=_department(), laws=laws,
        shares=shares, department_shares=department_shares, picture=picture, residents=residents,
        hospitals={since: [_hospital(name, code, since=since) for name, code in HOSPITALS] for since in (False, True)},
    )


def _administered() -> date:
    """Since when there is an administrator; where there is none yet, since ever."""
    since = Grant.objects.filter(person__username="quantri").aggregate(since=Min("valid_from"))["since"]
    return since or date.min


def _department() -> Seat:
    people = {user.username: user for user in User.objects.filter(
        username__in=[username for username, *_ in offices.DEPARTMENT_POSTS]).order_by("pk")}

    def who(username: str) -> Who:
        return "staff", people[username].pk, people[username].full_name

    now_there: Office = office_of(orgs.office("H31.09", on=orgs.REFORM))
    return Seat(
        now=now_there, before=office_of(orgs.office("H31.09", on=orgs.REFORM - timedelta(days=1)), heir=now_there),
        receiver=who("tiepnhan.so"), assigner=who("truongphong.botro"), head=who("truongphong.botro"),
        officers=(who("chuyenvien.botro"), who("chuyenvien.hanhchinh")),
        leaders=tuple((who(username), people[username].title) for username in offices.SIGNERS),
    )


def _hospital(name: str, code: str, *, since: bool) -> tuple[str, str, str]:
    """A maternity ward with its commune, as both were called before the reform or are since."""
    unit = declarations._unit_then(code, orgs.REFORM if since else orgs.REFORM - timedelta(days=1))
    return name, unit.code, orgs.full_name(unit)


@operation
def _picture(*, actor: Actor, at: datetime) -> UUID:
    """The one picture that stands for every paper that was sent online."""
    known = StoredFile.objects.filter(name=_PICTURE).order_by("pk").first()
    if known is not None:
        return known.pk
    stored = files.store(declarations.paper("Dữ liệu đo"), name=_PICTURE, media_type="application/pdf", actor=actor,
                         at=at, made_here=True)
    audit.record("sample.bulk_picture", subject=stored, actor=actor, at=at)
    return stored.pk


def _resident(number: int, at: datetime) -> UUID:
    name = f"Người Dân Đo {'ABCDEFGHIKLM'[number % RESIDENTS]}"
    known = accounts.enter_citizen(
        identity=Identity(
            issuer=settings.OIDC["issuer"], subject=f"do-{number}", full_name=name,
            personal_number=f"031090{999_000 + number}", birth_date="1990-01-01", sex="male",
            phone=f"09000000{number:02d}", assurance_level=2,
        ),
        actor=Actor(kind=ActorKind.CITIZEN, name=name), at=at,
    )
    return known.pk


__all__ = ["AnotherFilling", "Filled", "SomebodyElse", "fill_bulk", "settle", "write"]
