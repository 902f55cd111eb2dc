"""Pages of old books: what is being transcribed, an entry part by part with the scan beside it, the comparison."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuphap.kernel.clock import localdate, now
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.files import api as files
from tuphap.shared.indicators import api as indicators
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.ui.api import Form

from ..forms import ReasonForm
from ..models import OldEntry
from ..rules import Permission
from . import checks, declare, operations, prefill, queries, rules
from .forms import ConfirmForm, LineForm, NotesForm, PartForm, ProposeForm, ScanForm, StartForm, line_of, scan_in

PER_PAGE = 50
RETURNS = "tra:"  # before the path of a place, in the form that gives an entry back
# A scan stands in a page of ours, and in none of anybody else's.
_IN_OUR_PAGES = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'"


@staff_required
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """What is being transcribed, by state; who may see registers."""
    actor, at = actor_of(request), now()
    today = localdate(at)
    access.require_anywhere(actor, Permission.VIEW, on=today)
    which = request.GET.get("loc", "dang-chep")
    which = which if which in queries.FILTERS else "dang-chep"
    here = reverse("civil_status:old_entries")
    tabs = [
        {"title": title, "href": f"{here}?loc={code}", "current": code == which,
         "count": queries.listed(actor, at, which=code).count() if code != "da-vao-so" else None}
        for code, (title, _) in queries.FILTERS.items()
    ]
    scope = indicators.scope_for(
        actor, Permission.VIEW, at=at, period_from=today.replace(month=1, day=1), period_to=today)
    return render(request, "civil_status/old/entries.html", {
        "tabs": tabs, "page": Paginator(queries.listed(actor, at, which=which), PER_PAGE).get_page(
            request.GET.get("trang")),
        "officers": queries.by_officer(scope)[:20], "year": today.year,
        "may_start": access.may_anywhere(actor, Permission.PREPARE, on=today),
    })


@staff_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Where the entry stands, with the scan of its page; a request for a copy fills in what it tells."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.PREPARE, on=localdate(at))
    dossier_id = _key(request.GET.get("ho-so", ""))
    target = prefill.asked_for(dossier_id, actor, at) if dossier_id is not None else None
    units = queries.offices_of(actor, at)
    if request.method == "GET":
        form = StartForm(units=units, initial=prefill.line(target, actor, at) if target is not None else {})
        return render(request, "civil_status/old/start.html", {"form": form, "target": target})
    form = StartForm(request.POST, request.FILES, units=units)
    begun = form.carried_out(lambda: operations.start(
        what=form.cleaned_data["what"], unit_id=form.cleaned_data["unit"].pk, line=form.line(), scan=scan_in(form),
        dossier_id=dossier_id, actor=actor, at=at, once=once_of(request),
    ))
    if begun is None:
        return render(request, "civil_status/old/start.html", {"form": form, "target": target}, status=422)
    return redirect("civil_status:old_entry_part", entry_id=begun.pk, part=declare.LINE)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@staff_required
@require_GET
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    return _entry_page(request, queries.get(entry_id, actor_of(request), now()))


def _entry_page(
    request: HttpRequest, shown: OldEntry, *, propose_form: ProposeForm | None = None,
    withdraw_form: ReasonForm | None = None, scan_form: ScanForm | None = None,
) -> HttpResponse:
    """An entry with its parts, and what the viewer may do."""
    actor, at = actor_of(request), now()
    writes = access.may(actor, Permission.PREPARE, unit_id=shown.unit_id, on=localdate(at))
    bad = any(form is not None for form in (propose_form, withdraw_form, scan_form))
    parts = queries.parts_of(shown)
    ready = writes and shown.is_writable and shown.scan is not None and all(part.is_written for part in parts)
    doubts = list(checks.wants_reasons(shown)) if ready else []
    asked = tuple(doubt.field for doubt in doubts if doubt.field)
    return render(request, "civil_status/old/entry.html", {
        "entry": shown, "parts": parts, "notes": queries.notes_of(shown), "history": queries.history(shown),
        "may_write": writes and shown.is_writable, "may_confirm": _may_confirm(request, shown),
        "propose_form": (propose_form or ProposeForm(doubts=asked)) if ready else None, "doubts": doubts,
        "withdraw_form": (withdraw_form or ReasonForm()) if writes and shown.is_open else None,
        "scan_form": (scan_form or ScanForm()) if writes and shown.is_writable else None,
    }, status=422 if bad else 200)


def _may_confirm(request: HttpRequest, shown: OldEntry) -> bool:
    actor = actor_of(request)
    signs = access.may(actor, Permission.SIGN, unit_id=shown.unit_id, on=localdate(now()))
    return shown.state == rules.EntryState.PROPOSED and signs and str(actor.user_id) not in shown.written_by


@staff_required
@require_GET
@xframe_options_sameorigin
def scan(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The scanned page itself, byte for byte."""
    stored = queries.scan_of(entry_id, actor_of(request), now())
    response = HttpResponse(files.read(stored), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=stored.name) or "inline"
    response["Content-Security-Policy"] = _IN_OUR_PAGES
    return response


