"""Checked rows on their way into the tables, called within the operation that answers for them.

Rows that stand for entries that are not there yet go in by COPY; those of the manifest are filled; what is there word
for word is left; what is there otherwise is set aside, as are rows with faults. The write guard does not see COPY:
whoever calls this has been let in and records it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from ..models import Entry
from ..rules import BookState, State
from . import columns as at_place
from . import reading, rules
from .models import Batch, FaultyRow
from .reading import BLOCKED, CONTENT, DAY, FAULTS_FOUND, NUMBER, SKIPPED, SUFFIX, UNIT, VOLUME, YEAR
from .sources import ROW

if TYPE_CHECKING:
    import polars as pl

_KEY = ("_book", NUMBER, SUFFIX)


@dataclass(slots=True)
class Counts:
    """What became of the rows of a chunk; the names are those of :class:`Batch`."""

    loaded: int = 0
    joined: int = 0
    same: int = 0
    aside: int = 0
    remarked: int = 0
    skipped: int = 0
    mended: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk as it was read: ``rows`` as they stand in the file, ``read`` as :class:`reading.Reader` has them.

    ``columns``: place → header.
    """

    number: int
    rows: pl.DataFrame
    read: pl.DataFrame
    columns: dict[str, str]


def load(batch: Batch, chunk: Chunk) -> Counts:
    """Write a chunk; every row of it ends as one of the counts. The same rows twice end as the same entries."""
    import polars as pl

    counts = Counts(skipped=int(chunk.read[SKIPPED].sum()))
    told = chunk.read.filter(~pl.col(SKIPPED))
    sound = _with_books(batch, told.filter(~pl.col(BLOCKED)))
    sound, turned_away = _apart(sound)
    first = sound.filter(pl.struct(_KEY).is_first_distinct())
    there = _there(first)
    new = first.join(there, on=ROW, how="anti", maintain_order="left")
    counts.loaded = _enter(batch, new)
    _widen(batch, new)
    waiting = there.filter(pl.col("state").is_in([State.COLLECTED.value, State.SCANNED.value]))
    joined = first.join(waiting.select(ROW, "entry"), on=ROW, maintain_order="left")
    counts.joined = _fill(batch, joined)
    written = pl.concat([new.select(ROW), joined.select(ROW)])
    others = sound.join(written, on=ROW, how="anti", maintain_order="left")
    same, clashing = _compared(batch, others)
    counts.same = same.height
    turned_away = pl.concat([turned_away, clashing])
    _keep_faults(batch, chunk, told, turned_away, counts)
    counts.mended = _mend(batch, chunk, sound.join(turned_away.select(ROW), on=ROW, how="anti"))
    return counts


# -- books


def _with_books(batch: Batch, sound: pl.DataFrame) -> pl.DataFrame:
    """The rows with their books and the numbers these take; a book that no manifest has is entered."""
    lines = sound.select(UNIT, YEAR, VOLUME).unique().sort(UNIT, YEAR, VOLUME)
    known = _books(batch, lines)
    missing = lines.join(known, on=[UNIT, YEAR, VOLUME], how="anti", maintain_order="left")
    if missing.height:
        _enter_books(batch, missing)
        known = _books(batch, lines)
    return sound.join(known, on=[UNIT, YEAR, VOLUME], how="left", maintain_order="left")


# Of several books of one line (one that is only kept there has its own name) the unit's own comes first.
_BOOKS = """
SELECT DISTINCT ON (b.unit_id, b.year, b.volume)
    b.unit_id, b.year, b.volume, b.id, b.first_number, b.last_number, b.state, i.book_id IS NOT NULL
FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) AS line(unit, year, volume)
JOIN digitisation_book b ON b.unit_id = line.unit AND b.year = line.year AND b.volume = line.volume AND b.kind = %s
JOIN orgs_orgunit u ON u.id = b.unit_id
LEFT JOIN digitisation_importedbook i ON i.book_id = b.id
WHERE NOT b.stands_for
ORDER BY b.unit_id, b.year, b.volume, b.office_name <> u.name, b.id
"""


def _books(batch: Batch, lines: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, [*(lines[name].to_list() for name in (UNIT, YEAR, VOLUME)), batch.kind.book.value])
        found = cursor.fetchall()
    return pl.DataFrame(found, orient="row", schema={
        UNIT: pl.Int64(), YEAR: pl.Int32(), VOLUME: pl.String(), "_book": pl.Int64(), "_first": pl.Int32(),
        "_last": pl.Int32(), "_book_state": pl.String(), "_imported": pl.Boolean(),
    })


