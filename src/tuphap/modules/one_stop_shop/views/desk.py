"""Pages of those who handle dossiers: the worklist, the dossier with what one may do, signing, the tracking book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import NotFound, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Dossier, Finding, State
from tuphap.shared.notices import api as notices
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs import api as orgs
from tuphap.shared.ui.api import LongPaginator

from .. import operations, queries, rules
from ..forms import SCANS, ActionForm, BookForm
from ..looks import queries as looks
from ..looks.rules import Look
from ..payments.own import money_of
from ..post import queries as post
from ..sheets import book_data, control_data, received_by, verdict_of
from ..slips import tracking_url
from .common import do_and_say, pdf, result_file, sent_file, stored_file, version_in
from .doings import DOINGS, MAIN_ROAD, Doing, doing_for
from .filing import results, sections, slip_answer
from .ways import change_way

PAGE = 30
ORIGINALS_SHOWN = (State.RESULT_READY, State.RETURNED, State.CLOSED)

# -- lists


@require_safe
@staff_required
def worklist(request: HttpRequest) -> HttpResponse:
    """What waits for this person, most urgent first; by kind of work, by urgency, by words."""
    whole = queries.worklist(actor_of(request), now())
    kind, urgency = request.GET.get("viec", ""), request.GET.get("han", "")
    text = request.GET.get("q", "").strip()
    items = [item for item in whole.items if not text or _mentions(item.dossier, text)]
    kinds = {item.action: item.label for item in whole.items}
    tabs = [{"title": "Tất cả", "href": _with(request, viec=""), "current": not kind, "count": len(items)}] + [
        {"title": label, "href": _with(request, viec=action), "current": kind == action,
         "count": sum(item.action == action for item in items)}
        for action, label in kinds.items()
    ]
    chosen = [i for i in items if (not kind or i.action == kind) and (not urgency or i.bucket == urgency)]
    quicks = [
        {"key": key, "title": title, "href": _with(request, han=bucket), "current": urgency == bucket, "tone": tone,
         "count": sum(not bucket or item.bucket == bucket for item in items)}
        for key, bucket, title, tone in QUICK
    ]
    groups = [
        (bucket, title, found) for bucket, title in rules.BUCKET_TITLES.items()
        if (found := [item for item in chosen if item.bucket is bucket])
    ]
    return render(request, "one_stop_shop/worklist.html", {
        "tabs": tabs, "quicks": quicks, "groups": groups, "text": text, "kind": kind, "urgency": urgency,
        "urgencies": rules.BUCKET_TITLES.items(), "any": bool(whole.items),
    })


@require_safe
@staff_required
def all_dossiers(request: HttpRequest) -> HttpResponse:
    """Every dossier that this person may see, by step and words."""
    at, actor = now(), actor_of(request)
    found = queries.visible(actor, at=at)
    state, text = request.GET.get("buoc", ""), request.GET.get("q", "").strip()
    if text:
        found = queries.with_words(found, text)
    tabs = [
        {"title": title, "href": _with(request, buoc=code, trang=""), "current": state == code, "count": None}
        for code, title in (("", "Tất cả"), *STATE_TABS.items())
    ]
    if state in STATES_OF:
        found = found.filter(state__in=STATES_OF[state])
    page = LongPaginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {"tabs": tabs, "page": page, "text": text, "state": state}
    return render(request, "one_stop_shop/all_dossiers.html", context)


# What is most pressing, each by one key.
QUICK = (
    ("1", rules.Bucket.LATE, "Quá hạn", "red"), ("2", rules.Bucket.TODAY, "Hôm nay", "amber"),
    ("3", rules.Bucket.TOMORROW, "Ngày mai", "blue"), ("0", "", "Tất cả", ""),
)
STATE_TABS = {"tiep-nhan": "Chờ tiếp nhận", "giai-quyet": "Đang giải quyết", "ket-qua": "Có kết quả", "xong": "Đã xong"}
STATES_OF: dict[str, tuple[State, ...]] = {
    "tiep-nhan": (State.SUBMITTED, State.NEEDS_SUPPLEMENT),
    "giai-quyet": tuple(sorted(dossiers.IN_HAND)),
    "ket-qua": (State.RESULT_READY, State.RETURNED),
    "xong": tuple(sorted(dossiers.TERMINAL)),
}


def _mentions(dossier: Dossier, text: str) -> bool:
    from tuphap.engines.vietnamese import fold

    words = f"{dossier.reference} {dossier.applicant_name} {dossier.procedure.name} {dossier.applicant_phone}"
    return fold(text) in fold(words)


def _with(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


# -- one dossier


@require_safe
@staff_required
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """One dossier whole; ``?viec=`` opens the form of one action."""
    found = _looked_at(request, reference)
    wanted = request.GET.get("viec", "")
    return _dossier_page(request, found, Action(wanted) if wanted in list(Action) else None)


@require_POST
@staff_required
def act(request: HttpRequest, dossier_id: UUID, action: str) -> HttpResponse:
    """Do one action; refused, the dossier is shown again with the reason beside what was typed.

    :raises NotFound: there is no such action.
    """
    if action not in list(Action) or Action(action) not in DOINGS:
        raise NotFound()
    at, actor = now(), actor_of(request)
    found = queries.get_visible(dossier_id, actor, at)
    doing = doing_for(Action(action), found)
    assert doing is not None
    form = doing.form(request.POST, dossier=found, actor=actor, at=at, findings=_findings(found, actor, at))
    if form.is_valid():
        try:
            doing.call(dossier_id=found.pk, actor=actor, at=at, version=version_in(request), **form.told(),
                       once=once_of(request))
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, doing.said)
            return _next_place(request, found.pk, actor, at)
    fresh = queries.get_visible(dossier_id, actor, at)
    return _dossier_page(request, fresh, Action(action), form)


def _next_place(request: HttpRequest, dossier_id: UUID, actor: Actor, at: datetime) -> HttpResponse:
    """Back to the dossier while one may still see it, else to one's work."""
    try:
        moved = queries.get_visible(dossier_id, actor, at)
    except dossiers.UnknownDossier:
        return redirect("one_stop_shop:worklist")
    return redirect("one_stop_shop:dossier", reference=moved.reference or str(moved.pk))


