"""The chain: writers never wait, nothing is left out, and whatever anybody changes afterwards is found."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.db import InternalError, ProgrammingError, connection, connections, transaction

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.kernel.refusal import NotFound
from tuphap.kernel.signer import SignerDown
from tuphap.shared.audit import api, chain, checkpoints, tasks
from tuphap.shared.audit.canonical import COLUMNS, entry_hash, link_hash
from tuphap.shared.audit.models import Checkpoint, Entry, Link, Pending
from tuphap.shared.audit.sealing import statement_of
from tuphap.shared.audit.sequencer import alone
from tuphap.shared.audit.testing import run_jobs
from tuphap.shared.audit.verifier import BreakKind

ME = system_actor("test")
pytestmark = pytest.mark.django_db(transaction=True)


class Key:
    """A checkpoint key that is simply here."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    def public_key(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.DER, form)

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    @property
    def fingerprint(self) -> str:
        return checkpoints.fingerprint(self.public_key())


KEY = Key()


def write(number: int, event: str = "test.written") -> None:
    for place in range(number):
        with transaction.atomic():
            api.record(event, subject=None, actor=ME, at=now(), place=place, why="Lý do có dấu – ½", ratio=0.1)


def seal() -> Checkpoint:
    made = chain.checkpoint(at=now(), signer=KEY)
    assert made is not None
    return made


def verify(**options: Any) -> chain.Report:
    return chain.verify(trusted_keys={KEY.fingerprint}, **options)


