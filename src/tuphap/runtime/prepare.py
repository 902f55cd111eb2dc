"""Before the first page: migrations, the application's rights, static files, durable settings. Then say the roles."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import django
import psycopg

from tuphap.kernel import heap


class NotDurable(RuntimeError):
    """The database may forget what it acknowledged."""


class NotMigrated(RuntimeError):
    """The database is of an older version, and this process may not change it."""


def prepare() -> list[str]:
    """Make database and static files fit this version; the titles of the roles that offices have.

    Where nobody told us the owner's address (as in production, where ``tuphap migrate`` is run by hand), the database
    is only looked at.

    :raises NotDurable: ``fsync``, ``full_page_writes`` or ``synchronous_commit`` is off.
    :raises NotMigrated: migrations are waiting.
    """
    from django.conf import settings

    from tuphap.shared.access.api import roles

    from .migrate import migrate
    from .seed import seed

    check_durable(settings.ENVIRONMENT.database_url)
    has_owner = settings.DATABASES["owner"]["USER"] != settings.DATABASES["default"]["USER"]
    if has_owner or settings.SAMPLE_MODE:  # one role for both works there; `tuphap doctor` says what is not protected
        migrate(verbosity=0)
        seed()
    else:
        check_migrated()
    collect_static(Path(settings.STATIC_ROOT))
    return [role.title for role in roles]


def check_durable(url: str) -> None:
    """Refuse a database that answers before its disk has.

    :raises NotDurable: which settings are wrong.
    """
    from . import postgres

    with psycopg.connect(url) as connection:
        wrong = list(postgres.not_durable(connection))
    if wrong:
        raise NotDurable(f"PostgreSQL phải bật {', '.join(postgres.DURABLE)}; hiện nay: {', '.join(wrong)}")


def check_migrated() -> None:
    """Refuse a database of an older version.

    :raises NotMigrated: so many migrations are waiting.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise NotMigrated(f"Cơ sở dữ liệu còn {len(waiting)} bước nâng cấp chưa chạy: hãy chạy `tuphap migrate`.")


def collect_static(root: Path) -> bool:
    """Gather and compress the static files if any of them has changed since; whether it was needed."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            full = Path(storage.path(path))
            seen.update(f"{path} {full.stat().st_size} {full.stat().st_mtime_ns}\n".encode())
    mark = root / ".collected"
    if mark.is_file() and mark.read_text() == seen.hexdigest():
        return False
    call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
    mark.write_text(seen.hexdigest())
    return True


if __name__ == "__main__":
    with heap.reading():
        django.setup()
    sys.stdout.write(json.dumps(prepare(), ensure_ascii=True) + "\n")
