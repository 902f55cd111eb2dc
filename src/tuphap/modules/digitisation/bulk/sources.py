"""Files as they come: what they are, and their rows as text in chunks that can be taken up anywhere.

Excel, CSV and parquet are read once and laid down as numbered parquet chunks beside their description, all cells text.
The chunks depend on the bytes of the file and on nothing else: whoever goes on after a break finds the same rows under
the same numbers. Row numbers are those that the file's own program shows.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from .columns import looks_like_header
from .rules import CHUNK, UnreadableSource

if TYPE_CHECKING:
    import polars as pl

    from tuphap.modules.civil_status.public import EntryKind

ROW = "_row"  # the column that tells where in the file a row stands
_TOLD = "told.json"
_LOOKED = 15  # lines among which the header is looked for: many files have titles above it
_BLOCK = 1 << 20
_DELIMITERS = ",;\t|"
_SPREADSHEET, _PARQUET, _OLD_SPREADSHEET = b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
# Windows-1258 writes tones as marks of their own after the vowel; where such bytes follow vowels, it is that.
_TONES_1258 = re.compile(rb"[aeiouyAEIOUY\xe2\xea\xf4\xe3\xf5\xfd\xc2\xca\xd4\xc3\xd5\xdd][\xcc\xd2\xde\xec\xf2]")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as laid down: its hash, name, form, how its text was read, its headers, how many rows and chunks."""

    sha256: str
    name: str
    form: str
    encoding: str
    delimiter: str
    header_row: int
    headers: tuple[str, ...]
    rows: int
    chunk: int

    @property
    def chunks(self) -> int:
        return -(-self.rows // self.chunk)

    @property
    def told(self) -> str:
        """What was found out about the file, in words."""
        form = {"xlsx": "Excel", "csv": "CSV", "parquet": "Parquet"}[self.form]
        if self.form != "csv":
            return form
        delimiter = {"\t": "dấu tab"}.get(self.delimiter, f"“{self.delimiter}”")
        return f"{form}, mã hóa {self.encoding}, ngăn bằng {delimiter}"


def hash_of(path: Path) -> str:
    """The SHA-256 of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find(folder: Path, sha256: str) -> Source | None:
    """The file of this hash, if it lies here whole."""
    try:
        told = json.loads((folder / sha256 / _TOLD).read_text())
    except (OSError, ValueError):
        return None
    return Source(**{**told, "headers": tuple(told["headers"])})


def lay_down(path: Path, folder: Path, kind: EntryKind, *, name: str = "", chunk: int = CHUNK) -> Source:
    """Read the file into chunks under ``folder``; one that lies there already is not read again.

    :param kind: by whose places the header is found among the first lines.
    :raises UnreadableSource: it is none of the three forms, or is damaged, or has no row.
    """
    from polars.exceptions import PolarsError

    sha256 = hash_of(path)
    known = find(folder, sha256)
    if known is not None:
        return known
    place = folder / sha256
    shutil.rmtree(place, ignore_errors=True)  # what a killed reader left
    place.mkdir(parents=True, mode=0o700)
    read = _reader_of(path)
    try:
        form, encoding, delimiter, header_row, headers, frames = read(path, place, kind, chunk)
        rows = sum(_write(frame, place, number) for number, frame in enumerate(_rechunked(frames, chunk)))
    except UnreadableSource:
        raise
    except (OSError, ValueError, KeyError, BadZipFile, PolarsError) as error:
        shutil.rmtree(place, ignore_errors=True)
        raise UnreadableSource(what="tệp bị hỏng hoặc chưa tải lên hết") from error
    finally:
        (place / _UTF8).unlink(missing_ok=True)
    if not rows:
        raise UnreadableSource(what="tệp không có dòng dữ liệu nào")
    source = Source(sha256, name or path.name, form, encoding, delimiter, header_row, headers, rows, chunk)
    part = place / f"{_TOLD}.part"
    part.write_text(json.dumps(asdict(source), ensure_ascii=False))
    part.rename(place / _TOLD)  # last: what has it is whole
    return source


def chunk_of(folder: Path, source: Source, number: int) -> pl.DataFrame:
    """The rows of a chunk, all text, with :data:`ROW`.

    :raises FileNotFoundError: the chunks lie here no longer.
    """
    import polars as pl

    return pl.read_parquet(_chunk_path(folder / source.sha256, number))


def all_of(folder: Path, source: Source, columns: Sequence[str]) -> pl.LazyFrame:
    """These columns of all chunks, to be gone through once."""
    import polars as pl

    paths = [_chunk_path(folder / source.sha256, number) for number in range(source.chunks)]
    return pl.scan_parquet(paths).select(ROW, *columns)


def _chunk_path(place: Path, number: int) -> Path:
    return place / f"{number:06d}.parquet"


def _write(frame: pl.DataFrame, place: Path, number: int) -> int:
    frame.write_parquet(_chunk_path(place, number), compression="lz4", statistics=False)
    return frame.height


def _rechunked(frames: Iterable[pl.DataFrame], chunk: int) -> Iterator[pl.DataFrame]:
    """Frames of exactly ``chunk`` rows, the last one of fewer; rows without any cell are left out."""
    import polars as pl

    waiting: list[pl.DataFrame] = []
    held = 0
    for frame in frames:
        cells = [name for name in frame.columns if name != ROW]
        frame = frame.filter(pl.any_horizontal(pl.col(cells).str.strip_chars().fill_null("") != ""))
        waiting.append(frame)
        held += frame.height
        while held >= chunk:
            whole = pl.concat(waiting)
            yield whole[:chunk]
            waiting, held = [whole[chunk:]], held - chunk
    if held:
        yield pl.concat(waiting)


# -- what it is

_Read = tuple[str, str, str, int, tuple[str, ...], Iterator["pl.DataFrame"]]


def _reader_of(path: Path) -> Any:
    """:raises UnreadableSource: no form that is read."""
    with path.open("rb") as file:
        begin = file.read(8)
    if begin.startswith(_SPREADSHEET):
        return _spreadsheet
    if begin.startswith(_PARQUET):
        return _parquet
    if begin.startswith(_OLD_SPREADSHEET):
        raise UnreadableSource(what="tệp Excel đời cũ (.xls): mở bằng Excel và lưu lại thành .xlsx")
    if b"\x00" in begin and not begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableSource(what="chỉ nhận Excel (.xlsx), CSV hoặc Parquet")
    return _text


def _headers(cells: Sequence[Any]) -> tuple[str, ...]:
    """The headers of the columns, each once; a column without one is called by its place."""
    found: list[str] = []
    for place, cell in enumerate(cells, start=1):
        header = " ".join(str(cell or "").split()).lstrip("\ufeff")[:100] or f"Cột {place}"
        found.append(header if header not in found and header != ROW else f"{header} (cột {place})")
    return tuple(found)


def _header_among(lines: Sequence[Sequence[Any]], kind: EntryKind) -> int:
    """Which of the first lines is the header: the one with most words that are known for one; else the first."""
    known = [looks_like_header((str(cell) for cell in line if cell is not None), kind) for line in lines]
    return known.index(max(known)) if known and max(known) > 1 else 0


# -- CSV

_UTF8 = "text.csv"


def encoding_of(begin: bytes) -> str:
    """How the text of a file is written, by its first bytes: UTF-8, UTF-16, Windows-1258, else Windows-1252.

    What legacy fonts (TCVN3, VNI) left is read as Windows-1252, letter for byte, and put right when it is understood.
    """
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        begin.decode("utf-8-sig")
        return "utf-8"
    except UnicodeDecodeError as error:
        if error.start > len(begin) - 4 and len(begin) > 4:  # cut within a letter
            return "utf-8"
    high = len(_HIGH.findall(begin))
    return "cp1258" if high and len(_TONES_1258.findall(begin)) > high * 0.25 else "cp1252"


def delimiter_of(lines: Sequence[str]) -> str:
    """By what cells are told apart: the sign that cuts most lines into the same number of cells, more than one."""
    best, score = ",", (0, 0)
    for sign in _DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        usual = max(set(counts), key=counts.count) if counts else 1
        found = (counts.count(usual), usual) if usual > 1 else (0, 0)
        if found > score:
            best, score = sign, found
    return best


def _text(path: Path, place: Path, kind: EntryKind, chunk: int) -> _Read:
    import polars as pl

    with path.open("rb") as file:
        begin = file.read(_BLOCK)
    encoding = encoding_of(begin)
    plain = path if encoding == "utf-8" else _as_utf8(path, place / _UTF8, encoding)
    with plain.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        lines = list(islice(file, 200))
    delimiter = delimiter_of(lines)
    rows = list(islice(csv.reader(lines, delimiter=delimiter), _LOOKED))
    if not rows:
        raise UnreadableSource(what="tệp rỗng")
    header = _header_among(rows, kind)
    headers = _headers(rows[header])
    scan = pl.scan_csv(
        plain, separator=delimiter, has_header=False, skip_lines=_physical(lines, delimiter, header + 1),
        encoding="utf8-lossy", schema=dict.fromkeys(headers, pl.String()), truncate_ragged_lines=True,
        missing_columns="insert", row_index_name=ROW, row_index_offset=header + 2,
    ).with_columns(pl.col(ROW).cast(pl.Int64))
    return "csv", encoding, delimiter, header + 1, headers, scan.collect_batches(chunk_size=chunk, maintain_order=True)


def _physical(lines: Sequence[str], delimiter: str, rows: int) -> int:
    """How many lines of text the first rows take: a quoted cell may hold several."""
    reader = csv.reader(lines, delimiter=delimiter)
    for _ in range(rows):
        next(reader)
    return reader.line_num


def _letter_for_byte(error: UnicodeError) -> tuple[str, int]:
    """A byte that the code page gives no letter, as the sign of its number: legacy fonts use all of them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start:error.end].decode("latin-1"), error.end


