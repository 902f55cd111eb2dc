"""Signing, judged by tools that are not ours."""

from __future__ import annotations

import pytest

from tuphap.shared.documents import api as documents


@pytest.mark.django_db
def test_a_document_is_signed_once(office) -> None:
    document, content = office.issue()
    assert document.state == documents.Document.State.SIGNED
    assert documents.content(documents.sign_now(document.pk, at=document.signed_at)) == content
