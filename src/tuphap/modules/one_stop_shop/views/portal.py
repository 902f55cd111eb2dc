"""Pages that anybody may see: find a procedure, read about it, follow a dossier."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tuphap.engines.vietnamese import fold, text_sort_key
from tuphap.kernel.actor import ActorKind
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.accounts import api as accounts
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Procedure
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs.models import OrgUnit

from .. import answers, operations, queries
from ..forms import PlaceForm, TrackForm


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """The catalogue: searched in a resident's words, or looked through by who decides and by sector."""
    text = request.GET.get("q", "").strip()[:200]
    found = queries.find_procedures(text, on=localdate(now()))
    if text:
        return render(request, "one_stop_shop/procedures.html", {"text": text, "found": found})
    authorities = _authorities(found)
    sectors = {sector.slug: sector for authority in authorities for sector in authority.sectors}
    # Where nobody has chosen: the sector with most procedures at the commune, which most people come for.
    largest = max(authorities[0].sectors, key=lambda sector: sector.count) if authorities else None
    chosen = sectors.get(request.GET.get("linh-vuc", "")) or largest
    members = [p for p in found if chosen and (p.authority_level, p.sector) == (chosen.authority, chosen.name)]
    groups = [
        (group or chosen.name, list(some))
        for group, some in groupby(members, key=lambda p: p.group)
    ] if chosen else []
    return render(request, "one_stop_shop/procedures.html", {
        "text": "", "authorities": authorities, "groups": groups, "chosen": chosen.slug if chosen else "",
    })


@dataclass(frozen=True, slots=True)
class _Sector:
    """A sector of one level of authority; ``slug`` is what its address says."""

    authority: str
    name: str
    count: int

    @property
    def slug(self) -> str:
        return f"{self.authority}-{fold(self.name).replace(' ', '-')}"


@dataclass(frozen=True, slots=True)
class _Authority:
    title: str
    sectors: tuple[_Sector, ...]


def _authorities(found: list[Procedure]) -> list[_Authority]:
    """The commune first, where most people go."""
    counted = Counter((p.authority_level, p.sector) for p in found)
    return [
        _Authority(title, tuple(
            _Sector(level, name, counted[at, name])
            for at, name in sorted(counted, key=lambda pair: text_sort_key(pair[1])) if at == level
        ))
        for level, title in (
            (Procedure.Authority.COMMUNE, "Tại xã, phường, đặc khu"), (Procedure.Authority.PROVINCE, "Tại Sở Tư pháp"),
            (Procedure.Authority.OTHER, "Tại cơ quan khác"),
        ) if any(at == level for at, _ in counted)
    ]


@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure: what to bring, what it costs, how long it takes, whether one may file it here."""
    found = dossiers.procedure_in_force(code, on=localdate(now()))
    may = _may_file(request)
    return render(request, "one_stop_shop/procedure.html", {
        "procedure": found, "may": may, "told": answers.told(found, answers.Visitor(**may)),
        "fees": fees.tariffs(found),
    })


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """May one file, and where? Then the draft is opened and its first page shown."""
    at, actor = now(), actor_of(request)
    found = dossiers.procedure_in_force(code, on=localdate(at))
    if actor.kind is ActorKind.STAFF:
        return redirect("one_stop_shop:receive_at_counter", code=code)
    may = _may_file(request)
    form = PlaceForm(request.POST or None, procedure=found, at=at)
    if request.method == "POST" and form.is_valid():
        place: OrgUnit = form.cleaned_data["noi"]
        try:
            dossier = operations.start_draft(
                procedure_code=found.code, resolving_unit_id=place.pk, actor=actor, at=at, once=once_of(request)
            )
        except accounts.NotLoggedIn:
            return redirect(f"{reverse('accounts:login')}?next={request.path}")
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            if form.cleaned_data["nop_cho"]:
                page = reverse("one_stop_shop:for_another", args=[dossier.pk])
                return redirect(f"{page}?quyen={form.cleaned_data['nop_cho']}")
            first = dossier.form_pages()[0].code
            return redirect("one_stop_shop:fill", dossier_id=dossier.pk, page=first)
    status = 422 if form.is_bound else 200
    return render(request, "one_stop_shop/start.html", {"procedure": found, "may": may, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Follow a dossier without logging in."""
    form = TrackForm(request.POST or None, initial={"ma": request.GET.get("ma", "")[:60]})
    view = None
    if request.method == "POST" and form.is_valid():
        try:
            view = queries.track(form.cleaned_data["ma"], form.cleaned_data["dien_thoai"])
        except dossiers.UnknownDossier:
            form.add_error(None, "Không có hồ sơ nào khớp cả mã và số điện thoại. Kiểm tra lại hai thông tin này.")
    status = 422 if form.is_bound and view is None else 200
    return render(request, "one_stop_shop/track.html", {"form": form, "view": view}, status=status)


def _may_file(request: HttpRequest) -> dict[str, bool]:
    """Each condition of filing online, and whether the visitor meets it."""
    actor = actor_of(request)
    logged_in = actor.kind is ActorKind.CITIZEN
    enough = False
    if logged_in:
        try:
            accounts.require_assurance(actor)
            enough = True
        except accounts.AssuranceTooLow:
            enough = False
    return {"logged_in": logged_in, "enough": enough, "staff": actor.kind is ActorKind.STAFF}