@contextmanager
def as_owner() -> Iterator[psycopg.Connection]:
    """Whoever owns the database and has switched the triggers off."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        yield owner


@pytest.fixture(autouse=True)
def _empty_log(transactional_db: None) -> None:
    """What the run's own preparations logged is not these tests' log."""
    with as_owner() as owner:
        owner.execute("TRUNCATE audit_entry, audit_pending, audit_link, audit_checkpoint RESTART IDENTITY")


def sealed_log(*sizes: int) -> None:
    for size in sizes:
        write(size)
        seal()


# --- linking ---------------------------------------------------------------------------------------------------------


def test_every_column_is_hashed() -> None:
    assert set(COLUMNS) == {field.attname for field in Entry._meta.concrete_fields}


def test_entries_are_linked_once_in_order() -> None:
    write(5)
    assert Pending.objects.count() == 5
    assert chain.sequence(batch=2) == 5
    assert chain.sequence() == 0
    assert not Pending.objects.exists()
    assert list(Link.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    report = verify()
    assert report.ok and report.verified_to == 5 and report.waiting == 0


def test_a_rolled_back_entry_leaves_no_gap_and_a_late_one_is_linked_after() -> None:
    entered, release = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                api.record("test.slow", subject=None, actor=ME, at=now())
                entered.set()
                release.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert entered.wait(20)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        api.record("test.undone", subject=None, actor=ME, at=now())
        raise ZeroDivisionError
    write(2)
    assert chain.sequence() == 2
    release.set()
    thread.join(20)
    assert chain.sequence() == 1
    order = list(Link.objects.order_by("seq").values_list("entry__event", flat=True))
    assert order == ["test.written", "test.written", "test.slow"]
    keys = list(Link.objects.order_by("seq").values_list("entry_id", flat=True))
    assert keys[2] < keys[0]
    assert verify().ok


def test_eight_writers_while_two_sequencers_run() -> None:
    stop = threading.Event()
    faults: list[BaseException] = []

    def guarded(job: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                job()
            except BaseException as error:
                faults.append(error)
            finally:
                connections.close_all()

        return run

    def writer() -> None:
        for turn in range(40):
            try:
                with transaction.atomic():
                    api.record("test.busy", subject=None, actor=ME, at=now(), turn=turn)
                    if turn % 10 == 9:
                        raise InterruptedError
            except InterruptedError:
                pass

    def sequencer() -> None:
        while not stop.is_set():
            chain.sequence(batch=7)

    writers = [threading.Thread(target=guarded(writer)) for _ in range(8)]
    sequencers = [threading.Thread(target=guarded(sequencer)) for _ in range(2)]
    for thread in [*writers, *sequencers]:
        thread.start()
    for thread in writers:
        thread.join(60)
    stop.set()
    for thread in sequencers:
        thread.join(60)
    assert faults == []
    chain.sequence(wait=True)
    assert Entry.objects.count() == Link.objects.count() == 8 * 36
    report = verify()
    assert report.ok and report.verified_to == 8 * 36 and report.waiting == 0


def test_writers_do_not_wait_for_the_sequencer() -> None:
    done = threading.Event()

    def writer() -> None:
        try:
            write(1)
            done.set()
        finally:
            connections.close_all()

    with alone(wait=True) as ours:
        assert ours
        thread = threading.Thread(target=writer)
        thread.start()
        assert done.wait(10)
    thread.join(10)
    assert chain.sequence() == 1


# --- rights ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["audit_entry", "audit_link", "audit_checkpoint"])
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_neither_the_application_nor_the_owner_may_change_the_log(table: str, change: str) -> None:
    sealed_log(2)
    column = {"audit_entry": "event", "audit_link": "hash", "audit_checkpoint": "root"}[table]
    sql = change.format(table, column) + (" CASCADE" if change.startswith("TRUNCATE") else "")
    with connection.cursor() as cursor, pytest.raises((ProgrammingError, InternalError)) as refused:
        cursor.execute(sql)
    assert "permission denied" in str(refused.value)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only added to"):
            owner.execute(sql)
        owner.rollback()
    assert verify().ok


# --- tampering -------------------------------------------------------------------------------------------------------

COLUMN_CHANGES = [
    "at = at + interval '1 microsecond'", "recorded_at = recorded_at - interval '1 second'", "event = 'test.writteN'",
    "actor_kind = 'staff'", "actor_id = gen_random_uuid()", "actor_name = actor_name || ' '", "subject_type = 'x'",
    "subject_id = '1'", "unit_id = 1", "purpose = 'x'", "ip = '::1'", "session_id = 'x'", "request_id = 'x'",
    "facts = facts || '{\"place\": 99}'", "facts = facts - 'why'", "facts = '{}'",
]


@pytest.mark.parametrize("change", COLUMN_CHANGES)
@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_changed_entry_is_found_whatever_was_changed(change: str, is_sealed: bool) -> None:
    sealed_log(3, 4)
    if not is_sealed:
        write(6)
        chain.sequence()
    target = Link.objects.get(seq=6 if is_sealed else 9)
    with as_owner() as owner:
        owner.execute(f"UPDATE audit_entry SET {change} WHERE id = %s", [target.entry_id])
    broken = verify().broken
    assert broken is not None
    assert (broken.kind, broken.seq_from, broken.entry_id) == (BreakKind.CHANGED, target.seq, target.entry_id)


def test_the_first_of_several_is_reported() -> None:
    sealed_log(3, 4, 2)
    with as_owner() as owner:
        for seq in (8, 2, 5):
            key = Link.objects.get(seq=seq).entry_id
            owner.execute("UPDATE audit_entry SET event = 'x' WHERE id = %s", [key])
    report = verify()
    assert report.broken is not None and report.broken.seq_from == 2
    assert report.verified_to == 1
    assert "NHẬT KÝ BỊ THAY ĐỔI" in report.lines_vi()[-1]


def break_by(*statements: str) -> BreakKind | None:
    sealed_log(3, 4)
    write(2)
    chain.sequence()
    with as_owner() as owner:
        for statement in statements:
            owner.execute(statement)
    broken = verify().broken
    return broken.kind if broken else None


OF = "(SELECT entry_id FROM audit_link WHERE seq = {})"


@pytest.mark.parametrize(
    ("kind", "statements"),
    [
        (None, []),
        (BreakKind.REMOVED, ["DELETE FROM audit_entry WHERE id = " + OF.format(5)]),
        (BreakKind.REMOVED, ["DELETE FROM audit_link WHERE seq = 5"]),
        (BreakKind.REMOVED, ["DELETE FROM audit_link WHERE seq = 1"]),
        (BreakKind.REMOVED, ["DELETE FROM audit_link WHERE seq > 6", "DELETE FROM audit_entry WHERE id > 6"]),
        (BreakKind.REMOVED, ["DELETE FROM audit_link", "DELETE FROM audit_entry"]),
        (BreakKind.REORDERED, [
            "CREATE TEMP TABLE t AS SELECT " + OF.format(4) + " AS a, " + OF.format(5) + " AS b",
            "UPDATE audit_link SET entry_id = -1 WHERE seq = 4",
            "UPDATE audit_link SET entry_id = (SELECT a FROM t) WHERE seq = 5",
            "UPDATE audit_link SET entry_id = (SELECT b FROM t) WHERE seq = 4",
        ]),
        (BreakKind.RELINKED, ["UPDATE audit_link SET prev_hash = decode(repeat('00', 32), 'hex') WHERE seq = 5"]),
        (BreakKind.RELINKED, ["UPDATE audit_link SET hash = decode(repeat('00', 32), 'hex') WHERE seq = 9"]),
        (BreakKind.INSERTED, [
            "INSERT INTO audit_entry (at, event, actor_kind, actor_name, subject_type, subject_id, purpose, ip,"
            " session_id, request_id, facts) VALUES (now(), 'x', 'system', 'x', '', '', '', '', '', '', '{}')"
        ]),
        (BreakKind.INSERTED, ["DELETE FROM audit_link WHERE seq = 9"]),
        (BreakKind.CHECKPOINT_GONE, ["DELETE FROM audit_checkpoint WHERE seq_from = 1"]),
        (BreakKind.BAD_SIGNATURE, ["UPDATE audit_checkpoint SET at = at + interval '1 hour' WHERE seq_from = 4"]),
        (BreakKind.BAD_SIGNATURE, ["UPDATE audit_checkpoint SET root = chain_hash WHERE seq_from = 1"]),
    ],
)
def test_what_was_done_is_named(kind: BreakKind | None, statements: list[str]) -> None:
    assert break_by(*statements) == kind


def rewrite_everything(owner: psycopg.Connection, forger: Key | None) -> None:
    """Change the second entry, compute every link anew, and sign every checkpoint anew with ``forger``'s key."""
    victim = Link.objects.get(seq=2).entry_id
    owner.execute("UPDATE audit_entry SET actor_name = 'Người khác' WHERE id = %s", [victim])
    prev, hashed = bytes(32), {}
    for link in Link.objects.order_by("seq"):
        hashed[link.seq] = entry_hash(Entry.objects.filter(pk=link.entry_id).values(*COLUMNS).get())
        here = link_hash(seq=link.seq, prev=prev, entry=hashed[link.seq])
        owner.execute(
            "UPDATE audit_link SET entry_hash = %s, prev_hash = %s, hash = %s WHERE seq = %s",
            [hashed[link.seq], prev, here, link.seq],
        )
        prev = here
    if forger is None:
        return
    before = ""
    for row in Checkpoint.objects.order_by("seq_to"):
        leaves = [hashed[seq] for seq in range(row.seq_from, row.seq_to + 1)]
        forged = replace(
            statement_of(row), root=chain_root(leaves), previous=before, public_key=forger.public_key().hex(),
            chain_hash=bytes(Link.objects.get(seq=row.seq_to).hash).hex(), key_fingerprint=forger.fingerprint,
        )
        signature = forger.sign(forged.signed_bytes())
        owner.execute(
            "UPDATE audit_checkpoint SET root = %s, chain_hash = %s, previous = %s, public_key = %s, signature = %s"
            " WHERE id = %s",
            [bytes.fromhex(forged.root), bytes.fromhex(forged.chain_hash), bytes.fromhex(before), forger.public_key(),
             signature, row.pk],
        )
        before = forged.digest().hex()


