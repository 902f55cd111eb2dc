"""The search page of the staff."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tuphap.kernel.actor import ActorKind
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied

from . import api

LONGEST_QUERY = 200
MOST_RESULTS = 50


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What the words find among the records that this person may see.

    :raises Denied: nobody who holds none of the sources' permissions searches here.
    """
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    mine = api.searchable(actor, on=localdate(at))
    if actor.kind is not ActorKind.STAFF or not mine:
        raise Denied()
    text = request.GET.get("tu-khoa", "")[:LONGEST_QUERY].replace("\x00", "")
    wanted = request.GET.get("nguon", "")
    source = wanted if wanted in {s.code for s in mine} else ""
    told = api.search(actor, text, at, source=source, limit=MOST_RESULTS)
    found = told.records
    if len(found) == 1 and found[0].title.partition(" ")[0].casefold() == text.strip().casefold():
        return redirect(found[0].url)  # a whole code: nothing is left to choose
    titles = {s.code: s.title for s in mine}
    return render(
        request,
        "search/results.html",
        {
            "text": text, "source": source, "sources": mine, "searched": bool(text.strip()), "most": MOST_RESULTS,
            "by_slips": told.by_slips,
            "found": [{"record": record, "kind": titles.get(record.source, "")} for record in found],
        },
    )
