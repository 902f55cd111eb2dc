"""``tuphap linkage link``, ``index``, ``one``: thin; what they need is loaded when they run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..answers import CivilRecord, Kind

_told = Console(highlight=False, stderr=True)
_answer = Console(highlight=False, soft_wrap=True)


class Engine(StrEnum):
    """On what a run is done."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def link(
    civil: Annotated[Path, typer.Option(help="Dữ liệu hộ tịch (.parquet hoặc .csv).", exists=True, dir_okay=False)],
    population: Annotated[Path, typer.Option(help="Dữ liệu dân cư (.parquet hoặc .csv).", exists=True, dir_okay=False)],
    out: Annotated[
        Path, typer.Option(help="Nơi ghi civil_id,pop_id,probability,decision (.csv hoặc .parquet).", dir_okay=False)
    ],
    communes: Annotated[
        Path | None, typer.Option(help="Danh mục xã và xã kế thừa (.parquet hoặc .csv).", exists=True, dir_okay=False)
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Bộ máy: duckdb (máy này) hoặc spark.")] = Engine.DUCKDB,
    keep_model: Annotated[
        Path | None, typer.Option(help="Giữ lại mô hình đã học (.json), để lập chỉ mục.", dir_okay=False)
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Bỏ một phần của bộ máy, để đo giá trị của nó.", hidden=True)
    ] = None,
) -> None:
    """Đối khớp từng dòng hộ tịch với một người trong dữ liệu dân cư; bị ngắt giữa chừng thì lần sau làm tiếp."""
    from .columns import BadTable
    from .job import link as run

    try:
        with _progress() as tell:
            done = run(
                civil, population, out, communes=communes, engine=engine.value, progress=tell,
                without=frozenset(without or ()), keep_model=keep_model,
            )
    except BadTable as problem:
        _told.print(f"Lỗi: {problem}")
        raise typer.Exit(2) from None
    _told.print(
        f"{done.civil} dòng hộ tịch, {done.population} người: {done.auto} khớp tự động, {done.review} cần xem, "
        f"{done.none} không tìm thấy. Kết quả: {out}"
    )


def index(
    population: Annotated[Path, typer.Option(help="Dữ liệu dân cư (.parquet hoặc .csv).", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option(help="Thư mục chỉ mục.", file_okay=False)],
    communes: Annotated[
        Path | None, typer.Option(help="Danh mục xã và xã kế thừa.", exists=True, dir_okay=False)
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Mô hình đã học (link --keep-model).", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Lập chỉ mục dữ liệu dân cư, để tra từng người trong vài mili giây."""
    from .columns import BadTable
    from .index import Index

    try:
        with _progress() as tell:
            built = Index.build(population, out, communes=communes, model=model, progress=tell)
    except BadTable as problem:
        _told.print(f"Lỗi: {problem}")
        raise typer.Exit(2) from None
    _told.print(f"Chỉ mục của {len(built)} người: {out}")


def one(
    index: Annotated[Path, typer.Option(help="Thư mục chỉ mục.", exists=True, file_okay=False)],
    record: Annotated[
        str | None, typer.Option(help='Một dòng hộ tịch (JSON): {"kind": "KS", "name": "…", "born_on": "…", …}; '
                                 "không nêu thì đọc từ đầu vào, mỗi dòng một bản ghi.")
    ] = None,
) -> None:
    """Tìm người của một dòng hộ tịch; trả lời bằng JSON, mỗi dòng một câu trả lời, kèm lý do từng trường."""
    from .index import Index

    opened = Index.load(index)
    for line in [record] if record else sys.stdin:
        if not line.strip():
            continue
        try:
            asked = _record(line)
        except (ValueError, TypeError) as problem:
            _told.print(f"Lỗi: {problem}")
            raise typer.Exit(2) from None
        found = opened.one(asked)
        _answer.print(json.dumps([asdict(candidate) for candidate in found], ensure_ascii=False), markup=False)


def _record(text: str) -> CivilRecord:
    """:raises ValueError, TypeError: no record in JSON."""
    told = json.loads(text)
    told["kind"] = Kind(told.get("kind", Kind.BIRTH))
    return CivilRecord(**{"civil_id": "", **told})


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """A bar for each stage where somebody looks, a line each where nobody does."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from .job import STAGES

    with Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=_told) as bars:
        tasks: dict[str, int] = {}

        def tell(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=1.0)
            bars.update(tasks[stage], completed=done)  # type: ignore[arg-type]  # rich's own kind of number

        yield tell
