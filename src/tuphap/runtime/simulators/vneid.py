"""A stand-in for the national identity provider: a real OpenID Connect provider over HTTP, with sample citizens.

``python -m tuphap.runtime.simulators.vneid --port N --home DIR``. The citizens come from
``DIR/sample/citizens.json``, read anew at every login: a list of objects with ``sub, name, personal_number, birthdate,
gender, phone_number, assurance_level``.
``POST /_control`` makes it slow, down or wrong: ``{"delay_ms": 0, "down": false, "wrong": null, "code_life_s": 60}``,
where ``wrong`` is one of :data:`WRONGS`. It knows nothing of the platform but its client's secret.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import hmac
import html
import json
import os
import secrets
import time
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

WRONGS = (
    "signature", "algorithm_none", "algorithm_hs256", "audience", "issuer", "nonce", "expired", "subject_missing",
    "number_missing", "number_malformed",
)
SHOWN = 40

DEFAULT_CITIZENS: tuple[dict[str, Any], ...] = (
    {"sub": "vn-0001", "name": "Nguyễn Thị Hải Yến", "personal_number": "031192004512", "birthdate": "1992-03-08",
     "gender": "female", "phone_number": "0912345601", "assurance_level": 2},
    {"sub": "vn-0002", "name": "Trần Văn Khánh", "personal_number": "031090011873", "birthdate": "1990-11-20",
     "gender": "male", "phone_number": "0912345602", "assurance_level": 2},
    {"sub": "vn-0003", "name": "Phạm Thị Bích Ngọc", "personal_number": "031196007730", "birthdate": "1996-07-02",
     "gender": "female", "phone_number": "0912345603", "assurance_level": 2},
    {"sub": "vn-0004", "name": "Đỗ Mạnh Hùng", "personal_number": "031085002954", "birthdate": "1985-01-15",
     "gender": "male", "phone_number": "0912345604", "assurance_level": 2},
    {"sub": "vn-0005", "name": "Vũ Thùy Linh", "personal_number": "031303009126", "birthdate": "2003-09-26",
     "gender": "female", "phone_number": "0912345605", "assurance_level": 1},
    {"sub": "vn-0006", "name": "Hoàng Quốc Bảo", "personal_number": "031088006641", "birthdate": "1988-06-30",
     "gender": "male", "phone_number": "0912345606", "assurance_level": 2},
    {"sub": "vn-0007", "name": "Lê Thị Thu Trang", "personal_number": "030194003387", "birthdate": "1994-12-05",
     "gender": "female", "phone_number": "0912345607", "assurance_level": 2},
    {"sub": "vn-0008", "name": "Bùi Đức Anh", "personal_number": "", "birthdate": "1999-04-18",
     "gender": "male", "phone_number": "0912345608", "assurance_level": 2},
)

PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>VNeID (mô phỏng)</title><style>body{{font:16px/1.5 sans-serif;max-width:44rem;margin:1.5rem auto;padding:0 1rem}}
h1{{color:#a31515}}button,input,select{{font:inherit;padding:.6rem;border:1px solid #767676;border-radius:.4rem}}
.person{{display:block;width:100%;text-align:left;background:#fff;margin:.5rem 0;cursor:pointer}}
.person:hover,.person:focus{{background:#fdeaea}}small{{color:#444}}</style></head><body><main>
<h1>VNeID (mô phỏng)</h1>{body}</main></body></html>"""


@dataclass
class Control:
    """How the provider misbehaves just now."""

    delay_ms: int = 0
    down: bool = False
    wrong: str | None = None
    code_life_s: float = 60


@dataclass(frozen=True)
class Code:
    """A code handed to the browser: for whom, for which client, under which challenge, and until when."""

    citizen: dict[str, Any]
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str
    born: float


