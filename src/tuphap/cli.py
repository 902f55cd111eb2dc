"""The command ``tuphap``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from tuphap.engines.linkage.commands import app as linkage
from tuphap.kernel import heap
from tuphap.runtime import database
from tuphap.runtime.home import Home
from tuphap.runtime.services import settings_for

app = typer.Typer(
    name="tuphap", help="Tư Pháp Số: nền tảng số cho công việc tư pháp của một tỉnh.", no_args_is_help=True,
    pretty_exceptions_enable=False, add_completion=False, context_settings={"help_option_names": ["-h", "--help"]},
)
audit = typer.Typer(help="Nhật ký.", no_args_is_help=True)
app.add_typer(audit, name="audit")
digitisation = typer.Typer(help="Số hóa sổ hộ tịch.", no_args_is_help=True)
app.add_typer(digitisation, name="digitisation")
app.add_typer(linkage, name="linkage")
console = Console(highlight=False)


def _mode() -> str:
    return os.environ.get("TUPHAP_MODE", "sample")


def _port() -> int:
    return int(os.environ.get("PORT", "8000"))


@contextmanager
def platform(*, owner: bool = False) -> Iterator[Home]:
    """The home with its database running and Django ready: what every command on data needs."""
    import django

    home = Home.from_environment()
    home.prepare()
    if not os.environ.get("TUPHAP_SECRET_KEY") and _mode() != "test":
        home.secret("secret-key")
    with database.running(home) as addresses:
        os.environ.update(addresses.environment(owner=owner))
        os.environ.update(TUPHAP_HOME=str(home.path), TUPHAP_MODE=_mode(), DJANGO_SETTINGS_MODULE=settings_for(_mode()))
        with heap.reading():
            django.setup()
        yield home


@app.command()
def run(
    no_sample: Annotated[bool, typer.Option("--no-sample", help="Không nạp tỉnh mẫu.")] = False,
) -> None:
    """Mở tỉnh mẫu trên máy này: cơ sở dữ liệu, trang, hàng đợi, ký số và các hệ thống mô phỏng."""
    from tuphap.runtime.launch import launch

    if _mode() == "production":
        raise RuntimeError("TUPHAP_MODE=production: hãy dùng `tuphap serve`.")
    os.environ.setdefault("TUPHAP_MODE", "sample")
    launch(mode=_mode(), port=_port(), bind=os.environ.get("TUPHAP_BIND", "127.0.0.1"), sample=not no_sample)


@app.command()
def serve() -> None:
    """Chạy thật, với cơ sở dữ liệu đã có: trang, luồng tin, hàng đợi, và ký số nếu chưa chạy riêng."""
    from tuphap.runtime.launch import launch

    os.environ["TUPHAP_MODE"] = "production"
    if database.given() is None:
        raise RuntimeError("tuphap serve cần DATABASE_URL (docs/operations.md).")
    launch(mode="production", port=_port(), bind=os.environ.get("TUPHAP_BIND", "127.0.0.1"), sample=False)


@app.command()
def worker() -> None:
    """Chỉ chạy hàng đợi công việc."""
    with platform():
        from tuphap.runtime.worker import main as work

        work()


@app.command()
def migrate() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản này và đặt lại quyền của vai ứng dụng."""
    with platform(owner=True):
        from tuphap.runtime.migrate import migrate as bring_up
        from tuphap.runtime.seed import seed

        bring_up(verbosity=1)
        seed()


@app.command()
def sample(
    births: Annotated[int, typer.Option(help="Số trẻ được đăng ký khai sinh; 0 chỉ lập cơ quan và cán bộ.")] = 300,
    dense: Annotated[int, typer.Option(help="Số xã, phường đông hồ sơ có cán bộ riêng.")] = 6,
    others: Annotated[int, typer.Option(help="Số xã, phường khác có cán bộ riêng.")] = 18,
    dossiers: Annotated[
        int, typer.Option(
            help="Khoảng bao nhiêu hồ sơ đủ loại, của các gia đình nhiều thế hệ; 0: tỉnh mẫu nhỏ, theo số trẻ.",
            min=0, max=50_000, envvar="TUPHAP_SAMPLE_DOSSIERS",
        )
    ] = 0,
    workers: Annotated[
        int, typer.Option(
            help="Số tiến trình nạp song song; 0: bằng số nhân của máy, với tỉnh mẫu nhỏ là một.", min=0,
            envvar="TUPHAP_SAMPLE_WORKERS",
        )
    ] = 0,
    bulk: Annotated[
        int, typer.Option(
            help="Thay vì tỉnh mẫu, nạp nhanh chừng này hồ sơ ĐO (ví dụ 1000000) của 114 xã, phường trong hai năm, "
            "không có người và việc thật: mã nộp MAU-…, số trong ngày bắt đầu bằng 9.",
            min=0, show_default=False,
        )
    ] = 0,
) -> None:
    """Nạp tỉnh mẫu; bị ngắt giữa chừng thì lần sau làm tiếp."""
    if _mode() != "sample":
        raise RuntimeError("Tỉnh mẫu chỉ có trong TUPHAP_MODE=sample.")
    with platform(owner=True):
        from tuphap.runtime.migrate import migrate as bring_up
        from tuphap.runtime.seed import seed
        from tuphap.sample.fill import fill

        bring_up(verbosity=0)
        seed()
        if bulk:
            _fill_bulk(bulk)
        else:
            company = workers or ((os.cpu_count() or 1) if dossiers else 1)
            fill(births=births, dense=dense, others=others, dossiers=dossiers, workers=company)


