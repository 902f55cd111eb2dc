"""Every address of the platform, with the methods that it answers; found in the resolver, not listed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tuphap.site.api import api

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """One door: its name, its method, its address with parameters in angle brackets."""

    name: str
    method: str
    address: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.name}"

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.address)


def pages() -> Iterator[Route]:
    """The pages: each once by GET and once by POST."""
    for name, address in _walk(get_resolver().url_patterns, "/", ""):
        if not address.startswith("/api/"):
            yield Route(name, "GET", address)
            yield Route(name, "POST", address)


def operations() -> Iterator[Route]:
    """The operations of the API, as its description names them."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, described in methods.items():
            address = re.sub(r"{(\w+)}", r"<\1>", path)
            yield Route(described["operationId"].rpartition("_api_")[2], method.upper(), address)


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", here
