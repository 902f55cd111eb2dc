"""Before the first page: migrations, the application's rights, static files, durable settings. Then say the roles."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import django
import psycopg


class NotDurable(RuntimeError):
    """The database may forget what it acknowledged."""


def prepare() -> list[str]:
    """Make database and static files fit this version; the titles of the roles that offices have.

    :raises NotDurable: ``fsync``, ``full_page_writes`` or ``synchronous_commit`` is off.
    """
    from django.conf import settings

    from tuphap.shared.access.api import roles

    from .migrate import migrate
    from .seed import seed

    check_durable(settings.ENVIRONMENT.database_url)
    migrate(verbosity=0)
    seed()
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
    django.setup()
    sys.stdout.write(json.dumps(prepare(), ensure_ascii=True) + "\n")
