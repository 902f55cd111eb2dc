"""``tuphap linkage sample``: thin; what it needs is loaded when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from .making import Sample
    from .rates import Rates

_console = Console(highlight=False, soft_wrap=True, stderr=True)


def sample(
    out: Annotated[Path, typer.Option("--out", help="Thư mục ghi civil, pop, communes, truth (.parquet).")],
    civil: Annotated[int, typer.Option(help="Số dòng hộ tịch.", min=100)] = 100_000,
    population: Annotated[int, typer.Option(help="Số người trong cơ sở dữ liệu dân cư.", min=100)] = 80_000,
    seed: Annotated[int, typer.Option(help="Số gieo; cùng số thì cùng dữ liệu.", min=0)] = 1,
    rates: Annotated[
        Path | None, typer.Option("--rates", help="Tệp TOML về tỷ lệ các loại sai sót; không nêu thì theo mặc định."),
    ] = None,
    shifted: Annotated[
        bool, typer.Option("--shifted", help="Dùng bộ tỷ lệ khác hẳn mặc định, có sẵn trong phần mềm."),
    ] = False,
) -> None:
    """Tạo dữ liệu mẫu để thử đối khớp: sổ hộ tịch, dữ liệu dân cư, danh mục xã và đáp án."""
    from .making import generate  # with all of numpy and polars: when it runs

    wanted = _rates(rates, shifted=shifted)
    made = generate(out, civil=civil, population=population, seed=seed, rates=wanted, tell=_tell)
    _console.print(_summary(made, out))


def _rates(path: Path | None, *, shifted: bool) -> Rates:
    if path and shifted:
        raise typer.BadParameter("Chỉ dùng một trong hai: --rates hoặc --shifted.", param_hint="--rates")
    from .rates import SHIFTED, BadRates, Rates, read_rates

    try:
        return read_rates(path or SHIFTED) if path or shifted else Rates()
    except BadRates as error:
        raise typer.BadParameter(f"Tỷ lệ không hợp lệ: {error}", param_hint="--rates") from error
    except OSError as error:
        raise typer.BadParameter(f"Không đọc được tệp: {error}", param_hint="--rates") from error


def _tell(table: str, done: int, rows: int) -> None:
    what = {"civil": "Hộ tịch", "pop": "Dân cư"}[table]
    _console.print(f"{what}: {_grouped(done)} / {_grouped(rows)} dòng")


def _summary(made: Sample, out: Path) -> str:
    return (f"Đã ghi vào {out}: {_grouped(made.civil)} dòng hộ tịch, {_grouped(made.population)} người trong dữ liệu "
            f"dân cư, {made.communes} xã; {_grouped(made.people)} người đã sống trong tỉnh mẫu.")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
