"""Who really asks, where a reverse proxy stands before us: what it forwards is believed, what others write is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tuphap.settings.environment import Network

ADDRESSES, SCHEME = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"


class TrustedProxyMiddleware:
    """Below every other: put the client's address where all look for it, and take away what nobody should believe.

    From a trusted proxy ``REMOTE_ADDR`` becomes the client's address and ``X-Forwarded-Proto`` stays for Django to
    read (``SECURE_PROXY_SSL_HEADER``); from anybody else both headers are as if they had not been sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop(ADDRESSES, "")
        peer = request.META.get("REMOTE_ADDR", "")
        if _is_among(peer, settings.TRUSTED_PROXIES):
            request.META["REMOTE_ADDR"] = client_address(peer, forwarded, settings.TRUSTED_PROXIES)
        else:
            request.META.pop(SCHEME, None)
        return self.get_response(request)


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The nearest address that is no proxy of ours, read from the right: each proxy adds whom it saw at the end.

    What stands left of it was written by the client itself. An entry that is no address ends the reading.
    """
    nearest = peer
    for entry in reversed(forwarded.split(",")):
        if not _is_among(nearest, trusted):
            break
        address = _address(entry.strip())
        if address is None:
            break
        nearest = str(address)
    return nearest


def _is_among(text: str, networks: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An IPv4 address that came over IPv6 is itself again."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
