"""The pages that belong to no module: the front door, the day's work, suggestions of communes, the health check."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.kernel.clock import localdate, now
from tuphap.modules.one_stop_shop import queries
from tuphap.modules.one_stop_shop.rules import Bucket
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.orgs import api as orgs
from tuphap.shared.ui.fields import best_first, unit_label

URGENT_LINES = 8
# Birth, marriage, single status, extract, death, correction: what people ask for at every counter of the country.
OFTEN_WANTED = ("1.001193", "1.000894", "1.004873", "2.000635", "1.000656", "1.004859")
SUGGESTIONS = 12
LOOKED_AT = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The day's work for staff; for everybody else the portal's front page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return _today(request, actor) if actor.kind is ActorKind.STAFF else _portal(request)


def _today(request: HttpRequest, actor: Actor) -> HttpResponse:
    work = queries.worklist(actor, now())
    numbers = work.numbers
    return render(request, "site/today.html", {
        "late": numbers[Bucket.LATE], "today": numbers[Bucket.TODAY], "tomorrow": numbers[Bucket.TOMORROW],
        "all": len(work.items), "urgent": work.items[:URGENT_LINES], "day": localdate(now()),
        "codes": {"late": Bucket.LATE, "today": Bucket.TODAY, "tomorrow": Bucket.TOMORROW},
    })


def _portal(request: HttpRequest) -> HttpResponse:
    """Search first, then what most people come for, as far as it is in force today."""
    catalogue = {procedure.code: procedure for procedure in dossiers.procedures(on=localdate(now()))}
    popular = [catalogue[code] for code in OFTEN_WANTED if code in catalogue]
    return render(request, "site/home.html", {"popular": popular, "number": len(catalogue)})


@require_safe
def find_units(request: HttpRequest) -> HttpResponse:
    """Communes of today that fit what was typed so far, for the picker."""
    text = request.GET.get("q", "").strip()[:80]
    found = orgs.find_units(text, on=localdate(now()), limit=LOOKED_AT) if len(text) > 1 else []
    units = best_first((one.unit for one in found), text)
    return JsonResponse({"items": [unit_label(unit) for unit in units[:SUGGESTIONS]]})


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process can reach its database; for supervisors and load balancers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
