"""Issued papers: template → PDF/A → signatures → code → register → public check. The only names others may import."""

from __future__ import annotations

from . import keys
from .declarations import DocumentTemplate, SigningOutcome, UnknownTemplate, templates
from .findings import Content, ContentLine, Indication, RegisterLine, SignatureLine, Standing, Verification
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
from .trust import NoTrust, RevocationUnknown, StampDown
from .verification import CodeUnknown, look_up, look_up_hash, verify_pdf

__all__ = [
    "CannotRender",
    "Certificate",
    "CodeUnknown",
    "Content",
    "ContentLine",
    "Document",
    "DocumentDamaged",
    "DocumentTemplate",
    "Indication",
    "Issue",
    "NoCertificate",
    "NoSuchDocument",
    "NoTrust",
    "NotInForce",
    "NotPending",
    "RegisterLine",
    "RevocationUnknown",
    "SignatureLine",
    "SignedDocument",
    "SigningOutcome",
    "StampDown",
    "Standing",
    "UnknownTemplate",
    "Verification",
    "attach",
    "cancel",
    "check_address",
    "content",
    "give_up",
    "keys",
    "look_up",
    "look_up_hash",
    "render",
    "replace",
    "request",
    "retry",
    "sign_now",
    "signing_by_hand",
    "spaced",
    "templates",
    "verify_pdf",
    "void",
]
