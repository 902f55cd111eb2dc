"""Our exchange key, which lies in the signer process, and the public keys of those we speak with."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from tuphap.kernel import signer

from . import envelope

KEY_ID = "exchange"  # made by the signer process at its first start


class UnknownKey(Exception):
    """No key of this partner has this fingerprint."""


def folder() -> Path:
    """Where public keys of partners lie, one file each, and our own for them to take."""
    return Path(settings.TRUST_FOLDER) / "exchange"


def own_fingerprint() -> str:
    """The name of our key; at its first use in a process the public part is laid out for partners.

    :raises tuphap.kernel.signer.SignerDown: the signer process does not answer.
    """
    return _own(signer.place(), folder())


@lru_cache(maxsize=4)
def _own(place: Path, where: Path) -> str:
    public = signer.create_key(KEY_ID)
    lay_out(where, settings.EXCHANGE_CLIENT, envelope.pem(public))
    return envelope.fingerprint(public)


def lay_out(where: Path, client: str, pem: bytes) -> None:
    """Write a public key where partners read it; a reader sees the old file or the new one."""
    where.mkdir(parents=True, exist_ok=True)
    path = where / envelope.trust_file(client)
    if path.is_file() and path.read_bytes() == pem:
        return
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(pem)
    part.replace(path)


def sign(text: bytes) -> bytes:
    """Sign with our exchange key.

    :raises tuphap.kernel.signer.SignerDown, tuphap.kernel.signer.SignerRefused: nothing was signed.
    """
    return signer.sign(KEY_ID, text, purpose="exchange")


def partner_key(client: str, fingerprint: str) -> ec.EllipticCurvePublicKey:
    """The partner's key of this name.

    :raises UnknownKey: no file for this partner, or no such key in it.
    """
    if not envelope.is_client_id(client):
        raise UnknownKey(client)
    path = folder() / envelope.trust_file(client)
    try:
        found = path.stat()
        return _keys(path, found.st_mtime_ns, found.st_size)[fingerprint]
    except (OSError, KeyError, ValueError) as missing:
        raise UnknownKey(client) from missing


@lru_cache(maxsize=64)
def _keys(path: Path, written: int, size: int) -> dict[str, ec.EllipticCurvePublicKey]:
    return envelope.public_keys(path.read_bytes())
