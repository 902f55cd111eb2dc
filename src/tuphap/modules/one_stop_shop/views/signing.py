"""The leader's desk: many dossiers looked through, ticked and approved with one code, and what became of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tuphap.kernel.clock import now
from tuphap.shared.accounts.api import WrongCode, staff_required
from tuphap.shared.dossiers.api import State
from tuphap.shared.operation.http import actor_of, once_of

from .. import operations, queries
from ..forms import SignForm
from .common import keys_in

SESSION_KEY = "one_stop_signed"


@require_http_methods(["GET", "POST"])
@staff_required
def sign(request: HttpRequest) -> HttpResponse:
    """What waits for this person's signature: one or many approved at once, each with its own outcome."""
    at, actor = now(), actor_of(request)
    ticked = keys_in(request, "hs")[:queries.MOST_TO_SIGN] if request.method == "POST" else []
    form = SignForm(request.POST if ticked else None, actor=actor)
    if ticked and form.is_valid():
        # Whatever another leader has decided meanwhile is asked for as well: its refusal says who was first.
        seen = set(queries.visible(actor, at=at).filter(pk__in=ticked).values_list("pk", flat=True))
        chosen = [pk for pk in ticked if pk in seen]
        try:
            outcomes = operations.approve_each(
                dossier_ids=chosen, code=form.cleaned_data.get("code", ""), actor=actor, at=at, once=once_of(request)
            )
        except WrongCode as refusal:
            form.add_refusal(refusal)
        else:
            request.session[SESSION_KEY] = {
                "gone": len(ticked) - len(chosen),
                "rows": [{"id": str(o.dossier_id), "refusal": o.refusal.message if o.refusal else ""}
                         for o in outcomes],
            }
            return redirect("one_stop_shop:signed")
    bad = request.method == "POST"
    return render(request, "one_stop_shop/sign.html", {
        "items": queries.to_sign(actor, at), "waiting": queries.number_to_sign(actor=actor, at=at), "form": form,
        "ticked": set(ticked), "empty_choice": bad and not ticked,
    }, status=422 if bad else 200)


@require_safe
@staff_required
def signed(request: HttpRequest) -> HttpResponse:
    """What became of those just approved; looks again while the signer works."""
    at, actor = now(), actor_of(request)
    told: dict[str, Any] = request.session.get(SESSION_KEY) or {"gone": 0, "rows": []}
    found = {str(d.pk): d for d in queries.visible(actor, at=at).filter(pk__in=[entry["id"] for entry in told["rows"]])}
    rows = [(found[entry["id"]], entry["refusal"]) for entry in told["rows"] if entry["id"] in found]
    done = sum(not refusal and row.state != State.AWAITING_SIGNATURE for row, refusal in rows)
    return render(request, "one_stop_shop/signed.html", {
        "rows": sorted(rows, key=lambda row: not row[1]), "done": done,
        "refused": sum(bool(refusal) for _, refusal in rows),
        "gone": told["gone"] + len(told["rows"]) - len(rows),
        "waiting": any(not refusal and row.state == State.AWAITING_SIGNATURE for row, refusal in rows),
    })
