"""Reads the database and the store with SQL of its own, and tells everything that is not as it was acknowledged."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

Line = dict[str, Any]

# What the ledger calls a step, and which event of the dossier's log it is.
EVENTS = ("submit", "receive", "assign", "propose", "approve", "return")
AT_THE_COUNTER = ("submit", "receive")  # what "counter" does in one
# Once in the life of a dossier that is never sent back.
ONCE = (*EVENTS, "begin", "signed")


@dataclass(slots=True)
class Inspector:
    """The database at ``url`` (its owner's), and the folder of stored files that belongs to it."""

    url: str
    files: Path
    _line: psycopg.Connection[dict[str, Any]] | None = None

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Over one line, opened anew where the server has died since; a thousand questions are asked in a row."""
        try:
            return self._ask(query, values)
        except psycopg.OperationalError:
            self.close()
            self._line = None
            return self._ask(query, values)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()

    def _ask(self, query: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        if self._line is None:
            self._line = psycopg.connect(self.url, row_factory=dict_row, autocommit=True)
        return self._line.execute(query, values).fetchall()  # type: ignore[arg-type]

    def values(self, query: str, *values: Any) -> list[Any]:
        return [next(iter(row.values())) for row in self.rows(query, *values)]

    # -- what was acknowledged

    def lost_or_doubled(self, ledger: list[Line]) -> list[str]:
        """Acknowledged steps that are not there, or there more than once."""
        return [trouble for line in ledger for trouble in self._about(line)]

    def _about(self, line: Line) -> Iterator[str]:
        step, dossier = line["step"], line["dossier"]
        about = f"{step} of {dossier}"
        if line["key"]:
            done = self.rows("SELECT is_answered FROM operation_done WHERE key = %s", line["key"])
            if [row["is_answered"] for row in done] != [True]:
                yield f"{about}: its key is kept {len(done)} times"
        if step == "draft":
            yield from self._once(about, "dossiers.draft", dossier)
        elif step.startswith("page:"):
            page = step.removeprefix("page:")
            if not self.values("SELECT 1 FROM dossiers_dossier WHERE id = %s AND answers ? %s", dossier, page):
                yield f"{about}: the page is not kept"
            yield from self._once(about, "dossiers.page_saved", dossier, page=page)
        elif step == "attach":
            kept = self.values(
                "SELECT f.sha256 FROM dossiers_attachment a JOIN files_storedfile f ON f.id = a.file_id"
                " WHERE a.dossier_id = %s", dossier,
            )
            if kept != [line["sha256"]]:
                yield f"{about}: the papers are {kept}"
            yield from self._once(about, "dossiers.attached", dossier)
        for action in AT_THE_COUNTER if step == "counter" else (step,) if step in EVENTS else ():
            yield from self._event(about, action, dossier)
        yield from self._said(about, line)

    def _event(self, about: str, action: str, dossier: str) -> Iterator[str]:
        found = self.values(
            "SELECT count(*) FROM dossiers_event WHERE dossier_id = %s AND action = %s", dossier, action
        )
        if found != [1]:
            yield f"{about}: {found[0]} events"
        yield from self._once(about, f"dossiers.{action}", dossier)

    def _once(self, about: str, event: str, dossier: str, **facts: str) -> Iterator[str]:
        (found,) = self.values(
            "SELECT count(*) FROM audit_entry WHERE subject_id = %s AND event = %s AND facts @> %s::jsonb",
            dossier, event, json.dumps(facts),
        )
        if found != 1:
            yield f"{about}: {found} entries {event} in the log"

    def _said(self, about: str, line: Line) -> Iterator[str]:
        """Codes and numbers that were told stay what they were told to be."""
        (now,) = self.rows(
            "SELECT code, result ->> 'number' AS number FROM dossiers_dossier WHERE id = %s", line["dossier"]
        )
        for name in ("code", "number"):
            if line.get(name) and line["step"] != "attach" and now[name] != line[name]:
                yield f"{about}: {name} was told as {line[name]}, and is {now[name]}"

    # -- what holds whatever was acknowledged

    def inconsistencies(self) -> list[str]:
        """Steps done twice, gaps and doubles among numbers, papers unsigned or not in the store."""
        return [*self.steps(), *self._numbers(), *self._papers(), *self.damaged_files()]

    def steps(self) -> Iterator[str]:
        """Steps done twice, and gaps between what the dossiers' logs and the platform's log say."""
        for row in self.rows(
            "SELECT dossier_id, action, count(*) FROM dossiers_event WHERE action = ANY(%s)"
            " GROUP BY 1, 2 HAVING count(*) > 1", list(ONCE),
        ):
            yield f"{row['action']} of {row['dossier_id']} was done {row['count']} times"
        for row in self.rows(
            "SELECT dossier_id FROM dossiers_event GROUP BY 1 HAVING max(seq) <> count(*) OR min(seq) <> 1"
        ):
            yield f"the log of {row['dossier_id']} has a gap"
        for row in self.rows(
            "SELECT e.dossier_id, e.seq, count(a.id) FROM dossiers_event e LEFT JOIN audit_entry a"
            " ON a.subject_id = e.dossier_id::text AND a.event = 'dossiers.' || e.action"
            " AND (a.facts ->> 'event_seq')::int = e.seq GROUP BY 1, 2 HAVING count(a.id) <> 1"
        ):
            yield f"event {row['seq']} of {row['dossier_id']} has {row['count']} entries in the log"
        for row in self.rows(
            "SELECT dossier_id, component FROM dossiers_attachment GROUP BY 1, 2 HAVING count(*) > 1"
        ):
            yield f"{row['component']} of {row['dossier_id']} was attached more than once"

    def _numbers(self) -> Iterator[str]:
        for row in self.rows(
            "SELECT s.code, s.unit_id, s.year, s.first, s.next, array_agg(n.value ORDER BY n.value) AS given,"
            " array_agg(DISTINCT n.state) AS states FROM numbering_series s"
            " LEFT JOIN numbering_number n ON n.series_id = s.id GROUP BY s.id"
        ):
            name = f"{row['code']} of {row['unit_id']} in {row['year']}"
            if row["given"] != list(range(row["first"], row["next"])):
                yield f"{name}: {row['given']} were given, {row['next']} comes next"
            if set(row["states"]) - {"confirmed", "void"}:
                yield f"{name}: there are numbers in the states {row['states']}"
        for row in self.rows(
            "SELECT n.id, n.value, n.state, count(a.id) FROM numbering_number n"
            " JOIN numbering_series s ON s.id = n.series_id AND s.code = 'civil_status.birth'"
            " LEFT JOIN civil_status_act a ON a.reserved_id = n.id AND a.number = n.value AND a.unit_id = s.unit_id"
            " AND a.year = s.year AND (a.state = 'registered') = (n.state = 'confirmed') GROUP BY n.id"
            " HAVING count(a.id) <> 1"
        ):
            yield f"number {row['value']} ({row['state']}) stands in {row['count']} acts"
        for row in self.rows("SELECT agency, day, last FROM dossiers_daycounter"):
            like = f"{row['agency']}-{row['day']:%y%m%d}-%"
            (given,) = self.values("SELECT count(*) FROM dossiers_dossier WHERE code LIKE %s", like)
            if given != row["last"]:
                yield f"{row['last']} codes like {like} were given, {given} are borne"

    def _papers(self) -> Iterator[str]:
        for row in self.rows("SELECT id, state, failure FROM documents_document WHERE state NOT IN ('signed', 'void')"):
            yield f"document {row['id']} is {row['state']} {row['failure']}"
        for row in self.rows(
            "SELECT d.id, count(a.id) FROM documents_document d LEFT JOIN audit_entry a ON a.subject_id = d.id::text"
            " AND a.event = 'documents.signed' WHERE d.state = 'signed' GROUP BY 1 HAVING count(a.id) <> 1"
        ):
            yield f"document {row['id']} was signed {row['count']} times"

    def damaged_files(self) -> Iterator[str]:
        """Files that the database names and the store does not hold as they were taken in."""
        for digest in self.values("SELECT DISTINCT sha256 FROM files_storedfile"):
            place = self.place(digest)
            if not place.is_file() or hashlib.sha256(place.read_bytes()).hexdigest() != digest:
                yield f"file {digest} is not in the store as it was taken in"

    def place(self, digest: str) -> Path:
        return self.files / digest[:2] / digest[2:4] / digest

    def some_signed(self, count: int) -> list[Path]:
        """Some signed papers, drawn by lot."""
        query = "SELECT sha256 FROM documents_document WHERE state = 'signed' ORDER BY random() LIMIT %s"
        return [self.place(digest) for digest in self.values(query, count)]

    # -- jobs

    def jobs_left(self, *, within: float) -> list[str]:
        """Jobs that stay when none has ended, nor waited for its next try, for so many seconds.

        Not those of the clock, which come again, nor notices to residents at night, which wait for the morning.
        """
        deadline, waiting = time.monotonic() + within, set[int]()
        while True:
            left = self.rows(
                "SELECT j.id, j.task_name, j.status::text, j.attempts, j.status = 'todo' AND j.scheduled_at"
                " BETWEEN now() AND now() + interval '5 minutes' AS pauses FROM procrastinate_jobs j WHERE NOT EXISTS"
                " (SELECT 1 FROM procrastinate_periodic_defers p WHERE p.task_name = j.task_name)"
                " AND NOT (j.task_name = 'tuphap.shared.notices.tasks.deliver' AND j.status = 'todo'"
                " AND j.attempts = 0 AND j.scheduled_at > now()) ORDER BY j.id"
            )
            if waiting - {job["id"] for job in left} or any(job["pauses"] for job in left):
                deadline = time.monotonic() + within  # a busy machine is slow, and nothing is stuck
            waiting = {job["id"] for job in left}
            if not left or time.monotonic() > deadline:
                return [f"job {j['id']} {j['task_name']} is {j['status']}, {j['attempts']} attempts" for j in left]
            time.sleep(0.5)

    def unlinked(self, *, within: float) -> list[str]:
        """Entries of the log that stand in no chain after so many seconds."""
        deadline = time.monotonic() + within
        while True:
            left = self.values(
                "SELECT e.event FROM audit_entry e LEFT JOIN audit_link l ON l.entry_id = e.id WHERE l.entry_id IS NULL"
            )
            if not left or time.monotonic() > deadline:
                return left
            time.sleep(0.5)


def broken_links(log: Path) -> list[str]:
    """Lines of the signer's own log that do not bear the hash of the line before; half a line ends what a kill cut."""
    before, breaks = "", []
    for line in log.read_bytes().splitlines():
        try:
            told = json.loads(line)["before"]
        except ValueError:
            told = before
        if told != before:
            breaks.append(line.decode(errors="replace"))
        before = hashlib.sha256(line).hexdigest()
    return breaks