# --- Writing ----------------------------------------------------------------------------------------------------------


@staff_required
@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Where the entry stands, put right."""
    actor, at = actor_of(request), now()
    shown, units = queries.get(entry_id, actor, at), queries.offices_of(actor, at)
    if request.method == "GET":
        return _form_page(request, shown, LineForm(units=units, initial=line_of(shown)), "Sổ, quyển, số", "line")
    form = LineForm(request.POST, units=units)
    return _written(
        request, shown, form, "Sổ, quyển, số", "line",
        lambda: operations.write_line(
            entry_id=entry_id, unit_id=form.cleaned_data["unit"].pk, line=form.line(), actor=actor, at=at),
    )


@staff_required
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, entry_id: UUID, part: str) -> HttpResponse:
    """A part of the entry, the scan beside it."""
    actor, at = actor_of(request), now()
    shown = queries.get(entry_id, actor, at)
    asked = shown.entry_kind.part(part)
    if request.method == "GET":
        known = shown.content.get(part) or prefill.part(shown, asked, actor, at)
        return _form_page(request, shown, PartForm(part=asked, written=known), asked.title, part)
    form = PartForm(request.POST, part=asked)
    return _written(
        request, shown, form, asked.title, part,
        lambda: operations.write_part(entry_id=entry_id, part=part, places=form.places(), actor=actor, at=at),
    )


@staff_required
@require_http_methods(["GET", "POST"])
def notes(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The notes of the margin."""
    actor, at = actor_of(request), now()
    shown = queries.get(entry_id, actor, at)
    if request.method == "GET":
        return _form_page(request, shown, NotesForm(entry=shown), "Ghi chú bên lề", "notes")
    form = NotesForm(request.POST, entry=shown)
    return _written(
        request, shown, form, "Ghi chú bên lề", "notes",
        lambda: operations.write_notes(entry_id=entry_id, notes=form.notes(), actor=actor, at=at),
    )


def _written(
    request: HttpRequest, shown: OldEntry, form: Form, title: str, code: str, write: Callable[[], OldEntry]
) -> HttpResponse:
    """What was typed, kept, and on to what is not transcribed yet; or the page again, its faults beside the places."""
    written = form.carried_out(write)
    if written is None:
        return _form_page(request, shown, form, title, code, status=422)
    return _onwards(written)


def _onwards(written: OldEntry) -> HttpResponse:
    left = next(declare.missing_parts(written.entry_kind, written.content), None)
    if left is not None:
        return redirect("civil_status:old_entry_part", entry_id=written.pk, part=left.code)
    return redirect("civil_status:old_entry", entry_id=written.pk)


def _form_page(
    request: HttpRequest, shown: OldEntry, form: Form, title: str, code: str, *, status: int = 200
) -> HttpResponse:
    """A form with the scan beside it. Nobody is shown a form in which they may not write."""
    access.require(actor_of(request), Permission.PREPARE, unit_id=shown.unit_id, on=localdate(now()))
    if not shown.is_writable:
        raise rules.WrongEntryState(state=shown.state_title)
    places = {f"{code}.{place.code}": place.title for part in shown.entry_kind.parts if part.code == code
              for place in part.places}
    told = [(title, shown.returned[path]) for path, title in places.items() if path in shown.returned]
    told += [(title, shown.returned[code])] if code in shown.returned else []
    return render(request, "civil_status/old/form.html", {
        "entry": shown, "form": form, "title": title, "code": code, "parts": queries.parts_of(shown), "returned": told,
        "optional": any(part.code == code and part.optional for part in shown.entry_kind.parts),
    }, status=status)


