"""How officials come in and what they do at their desks."""

from __future__ import annotations

import base64
import io
import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import zxingcpp
from django_otp.oath import TOTP
from PIL import Image
from tests.journeys.town import COMPONENT, PROCEDURE, answers
from tests.journeys.visitor import Visitor, expect

from tuphap.sample.families import Birth

POSTS = {
    "receiver": "Công chức Trung tâm Phục vụ hành chính công", "officer": "Công chức tư pháp – hộ tịch",
    "chairman": "Chủ tịch", "deputy": "Phó Chủ tịch",
}


def step_in(visitor: Visitor, title: str, *, look_for: str = "Hải An") -> str:
    """Into a role by the sample's open door; answers whose account it is."""
    visitor.go(f"/thu-vai/?tim={look_for}", look="thu-vai")
    button = visitor.page.get_by_role("button", name=re.compile(f"^{re.escape(title)}")).first
    account = str(button.evaluate("e => e.form.action")).rstrip("/").rpartition("/")[2]
    button.click()
    visitor.page.wait_for_load_state("load")
    visitor.look("hom-nay")
    return account


def given_password(administrator: Visitor, title: str, *, look_for: str = "Hải An") -> tuple[str, str]:
    """A new password from the administrator's page, read off the page that shows it once: name and password."""
    administrator.go("/quan-tri/nguoi-dung/", look="nguoi-dung")
    administrator.page.fill("#tim", look_for)
    administrator.click("Tìm", within="main")
    row = administrator.page.locator("main tbody tr", has_text=title).first
    username = row.locator("td").nth(1).inner_text()
    row.get_by_role("link").click()
    administrator.look("nguoi")
    administrator.page.get_by_text("Cấp lại mật khẩu", exact=True).first.click()
    administrator.page.fill("#mat-khau", "Lần đầu vào làm việc")
    administrator.click("Cấp lại mật khẩu", look="mat-khau")
    return username, administrator.page.locator(".big-code code").inner_text()


def log_in(visitor: Visitor, username: str, password: str, *, own: str) -> None:
    """For the first time: password, authenticator enrolled by its QR code, a password of one's own."""
    visitor.go("/dang-nhap/", look="dang-nhap")
    visitor.fill({"username": username, "password": "khong-phai-mat-khau"})
    visitor.click("Tiếp tục")
    visitor.reads("Tên đăng nhập hoặc mật khẩu không đúng.")
    visitor.fill({"username": username, "password": password})
    visitor.click("Tiếp tục", look="ghi-danh")
    picture = visitor.page.locator("main img").screenshot()
    visitor.fill({"code": code_of(read_qr(picture))})
    visitor.click("Ghi danh và đăng nhập", look="ma-du-phong")
    assert visitor.page.locator(".recovery-codes code").count() == 8
    visitor.click("Tôi đã cất giữ, tiếp tục", look="doi-mat-khau")
    visitor.fill({"current": password, "new": own, "again": own})
    visitor.click("Đổi mật khẩu", look="phien")


def code_of(address: str) -> str:
    """The six digits that an authenticator shows now for this ``otpauth`` address."""
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    shown = TOTP(base64.b32decode(secret + "=" * (-len(secret) % 8)))
    shown.time = time.time()
    return f"{shown.token():06d}"


def read_qr(picture: bytes) -> str:
    """What the QR code in a picture of the screen says."""
    with Image.open(io.BytesIO(picture)) as seen:
        found = zxingcpp.read_barcodes(seen.convert("L"))
    assert len(found) == 1, f"{len(found)} codes were read"
    return str(found[0].text)


def open_dossier(visitor: Visitor, reference: str, *, look: str = "") -> None:
    visitor.go(f"/mot-cua/ho-so/{reference}/", look=look)


def do(visitor: Visitor, link: str, button: str = "", *, says: str, look: str = "viec", **typed: str | bool) -> None:
    """Choose an action on the dossier's page, fill what it asks for, and do it."""
    visitor.click(link, role="link", exact=True, look=look)
    visitor.fill(typed)
    visitor.click(button or link, within="#viec")
    if visitor.page.locator("#confirm[open]").count():
        visitor.confirm()
    visitor.reads(says)


def wait_until(visitor: Visitor, words: str, *, within: float = 60) -> None:
    """The page that watches the signer says these words by itself."""
    expect(visitor.page.locator("main")).to_contain_text(words, timeout=within * 1000)


Call = Callable[..., Any]


def api(visitor: Visitor) -> Call:
    """The API as this visitor's browser may call it."""

    def call(method: str, path: str, **body: Any) -> Any:
        cookies = {c["name"]: c["value"] for c in visitor.context.cookies()}
        answer = visitor.page.request.fetch(
            f"{visitor.url}/api/v1{path}", method=method, data=body or None,
            headers={"X-CSRFToken": cookies.get("tuphap_csrf", ""), "Idempotency-Key": str(uuid4())},
        )
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()[:500]}"
        return answer.json()

    return call


def ready_to_sign(birth: Birth, *, unit: str, receiver: Visitor, officer: Visitor, officer_id: str, today: date) -> str:
    """A birth taken in and put before the leader over the API; its code."""
    made = api(receiver)(
        "POST", "/counter/dossiers", procedure_code=PROCEDURE, receiving_unit=unit, resolving_unit=unit,
        answers=answers(birth, today=today), papers=[{"component": COMPONENT}],
    )
    api(receiver)("POST", f"/dossiers/{made['id']}/assign", to_user_id=officer_id)
    found = api(officer)("GET", f"/dossiers/{made['id']}/findings")
    reasons = {one["code"]: "Đã đối chiếu giấy tờ bản chính." for one in found}
    api(officer)("POST", f"/dossiers/{made['id']}/propose", acknowledged=reasons)
    return str(made["code"])
