"""Checkpoints as statements that outlive the database: what is signed, how it is written to a file, how it is checked.

No Django here: a checkpoint or a proof that lies elsewhere is checked with this file, :mod:`.merkle` and
:mod:`.canonical`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import merkle
from .canonical import entry_hash, spelled

FORMAT = "tuphap-audit-checkpoint-1"
PROOF_FORMAT = "tuphap-audit-proof-1"


class BadStatement(ValueError):
    """A file that is no checkpoint or no proof, or one whose signature does not hold."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says, in hexadecimal; ``signature`` covers all the rest (ECDSA, SHA-256, DER).

    ``root`` is the tree over entries ``seq_from`` to ``seq_to``; ``chain_hash`` is the link at ``seq_to``, and covers
    everything before it; ``previous`` is the digest of the checkpoint before, empty for the first.
    """

    seq_from: int
    seq_to: int
    root: str
    chain_hash: str
    previous: str
    at: str
    key_id: str
    key_fingerprint: str
    public_key: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        content = {"format": FORMAT, **asdict(self)}
        del content["signature"], content["public_key"]  # the key is covered by its fingerprint
        return spelled(content)

    def digest(self) -> bytes:
        """By which the next checkpoint names this one."""
        return hashlib.sha256(self.signed_bytes()).digest()

    def check_signature(self) -> None:
        """:raises BadStatement: the signature is not this key's over this content."""
        try:
            der = bytes.fromhex(self.public_key)
            key = load_der_public_key(der)
            if fingerprint(der) != self.key_fingerprint or not isinstance(key, ec.EllipticCurvePublicKey):
                raise BadStatement("khóa công khai không khớp với dấu vân tay của khóa")
            key.verify(bytes.fromhex(self.signature), self.signed_bytes(), ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError, TypeError) as error:
            if isinstance(error, BadStatement):
                raise
            raise BadStatement("chữ ký của điểm kiểm không hợp lệ") from error

    def as_dict(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of the public key in DER, in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def statement_from(content: Mapping[str, Any]) -> Statement:
    """:raises BadStatement: not a checkpoint's content."""
    try:
        if content["format"] != FORMAT:
            raise BadStatement("không phải tệp điểm kiểm của nhật ký")
        fields = {name: kind(content[name]) for name, kind in _FIELDS.items()}
        return Statement(**fields)
    except (KeyError, TypeError, ValueError) as error:
        raise BadStatement("không phải tệp điểm kiểm của nhật ký") from error


_FIELDS: dict[str, Any] = {
    "seq_from": int, "seq_to": int, "root": str, "chain_hash": str, "previous": str, "at": str, "key_id": str,
    "key_fingerprint": str, "public_key": str, "signature": str,
}


def read_statements(place: Path) -> list[Statement]:
    """The checkpoints in a file, or in every checkpoint file of a folder, in order.

    :raises BadStatement: not such a file, or a folder without any.
    :raises OSError: it cannot be read.
    """
    files = sorted(place.glob("checkpoint-*.json")) if place.is_dir() else [place]
    if not files:
        raise BadStatement("thư mục không có tệp điểm kiểm nào")
    found = []
    for file in files:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise BadStatement(f"{file.name}: không phải tệp điểm kiểm của nhật ký") from error
        found.append(statement_from(content))
    return sorted(found, key=lambda statement: statement.seq_to)


def file_name(statement: Statement) -> str:
    """A name that sorts by place in the chain."""
    return f"checkpoint-{statement.seq_to:012d}.json"


def as_text(statement: Statement) -> str:
    """The file's content."""
    return json.dumps(statement.as_dict(), indent=1, sort_keys=True) + "\n"


def check_proof(proof: Mapping[str, Any], *, trusted_key: str = "") -> dict[str, Any]:
    """Check that an entry stands in the log, by the proof alone; answers the entry as it was logged.

    :param proof: what ``chain.proof`` gave.
    :param trusted_key: fingerprint of the platform's checkpoint key, had from elsewhere; empty checks the proof against
        the key that it brings itself, which says nothing about whose key that is.
    :raises BadStatement: it does not hold.
    """
    try:
        if proof["format"] != PROOF_FORMAT:
            raise BadStatement("không phải tệp chứng minh của nhật ký")
        statement = statement_from(proof["checkpoint"])
        seq = int(proof["seq"])
        hashed = entry_hash(proof["entry"])
        size = statement.seq_to - statement.seq_from + 1
        steps = [bytes.fromhex(step) for step in proof["path"]]
        root = merkle.root_by_path(hashed, seq - statement.seq_from, size, steps)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, BadStatement):
            raise
        raise BadStatement("tệp chứng minh không đúng khuôn dạng") from error
    statement.check_signature()
    if trusted_key and statement.key_fingerprint != trusted_key:
        raise BadStatement("điểm kiểm không được ký bằng khóa của hệ thống")
    if root.hex() != statement.root:
        raise BadStatement("mục nhật ký không có trong điểm kiểm")
    entry: dict[str, Any] = dict(proof["entry"])
    return entry
