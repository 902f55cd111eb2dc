"""The identity card at the counter: what its code says, as the boxes of a declaration take it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.operation.http import actor_of
from tuphap.shared.orgs import api as orgs
from tuphap.shared.people import api as people
from tuphap.shared.ui.fields import is_named, unit_label

from .. import rules

# Districts are no more from this day on: an address ends with commune and province (NQ 202/2025/QH15).
TWO_LEVELS_FROM = date(2025, 7, 1)
ADDRESS_BOXES = ("residence", "address")


@never_cache
@require_POST
@staff_required
def read(request: HttpRequest) -> HttpResponse:
    """What the card says, by the names of boxes. It is sent back to the desk that scanned it, and kept nowhere."""
    at = now()
    access.require_anywhere(actor_of(request), rules.Permission.RECEIVE, on=localdate(at))
    try:
        card = people.read_card(request.POST.get("card", "")[:1000])
    except Refusal as refusal:
        return JsonResponse({"code": refusal.code, "detail": refusal.message}, status=refusal.status)
    detail, unit = place_of(card, on=localdate(at))
    fields = {"name": card.name, "personal_number": card.personal_number, "born_on": f"{card.born_on:%d/%m/%Y}",
              "sex": card.sex.value}
    for box in ADDRESS_BOXES:
        fields |= {f"{box}_0": detail, f"{box}_1": unit}
    note = "" if unit else f"Chọn xã, phường theo địa chỉ in trên thẻ: {card.residence}."
    return JsonResponse({"fields": fields, "told": "Đã điền theo thẻ căn cước.", "note": note})


def place_of(card: people.IdentityCard, *, on: date) -> tuple[str, str]:
    """The printed address as detail and the label of its commune of today; the label is empty where it is not certain.

    Names repeat between districts of then and communes of now, so that the day of issue says which part is the
    commune. One that was split since has several successors and is left to be chosen.
    """
    parts = [part.strip() for part in card.residence.split(",") if part.strip()]
    levels = 2 if card.issued_on is not None and card.issued_on >= TWO_LEVELS_FROM else 3
    if len(parts) < levels:
        return card.residence, ""
    detail, commune = ", ".join(parts[:-levels]), parts[-levels]
    named = [
        one.unit for one in orgs.find_units(", ".join(parts[-levels:]), on=on)
        if is_named(one.formerly or one.unit, commune)
    ]
    return detail, unit_label(named[0]) if len(named) == 1 and card.issued_on is not None else ""