_AS_THEY_ARE = "tuphap.as_they_are"
codecs.register_error(_AS_THEY_ARE, _letter_for_byte)


def _as_utf8(path: Path, to: Path, encoding: str) -> Path:
    errors = "strict" if encoding == "utf-16" else _AS_THEY_ARE
    with path.open(encoding=encoding, errors=errors, newline="") as file, to.open("w", encoding="utf-8") as out:
        shutil.copyfileobj(file, out, _BLOCK)
    return to


# -- Excel


def _spreadsheet(path: Path, place: Path, kind: EntryKind, chunk: int) -> _Read:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True).active
    lines = sheet.iter_rows(values_only=True)
    first = list(islice(lines, _LOOKED))
    if not first:
        raise UnreadableSource(what="trang tính rỗng")
    header = _header_among(first, kind)
    headers = _headers(_cut(first[header]))
    rows = _numbered(first[header + 1:], lines, start=header + 2)
    return "xlsx", "", "", header + 1, headers, _frames(rows, headers, chunk)


def _cut(cells: Sequence[Any]) -> Sequence[Any]:
    """Without what is empty at the end: a sheet may be wider than what stands in it."""
    last = max((place for place, cell in enumerate(cells, start=1) if cell not in (None, "")), default=0)
    return cells[:last]


