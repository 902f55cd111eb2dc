"""The public check as a holder of a paper meets it: pages, the hash that the browser makes, and the API."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.urls import reverse

from tuphap.kernel.clock import localdate, now

from . import cancelling

pytestmark = pytest.mark.django_db

HIDDEN = ("Nguyễn Thị Khánh Huyền", "NGUYỄN THỊ KHÁNH HUYỀN", "Bệnh viện Phụ sản")


@pytest.fixture
def issued(office):
    return office.issue()


def read(response) -> str:
    return response.content.decode()


def test_the_qr_code_opens_what_the_register_says_and_nothing_more(client, issued) -> None:
    document, _ = issued
    response = client.get(reverse("documents:verify_code", args=[document.code]))
    page = read(response)
    assert response.status_code == 200
    assert 'data-register="in_force"' in page
    for shown in ("15/2026", "Sổ đăng ký khai sinh", "21/11/2026", document.unit.name, "Trích lục khai sinh"):
        assert shown in page
    for hidden in HIDDEN:
        assert hidden not in page
    assert "không xác nhận sự thật" in page
    assert response["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in response["Cache-Control"]


def test_a_code_is_read_however_it_is_typed_and_its_day_must_fit(client, issued) -> None:
    from tuphap.shared.documents import api as documents

    document, _ = issued
    typed = documents.spaced(document.code).lower().replace("0", "o").replace("1", "l")
    good = {"code": typed, "issued_on": localdate(document.signed_at).strftime("%d/%m/%Y")}
    assert 'data-register="in_force"' in read(client.post(reverse("documents:verify"), good))
    wrong_day = client.post(reverse("documents:verify"), {**good, "issued_on": "01/02/2020"})
    assert wrong_day.status_code == 404
    assert "15/2026" not in read(wrong_day)
    for field, value, told in (("code", "ABC", "26 chữ và số"), ("issued_on", "31/02/2026", "không phải là một ngày"),
                               ("code", "", "Nhập mã"), ("issued_on", "", "Nhập ngày cấp")):
        response = client.post(reverse("documents:verify"), {**good, field: value})
        assert response.status_code == 422
        assert told in read(response)


def test_unknown_and_unsigned_codes_look_the_same(client, office) -> None:
    waiting = office.ask()
    unknown = client.get(reverse("documents:verify_code", args=["0" * 26]))
    unsigned = client.get(reverse("documents:verify_code", args=[waiting.code]))
    assert unknown.status_code == unsigned.status_code == 404
    for shown in ("15/2026", "data-register"):
        assert shown not in read(unknown) + read(unsigned)


def test_the_browsers_hash_is_enough(client, issued) -> None:
    _, content = issued
    response = client.post(reverse("documents:verify_file"), {"sha256": hashlib.sha256(content).hexdigest()})
    page = read(response)
    assert 'data-content="same"' in page
    assert page.count('data-signature="TOTAL-PASSED"') == 2
    assert 'data-register="in_force"' in page
    assert "<html" not in page, "a part of a page, for the script to put in its place"
    missed = read(client.post(reverse("documents:verify_file"), {"sha256": "0" * 64}))
    assert "data-unmatched" in missed
    assert "data-content" not in missed


def test_a_file_is_looked_at_only_with_agreement(client, issued) -> None:
    _, content = issued

    def sent(data: bytes = content, **more):
        return client.post(reverse("documents:verify_file"), {"file": io.BytesIO(data), **more})

    refused = sent()
    assert refused.status_code == 422
    assert "chỉ nhận tệp khi ông/bà đồng ý" in read(refused)
    assert 'data-content="same"' in read(sent(agreed="on"))
    added = read(sent(content + b"\n%% a remark\n", agreed="on"))
    assert 'data-content="added"' in added
    assert "không phải là tệp PDF" in read(sent(b"MZ....", agreed="on"))


def test_a_cancelled_paper_says_so_with_day_and_reason(client, issued) -> None:
    from .offices import ACTOR

    document, _ = issued
    cancelling.cancel(document=document, actor=ACTOR, at=now())
    page = read(client.get(reverse("documents:verify_code", args=[document.code])))
    assert 'data-register="cancelled"' in page
    assert "Nội dung không đúng" in page
    assert "12/QĐ-UBND" not in page


def test_who_asks_too_often_must_wait_and_others_need_not(client, issued) -> None:
    from tuphap.shared.documents import limits
    from tuphap.shared.documents.models import CheckCount

    document, _ = issued
    address = reverse("documents:verify_code", args=[document.code])
    statuses = [client.get(address).status_code for _ in range(limits.CHECKS_A_MINUTE + 5)]
    assert statuses.count(429) >= 5 or CheckCount.objects.count() > 1  # the minute may turn while we count
    assert statuses[0] == 200
    assert client.get(address, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert not CheckCount.objects.filter(address__contains="127.0.0.1").exists(), "addresses are kept as keyed hashes"


def test_the_form_needs_its_token(issued) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("documents:verify_file"), {"sha256": "0" * 64}).status_code == 403


def test_the_page_has_labels_and_no_inline_script(client, db) -> None:
    page = read(client.get(reverse("documents:verify")))
    for name in ("code", "issued_on", "file", "agreed"):
        assert f'for="id_{name}"' in page
    assert "onclick" not in page
    assert "style=" not in page
    assert "documents/verify.js" in page


def test_the_same_over_http(client, issued) -> None:
    document, content = issued
    line = client.get(f"/api/v1/documents/{document.code}")
    assert line.status_code == 200
    assert line.json()["standing"] == "in_force"
    assert set(line.json()) == {"standing", "text", "code", "kind", "number", "book", "issued_on", "office",
                                "changed_on", "reason", "replaced_by"}
    assert client.get(f"/api/v1/documents/{document.code}?issued_on=2020-01-01").status_code == 404
    assert client.get(f"/api/v1/documents/{'0' * 26}").status_code == 404
    assert client.get("/api/v1/documents/short").status_code == 422
    by_hash = client.get(f"/api/v1/documents/by-hash/{hashlib.sha256(content).hexdigest().upper()}")
    assert by_hash.json() == line.json()
    found = client.post("/api/v1/documents/verify", {"file": io.BytesIO(content)})
    assert found.status_code == 200
    told = found.json()
    assert told["content"]["state"] == "same"
    assert [s["indication"] for s in told["signatures"]] == ["TOTAL-PASSED"] * 2
    assert told["register"]["number"] == "15/2026"
    assert "không xác nhận sự thật" in told["plain_words"]
    assert client.post("/api/v1/documents/verify", {"file": io.BytesIO(b"MZ")}).status_code == 422
    assert client.post("/api/v1/documents/verify").status_code == 422
    for hidden in HIDDEN:
        assert hidden not in read(found)
