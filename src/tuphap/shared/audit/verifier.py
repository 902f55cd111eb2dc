"""Read the whole log again and say whether anybody changed it, and where first."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from tuphap.kernel import signer as signer_process
from tuphap.kernel.refusal import Refusal

from . import merkle
from .canonical import COLUMNS, START, entry_hash, link_hash
from .checkpoints import BadStatement, Statement, fingerprint, read_statements
from .models import Checkpoint, Link
from .sealing import statement_of

BATCH = 5000
# How long an entry may wait for its link while the sequencer runs each few seconds.
PATIENCE = timedelta(minutes=15)
Progress = Callable[[int, int], None]


class BreakKind(StrEnum):
    """What was done to the log, in the words of the report."""

    CHANGED = "nội dung mục nhật ký đã bị sửa"
    REMOVED = "mục nhật ký đã bị xóa"
    INSERTED = "mục nhật ký được chèn vào ngoài hệ thống"
    REORDERED = "thứ tự các mục đã bị đổi"
    RELINKED = "mắt xích đã bị nối lại"
    REWRITTEN = "chuỗi không khớp với điểm kiểm đã ký: các mục đã bị viết lại"
    CHECKPOINT_GONE = "thiếu điểm kiểm"
    BAD_SIGNATURE = "chữ ký của điểm kiểm không hợp lệ"
    FOREIGN_KEY = "điểm kiểm không được ký bằng khóa của hệ thống"


@dataclass(frozen=True, slots=True)
class Break:
    """The first fault: at which place in the chain, which entry, and what.

    ``seq_from``–``seq_to`` is one place, or the stretch between two checkpoints where more cannot be said.
    """

    kind: BreakKind
    seq_from: int
    seq_to: int
    entry_id: int | None = None
    note: str = ""

    def __str__(self) -> str:
        place = f"vị trí {self.seq_from}" if self.seq_from == self.seq_to else f"vị trí {self.seq_from}–{self.seq_to}"
        entry = f", mục {self.entry_id}" if self.entry_id is not None else ""
        return f"{place}{entry}: {self.kind.value}{f' ({self.note})' if self.note else ''}"


@dataclass(slots=True)
class Report:
    """What the verification found.

    ``verified_to`` is the last place up to which everything holds; ``sealed_to`` the last such place that a checkpoint
    covers: give it as ``since`` to go on from there next time.
    """

    since: int = 0
    verified_to: int = 0
    sealed_to: int = 0
    checkpoints: int = 0
    outside: int = 0
    keys: tuple[str, ...] = ()
    keys_are_known: bool = False
    waiting: int = 0
    waiting_for: timedelta | None = None
    broken: Break | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.broken is None

    def lines_vi(self) -> list[str]:
        """The report for people."""
        said = [f"Đã kiểm {self.verified_to - self.since} mục (từ {self.since + 1} đến {self.verified_to})."]
        said.append(f"Điểm kiểm đã ký: {self.checkpoints}; phủ đến mục {self.sealed_to}.")
        if self.outside:
            said.append(f"Đã đối chiếu với {self.outside} điểm kiểm giữ ở nơi khác.")
        said.extend(f"Khóa ký điểm kiểm: {key}" for key in self.keys)
        if self.keys and not self.keys_are_known:
            said.append("Chưa đối chiếu được khóa với tiến trình ký: hãy so dấu vân tay khóa với bản lưu riêng.")
        if self.waiting:
            age = int(self.waiting_for.total_seconds()) if self.waiting_for else 0
            said.append(f"Chưa nối vào chuỗi: {self.waiting} mục, lâu nhất {age} giây.")
        said.extend(self.notes)
        said.append("Nhật ký nguyên vẹn." if self.ok else f"NHẬT KÝ BỊ THAY ĐỔI – {self.broken}.")
        return said


def verify(
    *, checkpoint_file: Path | None = None, since: int = 0, trusted_keys: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read every entry, link and checkpoint after ``since`` and find the first that is not what it was.

    Memory does not grow with the log: entries are read through a server-side cursor, in one snapshot.

    :param checkpoint_file: a checkpoint kept elsewhere, or a folder of them: nothing up to it was rewritten, whoever
        owns the database. (Without one, its owner together with the holder of the signing key could rewrite all.)
    :param since: the ``sealed_to`` of an earlier report; what lies before is not read again.
    :param trusted_keys: fingerprints of the checkpoint keys; by default the signer process is asked for them.
    :param progress: called with (entries read, entries in all), now and then.
    :raises ValueError: no checkpoint ends at ``since``.
    :raises BadStatement: ``checkpoint_file`` is no checkpoint, or its own signature does not hold.
    :raises OSError: ``checkpoint_file`` cannot be read.
    """
    outside = read_statements(checkpoint_file) if checkpoint_file else []
    for statement in outside:
        statement.check_signature()
    with _one_snapshot():
        return _Verification(since=since, outside=outside, trusted=trusted_keys, progress=progress).run()


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """See the log as it is at one instant, while others go on writing."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Broken(Exception):
    def __init__(self, found: Break) -> None:
        self.found = found


class _Verification:
    """One reading of the log."""

    def __init__(
        self, *, since: int, outside: list[Statement], trusted: Collection[str] | None, progress: Progress | None
    ) -> None:
        self.report = Report(since=since, verified_to=since, sealed_to=since, outside=len(outside))
        self.outside = {statement.seq_to: statement for statement in outside}
        self.trusted = trusted
        self.progress = progress
        self.prev = START
        self.tree = merkle.Tree()
        self.fault: Break | None = None

    def run(self) -> Report:
        self.statements = self._read_checkpoints()
        try:
            self._start()
            self._read_chain()
            self._look_at_the_end()
            self._look_for_unlinked()
        except _Broken as broken:
            self.report.broken = broken.found
        self._blame_first()
        return self.report

    def _blame_first(self) -> None:
        """Of a fault in the chain and one in the checkpoints, report the earlier; within one stretch, the chain's."""
        in_chain, in_seals = self.report.broken, self.fault
        if in_seals is None:
            return
        is_later = in_chain is None or in_chain.seq_from > in_seals.seq_to
        is_its_shadow = in_chain is not None and in_chain.kind is BreakKind.REWRITTEN
        if is_later or (is_its_shadow and in_chain is not None and in_chain.seq_from >= in_seals.seq_from):
            self.report.broken = in_seals

    def _read_checkpoints(self) -> dict[int, Statement]:
        """Every stored checkpoint; whether each is signed by our key and names the one before it, none missing."""
        rows = [statement_of(row) for row in Checkpoint.objects.order_by("seq_to").iterator()]
        self.report.checkpoints = len(rows)
        self.report.keys = tuple(sorted({row.key_fingerprint for row in rows}))
        trusted = self._trusted({row.key_id for row in rows})
        self.report.keys_are_known = trusted is not None
        faults = (_fault(row, before, trusted) for before, row in zip([None, *rows], rows, strict=False))
        self.fault = next((fault for fault in faults if fault is not None), None)
        return {row.seq_to: row for row in rows}

    def _trusted(self, key_ids: Collection[str]) -> Collection[str] | None:
        if self.trusted is not None:
            return self.trusted
        known = set()
        for key_id in key_ids:
            try:
                known.add(fingerprint(signer_process.public_key(key_id)))
            except Refusal:
                return None
        return known

    def _start(self) -> None:
        since = self.report.since
        if not since:
            return
        if since not in self.statements:
            raise ValueError(f"no checkpoint ends at {since}")
        self.prev = bytes.fromhex(self.statements[since].chain_hash)
        for seq_to, statement in self.outside.items():
            if seq_to <= since:
                self._compare_stored(statement)

    def _compare_stored(self, statement: Statement) -> None:
        """An outside checkpoint before ``since``: the one stored under its place must be the very same."""
        stored = self.statements.get(statement.seq_to)
        if stored is None or stored.digest() != statement.digest():
            raise _Broken(Break(BreakKind.REWRITTEN, statement.seq_from, statement.seq_to))

    def _read_chain(self) -> None:
        done, total = 0, Link.objects.filter(seq__gt=self.report.since).count() if self.progress else 0
        for seq, entry_id, hashed, prev, here, entry in _links(self.report.since):
            self._check_link(seq, entry_id, hashed, prev, here, entry)
            self.prev = here
            self.tree.add(hashed)
            self.report.verified_to = seq
            self._check_checkpoint(seq)
            done += 1
            if self.progress and done % BATCH == 0:
                self.progress(done, total)
        if self.progress:
            self.progress(done, total)

    def _check_link(
        self, seq: int, entry_id: int, hashed: bytes, prev: bytes, here: bytes, entry: dict[str, Any] | None
    ) -> None:
        expected = self.report.verified_to + 1
        if seq != expected:
            raise _Broken(Break(BreakKind.REMOVED, expected, seq - 1))
        if entry is None:
            raise _Broken(Break(BreakKind.REMOVED, seq, seq, entry_id))
        found = entry_hash(entry)
        if found != hashed:
            moved = Link.objects.filter(entry_hash=found).exclude(seq=seq).exists()
            kind = BreakKind.REORDERED if moved else BreakKind.CHANGED
            raise _Broken(Break(kind, seq, seq, entry_id))
        if prev != self.prev or here != link_hash(seq=seq, prev=prev, entry=hashed):
            raise _Broken(Break(BreakKind.RELINKED, seq, seq, entry_id))

    def _check_checkpoint(self, seq: int) -> None:
        outside = self.outside.get(seq)
        if outside is not None and outside.chain_hash != self.prev.hex():
            raise _Broken(Break(BreakKind.REWRITTEN, self.report.sealed_to + 1, seq, note="điểm kiểm giữ ở nơi khác"))
        statement = self.statements.get(seq)
        if statement is None:
            return
        if (statement.root, statement.chain_hash) != (self.tree.root().hex(), self.prev.hex()):
            raise _Broken(Break(BreakKind.REWRITTEN, statement.seq_from, seq))
        self.tree = merkle.Tree()
        self.report.sealed_to = seq

    def _look_at_the_end(self) -> None:
        """Nothing that a checkpoint knows of may lie beyond the last link."""
        for known in (self.statements, self.outside):
            beyond = max(known, default=0)
            if beyond > self.report.verified_to:
                raise _Broken(Break(BreakKind.REMOVED, self.report.verified_to + 1, beyond))
        for seq_to, statement in self.outside.items():
            stored = self.statements.get(seq_to)
            if stored is None or stored.digest() != statement.digest():
                raise _Broken(Break(BreakKind.CHECKPOINT_GONE, statement.seq_from, seq_to))

    def _look_for_unlinked(self) -> None:
        """Entries without a link: those that wait for the sequencer, and those that it was never told of."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), max(now() - recorded_at),"
                " min(e.id) FILTER (WHERE NOT EXISTS (SELECT FROM audit_pending p WHERE p.entry_id = e.id))"
                " FROM audit_entry e WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.entry_id = e.id)"
            )
            number, oldest, untold = cursor.fetchone()
        self.report.waiting, self.report.waiting_for = number, oldest
        if untold is not None:
            end = self.report.verified_to + 1
            raise _Broken(Break(BreakKind.INSERTED, end, end, untold))
        if oldest is not None and oldest > PATIENCE:
            self.report.notes.append("Cảnh báo: tiến trình nối chuỗi không chạy; hãy kiểm tra tiến trình nền.")


def _fault(row: Statement, before: Statement | None, trusted: Collection[str] | None) -> Break | None:
    """What is wrong with a stored checkpoint, given the one before it."""
    follows = (before.seq_to + 1, before.digest().hex()) if before else (1, "")
    if (row.seq_from, row.previous) != follows:
        return Break(BreakKind.CHECKPOINT_GONE, follows[0], max(follows[0], row.seq_from - 1))
    try:
        row.check_signature()
    except BadStatement:
        return Break(BreakKind.BAD_SIGNATURE, row.seq_from, row.seq_to)
    if trusted is not None and row.key_fingerprint not in trusted:
        return Break(BreakKind.FOREIGN_KEY, row.seq_from, row.seq_to, note=row.key_fingerprint)
    return None


def _links(since: int) -> Iterator[tuple[int, int, bytes, bytes, bytes, dict[str, Any] | None]]:
    """Links with their entries in order, through a cursor that stays on the server."""
    columns = ", ".join(f'e."{name}"' for name in COLUMNS)
    sql = (
        f"SELECT l.seq, l.entry_id, l.entry_hash, l.prev_hash, l.hash, {columns}"  # noqa: S608 (our own names)
        " FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry_id WHERE l.seq > %s ORDER BY l.seq"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [since])
        while rows := cursor.fetchmany(BATCH):
            for seq, entry_id, hashed, prev, here, *values in rows:
                entry = dict(zip(COLUMNS, values, strict=True))
                if isinstance(entry["facts"], str):
                    entry["facts"] = json.loads(entry["facts"])
                yield seq, entry_id, bytes(hashed), bytes(prev), bytes(here), entry if entry["id"] is not None else None