def _fill_bulk(total: int) -> None:
    """With a bar while it runs, and afterwards how fast it was."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from tuphap.sample.bulk import fill_bulk

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, refresh_per_second=4) as bar:
        task, told = bar.add_task("Hồ sơ đo", total=total), -1

        def show(done: int, of: int, what: str) -> None:
            nonlocal told
            bar.update(task, completed=done, total=of, description=what)
            if not console.is_terminal and done * 20 // of > told:  # into a file: a line every twentieth
                told = done * 20 // of
                console.print(f"{what}: {_grouped(done)} / {_grouped(of)}")

        filled = fill_bulk(total=total, tell=show)
    if not filled.dossiers:
        console.print(f"{_grouped(filled.total)} hồ sơ đo đã có từ trước; không nạp thêm.")
        return
    console.print(
        f"{_grouped(filled.dossiers)} hồ sơ đo, {_grouped(filled.rows)} dòng trong {filled.seconds:.0f} giây: "
        f"{_grouped(filled.dossiers / filled.seconds)} hồ sơ, {_grouped(filled.rows / filled.seconds)} dòng một giây. "
        "Không có người và việc thật: mã nộp MAU-…, số trong ngày bắt đầu bằng 9."
    )


def _grouped(number: float) -> str:
    return f"{number:,.0f}".replace(",", ".")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="Tệp PDF cần kiểm tra.", exists=True, dir_okay=False)],
) -> None:
    """Kiểm tra một văn bản PDF: nội dung, chữ ký, sổ. Mã thoát 0 chỉ khi cả ba đều tốt."""
    with platform():
        from tuphap.runtime.verify import verify_file

        raise typer.Exit(0 if verify_file(file, console=console) else 1)


@audit.command("verify")
def audit_verify(
    checkpoint: Annotated[
        Path | None, typer.Option(help="Điểm kiểm (JSON) đã gửi đi nơi khác, để đối chiếu.", exists=True)
    ] = None,
) -> None:
    """Kiểm tra chuỗi băm của nhật ký; chỉ ra mục đầu tiên bị hỏng."""
    with platform():
        from tuphap.runtime.verify import verify_audit

        raise typer.Exit(0 if verify_audit(checkpoint=checkpoint, console=console) else 1)


@digitisation.command("import")
def digitisation_import(
    file: Annotated[Path, typer.Argument(help="Excel (.xlsx), CSV hoặc Parquet.", exists=True, dir_okay=False)],
    kind: Annotated[str, typer.Option(help="Loại sổ: KS, KH, KT, GH, CMC, TĐCC, HN, GC; hoặc mã loại việc.")],
    unit: Annotated[
        str, typer.Option(help="Mã cơ quan của cả tệp, hoặc tên cột ghi cơ quan; bỏ trống: đoán theo tiêu đề cột.")
    ] = "",
    mapping: Annotated[
        str, typer.Option(help="Tệp .toml ghép cột, hoặc tên cách ghép đã lưu; bỏ trống: đoán theo tiêu đề cột.")
    ] = "",
    by: Annotated[str, typer.Option(help="Tên đăng nhập của người nạp; bỏ trống: hệ thống.")] = "",
    chunk: Annotated[int, typer.Option(help="Số dòng của mỗi lượt ghi.", min=100, max=100_000)] = 20_000,
) -> None:
    """Nạp tệp do công cụ khác nhập; bị ngắt giữa chừng thì chạy lại lệnh này để nạp tiếp."""
    with platform():
        from tuphap.modules.digitisation.bulk.command import import_file

        import_file(file, kind=kind, unit=unit, mapping=mapping, user=by, console=console, chunk=chunk)


@digitisation.command("export")
def digitisation_export(
    out: Annotated[Path, typer.Option(help="Tệp CSV để ghi.")],
    kind: Annotated[
        str, typer.Option(help="Chỉ loại sổ này, mỗi mục một cột; bỏ trống: mọi loại, nội dung JSON.")
    ] = "",
    source: Annotated[str, typer.Option(help="Chỉ việc từ tệp có mã băm này.")] = "",
    by: Annotated[str, typer.Option(help="Tên đăng nhập của người xuất; bỏ trống: hệ thống.")] = "",
) -> None:
    """Xuất việc hộ tịch đã số hóa ra một tệp CSV, theo một thứ tự cố định."""
    with platform():
        from tuphap.modules.digitisation.bulk.command import export_file

        export_file(out, kind=kind, source=source, user=by, console=console)


By = Annotated[str, typer.Option("--by", help="Tên đăng nhập của cán bộ quản lý số hóa.")]


@digitisation.command("books")
def digitisation_books(
    file: Annotated[Path, typer.Argument(help="Danh mục sổ, CSV hoặc XLSX.", exists=True, dir_okay=False)], by: By,
) -> None:
    """Nạp danh mục sổ; sổ đã có được giữ nguyên."""
    with platform():
        from tuphap.modules.digitisation import commands

        entered, there = commands.enter_manifest(file=file, actor=commands.person(by))
        console.print(f"Đã thêm {_grouped(entered)} sổ; {_grouped(there)} sổ đã có từ trước.")


@digitisation.command("scans")
def digitisation_scans(
    folder: Annotated[Path, typer.Argument(help="Thư mục bản quét.", exists=True, file_okay=False)], by: By,
    book: Annotated[int | None, typer.Option(help="Mã (số) của sổ trong danh mục.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Mỗi tệp thuộc sổ nào thì xem tên và thư mục của tệp.")] = False,
) -> None:
    """Nạp bản quét của một sổ hoặc cả thư mục; bị ngắt thì chạy lại, tệp đã nạp không nạp hai lần."""
    if (book is None) != every:
        raise typer.BadParameter("dùng --book MÃ-SỔ hoặc --all")
    with platform():
        from tuphap.modules.digitisation import commands

        _take_in(commands, folder, book, by)


def _take_in(commands: Any, folder: Path, book: int | None, by: str) -> None:
    """With a bar while it runs."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, refresh_per_second=4) as bar:
        task = bar.add_task("Bản quét", total=None)

        def show(done: int, of: int, told: Any) -> None:
            bar.update(task, completed=done, total=of, description=f"Bản quét ({_grouped(told.refused)} lỗi)")

        taken = commands.take_in_folder(folder=folder, book_id=book, actor=commands.person(by), tell=show)
    console.print(
        f"{_grouped(taken.new)} bản quét mới, {_grouped(taken.there)} đã có, {_grouped(taken.refused)} không nhận; "
        f"{_grouped(len(taken.books))} sổ. Lỗi từng tệp: trang của sổ."
    )


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="Thư mục sao lưu; chưa có thì được tạo, dở dang thì làm tiếp.")],
    with_keys: Annotated[bool, typer.Option(help="Gồm cả thư mục keys/ (khóa ký, mật khẩu).")] = False,
) -> None:
    """Sao lưu trong khi hệ thống vẫn chạy: cơ sở dữ liệu, tệp, điểm kiểm nhật ký, mã băm của từng tệp."""
    from tuphap.runtime.backup import make_backup

    with platform(owner=True) as home:
        make_backup(home, to, with_keys=with_keys, console=console)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="Thư mục sao lưu.", exists=True, file_okay=False)],
) -> None:
    """Phục hồi vào một TUPHAP_HOME (hoặc cơ sở dữ liệu) còn trống, rồi kiểm tra nhật ký."""
    from tuphap.runtime.backup import CHECKPOINT, restore_database, restore_files
    from tuphap.runtime.verify import verify_audit

    restore_files(Home.from_environment(), source, console=console)
    with platform(owner=True) as home:
        restore_database(home, source, console=console)
        kept = source / CHECKPOINT
        raise typer.Exit(0 if verify_audit(checkpoint=kept if kept.exists() else None, console=console) else 1)


@app.command()
def doctor() -> None:
    """Khám hệ thống: từng điểm đạt hay chưa, và cách khắc phục."""
    with platform(owner=True) as home:
        from tuphap.runtime.doctor import examine

        raise typer.Exit(0 if examine(home, console=console) else 1)


def main() -> int:
    """Run a command; what a person can mend is told in a sentence, without a traceback."""
    from tuphap.kernel.refusal import Refusal

    try:
        return int(app(standalone_mode=False) or 0)  # the code of a typer.Exit comes back as the answer
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except Exception as trouble:
        if os.environ.get("TUPHAP_TRACEBACK") or not isinstance(trouble, (RuntimeError, Refusal)):
            if hasattr(trouble, "show") and hasattr(trouble, "exit_code"):  # how typer tells of a wrong argument
                trouble.show()
                return int(trouble.exit_code)
            raise
        Console(stderr=True, highlight=False).print(f"[red]{trouble}[/red]")
        return 1


if __name__ == "__main__":
    sys.exit(main())