def _dossier_page(
    request: HttpRequest, found: Dossier, chosen: Action | None, form: ActionForm | None = None
) -> HttpResponse:
    at, actor = now(), actor_of(request)
    offers = queries.available_actions(found, actor, at)
    findings, slips = _findings(found, actor, at), queries.slips_of(found)
    buttons = _buttons(found, offers)
    offered = {offer.action for offer in offers}
    doing = doing_for(chosen, found) if chosen is not None else None
    if form is None and chosen in offered and doing is not None:
        form = doing.form(dossier=found, actor=actor, at=at, findings=findings or ())
    if form is not None and not form.is_bound and chosen not in offered:
        form = None
    context = {
        "dossier": found, "buttons": buttons, "chosen": chosen, "form": form,
        "doing": doing,
        "chosen_label": dossiers.ACTION_TITLES[chosen] if chosen else "",
        "findings": findings, "sections": sections(found), "parts": queries.completeness(found),
        "events": queries.history(found), "steps": queries.control_sheet(found), "slips": slips,
        "panels": found.handler.panels, "answers": found.answers, "result": results(found),
        "received_now": _just_received(request, slips),
        "originals": dossiers.originals_of(found) if found.state in ORIGINALS_SHOWN else [],
        "may_scan": dossiers.may_attach_scan(found, actor, at), "scan_kinds": ",".join(SCANS),
        "may_verify": dossiers.may_verify_scan(found, actor, at),
        "waiting": found.state == State.AWAITING_SIGNATURE, "rating": dossiers.rating_of(found),
        "deliveries": notices.deliveries((found.code or "", found.submission_code or "")),
        "parcels": post.parcels(found), "may_redirect": queries.may_redirect(found, actor, at), **money_of(found),
    }
    bad = form is not None and form.is_bound
    return render(request, "one_stop_shop/dossier.html", context, status=422 if bad else 200)


