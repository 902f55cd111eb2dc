"""Make checkpoints: sign what the chain is now, and send the statement to where the database's owner cannot reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from tuphap.kernel import signer as signer_process
from tuphap.kernel.refusal import Conflict, NotFound

from . import merkle
from .canonical import COLUMNS, instant, link_hash
from .checkpoints import PROOF_FORMAT, Statement, fingerprint
from .models import Checkpoint, Entry, Link
from .sequencer import alone, sequence

KEY_ID = "audit"  # made by the signer process at its first start


class NotYetSealed(Conflict):
    """The entry stands in no checkpoint yet."""

    code = "audit.not_yet_sealed"
    message_vi = "Mục nhật ký chưa nằm trong điểm kiểm nào; điểm kiểm được lập mỗi giờ."


class ChainBroken(RuntimeError):
    """The links since the last checkpoint do not follow from it; nothing is signed over that. Verify the log."""


class Signer(Protocol):
    """Whoever holds the checkpoint key."""

    def public_key(self) -> bytes:
        """The key in DER."""

    def sign(self, data: bytes) -> bytes:
        """ECDSA over SHA-256, in DER."""


class SignerProcess:
    """The platform's signer process; the key is made there at its first use."""

    def __init__(self, key_id: str = KEY_ID) -> None:
        self.key_id = key_id

    def public_key(self) -> bytes:
        return signer_process.create_key(self.key_id)

    def sign(self, data: bytes) -> bytes:
        return signer_process.sign(self.key_id, data, purpose="audit checkpoint")


def checkpoint(*, at: datetime, signer: Signer | None = None, key_id: str = KEY_ID) -> Checkpoint | None:
    """Link what waits and sign the chain as it is now; None where nothing has come since the last checkpoint.

    The signature is made outside any transaction; where two do this at once, one statement is kept.

    :raises ChainBroken: the last checkpoint and the links after it do not fit together.
    :raises tuphap.kernel.signer.SignerDown: the key cannot be used now; nothing was written.
    """
    sequence(wait=True)
    last = Checkpoint.objects.order_by("-seq_to").first()
    unsigned = _state(last, at=at, key_id=key_id, key=b"")
    if unsigned is None:
        return None
    signer = signer or SignerProcess(key_id)
    key = signer.public_key()
    ready = replace(unsigned, public_key=key.hex(), key_fingerprint=fingerprint(key))
    signed = replace(ready, signature=signer.sign(ready.signed_bytes()).hex())
    signed.check_signature()
    return _keep(signed)


def statement_of(row: Checkpoint) -> Statement:
    """A stored checkpoint as the statement that was signed."""
    key = bytes(row.public_key)
    return Statement(
        seq_from=row.seq_from, seq_to=row.seq_to, root=bytes(row.root).hex(), chain_hash=bytes(row.chain_hash).hex(),
        previous=bytes(row.previous).hex(), at=instant(row.at), key_id=row.key_id, key_fingerprint=fingerprint(key),
        public_key=key.hex(), signature=bytes(row.signature).hex(),
    )


def proof(entry_id: int) -> dict[str, Any]:
    """What proves to an outsider that this entry stands in the log; see ``checkpoints.check_proof``.

    :raises NotFound: no such entry.
    :raises NotYetSealed: it came after the last checkpoint.
    """
    entry = Entry.objects.filter(pk=entry_id).values(*COLUMNS).first()
    if entry is None:
        raise NotFound()
    link = Link.objects.filter(entry_id=entry_id).first()
    row = Checkpoint.objects.filter(seq_from__lte=link.seq, seq_to__gte=link.seq).first() if link else None
    if link is None or row is None:
        raise NotYetSealed()
    leaves = [bytes(h) for h in Link.objects.filter(seq__range=(row.seq_from, row.seq_to)).order_by("seq").values_list(
        "entry_hash", flat=True
    )]
    return {
        "format": PROOF_FORMAT,
        "seq": link.seq,
        "entry": {name: _as_json(value) for name, value in entry.items()},
        "path": [step.hex() for step in merkle.path(leaves, link.seq - row.seq_from)],
        "checkpoint": statement_of(row).as_dict(),
    }


def _state(last: Checkpoint | None, *, at: datetime, key_id: str, key: bytes) -> Statement | None:
    """The chain since ``last`` as a statement without key and signature."""
    first = last.seq_to + 1 if last else 1
    tree = merkle.Tree()
    expected = bytes(last.chain_hash) if last else None
    seq = first - 1
    for seq, hashed, prev, here in _links_from(first):
        if seq != first + tree.size or (expected is not None and prev != expected):
            raise ChainBroken(f"link {seq} does not follow the one before it")
        if here != link_hash(seq=seq, prev=prev, entry=hashed):
            raise ChainBroken(f"link {seq} is not what its hash says")
        tree.add(hashed)
        expected = here
    if not tree.size or expected is None:
        return None
    return Statement(
        seq_from=first, seq_to=seq, root=tree.root().hex(), chain_hash=expected.hex(),
        previous=statement_of(last).digest().hex() if last else "", at=instant(at), key_id=key_id,
        key_fingerprint="", public_key=key.hex(),
    )


def _links_from(first: int) -> Iterable[tuple[int, bytes, bytes, bytes]]:
    rows = Link.objects.filter(seq__gte=first).order_by("seq").values_list("seq", "entry_hash", "prev_hash", "hash")
    for seq, hashed, prev, here in rows.iterator(chunk_size=5000):
        yield seq, bytes(hashed), bytes(prev), bytes(here)


def _keep(statement: Statement) -> Checkpoint:
    from .tasks import deliver_checkpoint, places

    with alone(wait=True):
        other = Checkpoint.objects.filter(seq_from=statement.seq_from).first()
        if other is not None:
            return other
        kept = Checkpoint.objects.create(
            seq_from=statement.seq_from, seq_to=statement.seq_to, root=bytes.fromhex(statement.root),
            chain_hash=bytes.fromhex(statement.chain_hash), previous=bytes.fromhex(statement.previous),
            at=datetime.fromisoformat(statement.at), key_id=statement.key_id,
            public_key=bytes.fromhex(statement.public_key), signature=bytes.fromhex(statement.signature),
        )
        for place in places():
            deliver_checkpoint.defer(checkpoint_id=kept.pk, place=place)
    return kept


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    return value if value is None or isinstance(value, (str, int, dict)) else str(value)
