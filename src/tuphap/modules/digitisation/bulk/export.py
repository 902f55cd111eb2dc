"""All entries as one CSV in one order, so that two databases that hold the same give the same bytes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql

from tuphap.kernel.actor import Actor
from tuphap.modules.civil_status import public as register
from tuphap.shared.audit import api as audit

_BOM = "\ufeff".encode()
_ROWS = """
SELECT u.code, b.office_name, b.kind, b.year, b.volume, e.number || e.number_suffix, e.registered_on, e.state, e.source,
    {columns}
FROM digitisation_entry e JOIN digitisation_book b ON b.id = e.book_id JOIN orgs_orgunit u ON u.id = b.unit_id
WHERE {chosen}
ORDER BY u.code COLLATE "C", u.valid_from, b.kind, b.year, b.volume COLLATE "C", b.office_name COLLATE "C", e.number,
    e.number_suffix COLLATE "C"
"""
HEADERS = ("Mã cơ quan", "Cơ quan ghi trên sổ", "Loại sổ", "Năm mở sổ", "Quyển số", "Số", "Ngày đăng ký", "Trạng thái",
           "Nguồn")


def write(to: Path, *, what: str = "", source: str = "", actor: Actor, at: datetime) -> int:
    """Write the entries to a file; answers how many. That they were handed out is kept in the log.

    :param what: of this kind alone, then with a column for each place as written and one as understood; empty: all
        kinds, their content as one column of JSON.
    :param source: what came from this file alone, by its hash or the beginning of it.
    """
    kind = register.ENTRY_KINDS[what] if what else None
    paths = [(part, place) for part in kind.parts for place in part.places] if kind is not None else []
    columns = sql.SQL(", ").join([
        sql.SQL("e.content #>> ARRAY[{}, {}, {}]").format(part.code, place.code, form)
        for part, place in paths for form in ("raw", "value")
    ]) if kind is not None else sql.SQL("e.content")
    chosen: list[sql.Composable] = [sql.SQL("true")]
    if kind is not None:
        chosen.append(sql.SQL("e.what = {}").format(what))
    if source:
        chosen.append(sql.SQL("e.source LIKE {}").format(f"{source[:16]}%"))
    rows = sql.SQL(_ROWS).format(columns=columns, chosen=sql.SQL(" AND ").join(chosen))
    titles = [f"{part.title}: {place.title}{form}" for part, place in paths for form in ("", " (hiểu là)")]
    named = to.with_name(f"{to.name}.part")
    with transaction.atomic(), connection.cursor() as cursor, named.open("wb") as out:
        out.write(_BOM + ",".join(f'"{title}"' for title in (*HEADERS, *(titles or ["Nội dung"]))).encode() + b"\n")
        asked = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(rows).as_string(connection.connection)
        with cursor.copy(asked) as copy:
            for block in copy:
                out.write(block)
        count = int(cursor.rowcount)
        audit.record_read(
            subject=None, actor=actor, at=at, purpose="Xuất dữ liệu số hóa ra tệp", what="digitisation.export",
            entries=count, of=what, source=source)
    named.rename(to)
    return count