def _just_received(request: HttpRequest, slips: Sequence[dossiers.Event]) -> dossiers.Event | None:
    """The receipt, where the desk comes from having taken the dossier in: to be printed, and on to the next one."""
    if "moi" not in request.GET:
        return None
    return next((event for event in slips if event.form == rules.Form.RECEIPT), None)


def _buttons(
    found: Dossier, offers: Sequence[dossiers.ActionOffer]
) -> dict[str, list[tuple[dossiers.ActionOffer, Doing]]]:
    known = [(offer, doing) for offer in offers if (doing := doing_for(offer.action, found)) is not None]
    large = set(MAIN_ROAD)
    if any(offer.action == Action.HAND_TO_POST for offer, _ in known):  # what is sent is seldom fetched after all
        large = (large - {Action.RETURN}) | {Action.HAND_TO_POST}
    return {
        "main": [pair for pair in known if pair[0].action in large],
        "side": [pair for pair in known if pair[0].action not in large and not pair[0].danger],
        "danger": [pair for pair in known if pair[0].danger],
    }


def _findings(found: Dossier, actor: Actor, at: datetime) -> list[Finding]:
    """What the checks find, for who may know; nothing before receipt and after the end."""
    if found.state not in dossiers.IN_HAND:
        return []
    try:
        return queries.findings(found, actor, at)
    except access.Forbidden:
        return []


