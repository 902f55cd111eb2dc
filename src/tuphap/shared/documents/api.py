"""Issued papers: template → PDF/A → signatures → code → register → public check. The only names others may import."""

from __future__ import annotations

from . import keys
from .declarations import DocumentTemplate, SigningOutcome, UnknownTemplate, templates
from .keys import NoCertificate
from .lifecycle import (
    DocumentDamaged,
    NoSuchDocument,
    NotInForce,
    NotPending,
    SignedDocument,
    attach,
    cancel,
    content,
    give_up,
    replace,
    request,
    retry,
    sign_now,
    signing_by_hand,
    void,
)
from .models import Certificate, Document
from .rendering import CannotRender, Issue, check_address, render, spaced
from .signing import StampDown
from .trust import NoTrust, RevocationUnknown

__all__ = [
    "CannotRender", "Certificate", "Document", "DocumentDamaged", "DocumentTemplate", "Issue", "NoCertificate",
    "NoSuchDocument", "NoTrust", "NotInForce", "NotPending", "RevocationUnknown", "SignedDocument", "SigningOutcome",
    "StampDown", "UnknownTemplate", "attach", "cancel", "check_address", "content", "give_up", "keys", "render",
    "replace", "request", "retry", "sign_now", "signing_by_hand", "spaced", "templates", "void",
]
