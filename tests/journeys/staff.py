"""How officials come in and what they do at their desks."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django_otp.oath import TOTP
from tests.journeys.papers import read_qr
from tests.journeys.town import COMPONENT, PROCEDURE, answers, pages
from tests.journeys.visitor import Visitor

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
    visitor.leave_by(button)
    visitor.look("hom-nay")
    return account


def given_password(administrator: Visitor, title: str, *, look_for: str = "Hải An") -> tuple[str, str]:
    """A new password from the administrator's page, read off the page that shows it once: name and password."""
    administrator.go("/quan-tri/nguoi-dung/", look="nguoi-dung")
    administrator.page.fill("#tim", look_for)
    administrator.click("Tìm", within="main")
    row = administrator.page.locator("main tbody tr", has_text=title).first
    username = row.locator("td").nth(1).inner_text()
    administrator.leave_by(row.get_by_role("link"))
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
    visitor.click("Tôi đã cất giữ, tiếp tục", role="link", look="doi-mat-khau")
    visitor.fill({"current": password, "new": own, "again": own})
    visitor.click("Đổi mật khẩu", look="phien")


def code_of(address: str) -> str:
    """The six digits that an authenticator shows now for this ``otpauth`` address."""
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    shown = TOTP(base64.b32decode(secret + "=" * (-len(secret) % 8)))
    shown.time = time.time()
    return f"{shown.token():06d}"


def name_of(visitor: Visitor) -> str:
    """Who is logged in here, as the head of the page says."""
    return str(visitor.page.locator(".menu .who strong").text_content())


def open_dossier(visitor: Visitor, reference: str, *, look: str = "") -> None:
    visitor.go(f"/mot-cua/ho-so/{reference}/", look=look)


def do(visitor: Visitor, link: str, button: str = "", *, says: str, look: str = "viec", **typed: str | bool) -> None:
    """Choose an action on the dossier's page, fill what it asks for, and do it."""
    visitor.click(link, role="link", exact=True, look=look)
    visitor.fill(typed)
    visitor.click(button or link, within="#viec")
    visitor.reads(says)


def code_on(visitor: Visitor) -> str:
    """The code that the receipt gave to the dossier on the page."""
    return visitor.page.locator(".page-head .code").first.inner_text()


def slip(visitor: Visitor, form: str) -> bytes:
    """Open a slip of the dossier on the page, as it is printed by the browser; the same as PDF."""
    line = visitor.page.locator("aside li", has_text=f"Mẫu số {form}")
    paper = visitor.fetch(line.get_by_role("link", name="PDF"))
    visitor.leave_by(line.get_by_role("link", name=f"Mẫu số {form}"))
    visitor.look(f"mau-{form}")
    return paper


Call = Callable[..., Any]


def api(visitor: Visitor) -> Call:
    """The API as this visitor's browser may call it."""

    def call(method: str, path: str, **body: Any) -> Any:
        cookies = {c["name"]: c["value"] for c in visitor.context.cookies()}
        answer = visitor.page.request.fetch(
            f"{visitor.url}/api/v1{path}", method=method, data=body,
            headers={"X-CSRFToken": cookies.get("tuphap_csrf", ""), "Idempotency-Key": str(uuid4())},
        )
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()[:500]}"
        return answer.json()

    return call


def own_unit(visitor: Visitor) -> str:
    """The office in which they work."""
    return str(api(visitor)("GET", "/me")["grants"][0]["unit_code"])


def take_in_at_counter(clerk: Visitor, birth: Birth) -> str:
    """The parents stand at the desk with the paper: the whole declaration on one page; the dossier's code."""
    clerk.go("/mot-cua/tiep-nhan/", look="tai-quay")
    clerk.page.get_by_role("searchbox", name="Tìm thủ tục").fill("khai sinh")
    clerk.click("Tìm", within="main", exact=True, look="tai-quay-tim")
    clerk.leave_by(clerk.page.locator(f'main a[href="/mot-cua/tiep-nhan/{PROCEDURE}/"]'))
    clerk.look("to-khai-tai-quay")
    for page, values in pages(birth, marriage="31/2020").items():
        clerk.fill(values, prefix=f"{page}-")
    clerk.click("Tiếp nhận, cấp mã hồ sơ", look="thieu-giay-to")
    clerk.reads("Chưa tiếp nhận được")
    clerk.fill({"nhan": True}, prefix=f"giay.{COMPONENT}-")
    clerk.click("Tiếp nhận, cấp mã hồ sơ", look="da-tiep-nhan-tai-quay")
    code = code_on(clerk)
    clerk.reads(f"Đã tiếp nhận hồ sơ {code}.", birth.child_name)
    return code


def take_in(clerk: Visitor, birth: Birth, *, unit: str, today: date) -> str:
    """The same over the API."""
    made = api(clerk)(
        "POST", "/counter/dossiers", procedure_code=PROCEDURE, receiving_unit=unit, resolving_unit=unit,
        answers=answers(birth, today=today), papers=[{"component": COMPONENT}],
    )
    return str(made["code"])


def put_before_leader(code: str, *, clerk: Visitor, officer: Visitor, officer_id: str) -> None:
    """Assign and prepare over the API, every warning answered."""
    api(clerk)("POST", f"/dossiers/{code}/assign", to_user_id=officer_id)
    api(officer)("POST", f"/dossiers/{code}/begin")
    found = api(officer)("GET", f"/dossiers/{code}/findings")
    reasons = {one["code"]: "Đã đối chiếu giấy tờ bản chính." for one in found}
    api(officer)("POST", f"/dossiers/{code}/propose", acknowledged=reasons)
