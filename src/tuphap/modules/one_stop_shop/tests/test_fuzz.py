"""What nobody would type: whatever is sent to the desk's operations, the answer is never a failure of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from tuphap.kernel.clock import now
from tuphap.modules.one_stop_shop.tests.steps import Work
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts import api as accounts
from tuphap.shared.dossiers import testing
from tuphap.shared.operation.testing import setting_up
from tuphap.site.wsgi import application

pytestmark = pytest.mark.django_db(transaction=True)
OURS = r"^/api/v1/(procedures|dossiers|counter|approvals|worklist|tracking)"
EVERYTHING = ("one_stop.dossier.receive", "one_stop.dossier.view", "one_stop.dossier.assign", "one_stop.dossier.return",
              testing.PREPARE.code, testing.SIGN.code)


@pytest.fixture
def headers(work: Work) -> dict[str, str]:
    """The token of one officer who may do everything at the desk."""
    secret, owner = accounts.new_token_secret(), work.town.people["officer"]
    with setting_up():
        for permission in EVERYTHING:
            Grant.objects.create(person=owner, permission=permission, unit=work.town.commune,
                                 valid_from=testing.FIRST_DAY)
        accounts.ApiToken.objects.create(
            owner=owner, label="thử", hash=accounts.token_fingerprint(secret), hint=secret[:8],
            scopes=list(EVERYTHING), created_at=now(), expires_at=now() + timedelta(days=1),
        )
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def references(work: Work) -> list[str]:
    """Dossiers at several steps, to which the generated calls are sent."""
    at = now()
    received = work.file(number="031090000901", at=at)
    assigned = work.assign(work.file(number="031090000902", at=at), at=at)
    third = work.assign(work.file(number="031090000903", at=at), to="second", at=at)
    proposed = work.propose(third, who="second", at=at)
    sent = work.submit_online(at=at)
    return [received.code, assigned.code, proposed.code, sent.reference]


def test_no_input_breaks_an_operation(references: list[str], headers: dict[str, str]) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application).include(path_regex=OURS)
    seen: set[int] = set()
    for found in described.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:

            @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None)
            @given(case=operation.as_strategy(generation_mode=mode))
            def fuzz(case) -> None:
                case.cookies = {}
                if "reference" in (case.path_parameters or {}):
                    case.path_parameters["reference"] = references[len(str(case.body)) % len(references)]
                response = case.call(headers=headers)
                seen.add(response.status_code)
                case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])

            fuzz()
    assert {200, 404, 409, 422} <= seen
    assert 401 not in seen
