"""Who has looked at my data: a page of the citizen's own."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tuphap.kernel.clock import localdate, now
from tuphap.shared.accounts.api import citizen_required
from tuphap.shared.operation.http import actor_of
from tuphap.shared.orgs.models import OrgUnit

from . import queries

PAGE = 30


@require_safe
@citizen_required
def who_looked(request: HttpRequest) -> HttpResponse:
    """Every look, the latest first; and where one may complain."""
    found = queries.own_looks(actor_of(request))
    page = Paginator(found.entries, PAGE).get_page(request.GET.get("trang"))
    department = OrgUnit.objects.filter(
        kind=OrgUnit.Kind.DEPARTMENT, valid_from__lte=localdate(now()), valid_to__isnull=True
    ).order_by("sort_key", "pk").first()
    looks = queries.told(page.object_list, found.codes, on=localdate(now()))
    return render(request, "one_stop_shop/who_looked.html", {"page": page, "looks": looks, "department": department})
