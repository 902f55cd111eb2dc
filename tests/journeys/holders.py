"""Whoever holds a paper: anybody at the public page, a bank with its token, a stranger's tools, `tuphap verify`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.journeys.visitor import Visitor, expect

from tuphap.kernel.ids import normalise_public_code


def check_code(visitor: Visitor, address: str, *, number: str) -> str:
    """What the QR code of the paper opens: the register's line, and nothing of the content; the code itself."""
    visitor.go(address, look="xac-minh-ma")
    line = visitor.page.locator("[data-register]")
    expect(line).to_have_attribute("data-register", "in_force")
    visitor.reads("Còn giá trị", number)
    return normalise_public_code(address.rstrip("/").rpartition("/")[2])


def check_typed_code(visitor: Visitor, code: str, *, issued_on: str) -> None:
    """The code and the day typed from the paper; another day finds nothing."""
    visitor.go("/xac-minh/", look="xac-minh")
    visitor.fill({"code": code.lower(), "issued_on": "01/01/2020"})
    visitor.click("Kiểm tra", exact=True, within="main", look="xac-minh-khong-thay")
    visitor.reads("Không có văn bản nào với mã xác minh và ngày cấp này.")
    visitor.fill({"code": code.lower(), "issued_on": issued_on})
    visitor.click("Kiểm tra", exact=True, within="main")
    expect(visitor.page.locator("[data-register]")).to_have_attribute("data-register", "in_force")


@dataclass(frozen=True, slots=True)
class Lines:
    """The three lines as the page tells them."""

    content: str
    signatures: tuple[str, ...]
    register: str


def check_file(visitor: Visitor, name: str, content: bytes, *, issued: bool) -> Lines:
    """Choose the file; the browser compares it by itself, and a file never issued is sent once one agrees.

    :param issued: whether the platform knows these very bytes.
    """
    visitor.go("/xac-minh/")
    visitor.page.locator('main input[type="file"]').set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )
    if not issued:
        expect(visitor.page.locator("[data-unmatched]")).to_be_visible()
        visitor.fill({"agreed": True})
        visitor.click("Gửi tệp để kiểm tra")
    expect(visitor.page.locator("[data-content]")).to_be_visible()
    visitor.look(f"xac-minh-{name}")
    found = visitor.page.evaluate(
        "() => ['content', 'signature', 'register'].map(what =>"
        " [...document.querySelectorAll(`[data-${what}]`)].map(line => line.dataset[what]))"
    )
    (told,), signatures, (register,) = found
    return Lines(told, tuple(signatures), register)


@dataclass(frozen=True, slots=True)
class Bank:
    """A program with a token."""

    url: str
    token: str

    def check(self, **printed: str) -> dict[str, Any]:
        """Does the register say what this certificate says?"""
        return self._read(self._ask("POST", "/civil-status/births/check", json=printed))

    def verify(self, paper: bytes) -> dict[str, Any]:
        """The three lines about a file."""
        sent = {"file": ("giay.pdf", paper, "application/pdf")}
        return self._read(self._ask("POST", "/documents/verify", files=sent))

    def browse(self) -> httpx.Response:
        """What a bank may not: read the register."""
        return self._ask("GET", "/civil-status/births")

    def _ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        return httpx.request(
            method, f"{self.url}/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"}, trust_env=False,
            timeout=60, **sent,
        )

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, f"{answer.status_code} {answer.text[:500]}"
        told: dict[str, Any] = answer.json()
        return told


def kept(place: Path, content: bytes) -> Path:
    """The file on somebody's disk."""
    place.write_bytes(content)
    return place


def empty(folder: Path) -> Path:
    """A folder with nothing in it yet."""
    folder.mkdir()
    return folder
