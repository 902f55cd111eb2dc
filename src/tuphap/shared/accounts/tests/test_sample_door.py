"""The open door of the sample: one click there, and no such door anywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from django.test import Client
from django.urls import NoReverseMatch, include, path, reverse

from tuphap.kernel.clock import now
from tuphap.shared.accounts import api as accounts
from tuphap.shared.accounts import login, step_in
from tuphap.shared.accounts.checks import no_sample_in_production
from tuphap.shared.accounts.models import LoginSession, User
from tuphap.shared.accounts.urls import urlpatterns as real_patterns
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import AdminUnit, OrgUnit
from tuphap.site.urls import urlpatterns as site_patterns

with_the_door = [
    *real_patterns,
    path("thu-vai/", step_in.step_in, name="step_in"),
    path("thu-vai/<uuid:user_id>/", step_in.step_into, name="step_into"),
]
urlpatterns = [path("", include((with_the_door, "accounts"))), *site_patterns]


@pytest.fixture
def chairman(db) -> User:
    with setting_up():
        return User.objects.create_staff(
            username="chu-tich", password=None, full_name="Trần Văn Chủ", title="Chủ tịch UBND phường"
        )


def test_outside_the_sample_the_address_does_not_exist(client, chairman) -> None:
    assert not any(p.name in ("step_in", "step_into") for p in real_patterns)
    with pytest.raises(NoReverseMatch):
        reverse("accounts:step_in")
    assert client.get("/thu-vai/").status_code == 404
    assert client.post(f"/thu-vai/{chairman.pk}/").status_code == 404


@pytest.mark.urls(__name__)
def test_outside_the_sample_the_view_refuses_even_where_it_is_reached(client, chairman) -> None:
    assert client.get("/thu-vai/").status_code == 404
    assert client.post(f"/thu-vai/{chairman.pk}/").status_code == 404
    assert not LoginSession.objects.exists()


@pytest.mark.urls(__name__)
def test_the_login_itself_refuses_outside_the_sample(rf, chairman) -> None:
    with pytest.raises(login.SampleOnly):
        login.enter(rf.post("/"), user=chairman, how=LoginSession.How.SAMPLE, at=now())


@pytest.mark.urls(__name__)
def test_a_sample_session_does_not_outlive_the_sample(client, chairman, settings) -> None:
    settings.SAMPLE_MODE = True
    client.post(f"/thu-vai/{chairman.pk}/")
    assert client.get("/tai-khoan/phien/").status_code == 200
    settings.SAMPLE_MODE = False
    assert client.get("/tai-khoan/phien/").status_code == 302


def test_production_counts_for_more_than_the_switch(settings) -> None:
    from dataclasses import replace

    settings.SAMPLE_MODE = True
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, mode="production")
    assert not accounts.sample_allowed()
    assert [found.id for found in no_sample_in_production()] == ["accounts.E001"]
    settings.SAMPLE_MODE = False
    assert no_sample_in_production() == []


PROBE = """
import django; django.setup()
from django.conf import settings
from django.urls import get_resolver, resolve, Resolver404
from django.core.checks import run_checks
def names(resolver):
    for p in resolver.url_patterns:
        if hasattr(p, "url_patterns"): yield from names(p)
        else: yield str(p.pattern)
found = [n for n in names(get_resolver()) if "thu-vai" in n]
try:
    resolve("/thu-vai/"); found.append("resolved")
except Resolver404:
    pass
print("FOUND", found, settings.SAMPLE_MODE, [e.id for e in run_checks() if e.id == "accounts.E001"])
"""


@pytest.mark.parametrize(("settings_name", "expected"), [
    ("prod", "FOUND [] False []"), ("sample", "FOUND [] True ['accounts.E001']"),
])
def test_no_settings_module_opens_the_door_in_production(settings_name, expected) -> None:
    environment = {
        **os.environ, "TUPHAP_MODE": "production", "TUPHAP_SECRET_KEY": "x" * 60,
        "DJANGO_SETTINGS_MODULE": f"tuphap.settings.{settings_name}",
    }
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=False)
    assert expected in done.stdout, done.stderr[-2000:]


class TestInTheSample:
    @pytest.fixture(autouse=True)
    def sample(self, settings) -> None:
        settings.SAMPLE_MODE = True
        settings.ROOT_URLCONF = __name__

    def test_one_click_into_any_role(self, client, chairman) -> None:
        response = client.post(f"/thu-vai/{chairman.pk}/")
        assert response["location"] == "/"
        assert client.get("/tai-khoan/phien/").status_code == 200
        assert LoginSession.objects.get().how == "sample"

    def test_stepping_from_one_role_into_another_ends_the_first(self, client, chairman) -> None:
        with setting_up():
            other = User.objects.create_staff(username="khac", password=None, full_name="Người Khác")
        client.post(f"/thu-vai/{chairman.pk}/")
        client.post(f"/thu-vai/{other.pk}/")
        assert LoginSession.objects.filter(ended_at__isnull=True).get().user == other

    def test_it_needs_a_click_of_ones_own(self, chairman) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(f"/thu-vai/{chairman.pk}/").status_code == 403
        assert strict.get(f"/thu-vai/{chairman.pk}/").status_code == 405

    def test_disabled_people_and_agencies_are_not_offered(self, client, chairman) -> None:
        with setting_up():
            User.objects.filter(pk=chairman.pk).update(is_active=False)
            agency = User.objects.create_agency(username="ngan-hang", full_name="Ngân hàng")
        assert client.post(f"/thu-vai/{chairman.pk}/").status_code == 404
        assert client.post(f"/thu-vai/{agency.pk}/").status_code == 404

    def test_people_stand_under_the_office_that_has_succeeded_theirs(self, client, chairman) -> None:
        with setting_up():
            land = AdminUnit.objects.create(
                code="z1", level=3, name="z", kind="xa", valid_from=date(2000, 1, 1), sort_key="z"
            )
            made = {"kind": "ubnd_xa", "admin_unit": land, "sort_key": "z", "short_name": "z"}
            new = OrgUnit.objects.create(code="Z.2", name="UBND phường Mới", valid_from=date(2025, 7, 1), **made)
            chairman.office = OrgUnit.objects.create(
                code="Z.1", name="UBND xã Cũ", valid_from=date(2000, 1, 1), valid_to=date(2025, 7, 1), successor=new,
                **made,
            )
            chairman.save()
        page = client.get("/thu-vai/").content.decode()
        assert "UBND phường Mới" in page and "UBND xã Cũ" not in page
        assert "Trần Văn Chủ" in client.get("/thu-vai/", {"tim": "phường mới"}).content.decode()
        assert "Trần Văn Chủ" not in client.get("/thu-vai/", {"tim": "không có"}).content.decode()
