"""Everything the platform reads from its environment, in one place."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

Network = IPv4Network | IPv6Network
_EXCHANGE_URL = re.compile("TUPHAP_EXCHANGE_([A-Z0-9_]+)_URL")


class Mode(StrEnum):
    """``sample`` shows the living province and lets a newcomer step into any role; ``production`` never can."""

    SAMPLE = "sample"
    PRODUCTION = "production"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings of this process. See ``docs/operations.md`` for each variable."""

    mode: Mode
    home: Path
    port: int
    database_url: str
    database_owner_url: str
    secret_key: str
    public_url: str
    allowed_hosts: tuple[str, ...]
    trusted_proxies: tuple[Network, ...]
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    tsa_url: str
    ca_url: str
    exchange_client: str
    exchange_urls: dict[str, str]
    exchange_default_url: str
    notice_gateway_url: str
    notice_gateway_key: str
    clamd: str
    signer_socket: Path
    stream_url: str
    checkpoint_places: tuple[str, ...]
    api_calls_a_minute: int
    log_level: str
    province: str


def read() -> Environment:
    """Read the process's environment.

    :raises RuntimeError: production without a secret key of its own; a proxy that is no address and no network.
    """
    mode = Mode(os.environ.get("TUPHAP_MODE", Mode.SAMPLE))
    home = Path(os.environ.get("TUPHAP_HOME", "var")).absolute()
    port = int(os.environ.get("PORT", "8000"))
    secret = os.environ.get("TUPHAP_SECRET_KEY", "")
    kept = home / "keys" / "secret-key"
    if not secret and kept.is_file():
        secret = kept.read_text().strip()
    if not secret:
        if mode is Mode.PRODUCTION:
            raise RuntimeError("TUPHAP_SECRET_KEY is not set")
        secret = "khoa-chi-dung-cho-phat-trien-va-thu-nghiem-khong-bao-gio-dung-that"  # noqa: S105
    url = os.environ.get("DATABASE_URL", "")
    province = os.environ.get("TUPHAP_PROVINCE", "31")
    return Environment(
        mode=mode,
        home=home,
        port=port,
        database_url=url,
        database_owner_url=os.environ.get("DATABASE_OWNER_URL", "") or url,
        secret_key=secret,
        public_url=os.environ.get("TUPHAP_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        allowed_hosts=tuple(
            h for h in os.environ.get("TUPHAP_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h
        ),
        trusted_proxies=networks(
            os.environ.get("TUPHAP_TRUSTED_PROXIES", "127.0.0.1,::1" if mode is Mode.PRODUCTION else "")
        ),
        oidc_issuer=os.environ.get("TUPHAP_OIDC_ISSUER", f"http://localhost:{port + 1}"),
        oidc_client_id=os.environ.get("TUPHAP_OIDC_CLIENT_ID", "tuphap"),
        oidc_client_secret=os.environ.get(
            "TUPHAP_OIDC_CLIENT_SECRET", "" if mode is Mode.PRODUCTION else "chi-dung-cho-tinh-mau"
        ),
        tsa_url=os.environ.get("TUPHAP_TSA_URL", f"http://localhost:{port + 2}/tsa"),
        ca_url=os.environ.get("TUPHAP_CA_URL", "" if mode is Mode.PRODUCTION else f"http://localhost:{port + 2}"),
        exchange_client=os.environ.get("TUPHAP_EXCHANGE_CLIENT", f"VN/GOV/H{province}/TUPHAP"),
        exchange_urls={
            found[1]: value for name, value in os.environ.items() if value and (found := _EXCHANGE_URL.fullmatch(name))
        },
        exchange_default_url="" if mode is Mode.PRODUCTION else f"http://localhost:{port + 4}",
        notice_gateway_url=os.environ.get(
            "TUPHAP_NOTICE_GATEWAY_URL", "" if mode is Mode.PRODUCTION else f"http://localhost:{port + 5}"
        ).rstrip("/"),
        notice_gateway_key=os.environ.get(
            "TUPHAP_NOTICE_GATEWAY_KEY", "" if mode is Mode.PRODUCTION else "chi-dung-cho-tinh-mau"
        ),
        clamd=os.environ.get("TUPHAP_CLAMD", "").strip(),
        signer_socket=Path(os.environ.get("TUPHAP_SIGNER_SOCKET", str(home / "run" / "signer.sock"))),
        stream_url=os.environ.get("TUPHAP_STREAM_URL", "").rstrip("/"),
        checkpoint_places=tuple(p for p in os.environ.get("TUPHAP_CHECKPOINT_PLACES", "").split(",") if p),
        api_calls_a_minute=int(os.environ.get("TUPHAP_API_CALLS_A_MINUTE", "60")),
        log_level=os.environ.get("TUPHAP_LOG_LEVEL", "INFO"),
        province=province,
    )


def networks(listed: str) -> tuple[Network, ...]:
    """Addresses and networks, set apart by commas.

    :raises RuntimeError: one of them is neither.
    """
    try:
        return tuple(ip_network(one.strip()) for one in listed.split(",") if one.strip())
    except ValueError as wrong:
        raise RuntimeError(f"TUPHAP_TRUSTED_PROXIES: {wrong}") from wrong


def database(url: str) -> dict[str, object]:
    """Django's form of a PostgreSQL address; ``host`` may be a socket folder given as a query parameter.

    :raises ValueError: not a PostgreSQL address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("the database must be PostgreSQL")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
