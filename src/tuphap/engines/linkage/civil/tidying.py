"""``python -m …civil.tidying PART PARTS REPAIR CIVIL OUT [COMMUNES]``: some of the entries put right by a process.

Text is worked on by one interpreter at a time; large files are put right by as many processes as there are parts. A
book is in one part whole, because its texts vote together.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from . import tidy
from .columns import CIVIL, COMMUNES, read
from .places import Communes

BOOK = ("ma_xa_dk", "loai", "quyen_so")


def tidy_part(civil: Path, out: Path, communes: Path | None, *, part: int, parts: int, repair: bool) -> None:
    """Put the books of one part right and write them to ``out``.

    :raises BadTable: a file that is no such table.
    """
    raw = read(civil, CIVIL, optional=CIVIL[2:])
    book = pl.concat_str([pl.col(name).fill_null("") for name in BOOK], separator="|")
    mine = raw.filter(book.hash(seed=0) % parts == part)
    del raw
    known = Communes.of(None if communes is None else read(communes, COMMUNES))
    tidy.civil(mine, known, repair=repair).write_parquet(out, compression="lz4")


if __name__ == "__main__":
    number, of, whether, source, target, *more = sys.argv[1:]
    tidy_part(
        Path(source), Path(target), Path(more[0]) if more else None, part=int(number), parts=int(of),
        repair=whether == "repair",
    )
