"""``tuphap digitisation import`` and ``export``: a file from the command line to the end, with its progress."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.text import thousands
from tuphap.modules.civil_status import public as register
from tuphap.shared.accounts.api import User, actor_for
from tuphap.shared.orgs import api as orgs
from tuphap.shared.orgs.models import OrgUnit

from . import columns as places
from . import export, operations, queries, rules, running, sources
from .models import Batch, Mapping
from .rules import BatchState, Shape
from .tasks import LOADER


def import_file(
    file: Path, *, kind: str, unit: str, mapping: str, user: str, console: Console, chunk: int = rules.CHUNK
) -> Batch:
    """Take in a file from where it stands to its end; called again, it goes on, or finds that all is done.

    :param kind: code of the book (``KS``) or of the entry (``civil_status.birth``).
    :param unit: code of the office whose entries they all are, or the header of the column that names it; empty: by
        the file's own headers.
    :param mapping: a TOML file, or the name of a mapping that was kept; empty: as the headers say.
    :param user: whose work it is; empty: the platform's own.
    :raises Refusal: the file cannot be read, or its columns are not met.
    """
    what, actor = _what(kind), _actor(user)
    folder = queries.folder()
    console.print(f"Đọc tệp {file.name}…")
    source = sources.lay_down(file, folder, register.ENTRY_KINDS[what], chunk=chunk)
    console.print(f"{source.told}; {thousands(source.rows)} dòng; mã băm {source.sha256[:16]}…")
    batch = operations.choose(source=source, what=what, unit_id=_office(actor).pk, actor=actor, at=now())
    batch = _mapped(batch, unit=unit, mapping=mapping, actor=actor)
    _tell_mapping(batch, console)
    if batch.state == BatchState.DONE:
        console.print("Tệp này đã nạp xong từ trước; không nạp lại.")
        return _told(batch, console, seconds=0.0, rows=0)
    batch = operations.start(batch_id=batch.pk, actor=actor, at=now(), by_job=False)
    started, before = time.monotonic(), batch.rows_done
    if before:
        console.print(f"Nạp tiếp từ dòng thứ {thousands(before + 1)}.")
    with _bar(batch, console) as tell:
        batch = running.run(batch.pk, folder=folder, actor=actor, tell=tell)
    return _told(batch, console, seconds=time.monotonic() - started, rows=batch.rows_done - before)


def export_file(to: Path, *, kind: str, source: str, user: str, console: Console) -> None:
    """Write all entries in one order."""
    count = export.write(to, what=_what(kind) if kind else "", source=source, actor=_actor(user), at=now())
    console.print(f"{thousands(count)} việc hộ tịch → {to}")


def _what(kind: str) -> str:
    """:raises rules.BadMapping: no such kind of book or entry."""
    if kind in register.ENTRY_KINDS:
        return kind
    found = [code for code, one in register.ENTRY_KINDS.items() if one.book.value == kind.upper()]
    if not found:
        known = ", ".join(sorted({one.book.value for one in register.ENTRY_KINDS.values()}))
        raise rules.BadMapping(what=f"Không có loại sổ “{kind}”. Các loại: {known}.")
    return found[0]


def _actor(user: str) -> Actor:
    """:raises rules.BadMapping: nobody has this name."""
    if not user:
        return LOADER
    found = User.objects.filter(username=user, is_active=True).first()
    if found is None:
        raise rules.BadMapping(what=f"Không có tài khoản “{user}”.")
    return actor_for(found)


def _office(actor: Actor) -> OrgUnit:
    """The office that answers for the file: the person's first, else the Department of Justice.

    :raises rules.BadMapping: there is none.
    """
    today = now()
    if actor.user_id is not None:
        found = queries.offices_of(actor, today).first()
    else:
        found = orgs.offices(kind=OrgUnit.Kind.DEPARTMENT, on=localdate(today)).first()
    if found is None:
        raise rules.BadMapping(what="Không có đơn vị nào chịu trách nhiệm về tệp này.")
    return found


# -- columns


def _mapped(batch: Batch, *, unit: str, mapping: str, actor: Actor) -> Batch:
    """The batch with its columns met as asked.

    :raises Refusal: see :func:`operations.write_mapping`.
    """
    told = _kept(mapping, batch) if mapping else {}
    shape = str(told.get("shape", batch.shape))
    columns = dict(told.get("columns", batch.columns))
    office_code = str(told.get("unit", batch.office_code))
    if unit in batch.headers:
        columns = {header: path for header, path in columns.items() if path != places.OFFICE} | {unit: places.OFFICE}
    elif unit:
        office_code = unit
    known = {header: path for header, path in columns.items() if header in batch.headers}
    return operations.write_mapping(
        batch_id=batch.pk, shape=shape, columns=known, office_code=office_code, actor=actor, at=now())


def _kept(mapping: str, batch: Batch) -> dict[str, Any]:
    """A mapping out of a TOML file (``shape``, ``unit``, ``[columns]``), or one that was kept under this name.

    :raises rules.BadMapping: neither.
    """
    path = Path(mapping)
    if path.is_file():
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise rules.BadMapping(what=f"Tệp ghép cột không đọc được: {error}.") from error
        if told.get("shape", Shape.ENTRY.value) not in set(Shape) or not isinstance(told.get("columns", {}), dict):
            raise rules.BadMapping(what="Tệp ghép cột cần “shape” (entry, person) và bảng [columns].")
        return told
    found = Mapping.objects.filter(name=mapping, what=batch.what).first()
    if found is None:
        raise rules.BadMapping(what=f"Không có tệp hoặc cách ghép cột “{mapping}”.")
    return {"shape": found.shape, "columns": found.columns}


def _tell_mapping(batch: Batch, console: Console) -> None:
    titles = {target.path: target.title for target in places.targets(batch.kind, Shape(batch.shape))}
    for header in batch.headers:
        path = batch.columns.get(header, "")
        console.print(f"  {header} → {titles.get(path, '(không nạp)')}", highlight=False)


# -- progress


@contextmanager
def _bar(batch: Batch, console: Console) -> Iterator[Callable[[Batch], None]]:
    """A bar on a terminal; into a file, a line every twentieth."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, refresh_per_second=4, disable=not console.is_terminal) as bar:
        task, said = bar.add_task("Nạp", total=batch.rows, completed=batch.rows_done), batch.percent // 5

        def tell(now_at: Batch) -> None:
            nonlocal said
            bar.update(task, completed=now_at.rows_done, description=f"Nạp (tách ra {thousands(now_at.aside)})")
            if not console.is_terminal and now_at.percent // 5 > said:
                said = now_at.percent // 5
                console.print(f"{thousands(now_at.rows_done)} / {thousands(now_at.rows)}")

        yield tell


def _told(batch: Batch, console: Console, *, seconds: float, rows: int) -> Batch:
    parts = [
        (batch.loaded, "nạp mới"), (batch.joined, "nạp vào việc đã có bản quét"), (batch.same, "đã có, giống hệt"),
        (batch.aside, "tách ra vì lỗi"), (batch.skipped, "loại việc khác"),
    ]
    console.print("; ".join(f"{thousands(count)} {words}" for count, words in parts if count) + ".")
    if rows:
        console.print(f"{seconds:.1f} giây: {thousands(round(rows / seconds))} dòng một giây.")
    return batch