def chain_root(leaves: list[bytes]) -> str:
    from tuphap.shared.audit.merkle import root_of

    return root_of(leaves).hex()


def test_a_whole_chain_computed_anew_does_not_fit_the_signed_checkpoints() -> None:
    sealed_log(3, 4)
    with as_owner() as owner:
        rewrite_everything(owner, forger=None)
    broken = verify().broken
    assert broken is not None
    assert (broken.kind, broken.seq_from, broken.seq_to) == (BreakKind.REWRITTEN, 1, 3)


def test_checkpoints_signed_anew_with_another_key_are_found() -> None:
    sealed_log(3, 4)
    with as_owner() as owner:
        rewrite_everything(owner, forger=Key())
    broken = verify().broken
    assert broken is not None and broken.kind is BreakKind.FOREIGN_KEY


def test_even_with_the_key_itself_a_checkpoint_kept_elsewhere_shows_the_rewriting(tmp_path: Path) -> None:
    """The attacker owns the database, holds the signing key and computes everything anew."""
    write(3)
    place = chain.Folder(tmp_path / "elsewhere")
    place.keep(statement_of(seal()))
    write(4)
    later = chain.Folder(tmp_path / "later")
    later.keep(statement_of(seal()))
    assert verify(checkpoint_file=tmp_path / "elsewhere").ok
    with as_owner() as owner:
        rewrite_everything(owner, forger=KEY)
    assert verify().ok, "without a checkpoint from elsewhere nothing contradicts the rewritten log"
    for folder, stretch in (("elsewhere", (1, 3)), ("later", (4, 7))):
        broken = verify(checkpoint_file=tmp_path / folder).broken
        assert broken is not None
        assert (broken.kind, broken.seq_from, broken.seq_to) == (BreakKind.REWRITTEN, *stretch)
    broken = verify(checkpoint_file=tmp_path / "elsewhere", since=3).broken
    assert broken is not None and broken.kind is BreakKind.REWRITTEN