@require_http_methods(["GET", "POST"])
@staff_required
def way(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Another way for the result, on the applicant's word: also where the post has brought it back."""
    found = queries.get_visible(dossier_id, actor_of(request), now())
    return change_way(request, found, "one_stop_shop/desk_way.html", back="one_stop_shop:dossier")


@require_safe
@staff_required
def paper(request: HttpRequest, dossier_id: UUID, paper_id: int) -> HttpResponse:
    """A file of a dossier that one may see."""
    return sent_file(_looked_at(request, dossier_id, Look.PAPER), paper_id)


@require_safe
@staff_required
def slip(request: HttpRequest, dossier_id: UUID, seq: int, kind: str = "html") -> HttpResponse:
    """A slip that a step of the dossier issued."""
    return slip_answer(request, _looked_at(request, dossier_id), seq, kind)


@require_safe
@staff_required
def control_sheet(request: HttpRequest, dossier_id: UUID, kind: str = "html") -> HttpResponse:
    """Form 06, to print: as a page or as PDF."""
    at = now()
    found = _looked_at(request, dossier_id)
    if kind == "pdf":
        return pdf(queries.control_sheet_pdf(found, at=at), f"mau-06-{found.reference or found.pk}.pdf")
    return render(request, "one_stop_shop/control_sheet.html", {
        "dossier": found, "sheet": control_data(found, queries.control_sheet(found), at=at),
        "tracking": tracking_url(found),
    })


@require_safe
@staff_required
def result(request: HttpRequest, dossier_id: UUID, document_id: UUID) -> HttpResponse:
    """A signed paper of the result, to look at or to print and hand out."""
    return result_file(_looked_at(request, dossier_id, Look.RESULT), document_id)


def _looked_at(request: HttpRequest, reference: str | UUID, what: Look = Look.DOSSIER) -> Dossier:
    """A dossier that one may see; that one looks at it is kept, for whom it is about."""
    at, actor = now(), actor_of(request)
    found = queries.get_visible(reference, actor, at)
    looks.note(found, actor, at, what)
    return found


# -- papers signed by hand


@require_safe
@staff_required
def originals(request: HttpRequest) -> HttpResponse:
    """Dossiers with a result that lack the scan of a paper signed by hand, or somebody to verify it."""
    page = Paginator(queries.lacking_originals(actor_of(request), at=now()), PAGE).get_page(request.GET.get("trang"))
    return render(request, "one_stop_shop/originals.html", {"page": page})


@require_POST
@staff_required
def attach_scan(request: HttpRequest, dossier_id: UUID, original: str) -> HttpResponse:
    """Add the scan that was chosen; refused, the dossier's page says why."""
    at, actor = now(), actor_of(request)
    found = queries.get_visible(dossier_id, actor, at)
    sent = request.FILES.get("tep")
    if sent is None:
        dossiers.require_attachable(found, original=original, actor=actor, at=at)
        messages.error(request, "Vui lòng chọn tệp bản quét.")
        return _to_originals(found)
    do_and_say(request, operations.attach_signed_scan, "Đã đính kèm bản quét; cần một công chức khác kiểm tra.",
        dossier_id=found.pk, original=original, content=sent.read(), name=sent.name or "ban-quet",
        media_type=sent.content_type or "")
    return _to_originals(found)


@require_POST
@staff_required
def verify_scan(request: HttpRequest, dossier_id: UUID, scan_id: int) -> HttpResponse:
    found = queries.get_visible(dossier_id, actor_of(request), now())
    do_and_say(request, operations.verify_signed_scan, "Đã xác nhận bản quét.", dossier_id=found.pk, scan_id=scan_id)
    return _to_originals(found)


@require_POST
@staff_required
def send_scan_back(request: HttpRequest, dossier_id: UUID, scan_id: int) -> HttpResponse:
    found = queries.get_visible(dossier_id, actor_of(request), now())
    do_and_say(request, operations.send_signed_scan_back, "Đã trả lại bản quét.", dossier_id=found.pk, scan_id=scan_id,
        reason=request.POST.get("ly_do", ""))
    return _to_originals(found)


def _to_originals(found: Dossier) -> HttpResponse:
    return redirect(f"{reverse('one_stop_shop:dossier', args=[found.reference or str(found.pk)])}#ban-ky")


@require_safe
@staff_required
def scan(request: HttpRequest, dossier_id: UUID, scan_id: int) -> HttpResponse:
    """The scan of a dossier that one may see, checked against its hash."""
    found = queries.get_visible(dossier_id, actor_of(request), now())
    kept = found.signed_scans.select_related("file").filter(pk=scan_id).first()
    if kept is None:
        raise NotFound()
    return stored_file(kept.file)


# -- the tracking book


@require_safe
@staff_required
def tracking_book(request: HttpRequest) -> HttpResponse:
    """Form 07 for an office and some days, on the screen and to print."""
    at, actor = now(), actor_of(request)
    units = queries.offices_of(actor, rules.Permission.VIEW, at=at)
    today = localdate(at)
    first = units.filter(orgs.valid_on(today)).first() or units.first()
    initial = {"don_vi": first.pk if first else None, "tu": today - timedelta(days=6), "den": today}
    asked = any(name in request.GET for name in ("don_vi", "tu", "den"))
    form = BookForm(request.GET if asked else None, initial=initial, units=units)
    rows, unit, days = None, first, (today - timedelta(days=6), today)
    if asked and form.is_valid():
        unit, days = form.cleaned_data["don_vi"], (form.cleaned_data["tu"], form.cleaned_data["den"])
    if unit is not None and not (asked and form.errors):
        told: dict[str, Any] = {"at": at, "unit_id": unit.pk, "day_from": days[0], "day_to": days[1]}
        printed = request.GET.get("in", "")
        if printed == "pdf":
            return pdf(queries.tracking_book_pdf(actor, **told), f"mau-07-{unit.code}-{days[0]}-{days[1]}.pdf")
        rows = queries.tracking_book(actor, **told)[:queries.BOOK_ROWS]
        if printed:
            sheet = book_data(unit, rows, days=days, at=at)
            return render(request, "one_stop_shop/tracking_book_print.html", {"sheet": sheet})
    return render(request, "one_stop_shop/tracking_book.html", {
        "form": form, "rows": [(row, verdict_of(row), received_by(row)) for row in rows or ()],
        "print_url": _with(request, **{"in": 1}), "pdf_url": _with(request, **{"in": "pdf"}),
    })
