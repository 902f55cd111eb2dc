"""Long lists: counted no further than people read."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tuphap.shared.orgs.models import AdminUnit
from tuphap.shared.ui import paging
from tuphap.shared.ui.api import LongPaginator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]


@pytest.mark.parametrize(("most", "count", "is_cut", "said"), [
    (10, 10, True, "1–4 trong hơn 10"), (34, 34, False, "1–4 trong 34"), (50, 34, False, "1–4 trong 34"),
])
def test_a_list_is_counted_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch, most: int, count: int, is_cut: bool, said: str
) -> None:
    monkeypatch.setattr(paging, "MOST", most)
    provinces = AdminUnit.objects.filter(level=1, valid_to=None).order_by("code")
    with CaptureQueriesContext(connection) as asked:
        pages = LongPaginator(provinces, 4)
        page = pages.get_page("1")
        assert (pages.count, pages.is_cut, pages.num_pages) == (count, is_cut, -(-count // 4))
    assert len(asked) == 1 and f"LIMIT {most + 1}" in asked[0]["sql"]
    assert len(list(page)) == 4
    request = RequestFactory().get("/")
    drawn = Template("{% pagination page %}").render(RequestContext(request, {"page": page}))
    assert said in drawn