def new_key() -> RSAKey:
    """The provider's signing key; a new one at every start, as a client must bear."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


@dataclass
class Provider:
    """The provider's whole memory: keys, codes not yet redeemed, access tokens."""

    issuer: str
    home: Path
    client_id: str
    client_secret: str
    redirect_prefixes: tuple[str, ...] = ()
    control: Control = field(default_factory=Control)
    key: RSAKey = field(default_factory=new_key)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    def citizens(self) -> list[dict[str, Any]]:
        """The sample's citizens, or the eight that are built in."""
        kept = self.home / "sample" / "citizens.json"
        if kept.is_file():
            try:
                return list(json.loads(kept.read_text(encoding="utf-8")))
            except ValueError:
                pass  # half written: the sample is being filled
        return [dict(citizen) for citizen in DEFAULT_CITIZENS]

    def may_return_to(self, address: str) -> bool:
        """Only the client's own callback: on this machine, or under a registered prefix."""
        parts = urlsplit(address)
        if not parts.path.endswith("/dang-nhap/vneid/tra-ve/") or parts.fragment:
            return False
        return parts.hostname in ("localhost", "127.0.0.1", "::1", "testserver") or address.startswith(
            self.redirect_prefixes or ("\x00",)
        )

    # -- endpoints ------------------------------------------------------------------------------------------------

    async def discovery(self, request: Request) -> Response:
        at = self.issuer
        return JSONResponse({
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo", "jwks_uri": f"{at}/jwks", "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"], "scopes_supported": ["openid", "profile", "phone"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        })

    async def jwks(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        fault = self._fault(asked)
        if fault:
            return HTMLResponse(PAGE.format(body=f"<p>{html.escape(fault)}</p>"), status_code=400)
        return HTMLResponse(PAGE.format(body=self._choice(asked)))

    async def choose(self, request: Request) -> Response:
        asked = await _form(request)
        fault = self._fault(asked)
        if fault:
            return HTMLResponse(PAGE.format(body=f"<p>{html.escape(fault)}</p>"), status_code=400)
        answer = {"state": asked.get("state", ""), "iss": self.issuer}
        citizen = next((c for c in self.citizens() if c["sub"] == asked.get("sub")), None)
        if citizen is None:
            answer["error"] = "access_denied"
        else:
            answer["code"] = self._code(citizen, asked)
        address = asked["redirect_uri"]
        return RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(answer)}", status_code=303)

    async def token(self, request: Request) -> Response:
        form = await _form(request)
        if not self._is_client(request.headers.get("authorization", "")):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        code = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            code is None
            or time.monotonic() - code.born > self.control.code_life_s
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != code.redirect_uri
            or challenge.rstrip(b"=").decode() != code.challenge
        ):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        access = secrets.token_urlsafe(32)
        self.tokens[access] = code.citizen
        return JSONResponse({
            "access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": self._id_token(code),
        })

    async def userinfo(self, request: Request) -> Response:
        citizen = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if citizen is None:
            return JSONResponse({"error": "invalid_token"}, status_code=401)
        return JSONResponse(self._claims(citizen))

    async def set_control(self, request: Request) -> Response:
        told = await request.json()
        wrong = told.get("wrong")
        if wrong is not None and wrong not in WRONGS:
            return JSONResponse({"error": f"wrong must be one of {', '.join(WRONGS)}"}, status_code=422)
        self.control = Control(
            delay_ms=int(told.get("delay_ms", 0)), down=bool(told.get("down", False)), wrong=wrong,
            code_life_s=float(told.get("code_life_s", 60)),
        )
        return JSONResponse({"ok": True})

    # -- inside ---------------------------------------------------------------------------------------------------

    def _fault(self, asked: dict[str, str]) -> str:
        if asked.get("client_id") != self.client_id:
            return "Ứng dụng chưa đăng ký."
        if not self.may_return_to(asked.get("redirect_uri", "")):
            return "Địa chỉ quay về chưa đăng ký."
        if asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            return "Yêu cầu đăng nhập không hợp lệ."
        if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
            return "Thiếu mã kiểm chứng PKCE."
        return ""

    def _choice(self, asked: dict[str, str]) -> str:
        wanted = _fold(asked.get("tim", ""))
        level = asked.get("muc", "")
        found = [
            c for c in self.citizens()
            if wanted in _fold(f"{c['name']} {c['personal_number']}") and level in ("", str(c["assurance_level"]))
        ]
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(key)}" value="{html.escape(value)}">'
            for key, value in asked.items() if key not in ("tim", "muc")
        )
        options = "".join(
            f'<option value="{value}"{" selected" if level == value else ""}>{text}</option>'
            for value, text in (("", "Mọi mức độ"), ("1", "Mức độ 1"), ("2", "Mức độ 2"))
        )
        people = "".join(
            f'<button class="person" name="sub" value="{html.escape(c["sub"])}">'
            f"<strong>{html.escape(c['name'])}</strong>"
            f"<br><small>Số định danh: {html.escape(c['personal_number'] or 'chưa có')} · "
            f"Mức độ {c['assurance_level']}</small></button>"
            for c in found[:SHOWN]
        )
        more = f"<p>Còn {len(found) - SHOWN} người nữa, hãy tìm theo tên.</p>" if len(found) > SHOWN else ""
        return (
            "<p>Đây là hệ thống mô phỏng của tỉnh mẫu. Chọn một công dân để đăng nhập.</p>"
            f'<form method="get" action="/authorize">{hidden}<label>Tìm theo tên hoặc số '
            f'<input name="tim" value="{html.escape(asked.get("tim", ""))}"></label> '
            f'<label>Mức độ <select name="muc">{options}</select></label> <button>Tìm</button></form>'
            f'<form method="post" action="/authorize/choose">{hidden}{people or "<p>Không có ai khớp.</p>"}{more}'
            '<p><button name="sub" value="">Hủy đăng nhập</button></p></form>'
        )

    def _code(self, citizen: dict[str, Any], asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(32)
        self.codes[code] = Code(
            citizen=citizen, client_id=asked["client_id"], redirect_uri=asked["redirect_uri"],
            challenge=asked["code_challenge"], nonce=asked.get("nonce", ""), born=time.monotonic(),
        )
        return code

    def _is_client(self, header: str) -> bool:
        expected = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return secrets.compare_digest(header.encode(), f"Basic {expected}".encode())

    def _claims(self, citizen: dict[str, Any]) -> dict[str, Any]:
        claims = {
            key: citizen[key]
            for key in ("sub", "name", "personal_number", "birthdate", "gender", "phone_number", "assurance_level")
        }
        if not claims["personal_number"] or self.control.wrong == "number_missing":
            del claims["personal_number"]
        elif self.control.wrong == "number_malformed":
            claims["personal_number"] = "12345"
        return claims

    def _id_token(self, code: Code) -> str:
        now, wrong = int(time.time()), self.control.wrong
        claims = {
            **self._claims(code.citizen),
            "iss": "https://ke-gia-mao.example" if wrong == "issuer" else self.issuer,
            "aud": "ung-dung-khac" if wrong == "audience" else code.client_id,
            "iat": now - (7200 if wrong == "expired" else 0),
            "exp": now + (-3600 if wrong == "expired" else 300),
            "nonce": "khac" if wrong == "nonce" else code.nonce,
        }
        if wrong == "subject_missing":
            del claims["sub"]
        kid = self.key.kid
        if wrong == "algorithm_none":
            parts = [_b64(json.dumps(part).encode()) for part in ({"alg": "none", "kid": kid}, claims)]
            return ".".join([*parts, ""])
        if wrong == "algorithm_hs256":  # the public key taken as a shared secret
            return _hs256({"alg": "HS256", "kid": kid}, claims, self.key.as_pem(private=False))
        token = jwt.encode({"alg": "RS256", "kid": kid}, claims, self.key)
        if wrong == "signature":
            head, body, signature = token.split(".")
            forged = bytearray(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
            forged[0] ^= 1
            return f"{head}.{body}.{_b64(bytes(forged))}"
        return token


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def _hs256(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    signed = ".".join(_b64(json.dumps(part).encode()) for part in (header, claims))
    return f"{signed}.{_b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def application(provider: Provider) -> Starlette:
    """The provider as an ASGI application."""
    def misbehaving(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            await asyncio.sleep(provider.control.delay_ms / 1000)
            if provider.control.down:
                return JSONResponse({"error": "temporarily_unavailable"}, status_code=503)
            return await endpoint(request)

        return answer

    return Starlette(routes=[
        Route("/.well-known/openid-configuration", misbehaving(provider.discovery)),
        Route("/jwks", misbehaving(provider.jwks)),
        Route("/authorize", misbehaving(provider.authorize)),
        Route("/authorize/choose", misbehaving(provider.choose), methods=["POST"]),
        Route("/token", misbehaving(provider.token), methods=["POST"]),
        Route("/userinfo", misbehaving(provider.userinfo)),
        Route("/_control", provider.set_control, methods=["POST"]),
    ])


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description="Simulated VNeID identity provider")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("TUPHAP_HOME", "var")))
    parser.add_argument("--issuer", default="")
    told = parser.parse_args()
    provider = Provider(
        issuer=told.issuer or f"http://localhost:{told.port}", home=told.home.absolute(),
        client_id=os.environ.get("TUPHAP_OIDC_CLIENT_ID", "tuphap"),
        client_secret=os.environ.get("TUPHAP_OIDC_CLIENT_SECRET", "chi-dung-cho-tinh-mau"),
        redirect_prefixes=tuple(p for p in (os.environ.get("TUPHAP_PUBLIC_URL", ""),) if p),
    )
    uvicorn.run(application(provider), host=told.host, port=told.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
