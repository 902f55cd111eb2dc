"""The doctor calls somebody when a process that people wait for does not run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from tuphap.kernel import signer
from tuphap.runtime.doctor import Verdict, findings_of
from tuphap.runtime.home import Home


@pytest.fixture
def no_signer(tmp_path: Path) -> Iterator[None]:
    signer.configure(tmp_path / "nobody.sock")
    yield
    signer.configure(configured.SIGNER_SOCKET)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_signer")
@pytest.mark.parametrize(("in_sample", "verdict"), [(True, Verdict.WARNING), (False, Verdict.BROKEN)])
def test_a_signer_that_is_down(tmp_path: Path, settings: Any, in_sample: bool, verdict: Verdict) -> None:
    settings.SAMPLE_MODE = in_sample
    (found,) = (finding for finding in findings_of(Home(tmp_path)) if finding.check == "Ký số")
    assert found.verdict is verdict
    assert found.mend


@pytest.mark.django_db
@pytest.mark.parametrize(("in_sample", "clamd", "verdict"), [
    (True, "", Verdict.GOOD), (False, "", Verdict.WARNING), (False, "/nowhere/clamd.ctl", Verdict.BROKEN),
])
def test_who_looks_for_malware(tmp_path: Path, settings: Any, in_sample: bool, clamd: str, verdict: Verdict) -> None:
    settings.SAMPLE_MODE, settings.CLAMD = in_sample, clamd
    (found,) = (finding for finding in findings_of(Home(tmp_path)) if finding.check == "Quét mã độc")
    assert found.verdict is verdict
