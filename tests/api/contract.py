"""What every answer of the API keeps to: its own description, and, where it refuses, that it says why in Vietnamese."""

from __future__ import annotations

import re
from typing import Any

import requests
from django.http import HttpResponse
from schemathesis import Case
from schemathesis.checks import CheckContext, not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

# Letters that only Vietnamese writes: a sentence without any of them was written by a library, not by us.
VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
CODE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


def refusal_says_why(ctx: CheckContext, response: Response, case: Case) -> bool | None:
    """A refusal has its status, a code for programs, and a Vietnamese sentence, also beside each field."""
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"], response.content
        told = response.json()
        assert told["status"] == response.status_code, told
        assert told["type"] == f"urn:tuphap:problem:{told['code']}", told
        for code, sentence in [(told["code"], told["detail"]), *((e["code"], e["message"]) for e in told["errors"])]:
            assert CODE.fullmatch(code), f"no code: {code}"
            assert VIETNAMESE.search(sentence), f"not Vietnamese: {sentence}"
    return None


CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, refusal_says_why,
]


def hold_to(operation: APIOperation, response: HttpResponse) -> None:
    """:raises AssertionError: Django's answer is not as the operation is described."""
    case = operation.Case(path_parameters=dict.fromkeys(re.findall(r"{(\w+)}", operation.path), "x"))
    request = requests.Request(operation.method.upper(), f"http://testserver{case.formatted_path}").prepare()
    case.validate_response(Response(
        status_code=response.status_code, headers={name: [value] for name, value in response.items()},
        content=response.content, request=request, elapsed=0, verify=False,
    ), checks=CHECKS)


def holds_something(answer: Any) -> bool:
    """Whether a list, or a page of one, is not empty; what is no list always does."""
    if isinstance(answer, dict) and "items" in answer:
        return bool(answer["items"])
    return bool(answer) if isinstance(answer, list) else True
