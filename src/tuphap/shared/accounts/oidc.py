"""The relying party's half of OpenID Connect: authorisation code with PKCE, state and nonce.

Endpoints come from the issuer's discovery document, keys from its key set; nothing of the answer is believed before
its signature, issuer, audience, times and nonce have been checked. Standards: OpenID Connect Core 1.0, RFC 7636,
RFC 9207 (``iss`` in the answer, where the provider sends it).
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tuphap.kernel.refusal import Refusal

# Signatures by a private key alone: with "none" or a shared secret anybody could write the answer.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
_LEEWAY = timedelta(seconds=60)
_ATTEMPT_LIFE = timedelta(minutes=10)
_METADATA_LIFE = 600.0
_KEYS_AT_MOST_EVERY = 5.0
_TIMEOUT = 10.0


class ProviderDown(Refusal):
    """The identity provider does not answer, or not as one."""

    code = "accounts.provider_down"
    message_vi = "Hệ thống định danh điện tử hiện không phản hồi. Vui lòng thử lại sau ít phút."
    status = 503


class LoginBroken(Refusal):
    """The answer does not belong to a login begun in this browser, or was used before."""

    code = "accounts.login_broken"
    message_vi = "Phiên đăng nhập không còn hiệu lực. Vui lòng đăng nhập lại từ đầu."
    status = 400


class LoginDeclined(Refusal):
    """The citizen, or the provider, said no."""

    code = "accounts.login_declined"
    message_vi = "Việc đăng nhập bằng VNeID chưa hoàn tất."
    status = 400


class TokenRefused(Refusal):
    """The provider's token is forged, meant for another, out of date, or answers another question."""

    code = "accounts.token_refused"
    message_vi = "Không xác minh được thông tin từ hệ thống định danh. Vui lòng đăng nhập lại."
    status = 400