@staff_required
@require_POST
def attach_scan(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    actor, at = actor_of(request), now()
    shown, form = queries.get(entry_id, actor, at), ScanForm(request.POST, request.FILES)
    if form.carried_out(lambda: operations.attach_scan(entry_id=entry_id, scan=scan_in(form), actor=actor, at=at)):
        return _done(request, entry_id, "Đã thay bản quét.")
    return _entry_page(request, shown, scan_form=form)


@staff_required
@require_POST
def propose(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Put it before who confirms."""
    actor, at = actor_of(request), now()
    shown = queries.get(entry_id, actor, at)
    form = ProposeForm(request.POST, doubts=tuple(ProposeForm.base_fields))
    if form.carried_out(lambda: operations.propose(entry_id=entry_id, **form.reasons(), actor=actor, at=at)):
        return _done(request, entry_id, "Đã trình người xác nhận.")
    return _entry_page(request, shown, propose_form=form)


@staff_required
@require_POST
def withdraw(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Give it up."""
    actor, at = actor_of(request), now()
    shown, form = queries.get(entry_id, actor, at), ReasonForm(request.POST)
    if form.is_valid():
        operations.withdraw(entry_id=entry_id, reason=form.cleaned_data["reason"], actor=actor, at=at)
        return _done(request, entry_id, "Đã thôi chép dòng sổ này.")
    return _entry_page(request, shown, withdraw_form=form)


# --- Confirming -------------------------------------------------------------------------------------------------------


@staff_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Compare with the scan, and enter in the register."""
    actor, at = actor_of(request), now()
    shown = queries.get(entry_id, actor, at)
    if request.method == "GET":
        return _confirm_page(request, shown, ConfirmForm())
    form = ConfirmForm(request.POST)
    act = form.carried_out(lambda: operations.confirm(
        entry_id=entry_id, compared=form.cleaned_data["compared"], actor=actor, at=at, once=once_of(request)))
    if act is None:
        return _confirm_page(request, shown, form, status=422)
    messages.success(request, f"Đã vào sổ điện tử số {act.display_number}.")
    return redirect("civil_status:act", act_id=act.pk)


def _confirm_page(
    request: HttpRequest, shown: OldEntry, form: ConfirmForm, *, status: int = 200, told: str = "",
) -> HttpResponse:
    """The entry and its scan side by side; who has written in it is told so, and is refused by the operation."""
    access.require(actor_of(request), Permission.SIGN, unit_id=shown.unit_id, on=localdate(now()))
    if shown.state != rules.EntryState.PROPOSED:
        raise rules.WrongEntryState(state=shown.state_title)
    return render(request, "civil_status/old/confirm.html", {
        "entry": shown, "form": form, "parts": queries.parts_of(shown), "notes": queries.notes_of(shown),
        "duplicates": checks.duplicates(shown) if shown.duplicate_reason else [], "returns": RETURNS, "told": told,
        "own": str(actor_of(request).user_id) in shown.written_by,
    }, status=status)


@staff_required
@require_POST
def return_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Give it back, with the reasons place by place."""
    actor, at = actor_of(request), now()
    shown = queries.get(entry_id, actor, at)
    reasons = {name.removeprefix(RETURNS): str(why) for name, why in request.POST.items() if name.startswith(RETURNS)}
    try:
        operations.return_entry(entry_id=entry_id, reasons=reasons, actor=actor, at=at)
    except rules.NothingReturned as refusal:
        return _confirm_page(request, shown, ConfirmForm(), status=422, told=refusal.message)
    return _done(request, entry_id, "Đã trả lại người chép.")


def _done(request: HttpRequest, entry_id: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("civil_status:old_entry", entry_id=entry_id)
