"""The engine over whole columns: each different word is looked at once, and put back by its number.

A register of millions of rows has some ten thousand different words. Strings are cut at ASCII blanks only (the other
blanks are letters of legacy fonts); Python sees a word once for each encoding it is read in. Needs polars: import this
module only where tables are worked on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .dates import WrittenDate, read_date
from .encodings import TCVN3_CAPITALS, TCVN3_HEADED, Encoding, Line, decode
from .legacy import (
    APART,
    CANDIDATES,
    ENOUGH,
    LEGACY,
    LOSS,
    POSSIBLE,
    WORST,
    elect,
    tidy,
    token_evidence,
    unite,
)
from .phonetic import Strength, syllable_key
from .text import fold

ENCODINGS = pl.Enum([e.value for e in Encoding])
_ALL = list(Encoding)
_CODE = {encoding: code for code, encoding in enumerate(_ALL)}
_UNICODE, _LOST, _PLAIN, _TCVN3 = (
    _CODE[e] for e in (Encoding.UNICODE, Encoding.LOST, Encoding.PLAIN, Encoding.TCVN3)
)
_CANDIDATE_CODES = np.array([_CODE[e] for e in CANDIDATES])
_LEGACY_CODES = np.array(sorted(_CODE[e] for e in LEGACY))
_ASCII = r"^[\x00-\x7f]*$"
_UNTIDY = r"  |^ | $|[\t-\r\x1c-\x1f]"
_BLANKS = r"[ \t-\r\x1c-\x1f]+"
_LINES = len(Line)

Numbers = NDArray[np.int64]


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
    strings = _Strings.of(pl.concat([frame[name].cast(pl.String).alias("text") for name in columns]))
    rows = {name: strings.located(frame[name]) for name in columns}
    if book is None:
        read = {name: strings.own[found] for name, found in rows.items()}
    else:
        books = frame[book].rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
        elected = strings.elected(list(rows.values()), books)
        read = {name: strings.reconciled(found, elected[books]) for name, found in rows.items()}
    fixed = strings.fixed(np.concatenate(list(rows.values())), np.concatenate(list(read.values())))
    parts = {name: fixed[i * len(frame) : (i + 1) * len(frame)] for i, name in enumerate(columns)}
    shown = strings.shown(list(rows.values()), list(read.values()))
    return frame.with_columns(*(part.alias(name) for name, part in parts.items()), _enum(shown).alias("encoding"))


def fold_column(texts: pl.Series) -> pl.Series:
    """:func:`tuphap.engines.vietnamese.fold` of each text."""
    return by_word(texts, fold)


def phonetic_column(texts: pl.Series, strength: Strength = Strength.LOOSE) -> pl.Series:
    """:func:`tuphap.engines.vietnamese.phonetic.phonetic_key` of each text."""
    return by_word(texts, lambda word: " ".join(filter(None, (syllable_key(part, strength) for part in word.split()))))


def dates_column(texts: pl.Series, latest: pl.Series | None = None) -> pl.DataFrame:
    """:func:`tuphap.engines.vietnamese.dates.read_date` of each text, a row for each, in order.

    Columns of whole numbers: ``year``, ``month``, ``day`` (null: not known) and ``flags``
    (:class:`tuphap.engines.vietnamese.dates.Doubt`).

    :param latest: of the same length: the year of the entry, after which no date in it lies.
    """
    rows = pl.DataFrame({
        "text": texts.cast(pl.String),
        "latest": pl.repeat(None, len(texts), dtype=pl.Int32, eager=True) if latest is None else latest.cast(pl.Int32),
    })
    unique = rows.unique()
    read = unique.with_columns(_parts(read_date(text, latest=year) for text, year in unique.iter_rows()))
    found = rows.join(read, on=["text", "latest"], how="left", maintain_order="left", nulls_equal=True)
    return found.drop("text", "latest")


def _parts(dates: Iterable[WrittenDate]) -> list[pl.Series]:
    found = [(d.year, d.month, d.day, int(d.doubts)) for d in dates]
    kinds = {"year": pl.Int16, "month": pl.Int8, "day": pl.Int8, "flags": pl.Int16}
    return [pl.Series(name, [row[i] for row in found], dtype=kind) for i, (name, kind) in enumerate(kinds.items())]


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


@dataclass(frozen=True)
class _Strings:
    """All different strings, by number, and their words. The last number stands for null, which has no words.

    ``words`` are numbers of ``tokens``, string after string; those of string n are ``words[starts[n]:starts[n + 1]]``
    (none for ASCII, which nothing is to be told of). ``scores`` has a row for each string, a column for each of
    :data:`CANDIDATES`; ``own`` is the code of what a string is by itself.
    """

    texts: pl.Series
    ascii: NDArray[np.bool_]
    lost: NDArray[np.bool_]
    tokens: list[str]
    words: Numbers
    starts: Numbers
    scores: Numbers
    own: Numbers

    @classmethod
    def of(cls, texts: pl.Series) -> _Strings:
        unique = pl.concat([texts.drop_nulls().unique(), pl.Series([None], dtype=pl.String)])
        plain = unique.str.contains(_ASCII).fill_null(True)
        lost = unique.str.contains(LOSS).fill_null(False).to_numpy()
        split = pl.select(pl.when(~plain).then(unique.str.split(" ")).otherwise(pl.lit([], dtype=pl.List(pl.String))))
        lists = split.to_series()
        starts = np.concatenate([[0], np.cumsum(lists.list.len().to_numpy())]).astype(np.int64)
        exploded = lists.filter(~plain).explode()
        tokens = exploded.unique()
        words = _numbers(exploded, tokens)
        said = np.array([token_evidence(token) for token in tokens.to_list()], dtype=np.int64)
        scores = _sums(said.reshape(-1, len(CANDIDATES)), words, starts)
        own = _judged(scores, plain.to_numpy(), lost)
        return cls(unique, plain.to_numpy(), lost, tokens.to_list(), words, starts, scores, own)

    def located(self, texts: pl.Series) -> Numbers:
        """The number of each text of a column."""
        return _numbers(texts.cast(pl.String), self.texts)

    def elected(self, rows: list[Numbers], books: Numbers) -> Numbers:
        """The code of each book's encoding, by the book's number; null rows have no vote."""
        size = int(books.max(initial=0)) + 1
        votes = np.maximum(self.scores, WORST)
        stands = np.ones(len(self.texts))
        stands[-1] = 0
        weights = [*votes.T, stands, stands * ~self.ascii, self.lost]
        sums = [
            sum((np.bincount(books, weights=weight[found], minlength=size) for found in rows), start=np.zeros(size))
            for weight in weights
        ]
        table = np.rint(np.array(sums)).astype(np.int64).T.tolist()
        return np.array([
            _CODE[elect(row[:-3], count=row[-3], marked=row[-2], lost=row[-1])] for row in table
        ])

    def reconciled(self, rows: Numbers, elected: Numbers) -> Numbers:
        """As :func:`tuphap.engines.vietnamese.legacy.reconcile`, of every row."""
        own, scores, plain = self.own[rows], self.scores[rows], self.ascii[rows]
        best = scores.max(axis=1)
        as_book = np.zeros(len(rows), dtype=np.int64)
        for at, code in enumerate(_CANDIDATE_CODES):
            as_book = np.where(elected == code, scores[:, at], as_book)
        fits = (as_book > POSSIBLE) & (as_book >= best - APART)
        in_legacy = np.isin(elected, _LEGACY_CODES)
        chosen = np.where(in_legacy, np.where(fits, elected, own), np.where(np.isin(own, _LEGACY_CODES), own, _UNICODE))
        return np.where(own == _LOST, own, np.where(plain, elected, chosen))

    def fixed(self, rows: Numbers, encodings: Numbers) -> pl.Series:
        """Each row's text put right: each pair of string and encoding once."""
        pairs, back = _different(rows * len(_ALL) + encodings, len(self.texts) * len(_ALL))
        strings, codes = pairs // len(_ALL), pairs % len(_ALL)
        texts = self.texts.gather(strings)
        lengths = (self.starts[strings + 1] - self.starts[strings]).astype(np.int64)
        ends = np.cumsum(lengths)
        at = np.arange(int(lengths.sum())) + np.repeat(self.starts[strings] - ends + lengths, lengths)
        ways = codes * _LINES + _lines(texts, codes)
        span = len(_ALL) * _LINES
        wanted, words = _different(self.words[at] * span + np.repeat(ways, lengths), len(self.tokens) * span)
        done = [self._word(*divmod(int(key), span)) for key in wanted]
        changed = np.array([new != self.tokens[key // span] for new, key in zip(done, wanted.tolist(), strict=True)])
        touched = _any(changed[words] if len(words) else words.astype(np.bool_), ends - lengths, lengths)
        of_pair = np.repeat(np.arange(len(pairs)), lengths)
        result = _rebuilt(texts, pl.Series(done, dtype=pl.String), words, of_pair, touched)
        untidy = texts.str.contains(_UNTIDY).fill_null(False)
        tidied = result.str.replace_all(_BLANKS, " ").str.strip_chars(" ")
        return pl.select(pl.when(untidy).then(tidied).otherwise(result)).to_series().gather(back)

    def shown(self, rows: list[Numbers], encodings: list[Numbers]) -> Numbers:
        """One code a row: of its first text with marks, else of its first text; −1 where all are null."""
        found = np.full(len(rows[0]), -1, dtype=np.int64)
        null = len(self.texts) - 1
        for wants_marks in (True, False):
            for numbers, codes in zip(rows, encodings, strict=True):
                here = (found < 0) & (numbers != null) & (~self.ascii[numbers] if wants_marks else True)
                found = np.where(here, codes, found)
        return found

    def _word(self, token: int, way: int) -> str:
        code, line = divmod(way, _LINES)
        return tidy(decode(unite(self.tokens[token]), _ALL[code], line=Line(line)))


def _enum(codes: Numbers) -> pl.Series:
    names = pl.Series([e.value for e in _ALL], dtype=ENCODINGS)
    return names.gather(pl.Series(np.where(codes < 0, 0, codes))).set(pl.Series(codes < 0), None)


def _numbers(texts: pl.Series, unique: pl.Series) -> Numbers:
    """The place of each text among the different ones."""
    table = pl.DataFrame({"text": unique, "number": np.arange(len(unique), dtype=np.int64)})
    rows = texts.alias("text").to_frame().join(table, on="text", how="left", maintain_order="left", nulls_equal=True)
    return rows["number"].to_numpy()


def _different(keys: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """The different keys, all below ``size``, in order; and where each key stands among them. Nothing is sorted."""
    there = np.zeros(size, dtype=np.bool_)
    there[keys] = True
    places = np.cumsum(there) - 1
    return np.flatnonzero(there), places[keys]


def _sums(said: Numbers, words: Numbers, starts: Numbers) -> Numbers:
    """What the words of each string say together."""
    totals: Numbers = np.concatenate([np.zeros((1, said.shape[1]), dtype=np.int64), np.cumsum(said[words], axis=0)])
    sums: Numbers = totals[starts[1:]] - totals[starts[:-1]]
    return sums


def _any(flags: NDArray[np.bool_], begins: Numbers, lengths: Numbers) -> NDArray[np.bool_]:
    totals: Numbers = np.concatenate([[0], np.cumsum(flags)]).astype(np.int64)
    found: NDArray[np.bool_] = totals[begins + lengths] > totals[begins]
    return found


def _judged(scores: Numbers, plain: NDArray[np.bool_], lost: NDArray[np.bool_]) -> Numbers:
    """What each string is by itself: as :func:`tuphap.engines.vietnamese.legacy.judge` says."""
    best = scores.max(axis=1)
    enough = best - scores[:, 0] >= ENOUGH
    chosen = np.where(enough, _CANDIDATE_CODES[scores.argmax(axis=1)], _UNICODE)
    return np.where(lost & (chosen == _UNICODE), _LOST, np.where(plain, _PLAIN, chosen))


def _lines(texts: pl.Series, codes: Numbers) -> Numbers:
    """As :func:`tuphap.engines.vietnamese.encodings.line_of`, of strings in TCVN3; the others as they are."""
    lines = np.zeros(len(texts), dtype=np.int64)
    where = np.flatnonzero(codes == _TCVN3)
    some = texts.gather(where)
    headed = some.str.contains(TCVN3_HEADED).fill_null(False).to_numpy()
    capitals = some.str.contains(TCVN3_CAPITALS).fill_null(False).to_numpy()
    lines[where] = np.where(capitals, Line.CAPITALS, np.where(headed, Line.HEADED, Line.AS_IT_IS))
    return lines


def _rebuilt(
    texts: pl.Series, done: pl.Series, words: Numbers, pairs: Numbers, touched: NDArray[np.bool_],
) -> pl.Series:
    """The texts, those that are touched put together from their words again."""
    wanted = np.flatnonzero(touched[pairs])
    parts = pl.DataFrame({"pair": pairs[wanted], "word": done.gather(words[wanted])})
    again = parts.filter(pl.col("word") != "").group_by("pair", maintain_order=True).agg(pl.col("word").str.join(" "))
    blank = pl.Series([""], dtype=pl.String).new_from_index(0, int(touched.sum()))
    emptied = texts.scatter(np.flatnonzero(touched), blank)  # of signs only that are not to be seen
    return emptied.scatter(again["pair"].to_numpy(), again["word"])
