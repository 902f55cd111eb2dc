"""The engine over whole columns: each different word is looked at once, and put back by its number.

A register of millions of rows has some ten thousand different words. Strings are cut at ASCII blanks only (the other
blanks are letters of legacy fonts); Python sees a word once for each encoding it is read in. Needs polars: import this
module only where tables are worked on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from .legacy import (
    APART, CANDIDATES, ENOUGH, LEGACY, LOSS, MUCH, OWN, POSSIBLE, TCVN3_CAPITALS, TCVN3_HEADED, WORST, Encoding, Line, decode,
    elect, tidy, token_evidence, unite,
)
from .text import fold

ENCODINGS = pl.Enum([e.value for e in Encoding])
_SCORES = {e: f"score_{e.value}" for e in CANDIDATES}
_LEGACY = sorted(e.value for e in LEGACY)
_ASCII = r"^[\x00-\x7f]*$"


def repair_column(texts: pl.Series, books: pl.Series | None = None) -> pl.DataFrame:
    """Texts put right, as :func:`tuphap.engines.vietnamese.legacy.repair` does one by one.

    :param books: of the same length: which book each text is in; its encoding is then chosen by all its texts, and a
        text that cannot be of it is judged by itself. ``None``: each by itself.
    :returns: ``text`` and ``encoding`` (an ``Enum`` of :class:`Encoding`'s values), a row for each text, in order; null
        where the text is null.
    """
    frame = pl.DataFrame({"text": texts.cast(pl.String)})
    if books is None:
        return repair_frame(frame, ["text"])
    return repair_frame(frame.with_columns(books.alias("book")), ["text"], "book").drop("book")


def repair_frame(frame: pl.DataFrame, columns: Sequence[str], book: str | None = None) -> pl.DataFrame:
    """The frame with its ``columns`` put right and a column ``encoding``: that of the row's first text with marks.

    All columns vote together for their book; leave out those that a program wrote (dates, codes).

    :param book: the column that says which book a row is in; ``None``: each text is judged by itself.
    """
    strings = _judged(pl.concat([frame[name].cast(pl.String).alias("text") for name in columns]))
    rows = {name: _located(frame[name], strings) for name in columns}
    if book is None:
        read = {name: found.with_columns(encoding=pl.col("own")) for name, found in rows.items()}
    else:
        books = frame[book].rank("dense")
        rows = {name: found.with_columns(books.alias("book")) for name, found in rows.items()}
        elected = _elected(pl.concat([found.select("book", "string") for found in rows.values()]), strings)
        read = {
            name: found.join(elected, on="book", how="left", maintain_order="left").with_columns(encoding=_reconciled())
            for name, found in rows.items()
        }
    fixed = _fixed(pl.concat([found.select("string", "encoding") for found in read.values()]), strings)
    return frame.with_columns(
        *(_put_back(found, fixed).alias(name) for name, found in read.items()), _shown(read).alias("encoding"),
    )


def fold_column(texts: pl.Series) -> pl.Series:
    """:func:`tuphap.engines.vietnamese.fold` of each text."""
    return by_word(texts, fold)


def by_text(texts: pl.Series, work: Callable[[str], object], dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """``work`` of each different text, put back in order; null stays null."""
    unique = texts.drop_nulls().unique()
    table = pl.DataFrame({"text": unique, "done": pl.Series([work(text) for text in unique.to_list()], dtype=dtype)})
    return texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")["done"].alias(texts.name)


def by_word(texts: pl.Series, work: Callable[[str], str]) -> pl.Series:
    """``work`` of each different word (told by ASCII blanks), put together again with single blanks."""
    strings = texts.drop_nulls().unique().to_frame("text").with_row_index("string")
    words = strings.select("string", word=pl.col("text").str.split(" ")).explode("word")
    done = (
        words.select("string", by_text(words["word"], work, pl.String).alias("word")).filter(pl.col("word") != "")
        .group_by("string", maintain_order=True).agg(pl.col("word").str.join(" ").alias("done"))
    )
    table = strings.join(done, on="string", how="left").select("text", pl.col("done").fill_null(""))
    return texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")["done"].alias(texts.name)


def _judged(texts: pl.Series) -> pl.DataFrame:
    """Each different string: ``string`` (its number), what it says for each encoding, and what it is by itself."""
    strings = texts.drop_nulls().unique().to_frame("text").with_row_index("string").with_columns(
        ascii=pl.col("text").str.contains(_ASCII), lost=pl.col("text").str.contains(LOSS),
    )
    words = strings.filter(~pl.col("ascii")).select("string", token=pl.col("text").str.split(" ")).explode("token")
    tokens = words.select(pl.col("token").unique()).filter(~pl.col("token").str.contains(_ASCII))
    said = [token_evidence(token) for token in tokens["token"].to_list()]
    table = tokens.with_columns(
        pl.Series(name, [scores[i] for scores in said], dtype=pl.Int32) for i, name in enumerate(_SCORES.values())
    )
    sums = words.join(table, on="token").group_by("string").agg(pl.col(*_SCORES.values()).sum())
    return (
        strings.join(sums, on="string", how="left", maintain_order="left")
        .with_columns(pl.col(*_SCORES.values()).fill_null(0))
        .with_columns(best=pl.max_horizontal(*_SCORES.values()))
        .with_columns(own=_own())
    )


def _own() -> pl.Expr:
    """What a string is by itself: as :func:`tuphap.engines.vietnamese.legacy.judge` says."""
    unicode = pl.col(_SCORES[Encoding.UNICODE])
    gain = pl.col("best") - unicode
    found = pl.when(gain < pl.when(pl.col("best") > 0).then(ENOUGH).otherwise(MUCH)).then(_name(Encoding.UNICODE))
    for encoding, column in _SCORES.items():
        found = found.when(pl.col(column) == pl.col("best")).then(_name(encoding))  # type: ignore[assignment]
    judged = found.otherwise(_name(Encoding.UNICODE))
    return (
        pl.when(pl.col("lost") & (judged == Encoding.UNICODE.value)).then(_name(Encoding.LOST))
        .when(pl.col("ascii")).then(_name(Encoding.PLAIN)).otherwise(judged)
    )


def _name(encoding: Encoding) -> pl.Expr:
    return pl.lit(encoding.value, dtype=ENCODINGS)


def _located(texts: pl.Series, strings: pl.DataFrame) -> pl.DataFrame:
    """A column's rows with what is known of their strings; ``text`` itself left out."""
    found = texts.cast(pl.String).to_frame("text").join(strings, on="text", how="left", maintain_order="left")
    return found.drop("text")


def _elected(rows: pl.DataFrame, strings: pl.DataFrame) -> pl.DataFrame:
    """``book`` and what its texts together say: ``elected``."""
    scores = list(_SCORES.values())
    times = rows.drop_nulls().group_by("book", "string").agg(times=pl.len().cast(pl.Int64))
    votes = strings.select("string", "ascii", "lost", pl.col(*scores).clip(lower_bound=WORST))
    ballots = times.join(votes, on="string").group_by("book").agg(
        (pl.col(*scores) * pl.col("times")).sum(), count=pl.col("times").sum(),
        marked=pl.col("times").filter(~pl.col("ascii")).sum(), lost=pl.col("times").filter(pl.col("lost")).sum(),
    )
    found = [
        elect(row[2:6], count=row[0], marked=row[1], lost=row[6])
        for row in ballots.select("count", "marked", *scores, "lost").iter_rows()
    ]
    return ballots.select("book", pl.Series("elected", [e.value for e in found], dtype=ENCODINGS))


def _reconciled() -> pl.Expr:
    """The encoding of a text in its book: the book's, or its own where the book's does not fit."""
    elected, own = pl.col("elected"), pl.col("own")
    as_book = pl.lit(0)
    for encoding, column in _SCORES.items():
        as_book = pl.when(elected == encoding.value).then(pl.col(column)).otherwise(as_book)
    fits = (as_book > POSSIBLE) & (as_book >= pl.col("best") - APART)
    stands_out = own.is_in(_LEGACY) & (pl.col("best") - pl.col(_SCORES[Encoding.UNICODE]) >= OWN)
    return (
        pl.when(elected.is_null() | own.is_null() | (own == Encoding.LOST.value)).then(own)
        .when(pl.col("ascii")).then(elected)
        .when(elected.is_in(_LEGACY) & fits).then(elected)
        .when(elected.is_in(_LEGACY) | stands_out).then(own)
        .otherwise(_name(Encoding.UNICODE))
    )


def _fixed(wanted: pl.DataFrame, strings: pl.DataFrame) -> pl.DataFrame:
    """``string``, ``encoding`` → ``fixed``, of each pair that occurs and that may change."""
    pairs = wanted.unique().join(strings.select("string", "text", "ascii"), on="string")
    words = (
        pairs.filter(~pl.col("ascii")).select("string", "encoding", line=_line(), token=pl.col("text").str.split(" "))
        .explode("token")
    )
    unique = words.select("token", "encoding", "line").unique()
    done = unique.with_columns(
        pl.Series("fixed", [_word(*row) for row in unique.iter_rows()], dtype=pl.String),
    )
    joined = (
        words.join(done, on=["token", "encoding", "line"], maintain_order="left").filter(pl.col("fixed") != "")
        .group_by("string", "encoding", maintain_order=True).agg(pl.col("fixed").str.join(" "))
    )
    plain = pairs.filter(pl.col("ascii")).select(
        "string", "encoding", fixed=pl.col("text").str.replace_all(r"[\s\x1c-\x1f]+", " ").str.strip_chars(),
    )
    return pl.concat([joined, plain])


def _line() -> pl.Expr:
    """As :func:`tuphap.engines.vietnamese.legacy.line_of`, of TCVN3 only."""
    return (
        pl.when(pl.col("encoding") != Encoding.TCVN3.value).then(Line.AS_IT_IS.value)
        .when(pl.col("text").str.contains(TCVN3_CAPITALS)).then(Line.CAPITALS.value)
        .when(pl.col("text").str.contains(TCVN3_HEADED)).then(Line.HEADED.value)
        .otherwise(Line.AS_IT_IS.value)
    )


def _word(token: str, encoding: str, line: int) -> str:
    return tidy(decode(unite(token), Encoding(encoding), line=Line(line)))


def _put_back(found: pl.DataFrame, fixed: pl.DataFrame) -> pl.Series:
    rows = found.select("string", "encoding")
    return rows.join(fixed, on=["string", "encoding"], how="left", maintain_order="left").select(
        pl.when(pl.col("string").is_null()).then(None).otherwise(pl.col("fixed").fill_null("")),
    ).to_series()


def _shown(read: dict[str, pl.DataFrame]) -> pl.Series:
    marked = [found.select(pl.when(~pl.col("ascii")).then("encoding").alias(f"m{i}")) for i, found in enumerate(read.values())]
    plain = [found.select(pl.col("encoding").alias(f"p{i}")) for i, found in enumerate(read.values())]
    return pl.concat([*marked, *plain], how="horizontal").select(pl.coalesce(pl.all())).to_series()