# Their numbers are set by what is loaded (_widen). Another import may have entered one of them meanwhile.
_ENTER_BOOKS = """
WITH entered AS (
    INSERT INTO digitisation_book (unit_id, office_name, stands_for, kind, what, year, volume, first_number,
        last_number, expected, opened_on, condition, note, state, entered_at, entered_by)
    SELECT u.id, u.name, false, %s, %s, line.year, line.volume, 1, 1, 0, make_date(line.year, 1, 1), 'good', '', 'open',
        %s, %s
    FROM unnest(%s::bigint[], %s::smallint[], %s::text[]) WITH ORDINALITY AS line(unit, year, volume, place)
    JOIN orgs_orgunit u ON u.id = line.unit ORDER BY line.place
    ON CONFLICT ON CONSTRAINT digitisation_book_once DO NOTHING
    RETURNING id)
INSERT INTO digitisation_importedbook (book_id, batch_id) SELECT id, %s FROM entered
"""


def _enter_books(batch: Batch, lines: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ENTER_BOOKS, [
            batch.kind.book.value, batch.what, batch.started_at, batch.by_name,
            *(lines[name].to_list() for name in (UNIT, YEAR, VOLUME)), batch.pk,
        ])


_WIDEN = """
UPDATE digitisation_book b
SET first_number = least(b.first_number, v.least), last_number = greatest(b.last_number, v.most),
    expected = b.expected + v.more
FROM unnest(%s::bigint[], %s::smallint[], %s::smallint[], %s::smallint[]) AS v(id, least, most, more)
JOIN digitisation_importedbook i ON i.book_id = v.id
WHERE b.id = v.id
"""


def _widen(batch: Batch, new: pl.DataFrame) -> None:
    """A book that came with a file reaches as far as its entries, and is expected to hold as many."""
    import polars as pl

    of = new.group_by("_book").agg(pl.col(NUMBER).min().alias("least"), pl.col(NUMBER).max().alias("most"), pl.len())
    of = of.sort("_book")
    with connection.cursor() as cursor:
        cursor.execute(_WIDEN, [of[name].to_list() for name in ("_book", "least", "most", "len")])


def _apart(sound: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that their book takes, and those that it does not, with why."""
    import polars as pl

    closed = pl.col("_book_state") == BookState.CLOSED.value
    outside = ~pl.col("_imported") & ~pl.col(NUMBER).is_between(pl.col("_first"), pl.col("_last"))
    refused = sound.filter(closed | outside).select(
        ROW, pl.when(closed).then(pl.lit(rules.Fault.BOOK_CLOSED.value)).otherwise(
            pl.lit(rules.Fault.OUT_OF_BOOK.value)).alias("code"),
        pl.when(closed).then(pl.lit("đã số hóa xong")).otherwise(
            pl.format("{}–{}", "_first", "_last")).alias("other"),
    )
    return sound.filter(~(closed | outside)), refused


# -- entries

_THERE = """
SELECT line.row, e.id, e.state
FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::text[]) AS line(row, book, number, suffix)
JOIN digitisation_entry e ON e.book_id = line.book AND e.number = line.number AND e.number_suffix = line.suffix
"""


def _there(rows: pl.DataFrame) -> pl.DataFrame:
    """The entries that stand under the numbers of these rows already."""
    import polars as pl

    with connection.cursor() as cursor:
        cursor.execute(_THERE, [rows[name].to_list() for name in (ROW, *_KEY)])
        found = cursor.fetchall()
    return pl.DataFrame(found, orient="row", schema={ROW: pl.Int64(), "entry": pl.Int64(), "state": pl.String()})


_COLUMNS = ("book_id", "number", "number_suffix", "what", "registered_on", "state", "source", "content", "keyed_at")


def _enter(batch: Batch, new: pl.DataFrame) -> int:
    """Write the entries by COPY, as rows of CSV that nobody has to look at one by one."""
    import polars as pl

    rows = new.select(
        "_book", NUMBER, pl.col(SUFFIX), pl.lit(batch.what).alias("what"), pl.col(DAY).dt.strftime("%Y-%m-%d"),
        pl.lit(State.KEYED.value).alias("state"), _source(batch), pl.col(CONTENT), pl.lit(_at(batch)).alias("at"),
    )
    _copy(Entry._meta.db_table, _COLUMNS, rows)
    return rows.height


def _source(batch: Batch) -> pl.Expr:
    import polars as pl

    return (pl.lit(rules.source_of(batch.sha256)) + pl.col(ROW).cast(pl.String)).alias("source")


def _at(batch: Batch) -> str:
    assert batch.started_at is not None  # the constraint digitisation_batch_started
    return batch.started_at.isoformat()


def _copy(table: str, columns: tuple[str, ...], rows: pl.DataFrame) -> None:
    if not rows.height:
        return
    told = rows.write_csv(include_header=False, quote_style="non_numeric", null_value="")
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy:
        copy.write(told)


_FILL = """
UPDATE digitisation_entry e
SET state = 'keyed', what = %s, registered_on = v.day, content = v.content, source = v.source, keyed_at = %s
FROM unnest(%s::bigint[], %s::date[], %s::jsonb[], %s::text[]) AS v(id, day, content, source)
WHERE e.id = v.id
"""


def _fill(batch: Batch, rows: pl.DataFrame) -> int:
    """Give entries of the manifest, scanned or not, what the file has of them."""
    if not rows.height:
        return 0
    source = rows.select(_source(batch)).to_series()
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [
            batch.what, batch.started_at, rows["entry"].to_list(), rows[DAY].to_list(), rows[CONTENT].to_list(),
            source.to_list(),
        ])
    return rows.height


# How the line was told differs from tool to tool; what the entry says does not.
_COMPARE = """
SELECT line.row, e.source, e.state,
    e.registered_on = line.day AND e.content #- '{line,as_written}' = line.content #- '{line,as_written}'
FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], %s::text[], %s::date[], %s::jsonb[])
    AS line(row, book, number, suffix, day, content)
JOIN digitisation_entry e ON e.book_id = line.book AND e.number = line.number AND e.number_suffix = line.suffix
ORDER BY line.row
"""


def _compared(batch: Batch, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows whose entry is there word for word, and those whose number has another content, with whose."""
    import polars as pl

    from ..rules import STATE_TITLES

    found: list[tuple[int, str, str, bool]] = []
    if rows.height:
        with connection.cursor() as cursor:
            cursor.execute(_COMPARE, [rows[name].to_list() for name in (ROW, *_KEY, DAY, CONTENT)])
            found = cursor.fetchall()
    same, clashing, own = [], [], rules.source_of(batch.sha256)
    for row, source, state, is_same in found:
        if is_same:
            same.append(row)
        elif source.startswith(own):
            clashing.append((row, rules.Fault.REPEATED.value, source.removeprefix(own)))
        else:
            clashing.append((row, rules.Fault.TAKEN.value, STATE_TITLES[State(state)].lower()))
    schema = {ROW: pl.Int64(), "code": pl.String(), "other": pl.String()}
    return pl.DataFrame({ROW: pl.Series(same, dtype=pl.Int64)}), pl.DataFrame(clashing, orient="row", schema=schema)


# -- what was found in rows


def _keep_faults(batch: Batch, chunk: Chunk, told: pl.DataFrame, turned_away: pl.DataFrame, counts: Counts) -> None:
    """Keep each faulty row: set aside with its cells, or with its remarks alone."""
    import polars as pl

    number = chunk.columns[at_place.NUMBER]
    more = turned_away.join(chunk.rows.select(ROW, pl.col(number).alias("value")), on=ROW, how="left").select(
        ROW, pl.concat_list(pl.struct(
            pl.col("code"), pl.lit(True).alias("blocks"), pl.lit(at_place.NUMBER).alias("place"),
            pl.lit("Số").alias("title"), pl.lit(number).alias("column"), pl.col("value").fill_null(""), pl.col("other"),
        ).cast(reading.FAULT)).alias("_more"))
    faulty = told.select(ROW, BLOCKED, FAULTS_FOUND).join(more, on=ROW, how="left", maintain_order="left")
    faulty = faulty.filter(pl.col(FAULTS_FOUND).is_not_null() | pl.col("_more").is_not_null())
    aside = pl.col(BLOCKED) | pl.col("_more").is_not_null()
    cells = chunk.rows.join(faulty.filter(aside).select(ROW), on=ROW, how="semi").select(
        ROW, pl.struct(pl.exclude(ROW)).struct.json_encode().alias("cells"))
    rows = faulty.join(cells, on=ROW, how="left", maintain_order="left").select(
        pl.lit(str(batch.pk)).alias("batch"), ROW, aside.alias("aside"),
        pl.when(aside).then(pl.col("cells")).otherwise(pl.lit("{}")).alias("cells"),
        pl.concat_list(pl.col(FAULTS_FOUND).fill_null([]), pl.col("_more").fill_null([])).alias("faults"),
    ).with_columns(
        pl.struct(pl.col("faults").alias("f")).struct.json_encode().str.slice(5).str.head(-1).alias("faults"))
    _copy(FaultyRow._meta.db_table, ("batch_id", "row", "is_aside", "cells", "faults"), rows)
    counts.aside = int(rows["aside"].sum())
    counts.remarked = rows.height - counts.aside


_MEND = """
UPDATE digitisation_faultyrow f SET mended_by_id = %s
FROM unnest(%s::text[]) AS mark
JOIN digitisation_batch b ON b.sha256 LIKE split_part(mark, ':', 1) || '%%' AND b.what = %s
WHERE f.batch_id = b.id AND f.row = split_part(mark, ':', 2)::int AND f.is_aside AND f.mended_by_id IS NULL
"""
_MARK = r"^[0-9a-f]{16}:\d{1,9}$"


def _mend(batch: Batch, chunk: Chunk, settled: pl.DataFrame) -> int:
    """Rows that were set aside from another file and came right in this one are told so."""
    import polars as pl

    header = chunk.columns.get(at_place.MENDS)
    if header is None:
        return 0
    marks = chunk.rows.filter(pl.col(header).str.contains(_MARK)).join(settled.select(ROW), on=ROW, how="semi")
    if not marks.height:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_MEND, [batch.pk, marks[header].to_list(), batch.what])
        return int(cursor.rowcount)

