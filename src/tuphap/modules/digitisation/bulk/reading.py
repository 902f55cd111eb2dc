"""Rows of a file understood and checked, a chunk at a time and a column at a time: nothing here looks at one row.

What stands in a cell is kept as it stands (``raw``); beside it what is understood (``value``). A text that a legacy
font left is put right in ``value`` alone, and ``read`` says so. Needs polars; knows no Django and no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from . import columns as at
from .rules import FAULTS, Fault
from .sources import ROW

if TYPE_CHECKING:
    from tuphap.modules.civil_status.public import EntryKind

ALONE = "_alone"  # of a row for one person: why it has no partner; null for pairs
FIRST_YEAR = 1945  # of the Republic's first rules on civil status, as old books of the register have it
OLDEST = 120  # years that somebody may have lived when something was registered of them
LONGEST = 400  # letters of a value, as old books of the register cut it
# What _line adds: where the entry stands, as far as it can be read.
UNIT, YEAR, VOLUME, NUMBER, SUFFIX, DAY = "_unit", "_year", "_volume", "_number", "_suffix", "_day"
AS_WRITTEN = "as_written"  # in the part of the line: how its place in the book was told, cell by cell
CONTENT, FAULTS_FOUND, BLOCKED, SKIPPED = "_content", "_faults", "_blocked", "_skipped"
FAULT = pl.Struct({"code": pl.String(), "blocks": pl.Boolean(), "place": pl.String(), "title": pl.String(),
                    "column": pl.String(), "value": pl.String(), "other": pl.String()})

_NOT_STATED = r"(?i)^(?:không ghi|ko ghi|không có|không|k/?g|-+|–|—)$"
_ILLEGIBLE = r"(?i)^(?:không đọc được|không rõ chữ|mờ|chữ mờ|mờ không đọc được|rách|nhòe|\?+)$"
_DAY_TEXTS = (
    r"(?i)^(?:ngày )?(?P<d>\d{1,2}) ?(?:[/.\- ]|tháng) ?(?P<m>\d{1,2}) ?(?:[/.\- ]|năm) ?(?P<y>\d{4})(?: \d{1,2}:.*)?$",
    r"^(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T]\d{1,2}:.*)?$",
    r"(?i)^(?:tháng )?(?P<m>\d{1,2}) ?(?:[/.\- ]|năm) ?(?P<y>\d{4})$",
    r"^(?P<y>\d{4})-(?P<m>\d{1,2})$",
    r"(?i)^(?:năm )?(?P<y>\d{4})(?:\.0)?$",
)
_NAME = r"^\p{Latin}\p{M}*(?:[ '\-]?\p{Latin}\p{M}*)*$"
_VOLUME = r"(?i)^(?:quyển )?(?:số )?q?\.?(?P<v>\d{1,2}) ?(?P<a>[a-z]?)(?: ?[/\-.] ?(?:TP/)?(?P<y>\d{4}).*)?$"
_NUMBER = r"(?i)^(?:số )?0*(?P<n>\d{1,4}) ?(?P<a>[a-z]?)(?:\.0)?(?: ?[/\-] ?(?P<y>\d{4})?.*)?$"


@dataclass(frozen=True, slots=True)
class Plan:
    """By what the rows of a file are understood, each an entry.

    ``columns``: header → place. ``office``: the code of the office whose entries they all are; empty: a column tells.
    """

    kind: EntryKind
    columns: Mapping[str, str]
    today: date
    office: str = ""


@dataclass(frozen=True)
class _Place:
    """A place that the file fills."""

    path: str
    header: str
    title: str
    kind: str
    must: bool

    @property
    def raw(self) -> str:
        return f"raw:{self.path}"

    @property
    def value(self) -> str:
        return f"value:{self.path}"

    @property
    def fixed(self) -> str:
        """Whether ``value`` is of another text than ``raw``."""
        return f"fixed:{self.path}"


class Reader:
    """Reads chunks by a plan. ``offices``: who kept books, see :data:`OFFICES`."""

    def __init__(self, plan: Plan, offices: pl.DataFrame) -> None:
        self.plan, self.offices = plan, offices
        targets = {target.path: target for target in at.targets(plan.kind)}
        self.places = [
            _Place(path, header, targets[path].title, targets[path].kind, targets[path].must)
            for header, path in plan.columns.items()
        ]
        self.of = {place.path: place for place in self.places}

    def read(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with where each stands, its content as JSON, its faults, and whether they keep it from loading."""
        frame = rows.select(ROW, *(_verbatim(place.header).alias(place.raw) for place in self.places))
        frame = self._line(self._repaired(frame))
        frame = frame.with_columns(*self._values())
        frame = self._with_office(frame)
        frame = self._with_faults(frame).with_columns(
            self._content().alias(CONTENT), self._of_another_kind().alias(SKIPPED))
        return _partnerless(frame, rows, self.of[at.NUMBER]) if ALONE in rows.columns else frame

    def _of_another_kind(self) -> pl.Expr:
        """Whether the row says that it is of another kind of act; one that says nothing is of this one."""
        if at.WHAT not in self.of:
            return pl.lit(False)
        book = self.plan.kind.book
        words = [office_key(pl.lit(word)) for word in (book.value, self.plan.kind.title, _WORDS.get(book.value, ""))]
        asked = office_key(pl.col(self.of[at.WHAT].value))
        return ~pl.any_horizontal(*(asked == word for word in words)).fill_null(True)

    @cached_property
    def texts(self) -> list[_Place]:
        """The places that hold words, which fonts may have spoiled."""
        return [place for place in self.places if place.kind in ("name", "text", "sex") and place.path not in _CODES]

    def _repaired(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Words put right, by vote of the whole book; what programs wrote is taken as it is."""
        from tuphap.engines.vietnamese.columns import repair_frame

        names = [place.raw for place in self.texts]
        plain = [place for place in self.places if place not in self.texts]
        told = [pl.col(self.of[path].raw).fill_null("") for path in _BOOK if path in self.of]
        books = pl.concat_str(told or [pl.lit("")], separator="|").alias("book")
        put_right = repair_frame(frame.select(*names, books), names, "book") if names else frame
        return frame.with_columns(
            *(_tidy(put_right[place.raw]).alias(place.value) for place in self.texts),
            *(_tidy(frame[place.raw]).alias(place.value) for place in plain),
        ).with_columns(
            *(pl.lit(False).alias(place.fixed) for place in plain),
            *(((put_right[place.raw] != frame[place.raw]) & (pl.col(place.value) != _tidy(frame[place.raw])))
              .fill_null(False).alias(place.fixed) for place in self.texts),
        )

    # -- where an entry stands

    def _line(self, frame: pl.DataFrame) -> pl.DataFrame:
        nothing = pl.lit(None, pl.String)
        number = self._groups(at.NUMBER, _NUMBER, "n", "a", "y")
        volume = self._groups(at.VOLUME, _VOLUME, "v", "a", "y")
        book = self._groups(at.BOOK, _VOLUME, "v", "a", "y")
        year = pl.col(self.of[at.YEAR].value).str.extract(r"^(\d{4})(?:\.0)?$") if at.YEAR in self.of else nothing
        day = _complete(pl.col(self.of[at.DAY].value)) if at.DAY in self.of else pl.lit(None, pl.Date)
        has_volume = at.VOLUME in self.of or at.BOOK in self.of
        told = pl.coalesce(book["v"], volume["v"]).str.strip_chars_start("0").str.zfill(2)
        letter = pl.coalesce(book["a"], volume["a"]).fill_null("").str.to_uppercase()
        opened = pl.coalesce(book["y"], volume["y"], year, number["y"]).cast(pl.Int32, strict=False)
        return frame.with_columns(
            number["n"].cast(pl.Int32, strict=False).alias(NUMBER),
            number["a"].fill_null("").str.to_uppercase().alias(SUFFIX),
            (told + letter if has_volume else pl.lit("01")).alias(VOLUME),
            day.alias(DAY),
        ).with_columns(
            pl.when(pl.col(VOLUME) == "00").then(None).otherwise(pl.col(VOLUME)).alias(VOLUME),
            pl.when(pl.col(NUMBER) == 0).then(None).otherwise(pl.col(NUMBER)).alias(NUMBER),
            pl.coalesce(opened, pl.col(DAY).dt.year() if at.YEAR not in self.of else None).alias(YEAR),
        )

    def _groups(self, path: str, pattern: str, *names: str) -> dict[str, pl.Expr]:
        """What the pattern finds in a place, group by group; nothing where the file has no such column."""
        if path not in self.of:
            return {name: pl.lit(None, pl.String) for name in names}
        found = pl.col(self.of[path].value).str.extract_groups(pattern)
        return {name: _or_none(found.struct.field(name)) for name in names}

    def _with_office(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The office by its name or code at that time; how many fit, and how many bore it at any time."""
        if at.OFFICE in self.of and not self.plan.office:
            asked = pl.col(self.of[at.OFFICE].value)
            texts = frame.select(asked.alias("text")).unique().with_columns(key=office_key(pl.col("text")))
            keys = frame.select(ROW, asked.alias("text"), DAY).join(texts, on="text", how="left", nulls_equal=True)
        else:
            keys = frame.select(ROW, DAY).with_columns(key=pl.lit(self.plan.office).pipe(office_key))
        ever = self.offices.select("key").unique().with_columns(known=pl.lit(True))
        fits = keys.join(self.offices, on="key").filter(
            (pl.col("since") <= pl.col(DAY)) & (pl.col("until").is_null() | (pl.col(DAY) < pl.col("until")))
        ).group_by(ROW).agg(
            pl.col("unit").n_unique().alias("_offices"), pl.col("unit").min().alias(UNIT),
            pl.col("name").unique().sort().head(4).str.join("; ").alias("_office_names"),
            pl.col("may").all().alias("_may"),
        )
        told = keys.select(ROW, "key").join(ever, on="key", how="left")
        return frame.join(
            told.select(ROW, pl.col("known").alias("_office_known")), on=ROW, how="left", maintain_order="left"
        ).join(fits, on=ROW, how="left", maintain_order="left").with_columns(
            pl.col("_offices").fill_null(0), pl.col("_office_known").fill_null(False),
            pl.when(pl.col("_offices") == 1).then(pl.col(UNIT)).alias(UNIT),
        )

    # -- what stands in it

    def _values(self) -> Iterator[pl.Expr]:
        """Values as the register understands them: null where a cell is not understood, empty where it says nothing."""
        for place in self.places:
            text = pl.col(place.value)
            standing = _standing(text)
            understood = _UNDERSTOOD[place.kind](text) if place.kind in _UNDERSTOOD else text.str.slice(0, LONGEST)
            yield standing.alias(f"standing:{place.path}")
            nothing = text.is_null() | (standing != "given")
            yield pl.when(nothing).then(pl.lit("")).otherwise(understood).alias(place.value)

    def _content(self) -> pl.Expr:
        """part → place → raw, value, standing, read; places that the file has no column for are not there."""
        parts: dict[str, list[pl.Expr]] = {}
        for place in self.places:
            part, _, code = place.path.partition(".")
            if place.path in _ABOUT_LINE:
                continue
            given = pl.col(f"standing:{place.path}") == "given"
            parts.setdefault(part, []).append(pl.struct(
                pl.when(given).then(pl.col(place.raw).fill_null("")).otherwise(pl.lit("")).alias("raw"),
                pl.col(place.value).fill_null("").alias("value"),
                pl.col(f"standing:{place.path}").alias("standing"),
                (pl.col(place.fixed) & given).alias("read"),
            ).alias(code))
        parts.setdefault(at.LINE, []).append(pl.struct(
            self._as_it_stood().alias("raw"), pl.lit("").alias("value"), pl.lit("given").alias("standing"),
            pl.lit(False).alias("read"),
        ).alias(AS_WRITTEN))
        told = pl.struct(*(pl.struct(*places).alias(part) for part, places in parts.items())).struct.json_encode()
        # Every part stands there, be it without a place: so the register knows that somebody was at the whole entry.
        bare = "".join(f'"{part.code}":{{}},' for part in self.plan.kind.parts if part.code not in parts)
        return pl.concat_str(pl.lit(f"{{{bare}"), told.str.slice(1))

    def _as_it_stood(self) -> pl.Expr:
        """The cells that said where the entry stands, which its columns keep in another form."""
        told = (at.OFFICE, at.BOOK, at.VOLUME, at.YEAR, at.NUMBER, at.DAY)
        cells = [self.of[path] for path in told if path in self.of]
        return pl.concat_str([
            pl.lit(f"{cell.header}: ") + pl.col(cell.raw) for cell in cells
        ], separator="; ", ignore_nulls=True)

    # -- faults

    def _with_faults(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Each row's faults as a list, in the order of the columns."""
        checks = list(self._checks())
        told = [check.holds.fill_null(False).alias(f"_{number}") for number, check in enumerate(checks)]
        so = self._as_written()
        blocks = [
            pl.col(f"_{number}") & ~so if check.may_be_so else pl.col(f"_{number}")
            for number, check in enumerate(checks) if check.blocks
        ]
        flags = [f"_{number}" for number in range(len(checks))]
        frame = frame.lazy().with_columns(*told).with_columns(pl.any_horizontal(blocks).alias(BLOCKED)).collect()
        found = pl.concat([
            frame.filter(pl.col(flag)).select(ROW, check.told(so).cast(FAULT).alias(FAULTS_FOUND))
            for flag, check in zip(flags, checks, strict=True)
        ]).group_by(ROW, maintain_order=True).agg(pl.col(FAULTS_FOUND))
        return frame.drop(flags).join(found, on=ROW, how="left", maintain_order="left")

    def _as_written(self) -> pl.Expr:
        """Whether somebody says of the row that the book itself has it so."""
        if at.SO not in self.of:
            return pl.lit(False)
        return pl.col(self.of[at.SO].raw).str.to_lowercase().is_in(["x", "có", "co", "1", "đúng"]).fill_null(False)

    def _checks(self) -> Iterator[_Check]:
        yield from self._line_checks()
        for place in self.places:
            if place.path in _ABOUT_LINE:
                continue
            given = pl.col(f"standing:{place.path}") == "given"
            empty = pl.col(place.raw).is_null() | ~given
            if place.must:
                yield _Check(Fault.MISSING, place, empty)
            if place.kind in _UNDERSTOOD:
                stands = given & pl.col(place.raw).is_not_null()
                yield _Check(Fault.NOT_READ, place, stands & pl.col(place.value).is_null(), blocks=place.must)
            if place.path.endswith(".personal_number"):
                yield _Check(Fault.PERSONAL_NUMBER, place,
                             given & (pl.col(place.value) != "") & ~pl.col(place.value).str.contains(r"^\d{12}$"))
        yield from self._day_checks()

    def _line_checks(self) -> Iterator[_Check]:
        today, year = self.plan.today, pl.col(YEAR)
        number, day = self.of[at.NUMBER], self.of.get(at.DAY, _NO_DAY)
        yield from self._office_checks()
        book = self.of.get(at.BOOK) or self.of.get(at.VOLUME)
        if book is not None:
            yield _Check(Fault.MISSING, book, pl.col(book.raw).is_null())
            yield _Check(Fault.VOLUME, book, pl.col(book.raw).is_not_null() & pl.col(VOLUME).is_null())
        told = self.of.get(at.YEAR) or book or number
        impossible = year.is_null() | ~year.is_between(FIRST_YEAR, today.year)
        yield _Check(Fault.YEAR, told, impossible & pl.col(DAY).is_not_null(), f"{FIRST_YEAR} đến {today.year}")
        yield _Check(Fault.MISSING, number, pl.col(number.raw).is_null())
        yield _Check(Fault.NUMBER, number, pl.col(number.raw).is_not_null() & pl.col(NUMBER).is_null())
        if day is _NO_DAY:
            yield _Check(Fault.MISSING, day, pl.lit(True))
            return
        yield _Check(Fault.MISSING, day, pl.col(day.raw).is_null())
        yield _Check(Fault.DAY, day, pl.col(day.raw).is_not_null() & pl.col(DAY).is_null())
        yield _Check(Fault.FUTURE, day, pl.col(DAY) > today)
        yield _Check(Fault.BEFORE_BOOK, day, pl.col(DAY).dt.year() < year, year.cast(pl.String))
        yield _Check(Fault.AFTER_BOOK, day, pl.col(DAY).dt.year() > year + 1, year.cast(pl.String))

    def _office_checks(self) -> Iterator[_Check]:
        office = self.of.get(at.OFFICE, _NO_OFFICE) if not self.plan.office else _NO_OFFICE
        many, known, then = pl.col("_offices"), pl.col("_office_known"), pl.col(DAY).is_not_null()
        missing = pl.col(office.raw).is_null() if office is not _NO_OFFICE else pl.lit(False)
        shown = _shown(pl.col(DAY))
        code = self.plan.office if office is _NO_OFFICE else None
        yield _Check(Fault.OFFICE_MISSING, office, missing)
        yield _Check(Fault.OFFICE_UNKNOWN, office, ~missing & ~known, value=code)
        yield _Check(Fault.OFFICE_THEN, office, known & then & (many == 0), shown, value=code)
        yield _Check(Fault.OFFICE_SEVERAL, office, then & (many > 1), pl.col("_office_names"), value=code)
        yield _Check(Fault.OFFICE_FOREIGN, office, (many == 1) & ~pl.col("_may"), value=code)

    def _day_checks(self) -> Iterator[_Check]:
        """Days in their order: born, died or otherwise happened, registered."""
        happened = self.of.get(self.plan.kind.happened)
        registered = _shown(pl.col(DAY))
        for place in self.places:
            if place.kind != "day" or place.path == at.DAY:
                continue
            yield _Check(Fault.BEFORE_EVENT, place, _earliest(place) > pl.col(DAY), registered)
            if place.path.partition(".")[0] in {str(role) for role in self.plan.kind.main}:
                yield _Check(Fault.OLD, place, _latest(place) < pl.col(DAY).dt.offset_by(f"-{OLDEST}y"))
        born = self.of.get(f"{self.plan.kind.main[0]}.born_on")
        if happened is not None and born is not None and happened is not born:
            yield _Check(Fault.EVENT_BEFORE_BIRTH, happened, _latest(happened) < _earliest(born), pl.col(born.raw))


def _partnerless(frame: pl.DataFrame, rows: pl.DataFrame, number: _Place) -> pl.DataFrame:
    """Of a person without a partner nothing else is said."""
    alone = frame.select(ROW).join(rows.select(ROW, ALONE), on=ROW, how="left", maintain_order="left")[ALONE]
    check = _Check(Fault.PARTNER, number, pl.lit(True), pl.col(ALONE))
    partner = pl.concat_list(check.told(pl.lit(False)).cast(FAULT)).alias("_partner")
    told = frame.with_columns(alone).with_columns(partner)
    is_alone = pl.col(ALONE).is_not_null()
    return told.with_columns(
        pl.when(is_alone).then(pl.col("_partner")).otherwise(pl.col(FAULTS_FOUND)).alias(FAULTS_FOUND),
        (pl.col(BLOCKED) | is_alone).alias(BLOCKED),
    ).drop(ALONE, "_partner")


@dataclass(frozen=True)
class _Check:
    """A fault, of which column, and when it holds. ``value``: what stands for the cell where no column is at fault."""

    fault: Fault
    place: _Place
    holds: pl.Expr
    other: pl.Expr | str = ""
    blocks: bool | None = None  # of itself, as the table of faults says
    value: str | None = None

    def __post_init__(self) -> None:
        if self.blocks is None:
            object.__setattr__(self, "blocks", FAULTS[self.fault].blocks)

    @property
    def may_be_so(self) -> bool:
        return FAULTS[self.fault].may_be_so

    def told(self, so: pl.Expr) -> pl.Expr:
        """The fault as it is kept."""
        stands = self.value is None and bool(self.place.header)
        value = pl.col(self.place.raw).fill_null("") if stands else pl.lit(self.value or "")
        blocks = pl.lit(self.blocks) & ~so if self.may_be_so else pl.lit(self.blocks)
        return pl.struct(
            pl.lit(self.fault.value).alias("code"), blocks.alias("blocks"), pl.lit(self.place.path).alias("place"),
            pl.lit(self.place.title).alias("title"), pl.lit(self.place.header).alias("column"), value.alias("value"),
            (pl.lit(self.other) if isinstance(self.other, str) else self.other).fill_null("").alias("other"),
        )


_NO_OFFICE = _Place(at.OFFICE, "", "Cơ quan đăng ký", "text", True)
_NO_DAY = _Place(at.DAY, "", "Ngày đăng ký", "day", True)
_ABOUT_LINE = frozenset({at.OFFICE, at.BOOK, at.VOLUME, at.YEAR, at.NUMBER, at.DAY, at.WHAT, at.SO, at.MENDS})
_CODES = _ABOUT_LINE - {at.OFFICE}
_BOOK = (at.OFFICE, at.BOOK, at.VOLUME, at.YEAR)

# key (as office_key makes it), unit (its key in the list of offices), name, since, until, may (the actor loads for it)
OFFICES = {"key": pl.String(), "unit": pl.Int64(), "name": pl.String(), "since": pl.Date(), "until": pl.Date(),
           "may": pl.Boolean()}

# How files call the kinds of acts, beside their codes.
_WORDS = {"KS": "đăng ký khai sinh", "KH": "đăng ký kết hôn", "KT": "đăng ký khai tử", "GH": "đăng ký giám hộ",
              "CMC": "nhận cha mẹ con", "HN": "tình trạng hôn nhân"}

_ABBREVIATED = (
    (r"^(?:ubnd|uy ban nhan dan)\b", ""), (r"\bp\b", "phuong"), (r"\bx\b", "xa"), (r"\btt\b", "thi tran"),
    (r"\bq\b", "quan"), (r"\bh\b", "huyen"), (r"\btx\b", "thi xa"), (r"\btp\b", "thanh pho"), (r"\bt\b", "tinh"),
)


def office_key(text: pl.Expr) -> pl.Expr:
    """By what an office is looked up: its code or its name, without accents, signs and ``UBND``."""
    bare = text.str.to_lowercase().str.normalize("NFD").str.replace_all(r"\p{M}", "").str.replace_all("đ", "d")
    bare = bare.str.replace_all(r"[^a-z0-9]+", " ").str.strip_chars()
    for short, whole in _ABBREVIATED:
        bare = bare.str.replace_all(short, whole)
    return bare.str.replace_all(r" +", " ").str.strip_chars()


# -- cells


def _verbatim(header: str) -> pl.Expr:
    """A cell as it stands, without blanks at its ends; null where nothing stands."""
    return _or_none(pl.col(header).str.replace_all("\x00", "", literal=True).str.strip_chars(" \t\r\n"))


def _or_none(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _tidied(text: pl.Expr) -> pl.Expr:
    """NFC, control signs as blanks, runs of blanks as one: what ``kernel.text.tidy`` does."""
    return text.str.normalize("NFC").str.replace_all(r"[\p{C}\p{Z}\s]+", " ").str.strip_chars()


_UNTIDY = r"[\p{C}\p{M}\p{Z}\s\x{2100}-\x{214f}&&[^ ]]|  |^ | $"


def _tidy(texts: pl.Series) -> pl.Series:
    """Most cells are tidy already, and to look costs a tenth of to mend."""
    untidy = texts.str.contains(_UNTIDY).fill_null(False)
    if untidy.any():
        mended = texts.filter(untidy).to_frame("text").select(_or_none(_tidied(pl.col("text")))).to_series()
        texts = texts.scatter(untidy.arg_true(), mended)
    return texts


def _standing(text: pl.Expr) -> pl.Expr:
    return (
        pl.when(text.str.contains(_NOT_STATED)).then(pl.lit("not_stated"))
        .when(text.str.contains(_ILLEGIBLE)).then(pl.lit("illegible")).otherwise(pl.lit("given"))
    )


def _name(text: pl.Expr) -> pl.Expr:
    """As ``PersonName`` has it: capitals throughout are written as names are, signs of the keyboard mended."""
    mended = text.str.replace_all("[’‘ʼ`]", "'").str.replace_all("[‐‑–]", "-")
    shouted = (mended == mended.str.to_uppercase()) & (mended != mended.str.to_lowercase())
    written = pl.when(shouted).then(mended.str.to_titlecase()).otherwise(mended)
    return pl.when(written.str.contains(_NAME) & written.str.len_chars().is_between(2, 100)).then(written)


def sex_of(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().replace_strict(
        {"nam": "male", "trai": "male", "nữ": "female", "gái": "female", "nu": "female", "gai": "female"},
        default=None, return_dtype=pl.String,
    )


def _day(text: pl.Expr) -> pl.Expr:
    """A day, a month or a year as ISO; null where there is no such day."""
    found: pl.Expr = pl.lit(None, pl.String)
    for pattern in _DAY_TEXTS:
        groups = text.str.extract_groups(pattern)
        parts = [groups.struct.field("y")]
        parts += [groups.struct.field(name).str.zfill(2) for name in ("m", "d") if f"?P<{name}>" in pattern]
        found = pl.coalesce(found, pl.concat_str(parts, separator="-"))
    first = pl.concat_str(found, pl.lit("-01-01")).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(first.dt.year().is_between(1800, 2199)).then(found)


def _complete(text: pl.Expr) -> pl.Expr:
    """The day, where it is known to the day."""
    return _day(text).str.to_date("%Y-%m-%d", strict=False)


_UNDERSTOOD = {"name": _name, "sex": sex_of, "day": _day}


def _earliest(place: _Place) -> pl.Expr:
    return (_or_none(pl.col(place.value)) + "-01-01").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _latest(place: _Place) -> pl.Expr:
    text = _or_none(pl.col(place.value))
    first = _earliest(place)
    return (
        pl.when(text.str.len_chars() == 10).then(first)
        .when(text.str.len_chars() == 7).then(first.dt.month_end())
        .otherwise(first.dt.offset_by("1y").dt.offset_by("-1d"))
    )


def _shown(day: pl.Expr) -> pl.Expr:
    return day.dt.strftime("%d/%m/%Y")