def _numbered(
    first: Sequence[Sequence[Any]], rest: Iterable[Sequence[Any]], *, start: int
) -> Iterator[tuple[int, Sequence[Any]]]:
    number = start
    for line in first:
        yield number, line
        number += 1
    for line in rest:
        yield number, line
        number += 1


def _frames(
    rows: Iterator[tuple[int, Sequence[Any]]], headers: tuple[str, ...], chunk: int
) -> Iterator[pl.DataFrame]:
    import polars as pl

    schema = {ROW: pl.Int64(), **dict.fromkeys(headers, pl.String())}
    while batch := list(islice(rows, chunk)):
        columns: dict[str, list[Any]] = {ROW: [number for number, _ in batch]}
        for at, header in enumerate(headers):
            columns[header] = [_cell(line[at]) if at < len(line) else None for _, line in batch]
        yield pl.DataFrame(columns, schema=schema)


def _cell(value: Any) -> str | None:
    """A cell as its text; days as people write them."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time.min else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# -- parquet


def _parquet(path: Path, place: Path, kind: EntryKind, chunk: int) -> _Read:
    import polars as pl

    scan = pl.scan_parquet(path)
    schema = scan.collect_schema()
    headers = _headers(schema.names())
    casts = [
        (pl.col(name).dt.strftime("%d/%m/%Y") if of.is_temporal() else pl.col(name).cast(pl.String)).alias(told)
        for (name, of), told in zip(schema.items(), headers, strict=True)
    ]
    numbered = scan.select(casts).with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64))
    return "parquet", "", "", 0, headers, numbered.collect_batches(chunk_size=chunk, maintain_order=True)
