"""The sample's open door: one click into any of its people. Outside the sample this page does not exist."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tuphap.kernel.clock import localdate, now
from tuphap.shared.orgs.models import OrgUnit

from . import login as doors
from .api import offices_now, sample_allowed
from .models import LoginSession, User

OPEN_OFFICES = 3  # the department and the first communes stand open; the others open by a click


def people() -> QuerySet[User]:
    """Whom a newcomer may step into: active staff by office, and citizens."""
    return User.objects.filter(is_active=True).exclude(kind=User.Kind.AGENCY).order_by("title", "full_name", "pk")


@never_cache
@require_safe
def step_in(request: HttpRequest) -> HttpResponse:
    """Cards of every person of the sample, by office; ``?tim=`` narrows them."""
    if not sample_allowed():
        raise Http404
    wanted = request.GET.get("tim", "").strip()[:60].casefold()
    everybody = list(people())
    places = offices_now(everybody, on=localdate(now()))
    by_office: dict[OrgUnit | None, list[User]] = defaultdict(list)
    for user in everybody:
        office = places.get(user.office_id) if user.office_id else None
        if user.kind == User.Kind.STAFF and _fits(user, office, wanted):
            by_office[office].append(user)
    offices = sorted(by_office.items(), key=lambda pair: (_rank(pair[0]), pair[0].sort_key if pair[0] else ""))
    citizens = [u for u in everybody if u.kind == User.Kind.CITIZEN and _fits(u, None, wanted)]
    context = {
        "offices": offices, "citizens": citizens[:24], "wanted": request.GET.get("tim", ""),
        "open_offices": len(offices) if wanted else OPEN_OFFICES,
    }
    return render(request, "accounts/step_in.html", context)


@require_POST
def step_into(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Become this person; the log says that it was a step, not a login."""
    if not sample_allowed():
        raise Http404
    user = get_object_or_404(people(), pk=user_id)
    doors.enter(request, user=user, how=LoginSession.How.SAMPLE, at=now())
    return redirect(doors.safe_next(request, request.POST.get("next", "/")))


def _fits(user: User, office: OrgUnit | None, wanted: str) -> bool:
    place = office.name if office else ""
    return not wanted or wanted in f"{user.full_name} {user.title} {place}".casefold()


def _rank(office: OrgUnit | None) -> int:
    """The department before the communes, who belongs nowhere last."""
    if office is None:
        return 2
    return 1 if office.kind == OrgUnit.Kind.COMMUNE else 0
