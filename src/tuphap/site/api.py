"""The API root: every module's router under one OpenAPI description, every refusal as RFC 9457."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Tư Pháp Số", version="1", urls_namespace="api", description="Giao diện lập trình của Tư Pháp Số.")