def test_a_log_cut_short_with_its_checkpoints_is_shown_by_the_one_kept_elsewhere(tmp_path: Path) -> None:
    sealed_log(3, 4)
    chain.Folder(tmp_path).keep(statement_of(Checkpoint.objects.get(seq_to=7)))
    with as_owner() as owner:
        owner.execute("DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_link WHERE seq > 3)")
        owner.execute("DELETE FROM audit_link WHERE seq > 3")
        owner.execute("DELETE FROM audit_checkpoint WHERE seq_to > 3")
    assert verify().ok
    broken = verify(checkpoint_file=tmp_path).broken
    assert broken is not None
    assert (broken.kind, broken.seq_from, broken.seq_to) == (BreakKind.REMOVED, 4, 7)


def test_an_outside_checkpoint_that_was_altered_itself_is_no_witness(tmp_path: Path) -> None:
    sealed_log(3)
    chain.Folder(tmp_path).keep(statement_of(Checkpoint.objects.get()))
    file = next(tmp_path.glob("*.json"))
    content = json.loads(file.read_text())
    for name, value in (("seq_to", 2), ("root", "00" * 32), ("signature", content["signature"][:-2]), ("format", "x")):
        file.write_text(json.dumps({**content, name: value}))
        with pytest.raises(checkpoints.BadStatement):
            verify(checkpoint_file=file)
    file.write_text("{")
    with pytest.raises(checkpoints.BadStatement):
        verify(checkpoint_file=file)


# --- going on, waiting entries, proofs -------------------------------------------------------------------------------


def test_verification_goes_on_from_a_checkpoint() -> None:
    sealed_log(3, 4, 2)
    report = verify(since=7)
    assert report.ok and (report.verified_to, report.sealed_to) == (9, 9)
    with as_owner() as owner:
        owner.execute("UPDATE audit_entry SET event = 'x' WHERE id = " + OF.format(2))
    assert verify(since=3).ok
    assert not verify().ok
    with pytest.raises(ValueError):
        verify(since=5)