@dataclass(frozen=True, slots=True)
class Attempt:
    """One login begun: what its answer must fit. Kept in the browser's session and taken out at the first answer."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    next_url: str
    at: str

    def as_kept(self) -> dict[str, str]:
        return asdict(self)


class Provider:
    """One issuer, with its metadata and keys as last fetched. Safe to share between threads."""

    def __init__(self, *, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer, self.client_id, self._secret = issuer.rstrip("/"), client_id, client_secret
        self._lock = threading.Lock()
        self._metadata: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def begin(self, *, redirect_uri: str, next_url: str, at: datetime) -> tuple[str, Attempt]:
        """Where to send the browser, and the attempt to keep.

        :raises ProviderDown: no discovery document.
        """
        attempt = Attempt(
            state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(64),
            redirect_uri=redirect_uri, next_url=next_url, at=at.isoformat(),
        )
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": redirect_uri,
            "scope": "openid profile phone", "state": attempt.state, "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier), "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", attempt

    def finish(self, *, kept: dict[str, str] | None, answer: dict[str, str], at: datetime) -> dict[str, Any]:
        """The verified claims that this answer leads to.

        :param kept: the attempt, already taken out of the session: an answer is looked at once.
        :raises LoginBroken: no such attempt, another state, too late.
        :raises LoginDeclined: the provider answered with an error.
        :raises TokenRefused: the token does not pass.
        :raises ProviderDown: the provider does not answer.
        """
        attempt = self._attempt(kept, answer, at)
        if "error" in answer:
            raise LoginDeclined()
        if answer.get("iss", self.issuer).rstrip("/") != self.issuer or not answer.get("code"):
            raise LoginBroken()
        tokens = self._exchange(answer["code"], attempt)
        claims = self.verify(str(tokens.get("id_token", "")), nonce=attempt.nonce, at=at)
        if tokens.get("access_token") and settings.OIDC["claims"]["personal_number"] not in claims:
            claims = self._with_userinfo(claims, str(tokens["access_token"]))
        return claims

    def verify(self, id_token: str, *, nonce: str, at: datetime) -> dict[str, Any]:
        """The claims of a token that bears the issuer's signature and answers this login.

        :raises TokenRefused: it does not.
        """
        try:
            token = self._decode(id_token)
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise TokenRefused() from refused
        claims = dict(token.claims)
        now, leeway = at.timestamp(), _LEEWAY.total_seconds()
        audience = claims.get("aud")
        meant_for = audience if isinstance(audience, list) else [audience]
        sound = (
            str(claims.get("iss", "")).rstrip("/") == self.issuer
            and self.client_id in meant_for
            and (len(meant_for) == 1 or claims.get("azp") == self.client_id)
            and _number(claims.get("exp")) > now - leeway
            and 0 < _number(claims.get("iat")) <= now + leeway
            and _number(claims.get("nbf", 0)) <= now + leeway
            and isinstance(claims.get("nonce"), str) and hmac.compare_digest(claims["nonce"].encode(), nonce.encode())
            and isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= 200
        )
        if not sound:
            raise TokenRefused()
        return claims

    def _attempt(self, kept: dict[str, str] | None, answer: dict[str, str], at: datetime) -> Attempt:
        if not kept:
            raise LoginBroken()
        attempt = Attempt(**kept)
        if not hmac.compare_digest(attempt.state.encode(), answer.get("state", "").encode()):
            raise LoginBroken()
        if at - datetime.fromisoformat(attempt.at) > _ATTEMPT_LIFE:
            raise LoginBroken()
        return attempt

    def _decode(self, id_token: str) -> jwt.Token:
        try:
            return jwt.decode(id_token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            renewed = self._key_set(renew=True)  # the provider may have changed its keys
            return jwt.decode(id_token, renewed, algorithms=ALGORITHMS)

    def _exchange(self, code: str, attempt: Attempt) -> dict[str, Any]:
        asked = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": attempt.redirect_uri,
            "client_id": self.client_id, "code_verifier": attempt.verifier,
        }
        response = self._call("POST", self._endpoint("token_endpoint"), data=asked, auth=(self.client_id, self._secret))
        if response.status_code != 200:
            raise LoginBroken()
        return _object(response)

    def _with_userinfo(self, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        endpoint = self._discover().get("userinfo_endpoint")
        if not endpoint:
            return claims
        response = self._call("GET", str(endpoint), headers={"Authorization": f"Bearer {access_token}"})
        more = _object(response) if response.status_code == 200 else {}
        if more.get("sub") != claims["sub"]:
            return claims
        return {**more, **claims}

    def _endpoint(self, name: str) -> str:
        address = self._discover().get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in ("http", "https"):
            raise ProviderDown()
        return address

    def _discover(self) -> dict[str, Any]:
        with self._lock:
            if self._metadata and time.monotonic() - self._metadata[0] < _METADATA_LIFE:
                return self._metadata[1]
        response = self._call("GET", f"{self.issuer}/.well-known/openid-configuration")
        metadata = _object(response) if response.status_code == 200 else {}
        if str(metadata.get("issuer", "")).rstrip("/") != self.issuer:
            raise ProviderDown()
        with self._lock:
            self._metadata = (time.monotonic(), metadata)
        return metadata

    def _key_set(self, *, renew: bool = False) -> KeySet:
        with self._lock:
            age = time.monotonic() - self._keys[0] if self._keys else None
            if self._keys and age is not None and age < (_KEYS_AT_MOST_EVERY if renew else _METADATA_LIFE):
                return self._keys[1]
        response = self._call("GET", self._endpoint("jwks_uri"))
        if response.status_code != 200:
            raise ProviderDown()
        keys = KeySet.import_key_set(_object(response))  # type: ignore[arg-type]
        with self._lock:
            self._keys = (time.monotonic(), keys)
        return keys

    def _call(self, method: str, url: str, **asked: Any) -> httpx.Response:
        try:
            with httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=not _is_here(url)) as client:
                response = client.request(method, url, **asked)
        except httpx.HTTPError as down:
            raise ProviderDown() from down
        if response.is_server_error:
            raise ProviderDown()
        return response


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError as broken:
        raise ProviderDown() from broken
    if not isinstance(answer, dict):
        raise ProviderDown()
    return answer


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _is_here(url: str) -> bool:
    """Whether the address is this machine's own, where no proxy stands between."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_known: dict[tuple[str, str, str], Provider] = {}


def provider() -> Provider:
    """The issuer that the settings name."""
    key = (settings.OIDC["issuer"], settings.OIDC["client_id"], settings.OIDC["client_secret"])
    if key not in _known:
        _known[key] = Provider(issuer=key[0], client_id=key[1], client_secret=key[2])
    return _known[key]
