"""The corpus before its judges: our check, poppler's pdfsig under the sample's roots, and qpdf."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tuphap.kernel.clock import now

from .outside import MISSING, pdfsig, trust_sample

outside = pytest.mark.skipif(bool(MISSING), reason=f"not on this machine: {', '.join(MISSING)}")
NAMES = (
    "good", "byte changed", "page added", "annotation added", "evidence added", "revoked before", "revoked after",
    "seal revoked before", "expired before", "expired after", "wrong agency", "self-signed",
    "forger signs over an added page", "seal first", "no seal", "no time stamp", "cancelled", "replaced", "unsigned",
)


@pytest.fixture(scope="session")
def roots(_signing_services, tmp_path_factory) -> Path:
    """A certificate store that trusts the sample's roots, for tools built on NSS."""
    return trust_sample(_signing_services.trust, folder=tmp_path_factory.mktemp("nss"))


def test_every_case_is_named() -> None:
    from .corpus import CASES

    assert set(CASES) == set(NAMES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_our_check_tells_them_apart(name, office, another_office) -> None:
    from tuphap.shared.documents import api as documents

    from .corpus import CASES

    case = CASES[name]
    found = documents.verify_pdf(case.make(office, another_office), at=now())
    assert found.content.state == case.content
    assert tuple((line.indication, line.reason) for line in found.signatures) == case.signatures
    assert found.register.standing == case.register
    assert found.is_good == (name in ("good", "revoked after"))


@outside
@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_pdfsig_says_what_we_expect_of_it(name, office, another_office, roots, tmp_path) -> None:
    from .corpus import CASES

    case = CASES[name]
    file = tmp_path / "file.pdf"
    file.write_bytes(case.make(office, another_office))
    assert pdfsig(file, roots) == case.theirs
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False, timeout=60).returncode == 0


@pytest.mark.django_db
def test_lists_out_of_reach_decide_nothing(office, noon) -> None:
    from tuphap.shared.documents import api as documents

    _, content = office.issue(noon)
    office.services.forget_lists()
    for how in ("down", "wrong"):
        office.services.behave("crl", how)
        found = documents.verify_pdf(content, at=now())
        assert [line.indication for line in found.signatures] == ["INDETERMINATE"] * 2
        assert {line.reason for line in found.signatures} == {"TRY_LATER"}
        assert found.content.state == "same"
        assert not found.is_good


@pytest.mark.django_db
def test_a_list_made_before_the_signature_proves_nothing(office, noon) -> None:
    """It is embedded in the file and kept beside it; a key stolen after it was made would pass."""
    from tuphap.shared.documents import api as documents

    office.services.forget_lists()
    office.issue(noon)
    _, content = office.issue(noon + timedelta(minutes=5))
    office.services.behave("crl", "down")
    assert documents.verify_pdf(content, at=now()).signatures[0].reason == "TRY_LATER"
    office.services.behave("crl", "well")
    assert documents.verify_pdf(content, at=now()).is_good
    office.services.behave("crl", "down")
    assert documents.verify_pdf(content, at=now()).is_good, "a list made since then is kept and will do"


@pytest.mark.django_db
def test_revocation_is_told_with_time_and_source(office) -> None:
    from tuphap.shared.documents import api as documents

    from .corpus import SIGNED, revoked_after

    content = revoked_after(office, lambda: office)
    line = documents.verify_pdf(content, at=now()).signatures[0]
    assert line.revoked_at == SIGNED + timedelta(days=90)
    assert "/crl/public-duty.crl" in line.revocation_source
    assert line.stamped_at == SIGNED
    assert line.chain[-1] == office.chairman.full_name
    assert len(line.chain) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"not a pdf", b"%PDF-1.7\n" + b"\x00" * 5000,
                                  b"%PDF-1.4\n1 0 obj<</Type/Catalog/AcroForm<</Fields[1 0 R]>>>>endobj\n"
                                  b"trailer<</Root 1 0 R>>\n%%EOF"])
def test_junk_is_foreign(junk, signing_services) -> None:
    from tuphap.shared.documents import api as documents

    found = documents.verify_pdf(junk, at=now())
    assert (found.content.state, found.signatures, found.register.standing) == ("foreign", (), "not_found")


@pytest.mark.django_db
def test_every_truncation_of_a_good_file_is_told(office, noon) -> None:
    from tuphap.shared.documents import api as documents

    _, content = office.issue(noon)
    for cut in range(1, len(content), len(content) // 23):
        assert not documents.verify_pdf(content[:-cut], at=now()).is_good


@pytest.mark.django_db
def test_a_byte_changed_anywhere_is_told_as_that(office, noon) -> None:
    """Also where the damage keeps the reader from following what came after a signature."""
    from tuphap.shared.documents import api as documents

    _, content = office.issue(noon)
    both, unread = ("HASH_FAILURE",) * 2, 0
    places = range(20, content.index(b"/Contents <3"), 3100)  # up to the first signature itself
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1
        found = documents.verify_pdf(bytes(changed), at=now())
        assert found.content.state == "altered"
        unread += not found.signatures
        if found.signatures:
            assert tuple(line.reason for line in found.signatures) == both, place
    assert unread <= len(places) // 10, "only damage to the file's own frame hides its signatures"


@pytest.mark.django_db
def test_without_a_register_signatures_are_still_judged(office, noon, monkeypatch) -> None:
    from django.db import OperationalError

    from tuphap.shared.documents import api as documents
    from tuphap.shared.documents import verification

    from .corpus import page_added

    _, content = office.issue(noon)
    added = page_added(office, lambda: office)

    def away(*joined):
        raise OperationalError("no server")

    class NoRows:
        select_related = staticmethod(away)

    monkeypatch.setattr(verification.Document, "objects", NoRows)
    for data, told in ((content, "Theo chữ ký"), (added, "thêm vào sau chữ ký cuối cùng")):
        found = documents.verify_pdf(data, at=now())
        assert (found.content.state, found.register.standing) == ("unknown", "unknown")
        assert [line.indication for line in found.signatures] == ["TOTAL-PASSED"] * 2
        assert told in found.content.text
        assert not found.is_good
        assert len(found.lines()) == 5
