"""Papers that the law still wants signed by hand: scanned back, verified by another, and nothing ends without them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tuphap.kernel.clock import standing_at
from tuphap.modules.one_stop_shop import operations, queries, tasks
from tuphap.modules.one_stop_shop.tests.steps import MONDAY, PICTURE, Work, text_of
from tuphap.shared.access.api import Forbidden
from tuphap.shared.accounts.testing import force_login
from tuphap.shared.audit.models import Entry
from tuphap.shared.dossiers import rules, testing
from tuphap.shared.dossiers.api import Dossier, SignedScan, State
from tuphap.shared.dossiers.models import Procedure
from tuphap.shared.dossiers.testing import morning
from tuphap.shared.files import api as files
from tuphap.shared.operation.testing import setting_up

pytestmark = pytest.mark.django_db
BOOK = {"code": "so", "name": "Trang sổ có chữ ký", "before": "close", "basis": "Luật Hộ tịch 2014, Điều 16"}
DEAL = {"code": "giao_dich", "name": "Bản chính lưu", "before": "return", "basis": "NĐ 23/2015/NĐ-CP, Điều 14"}


@pytest.fixture(autouse=True)
def _signed_by_hand(work: Work) -> Iterator[None]:
    """The town's procedure wants both."""
    with setting_up():
        Procedure.objects.filter(code=testing.RESTARTS).update(originals=[BOOK, DEAL])
    yield


def ready(work: Work) -> Dossier:
    dossier = work.assign(work.file())
    for step in (work.propose, work.approve, work.sign):
        dossier = step(dossier)
    return dossier


def attach(work: Work, dossier: Dossier, original: str, who: str = "desk") -> SignedScan:
    return operations.attach_signed_scan(
        dossier_id=dossier.pk, original=original, content=PICTURE, name="quet.png", media_type="image/png",
        actor=work.town.who(who), at=morning(MONDAY, 10),
    )


def verify(work: Work, scan: SignedScan, who: str = "officer") -> SignedScan:
    return operations.verify_signed_scan(
        dossier_id=scan.dossier_id, scan_id=scan.pk, actor=work.town.who(who), at=morning(MONDAY, 10, 5)
    )


def test_nothing_is_returned_nor_closed_without_what_the_law_wants(work: Work) -> None:
    dossier = ready(work)
    with pytest.raises(rules.OriginalMissing, match="Bản chính lưu") as refused:
        work.hand_out(dossier)
    assert refused.value.params["codes"] == ["giao_dich"]  # the page of the book may come after
    scan = attach(work, dossier, "giao_dich")
    with pytest.raises(rules.OriginalMissing):
        work.hand_out(dossier)  # nobody has looked at it
    verify(work, scan)
    assert work.hand_out(dossier).state == State.RETURNED
    with pytest.raises(rules.OriginalMissing, match="Trang sổ"):
        operations.close(dossier_id=dossier.pk, actor=work.town.who("desk"), at=morning(MONDAY, 11))
    later = morning(MONDAY, 12) + timedelta(days=60)
    with standing_at(later):
        assert tasks.close_returned() == 0
    verify(work, attach(work, dossier, "so"))
    with standing_at(later):
        assert tasks.close_returned() == 1
    entries = Entry.objects.filter(event="dossiers.scan_verified", subject_id=str(dossier.pk))
    assert {entry.facts["sha256"] for entry in entries} == {scan.file.sha256}


def test_who_attached_does_not_verify_and_a_bad_scan_goes_back(work: Work) -> None:
    dossier = ready(work)
    with pytest.raises(rules.StateConflict):
        attach(work, work.file(number="031090000222"), "so")
    with pytest.raises(rules.UnknownOriginal):
        attach(work, dossier, "khac")
    with pytest.raises(Forbidden):
        attach(work, dossier, "so", who="chairman")
    own = attach(work, dossier, "so", who="officer")
    with pytest.raises(rules.OwnScan):
        verify(work, own)
    with pytest.raises(rules.ScanTwice):
        attach(work, dossier, "so")
    with pytest.raises(Forbidden):
        verify(work, own, who="desk")
    told: dict[str, Any] = {"dossier_id": dossier.pk, "scan_id": own.pk, "at": morning(MONDAY, 10, 10)}
    with pytest.raises(rules.ReasonRequired):
        operations.send_signed_scan_back(reason=" ", actor=work.town.who("second"), **told)
    operations.send_signed_scan_back(reason="Mờ chữ ký", actor=work.town.who("second"), **told)
    with pytest.raises(rules.ScanSettled):
        verify(work, own, who="second")
    assert verify(work, attach(work, dossier, "so"), who="second").verified_by == work.town.people["second"]


def test_the_page_and_the_list_of_what_is_lacking(work: Work) -> None:
    dossier = ready(work)

    def client(name: str) -> Client:
        opened = Client()
        force_login(opened, work.town.people[name])
        return opened

    desk, officer = client("desk"), client("officer")
    with standing_at(morning(MONDAY, 11)):
        assert dossier.reference in text_of(desk.get("/mot-cua/ban-ky/"))
        page = f"/mot-cua/ho-so/{dossier.reference}/"
        assert "chưa có bản quét" in text_of(desk.get(page)) and "Điều 16" in text_of(desk.get(page))
        address = reverse("one_stop_shop:attach_scan", args=[dossier.pk, "so"])
        assert desk.post(address).url.endswith("#ban-ky")
        assert "Vui lòng chọn tệp" in text_of(desk.get(page))
        wrong = {"tep": SimpleUploadedFile("a.png", b"MZ khong phai anh", content_type="image/png")}
        desk.post(address, wrong)
        assert not SignedScan.objects.exists() and "Chỉ nhận tệp" in text_of(desk.get(page))
        desk.post(address, {"tep": SimpleUploadedFile("trang-so.png", PICTURE, content_type="image/png")})
        scan = SignedScan.objects.get()
        assert "Bản quét đúng" not in text_of(desk.get(page)) and "Bản quét đúng" in text_of(officer.get(page))
        shown = officer.get(reverse("one_stop_shop:scan", args=[dossier.pk, scan.pk]))
        assert shown.content == PICTURE and client("stranger").get(shown.request["PATH_INFO"]).status_code == 404
        officer.post(reverse("one_stop_shop:verify_scan", args=[dossier.pk, scan.pk]))
        page_now = text_of(officer.get(page))
        assert scan.file.sha256 in page_now and "đã kiểm tra" in page_now
        early = desk.post(reverse("one_stop_shop:act", args=[dossier.pk, "return"]), {"way": "tai_quay"})
        assert early.status_code == 422 and "Bản chính lưu" in text_of(early)
    assert queries.number_lacking_originals(actor=work.town.who("desk"), at=morning(MONDAY, 11)) == 1
    assert queries.number_lacking_originals(actor=work.town.who("stranger"), at=morning(MONDAY, 11)) == 0


def test_a_scan_is_a_picture_of_the_paper_and_no_text(work: Work) -> None:
    dossier = ready(work)
    signed = (b'<a><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/>'
              b"<SignatureValue>AA</SignatureValue></Signature></a>")
    with pytest.raises(files.FileNoScan):
        operations.attach_signed_scan(
            dossier_id=dossier.pk, original="so", content=signed, name="so.xml", media_type="application/xml",
            actor=work.town.who("desk"), at=morning(MONDAY, 10),
        )
    assert not SignedScan.objects.exists()
