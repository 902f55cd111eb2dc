"""What nobody would type: whatever is sent to these operations, the answer is never a failure of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from tuphap.kernel.clock import now
from tuphap.modules.administration import rules
from tuphap.shared.accounts import api as accounts
from tuphap.shared.operation.testing import setting_up
from tuphap.site.wsgi import application

OURS = r"^/api/v1/(me|units|administration)"


@pytest.fixture
def described(transactional_db):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application).include(path_regex=OURS)


@pytest.fixture
def headers(transactional_db) -> dict[str, str]:
    """The token of somebody who may much. Committed: each call closes its connection."""
    from tuphap.modules.administration.tests.world import Province

    province, secret = Province(), accounts.new_token_secret()
    with setting_up():
        accounts.ApiToken.objects.create(
            owner=province.root, label="thử", hash=accounts.token_fingerprint(secret), hint=secret[:8],
            scopes=list(rules.Permission), created_at=now(), expires_at=now() + timedelta(days=1),
        )
    return {"Authorization": f"Bearer {secret}"}


def test_no_input_breaks_an_operation(described, headers) -> None:
    """Each operation with generated input, right and wrong."""
    seen: set[int] = set()
    for found in described.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:

            @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
            @given(case=operation.as_strategy(generation_mode=mode))
            def fuzz(case) -> None:
                case.cookies = {}
                response = case.call(headers=headers)
                seen.add(response.status_code)
                case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

            fuzz()
    assert {200, 404, 422} <= seen
    assert 401 not in seen


def test_the_fuzzed_operations_are_many(described) -> None:
    assert sum(1 for _ in described.get_all_operations()) > 15
