"""Citizens and officials at their browsers: they log in, act, and repeat with the same key until they are answered."""

from __future__ import annotations

import html
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

PATIENCE = 240.0  # seconds that somebody goes on repeating one request
PAUSE = 0.3


class Refused(AssertionError):
    """The platform answered, and said no."""


@dataclass(slots=True)
class Person:
    """One browser.

    :param account: into whom to step before the first request, by the sample's open door; a citizen logs in.
    """

    url: str
    account: str = ""
    _browser: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._browser = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def close(self) -> None:
        self._browser.close()

    def _come_in(self) -> None:
        """Step into the account, once."""
        user_id, self.account = self.account, ""
        if user_id:
            self._send("GET", "/dang-nhap/")  # for the token that every form carries
            if not (answer := self._send("POST", f"/thu-vai/{user_id}/", with_token=True)).is_redirect:
                raise _refused(answer)

    def log_in_with_vneid(self, subject: str) -> None:
        """By the identity provider's own pages: code, PKCE, back again. Begun anew where it breaks off."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            asked = self._send("GET", "/dang-nhap/vneid/")
            if not asked.is_redirect:
                raise _refused(asked)
            page = httpx.get(asked.headers["location"], trust_env=False, timeout=30)
            fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
            told = {name: html.unescape(value) for name, value in fields.items()} | {"sub": subject}
            chosen = httpx.post(page.url.join("/authorize/choose"), data=told, trust_env=False, timeout=30)
            answer = self._once("GET", chosen.headers["location"])
            if answer is not None and answer.status_code == 302:
                return
            time.sleep(PAUSE)
        raise Refused(f"{subject} could not log in")

    def get(self, path: str) -> Any:
        self._come_in()
        return self._read(self._send("GET", f"/api/v1{path}"))

    def do(self, method: str, path: str, *, key: str = "", **sent: Any) -> Any:
        """Send a write until it is acknowledged, always under the same key."""
        self._come_in()
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self._read(self._send(method, f"/api/v1{path}", headers=headers, with_token=True, **sent))

    def _send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, with_token: bool = False, **sent: Any
    ) -> httpx.Response:
        deadline, seen = time.monotonic() + PATIENCE, Counter[str]()
        while time.monotonic() < deadline:
            token = self._token() if with_token else {}
            answer = self._once(method, path, headers={**(headers or {}), **token}, **sent)
            if answer is not None and not _come_again(answer):
                return answer
            seen["no answer" if answer is None else str(answer.status_code)] += 1
            time.sleep(PAUSE)
        raise Refused(f"{method} {path} was not done in {PATIENCE:.0f} s, answers were {dict(seen)}")

    def _once(self, method: str, path: str, **sent: Any) -> httpx.Response | None:
        """The answer, or None where the connection broke."""
        try:
            return self._browser.request(method, path, **sent)
        except httpx.TransportError:
            return None

    def _token(self) -> dict[str, str]:
        return {"X-CSRFToken": self._browser.cookies.get("tuphap_csrf", "")}

    def _read(self, answer: httpx.Response) -> Any:
        if answer.is_error or answer.is_redirect:
            raise _refused(answer)
        return answer.json()


def _refused(answer: httpx.Response) -> Refused:
    asked = f"{answer.request.method} {answer.request.url.path}"
    told = " ".join(re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2] or answer.text).split())
    return Refused(f"{asked}: {answer.status_code} {told[:600]}")


def _come_again(answer: httpx.Response) -> bool:
    """Whether nothing was acknowledged and the same request may be sent again."""
    return answer.status_code >= 500 or answer.status_code == 429 or (
        answer.status_code == 409 and '"operation.busy"' in answer.text
    )
