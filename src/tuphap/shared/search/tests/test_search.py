"""Who finds what: by accent-blind words, best first, and never a record beyond the searcher's grants."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tuphap.kernel.actor import Actor, ActorKind, system_actor
from tuphap.kernel.clock import now
from tuphap.shared.access import api as access
from tuphap.shared.access.models import Grant
from tuphap.shared.accounts.models import User
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.api import operation
from tuphap.shared.operation.testing import setting_up
from tuphap.shared.orgs.models import AdminUnit, OrgUnit
from tuphap.shared.search import api
from tuphap.shared.search.models import SearchRecord

ME = system_actor("test")


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access.permissions, "_items", {})
    monkeypatch.setattr(api.sources, "_items", {})
    access.Permission("test.read", "Xem").install()
    access.Permission("test.other", "Xem thứ khác").install()
    api.SearchSource("paper", "Giấy tờ", "test.read", fetch=f"{__name__}.fetch").install()
    api.SearchSource("case", "Vụ việc", "test.other").install()


def fetch(object_id: str) -> api.Found | None:
    return None if object_id == "gone" else api.Found(offices()[0].pk, f"Tờ {object_id}", "/to/", ("mới",))


def offices() -> list[OrgUnit]:
    return list(OrgUnit.objects.filter(code__startswith="T.").order_by("code"))


@pytest.fixture
def clerk(db: None) -> User:
    with setting_up():
        for number in (1, 2):
            place = AdminUnit.objects.create(
                code=f"9990{number}", level=3, name=f"Xã {number}", kind="xa", valid_from=date(2025, 7, 1), sort_key="x"
            )
            OrgUnit.objects.create(
                code=f"T.{number}", name=f"UBND Xã {number}", short_name=f"Xã {number}", kind="ubnd_xa",
                admin_unit=place, valid_from=date(2025, 7, 1), sort_key="x",
            )
        user = User.objects.create_staff(username="can.bo", password=None, full_name="Lê Thị Cán Bộ")
        Grant.objects.create(person=user, permission="test.read", unit=offices()[0], valid_from=date(2025, 7, 1))
    return user


def actor(user: User) -> Actor:
    return Actor(kind=ActorKind.STAFF, name=user.full_name, user_id=user.pk)


@operation
def put(*, source: str, key: str, unit: int, title: str, words: tuple[str, ...], actor, at) -> None:
    api.index(source, object_id=key, unit_id=unit, title=title, url=f"/{key}/", words=words, at=at)


def keep(source: str, key: str, unit: OrgUnit, title: str, *words: str) -> None:
    put(source=source, key=key, unit=unit.pk, title=title, words=words, actor=ME, at=now())


def found(user: User, text: str, source: str = "") -> list[str]:
    return [record.object_id for record in api.search(actor(user), text, now(), source=source).records]


def test_accents_case_order_and_parts_of_words_do_not_matter(
    clerk: User, django_capture_on_commit_callbacks: Any
) -> None:
    here = offices()[0]
    with django_capture_on_commit_callbacks(execute=True):
        keep("paper", "1", here, "Nguyễn Thị Ánh Đào", "H31.1-250701-0001", "031187000123")
        keep("paper", "2", here, "Đào Văn Nguyên", "H31.1-250701-0002")
    for text in ("nguyễn thị ánh đào", "DAO ANH", "anh nguyen", "031187", "H31.1-250701-0001", "ánh  ĐÀO"):
        assert found(clerk, text) == ["1"], text
    assert found(clerk, "031187000123") == found(clerk, "đào 031187000123") == found(clerk, "1187000123") == ["1"]
    assert found(clerk, "van 031187000123") == []
    assert found(clerk, "dao nguyen") == ["2", "1"]  # the newest first
    assert found(clerk, "nguyen van") == ["2"]
    for slip in ("nguyexn thi ahn dao", "nguyen thj anh dao", "ngueyn thi dao 031187"):
        assert found(clerk, slip) == ["1"], slip
    assert found(clerk, "ngueyn") == ["2", "1"]
    assert found(clerk, "nguyexn 031187000124") == [], "a number is nobody's slip"
    for text in ("", " ", "x", "%", "khong co ai", "' OR 1=1 --", "_____"):
        assert found(clerk, text) == [], text


def test_nobody_finds_what_their_grants_do_not_cover(clerk: User) -> None:
    here, there = offices()
    keep("paper", "mine", here, "Hồ sơ chung")
    keep("paper", "theirs", there, "Hồ sơ chung")
    keep("case", "other-permission", here, "Hồ sơ chung")
    assert found(clerk, "ho so chung") == ["mine"]
    assert found(clerk, "ho so chung", "case") == []
    assert not api.search(ME, "ho so chung", now()).records
    with setting_up():
        Grant.objects.create(person=clerk, permission="test.other", unit=there, valid_from=date(2025, 7, 1))
    keep("case", "theirs-by-grant", there, "Hồ sơ chung")
    assert set(found(clerk, "ho so chung")) == {"mine", "theirs-by-grant"}


def test_indexing_again_replaces_and_forgetting_forgets(clerk: User) -> None:
    here = offices()[0]
    keep("paper", "1", here, "Phan Bội Châu")
    keep("paper", "1", here, "Trần Quốc Toản")
    assert found(clerk, "phan boi") == []
    assert found(clerk, "tran quoc") == ["1"]
    with setting_up():
        api.reindex("paper", object_id="1", at=now())
        api.reindex("paper", object_id="gone", at=now())
    assert SearchRecord.objects.get().title == "Tờ 1"
    with setting_up():
        api.forget("paper", object_id="1")
    assert found(clerk, "to 1 moi") == []


def test_a_search_is_logged_without_its_words(clerk: User) -> None:
    keep("paper", "1", offices()[0], "Trần Bí Mật")
    found(clerk, "bí mật")
    entry = Entry.objects.get(event="record.read")
    assert entry.facts["found"] == 1
    assert entry.actor_id == clerk.pk
    assert "mật" not in str(entry.facts).lower() and "mat" not in str(entry.facts)


def test_one_query_for_the_grants_and_one_for_the_search(clerk: User, django_assert_max_num_queries) -> None:
    keep("paper", "1", offices()[0], "Một hai ba")
    with django_assert_max_num_queries(9):
        found(clerk, "mot hai")


def test_looking_people_up_in_bulk_is_stopped(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "BURST", 3)
    for word in ("mot", "hai", "ba"):
        found(clerk, word)
    with pytest.raises(api.TooManySearches):
        found(clerk, "bon")
    assert not api.search(actor(clerk), "bon", now() + api.BURST_TIME + api.BURST_TIME).records


def test_the_page(clerk: User, client: Client) -> None:
    assert client.get("/tim-kiem/").status_code == 403


def test_the_page_says_that_it_guessed(
    clerk: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        keep("paper", "1", offices()[0], "Nguyễn Thị Ánh Đào")
    client.force_login(clerk)
    for typed, guessed in (("anh dao", False), ("ahn dao", True), ("khong co", False)):
        answer = client.get("/tim-kiem/", {"tu-khoa": typed})
        assert answer.status_code == 200
        assert ("từ gần giống" in answer.content.decode()) is guessed, typed
