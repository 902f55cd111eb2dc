"""``tuphap doctor``: every condition under which the platform keeps its promises, looked at one by one."""

from __future__ import annotations

import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql
from rich.console import Console
from rich.table import Table

from tuphap.kernel import signer
from tuphap.shared.files.scanner import Clamd

from .binaries import NEEDED_EXTENSIONS
from .home import Home
from .migrate import APPEND_ONLY
from .postgres import not_durable

LEAST_FREE_BYTES = 2 * 1024**3
LARGEST_CLOCK_ERROR = timedelta(seconds=5)
OLDEST_UNLINKED = timedelta(minutes=10)


class Verdict(StrEnum):
    """``BROKEN``: a promise is not kept. ``WARNING``: it is kept, but less well than it could be."""

    GOOD = "tốt"
    WARNING = "lưu ý"
    BROKEN = "hỏng"


COLOURS = {Verdict.GOOD: "green", Verdict.WARNING: "yellow", Verdict.BROKEN: "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw; ``mend`` says what to do about it."""

    check: str
    verdict: Verdict
    seen: str
    mend: str = ""


def examine(home: Home, *, console: Console) -> bool:
    """Make every check, print them as a table; whether none is broken."""
    findings = list(findings_of(home))
    table = Table("Điểm kiểm", "Kết quả", "Ghi nhận", "Cách khắc phục", show_lines=False)
    for finding in findings:
        colour = COLOURS[finding.verdict]
        table.add_row(finding.check, f"[{colour}]{finding.verdict}[/{colour}]", finding.seen, finding.mend)
    console.print(table)
    return all(finding.verdict is not Verdict.BROKEN for finding in findings)


def findings_of(home: Home) -> Iterator[Finding]:
    """Every check's finding; a check that itself fails is a broken one, and does not hide the others."""
    checks: tuple[tuple[str, Callable[[Home], Finding]], ...] = (
        ("Ghi đĩa chắc chắn", _durability),
        ("Hai vai cơ sở dữ liệu", _two_roles),
        ("Nhật ký chỉ ghi thêm", _append_only),
        ("Phần mở rộng", _extensions),
        ("Phiên bản dữ liệu", _migrations),
        ("Chuỗi nhật ký", _chain),
        ("Ký số", _signer),
        ("Quét mã độc", _scanner),
        ("Khóa bí mật", _secret_key),
        ("Quyền thư mục khóa", _key_folder),
        ("Dung lượng đĩa", _disk),
        ("Đồng hồ", _clock),
        ("Việc trong hàng đợi", _queue),
    )
    for name, look in checks:
        try:
            yield look(home)
        except Exception as fault:  # whatever it is, the other checks must still be seen
            yield Finding(name, Verdict.BROKEN, f"{type(fault).__name__}: {fault}", "Xem nhật ký của tiến trình")


def _good(check: str, seen: str) -> Finding:
    return Finding(check, Verdict.GOOD, seen)


def _stands_still(check: str, seen: str, mend: str) -> Finding:
    """A process does not run: nothing is lost by it, but where people wait for its work somebody must be called."""
    return Finding(check, Verdict.WARNING if settings.SAMPLE_MODE else Verdict.BROKEN, seen, mend)


def _durability(home: Home) -> Finding:
    name = "Ghi đĩa chắc chắn"
    with psycopg.connect(settings.ENVIRONMENT.database_url) as connection:
        wrong = list(not_durable(connection))
    if wrong:
        return Finding(name, Verdict.BROKEN, ", ".join(wrong), "Đặt lại thành on trong postgresql.conf rồi nạp lại")
    return _good(name, "fsync, full_page_writes, synchronous_commit đều bật")


def _two_roles(home: Home) -> Finding:
    name = "Hai vai cơ sở dữ liệu"
    application, owner = (settings.DATABASES[alias]["USER"] for alias in ("default", "owner"))
    if application == owner:
        return Finding(
            name, Verdict.BROKEN, f"chỉ có một vai ({owner}): nhật ký có thể bị sửa bằng chính vai của ứng dụng",
            "Tạo vai riêng, đặt DATABASE_OWNER_URL, chạy tuphap migrate",
        )
    with psycopg.connect(settings.ENVIRONMENT.database_url) as connection:
        row = connection.execute(
            "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if row and row[0]:
        mend = f"ALTER ROLE {application} NOSUPERUSER NOCREATEROLE NOBYPASSRLS"
        return Finding(name, Verdict.BROKEN, f"{application} có đặc quyền quản trị", mend)
    return _good(name, f"{owner} (chủ), {application} (ứng dụng)")


def _append_only(home: Home) -> Finding:
    """Deleting is tried in earnest (of no row, and rolled back); the other rights are asked for."""
    name = "Nhật ký chỉ ghi thêm"
    allowed, there = [], []
    with psycopg.connect(settings.ENVIRONMENT.database_url) as connection:
        for table in APPEND_ONLY:
            row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone()
            if not (row and row[0]):
                continue
            there.append(table)
            for right in ("UPDATE", "TRUNCATE"):
                row = connection.execute("SELECT has_table_privilege(%s, %s)", [table, right]).fetchone()
                if row and row[0]:
                    allowed.append(f"{right} {table}")
            try:
                connection.execute(sql.SQL("DELETE FROM {} WHERE false").format(sql.Identifier(table)))
                allowed.append(f"DELETE {table}")
            except psycopg.errors.InsufficientPrivilege:
                pass
            connection.rollback()
    if allowed:
        return Finding(name, Verdict.BROKEN, f"vai ứng dụng được phép: {', '.join(allowed)}", "Chạy tuphap migrate")
    return _good(name, f"{len(there)} bảng từ chối sửa và xóa")


def _extensions(home: Home) -> Finding:
    name = "Phần mở rộng"
    with psycopg.connect(settings.ENVIRONMENT.database_url) as connection:
        there = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    missing = [extension for extension in NEEDED_EXTENSIONS if extension not in there]
    if missing:
        mend = "Cài postgresql-contrib, chạy tuphap migrate"
        return Finding(name, Verdict.BROKEN, f"thiếu {', '.join(missing)}", mend)
    return _good(name, ", ".join(NEEDED_EXTENSIONS))


def _migrations(home: Home) -> Finding:
    name = "Phiên bản dữ liệu"
    executor = MigrationExecutor(connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(name, Verdict.BROKEN, f"còn {len(waiting)} bước chưa chạy", "Chạy tuphap migrate")
    return _good(name, "khớp với chương trình")


def _chain(home: Home) -> Finding:
    name = "Chuỗi nhật ký"
    with psycopg.connect(settings.ENVIRONMENT.database_url) as connection:
        row = connection.execute(
            "SELECT count(*), min(e.recorded_at) FROM audit_entry e LEFT JOIN audit_link l ON l.entry_id = e.id "
            "WHERE l.entry_id IS NULL"
        ).fetchone()
        last = connection.execute("SELECT max(at) FROM audit_checkpoint").fetchone()
    count, oldest = row or (0, None)
    if oldest is not None and datetime.now(UTC) - oldest > OLDEST_UNLINKED:
        return _stands_still(
            name, f"{count} mục chưa được nối, mục cũ nhất từ {oldest:%H:%M %d/%m/%Y}",
            "Tiến trình hàng đợi (worker) có chạy không?",
        )
    checkpoint = f"{last[0]:%H:%M %d/%m/%Y}" if last and last[0] else "chưa có"
    return _good(name, f"{count} mục chờ nối; điểm kiểm mới nhất: {checkpoint}")


def _signer(home: Home) -> Finding:
    name = "Ký số"
    try:
        held = len(signer.keys())
    except signer.SignerDown:
        mend = "Khởi động tiến trình ký; văn bản đang chờ sẽ được ký sau"
        return _stands_still(name, f"không trả lời tại {signer.place()}", mend)
    return _good(name, f"{signer.place()}, giữ {held} khóa")


def _scanner(home: Home) -> Finding:
    name = "Quét mã độc"
    if settings.FILE_SCANNER:
        return _good(name, settings.FILE_SCANNER)
    if not settings.CLAMD:
        seen = "chỉ nhận ra tệp thử EICAR"
        if settings.SAMPLE_MODE:
            return _good(name, seen)
        return Finding(name, Verdict.WARNING, seen, "Cài ClamAV và đặt TUPHAP_CLAMD")
    if not Clamd().is_there():
        mend = "Khởi động clamd; cho đến khi đó tệp gửi lên bị từ chối"
        return Finding(name, Verdict.BROKEN, f"không trả lời tại {settings.CLAMD}", mend)
    return _good(name, f"clamd tại {settings.CLAMD}")


def _secret_key(home: Home) -> Finding:
    name = "Khóa bí mật"
    kept = home.path / "keys" / "secret-key"
    if os.environ.get("TUPHAP_SECRET_KEY"):
        return _good(name, "từ TUPHAP_SECRET_KEY")
    if kept.is_file():
        return _good(name, str(kept))
    return Finding(name, Verdict.BROKEN, "đang dùng khóa mặc định của phát triển", "Đặt TUPHAP_SECRET_KEY")


def _key_folder(home: Home) -> Finding:
    name = "Quyền thư mục khóa"
    keys = home.path / "keys"
    open_ones = [path for path in (keys, *keys.rglob("*")) if path.exists() and path.stat().st_mode & 0o077]
    if open_ones:
        return Finding(name, Verdict.BROKEN, f"người khác đọc được {open_ones[0]}", f"chmod -R go-rwx {keys}")
    return _good(name, "chỉ chủ sở hữu đọc được")


def _disk(home: Home) -> Finding:
    name = "Dung lượng đĩa"
    usage = shutil.disk_usage(home.path)
    seen = f"còn {usage.free / 1024**3:.1f} GB ({usage.free * 100 // usage.total}%)"
    if usage.free < LEAST_FREE_BYTES:
        return Finding(name, Verdict.BROKEN, seen, "Dọn hoặc mở rộng ổ đĩa chứa TUPHAP_HOME")
    return _good(name, seen)


def _clock(home: Home) -> Finding:
    """Against the database's clock, and the time-stamping authority's where it can be reached."""
    name = "Đồng hồ"
    with psycopg.connect(settings.ENVIRONMENT.database_url) as connection:
        before = time.time()
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        apart = {"cơ sở dữ liệu": abs(float(row[0]) - before) if row else 0.0}
    stamped = _authority_time()
    if stamped is not None:
        apart["dịch vụ dấu thời gian"] = abs(stamped.timestamp() - time.time())
    for whom, seconds in apart.items():
        if seconds > LARGEST_CLOCK_ERROR.total_seconds():
            return Finding(name, Verdict.BROKEN, f"lệch {seconds:.0f} giây so với {whom}", "Bật đồng bộ giờ (chrony)")
    return _good(name, f"khớp với {', '.join(apart)}")


def _authority_time() -> datetime | None:
    try:
        with urllib.request.urlopen(settings.TSA_URL, timeout=3) as answer:  # noqa: S310 - a configured address
            told = answer.headers.get("Date")
    except urllib.error.HTTPError as error:
        told = error.headers.get("Date")
    except (OSError, ValueError):
        return None
    return parsedate_to_datetime(told) if told else None


def _queue(home: Home) -> Finding:
    name = "Việc trong hàng đợi"
    with psycopg.connect(settings.ENVIRONMENT.database_url) as connection:
        found = connection.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1").fetchall()
        rows: dict[str, int] = dict(found)
    failed, waiting = rows.get("failed", 0), rows.get("todo", 0)
    if failed:
        return Finding(name, Verdict.WARNING, f"{failed} việc thất bại, {waiting} việc chờ", "Xem log của worker")
    return _good(name, f"{waiting} việc chờ")

