"""``tuphap linkage``: thin; what it needs is loaded only when a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .civil.commands import index, link, one
from .synthetic.command import sample

app = typer.Typer(help="Đối khớp dữ liệu về người.", no_args_is_help=True)
for command in (link, index, one, sample):
    app.command()(command)
console = Console(highlight=False)


@app.command()
def dedupe(
    records: Annotated[
        list[Path], typer.Option(help="Bảng cần tìm trùng (CSV hoặc parquet); nhiều tệp cùng cột thì ghi nhiều lần.",
                                 exists=True, dir_okay=False)
    ],
    id_column: Annotated[str, typer.Option("--id", help="Cột định danh bản ghi, không trống, không lặp.")],
    out: Annotated[Path, typer.Option(help="Nơi ghi kết quả id,cluster (.csv hoặc .parquet).", dir_okay=False)],
    settings: Annotated[
        Path | None, typer.Option(help="Thiết lập (TOML); không có thì tự đoán theo bảng.", exists=True, dir_okay=False)
    ] = None,
    explain: Annotated[
        Path | None, typer.Option(help="Ghi thêm mọi cặp được coi là một người, giải thích từng trường (.parquet).",
                                  dir_okay=False)
    ] = None,
    leave_out: Annotated[list[str] | None, typer.Option(help="Cột không được đọc khi tự đoán thiết lập.")] = None,
) -> None:
    """Gom các bản ghi của cùng một người trong một bảng bất kỳ; mỗi cặp gom lại đều giải thích được."""
    from .dedupe import dedupe_files

    found = dedupe_files(
        records, id_column=id_column, out=out, settings_file=settings, explanations=explain,
        leave_out=leave_out or (), tell=console.print,
    )
    console.print(f"{found.records} bản ghi, {found.clusters} người: {out}")