def test_waiting_entries_are_told_with_their_age_and_progress_is_shown() -> None:
    sealed_log(3)
    write(2)
    with as_owner() as owner:
        owner.execute("UPDATE audit_entry SET recorded_at = now() - interval '1 hour' WHERE id > 3")
    seen: list[tuple[int, int]] = []
    report = verify(progress=lambda done, total: seen.append((done, total)))
    assert report.ok and report.waiting == 2
    assert report.waiting_for is not None and 3500 < report.waiting_for.total_seconds() < 3700
    assert any("Cảnh báo" in note for note in report.notes)
    assert seen[-1] == (3, 3)


def test_nothing_to_seal_makes_no_checkpoint_and_a_broken_chain_is_not_signed() -> None:
    assert chain.checkpoint(at=now(), signer=KEY) is None
    sealed_log(2)
    assert chain.checkpoint(at=now(), signer=KEY) is None
    write(2)
    chain.sequence()
    with as_owner() as owner:
        owner.execute("UPDATE audit_link SET prev_hash = hash WHERE seq = 3")
    with pytest.raises(chain.ChainBroken):
        chain.checkpoint(at=now(), signer=KEY)


def test_a_proof_is_checked_without_the_database() -> None:
    sealed_log(3, 11)
    for link in Link.objects.select_related("entry"):
        given = json.loads(json.dumps(chain.proof(link.entry_id)))
        entry = checkpoints.check_proof(given, trusted_key=KEY.fingerprint)
        assert entry["event"] == "test.written" and entry["facts"]["why"] == "Lý do có dấu – ½"
    with pytest.raises(checkpoints.BadStatement):
        checkpoints.check_proof(given, trusted_key="00" * 32)
    for change in (
        {"entry": {**given["entry"], "actor_name": "Người khác"}}, {"seq": given["seq"] - 1},
        {"path": given["path"][:-1]},
        {"checkpoint": {**given["checkpoint"], "root": "00" * 32}}, {"format": "x"}, {"path": ["zz"]},
    ):
        with pytest.raises(checkpoints.BadStatement):
            checkpoints.check_proof({**given, **change})


def test_no_proof_before_the_seal_and_none_of_what_is_not() -> None:
    write(1)
    with pytest.raises(chain.NotYetSealed):
        chain.proof(Entry.objects.get().pk)
    with pytest.raises(NotFound):
        chain.proof(999_999)


# --- with the platform's own signer --------------------------------------------------------------------------------


def test_the_signer_process_seals_each_hour_and_the_seal_is_carried_away(signing_services, settings, tmp_path) -> None:
    settings.AUDIT_CHECKPOINT_PLACES = [str(tmp_path / "here"), "mailto:nhat-ky@example.vn"]
    write(3)
    tasks.seal(timestamp=0)
    run_jobs("audit")
    report = chain.verify(checkpoint_file=tmp_path / "here")
    assert report.ok and report.keys_are_known and report.sealed_to == 3 and report.outside == 1
    assert [message.to for message in mail.outbox] == [["nhat-ky@example.vn"]]
    assert checkpoints.statement_from(json.loads(mail.outbox[0].body)) == statement_of(Checkpoint.objects.get())
    write(1)
    signing_services.stop_signer()
    with pytest.raises(SignerDown):
        tasks.seal(timestamp=0)
    assert Checkpoint.objects.count() == 1
    report = chain.verify()
    assert report.ok and not report.keys_are_known
    assert any("dấu vân tay" in line for line in report.lines_vi())
    signing_services.start_signer()
    tasks.seal(timestamp=0)
    assert chain.verify().sealed_to == 4
    with as_owner() as owner:
        rewrite_everything(owner, forger=Key())
    broken = chain.verify().broken
    assert broken is not None and broken.kind is BreakKind.FOREIGN_KEY


def test_a_kept_file_is_never_written_over(tmp_path: Path) -> None:
    statement = statement_of(seal_of(2))
    place = chain.Folder(tmp_path)
    place.keep(statement)
    file = tmp_path / checkpoints.file_name(statement)
    first = file.read_text()
    place.keep(replace(statement, root="00" * 32))
    assert file.read_text() == first


def seal_of(size: int) -> Checkpoint:
    write(size)
    return seal()
