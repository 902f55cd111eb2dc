"""What the agencies remember: one SQLite file, on disk before anybody is answered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS received (
    place INTEGER PRIMARY KEY AUTOINCREMENT, agency TEXT, id TEXT, hash TEXT, kind TEXT, subject TEXT, sequence INTEGER,
    status INTEGER, answer TEXT, times INTEGER DEFAULT 1, UNIQUE (agency, id));
CREATE TABLE IF NOT EXISTS done (
    agency TEXT, what TEXT, about TEXT, value TEXT, message TEXT, PRIMARY KEY (agency, what, about));
CREATE TABLE IF NOT EXISTS taken (number TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS outgoing (
    id TEXT PRIMARY KEY, agency TEXT, kind TEXT, subject TEXT, sequence INTEGER, reply_to TEXT, dossier TEXT, body TEXT,
    due REAL, tries INTEGER DEFAULT 0, copies INTEGER DEFAULT 1, state TEXT DEFAULT 'waiting', said TEXT DEFAULT '',
    UNIQUE (agency, subject, sequence));
CREATE INDEX IF NOT EXISTS outgoing_due ON outgoing (state, due);
CREATE TABLE IF NOT EXISTS people (
    key TEXT PRIMARY KEY, body TEXT NOT NULL, version INTEGER NOT NULL, sequence INTEGER NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS control (agency TEXT PRIMARY KEY, told TEXT);
"""


class Memory:
    """The file, used by one thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._file.row_factory = sqlite3.Row
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.executescript(TABLES)
        if not self.all("SELECT 1 FROM pragma_table_info('outgoing') WHERE name = 'answer'"):  # a file of before
            self._file.execute("ALTER TABLE outgoing ADD COLUMN answer TEXT DEFAULT ''")

    @contextmanager
    def changing(self) -> Iterator[None]:
        """All of it or nothing, and on disk when the block is left."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")

    def all(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self._file.execute(sql, values)]

    def one(self, sql: str, *values: Any) -> dict[str, Any] | None:
        return next(iter(self.all(sql, *values)), None)

    def run(self, sql: str, *values: Any) -> None:
        self._file.execute(sql, values)

    def done(self, agency: str, what: str, about: str) -> Any:
        """What was done about this before, or None."""
        row = self.one("SELECT value FROM done WHERE agency = ? AND what = ? AND about = ?", agency, what, about)
        return json.loads(row["value"]) if row else None

    def do(self, agency: str, what: str, about: str, value: Any, message: str) -> None:
        """Do it; done twice is an error of ours, and shows as one."""
        self.run("INSERT INTO done VALUES (?, ?, ?, ?, ?)", agency, what, about, json.dumps(value), message)

    def close(self) -> None:
        self._file.close()
