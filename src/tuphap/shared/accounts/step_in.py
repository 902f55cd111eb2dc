"""The sample's open door: one click into any of its people. Outside the sample this page does not exist."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tuphap.kernel.clock import now

from . import login as doors
from .api import sample_allowed
from .models import LoginSession, User


def people() -> QuerySet[User]:
    """Whom a newcomer may step into: active staff by office, and citizens."""
    return User.objects.filter(is_active=True).exclude(kind=User.Kind.AGENCY).select_related("office").order_by(
        "kind", "office__kind", "office__sort_key", "title", "full_name"
    )


@never_cache
@require_safe
def step_in(request: HttpRequest) -> HttpResponse:
    """Cards of every person of the sample, by office; ``?tim=`` narrows them."""
    if not sample_allowed():
        raise Http404
    wanted = request.GET.get("tim", "").strip()[:60].casefold()
    staff = [u for u in people().filter(kind=User.Kind.STAFF) if _fits(u, wanted)]
    citizens = [u for u in people().filter(kind=User.Kind.CITIZEN) if _fits(u, wanted)]
    offices = [(office, list(group)) for office, group in groupby(staff, key=lambda u: u.office)]
    offices.sort(key=lambda pair: pair[0] is not None and pair[0].kind == "ubnd_xa")
    context = {"offices": offices, "citizens": citizens[:24], "wanted": request.GET.get("tim", "")}
    return render(request, "accounts/step_in.html", context)


@require_POST
def step_into(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Become this person; the log says that it was a step, not a login."""
    if not sample_allowed():
        raise Http404
    user = get_object_or_404(people(), pk=user_id)
    doors.enter(request, user=user, how=LoginSession.How.SAMPLE, at=now())
    return redirect(doors.safe_next(request, request.POST.get("next", "/")))


def _fits(user: User, wanted: str) -> bool:
    office = user.office.name if user.office else ""
    return not wanted or wanted in f"{user.full_name} {user.title} {office}".casefold()
