"""Books: the manifest, a book with its scans and what is wrong with them, its approval, its way into the register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.ui.api import Form
from tuphap.shared.ui.files import csv_answer

from .. import manifest_file, operations, progress, queries, rules
from ..forms import (
    BookForm,
    CloseForm,
    FilterForm,
    ManifestForm,
    PracticeForm,
    ScansForm,
    SeenForm,
    fresh_practice,
    told_of,
)
from ..models import Book, Practice
from ..operations.proofing import approvable, approving_office, may_approve
from ..rules import Permission, State

PER_PAGE = 50
AT_ONCE = 25  # files of an upload that are taken in together


@staff_required
@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """The manifest, narrowed by office, kind and years, with how far each book is."""
    actor, at = actor_of(request), now()
    queries.require_any(actor, at)
    form = FilterForm(request.GET, offices=progress.offices(actor, at))
    found = progress.narrowed(queries.books(actor, at), form.wanted("don-vi"), at=at)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    standings = queries.standings(page.object_list)
    return render(request, "digitisation/books.html", {
        "form": form, "page": page, "lines": [(book, standings[book.pk]) for book in page],
        "may_manage": access.may_anywhere(actor, Permission.MANAGE, on=localdate(at)),
    })


@staff_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """A book is entered in the manifest."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.MANAGE, on=localdate(at))
    form = BookForm(request.POST or None, units=queries.offices_to_manage(actor, at))
    if request.method == "POST":
        book = form.carried_out(lambda: operations.enter_book(
            unit_id=form.cleaned_data["unit"].pk, line=form.line(), actor=actor, at=at, once=once_of(request)))
        if book is not None:
            messages.success(request, "Đã thêm sổ vào danh mục.")
            return redirect(book)
    return render(request, "digitisation/book_form.html", {"form": form, "book": None},
                  status=422 if request.method == "POST" else 200)


@staff_required
@require_http_methods(["GET", "POST"])
def import_manifest(request: HttpRequest) -> HttpResponse:
    """The manifest of many books as a file."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.MANAGE, on=localdate(at))
    form = ManifestForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        told = form.carried_out(lambda: operations.enter_books(
            lines=manifest_file.read(
                form.cleaned_data["file"].read(), form.cleaned_data["file"].name, today=localdate(at)),
            actor=actor, at=at))
        if told is not None:
            messages.success(request, f"Đã thêm {told[0]} sổ; {told[1]} sổ đã có từ trước.")
            return redirect("digitisation:books")
    return render(request, "digitisation/manifest.html", {"form": form, "heads": manifest_file.HEADS_SHOWN},
                  status=422 if request.method == "POST" else 200)


@staff_required
@require_GET
def manifest_sample(request: HttpRequest) -> HttpResponse:
    """An empty manifest with the heads that are read."""
    access.require_anywhere(actor_of(request), Permission.MANAGE, on=localdate(now()))
    return csv_answer("danh-muc-so-mau", [manifest_file.HEADS_SHOWN])


@staff_required
@require_GET
def book(request: HttpRequest, volume_id: int) -> HttpResponse:
    """A book: how far it is, what is wrong with its scans, what may be done with it."""
    return _book_page(request, queries.get_book(volume_id, actor_of(request), now()))


def _book_page(
    request: HttpRequest, shown: Book, *, scans: ScansForm | None = None, close: CloseForm | None = None,
    refused: Refusal | None = None,
) -> HttpResponse:
    actor, at = actor_of(request), now()
    on = localdate(at)
    standing = queries.standing(Book.objects.filter(pk=shown.pk))
    manages = access.may(actor, Permission.MANAGE, unit_id=shown.unit_id, on=on)
    approves = may_approve(actor, shown, at=at)
    job = queries.last_job(shown)
    bad = scans is not None or close is not None
    return render(request, "digitisation/book.html", {
        "book": shown, "standing": standing, "tiles": _tiles(shown, standing), "job": job,
        "scanning": queries.scans_coming_in(shown), "running": job is not None and job.ended_at is None,
        "issues": queries.issues(Book.objects.filter(pk=shown.pk)),
        "held": shown.entries.filter(state=State.APPROVED).exclude(refused="").defer("content", "notes")[:PER_PAGE],
        "approving": approving_office(shown, at=at), "refused": refused,
        "may": {
            "manage": manages, "approve": approves and standing.of(State.PROOFED),
            "key": access.may(actor, Permission.KEY, unit_id=shown.unit_id, on=on) and standing.of(
                State.SCANNED, State.RETURNED, State.KEYED),
            "proof": access.may(actor, Permission.PROOF, unit_id=shown.unit_id, on=on) and standing.of(State.KEYED),
            "transfer": (manages or approves) and standing.of(State.APPROVED),
        },
        "scans_form": (scans or ScansForm()) if manages and shown.is_open else None,
        "close_form": (close or CloseForm()) if manages and shown.is_open else None,
    }, status=refused.status if refused is not None else 422 if bad else 200)


def _tiles(shown: Book, standing: queries.Standing) -> list[dict[str, Any]]:
    """Where the entries are now, each opening its list."""
    from django.urls import reverse

    here = reverse("digitisation:entries")
    return [
        {"label": title, "value": standing.of(state), "href": f"{here}?so={shown.pk}&trang-thai={code}",
         "tone": {"red": "red", "green": "green", "amber": "amber"}.get(rules.STATE_TONES[state], "")}
        for code, (title, state) in queries.WAITING.items() if standing.of(state)
    ]


@staff_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, volume_id: int) -> HttpResponse:
    """A line of the manifest, put right."""
    actor, at = actor_of(request), now()
    shown = queries.get_book(volume_id, actor, at)
    access.require(actor, Permission.MANAGE, unit_id=shown.unit_id, on=localdate(at))
    form = BookForm(request.POST or None, units=queries.offices_to_manage(actor, at), initial=told_of(shown))
    if request.method == "POST":
        changed = form.carried_out(lambda: operations.change_book(
            book_id=volume_id, unit_id=form.cleaned_data["unit"].pk, line=form.line(), actor=actor, at=at))
        if changed is not None:
            messages.success(request, "Đã sửa thông tin sổ.")
            return redirect(changed)
    return render(request, "digitisation/book_form.html", {"form": form, "book": shown},
                  status=422 if request.method == "POST" else 200)


@staff_required
@require_POST
def take_in_scans(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Scans of a book, handed in on its page; many at once come in by the command."""
    actor, at = actor_of(request), now()
    shown = queries.get_book(volume_id, actor, at)
    form = ScansForm(request.POST, request.FILES)
    taken = form.carried_out(lambda: _take_in(form, shown, request))
    if taken is None:
        return _book_page(request, shown, scans=form)
    words = f"Đã nhận {taken.new} bản quét; {taken.there} đã có từ trước; {taken.refused} không nhận được."
    (messages.warning if taken.refused else messages.success)(request, words)
    return redirect(shown)


def _take_in(form: ScansForm, shown: Book, request: HttpRequest) -> operations.TakenIn:
    actor, at, told, batch = actor_of(request), now(), operations.TakenIn(), list[operations.ScanFile]()
    job = operations.begin_scans(total=form.count(), book_id=shown.pk, actor=actor, at=at)
    for file in form.scans():
        batch.append(file)
        if len(batch) == AT_ONCE:
            told.add(operations.take_in_batch(files_in=batch, book_id=shown.pk, job_id=job.pk, actor=actor, at=at))
            batch = []
    told.add(operations.take_in_batch(files_in=batch, book_id=shown.pk, job_id=job.pk, actor=actor, at=at))
    operations.look_for_gaps(book_id=shown.pk, actor=actor, at=at)
    return told


@staff_required
@require_POST
def close(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Nothing is left to do in it."""
    actor, at = actor_of(request), now()
    shown, form = queries.get_book(volume_id, actor, at), CloseForm(request.POST)
    closed = form.carried_out(lambda: operations.close_book(
        book_id=volume_id, reason=form.cleaned_data["reason"], actor=actor, at=at, once=once_of(request)))
    if closed is None:
        return _book_page(request, shown, close=form)
    messages.success(request, "Đã kết thúc số hóa sổ này.")
    return redirect(closed)


@staff_required
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Approve what is proofed in a book, a sample of it having been looked at."""
    actor, at = actor_of(request), now()
    shown = queries.get_book(volume_id, actor, at)
    access.require(actor, Permission.APPROVE, unit_id=approving_office(shown, at=at).pk, on=localdate(at))
    form = SeenForm(request.POST or None)
    if request.method == "POST":
        many = form.carried_out(lambda: operations.approve_book(
            book_id=volume_id, seen=form.cleaned_data["seen"], actor=actor, at=at, once=once_of(request)))
        if many is not None:
            messages.success(request, f"Đã duyệt {many} việc.")
            return redirect(shown)
    ready = approvable(shown, actor)
    total = ready.count()
    step = max(total // rules.APPROVE_SAMPLE, 1)
    keys = list(ready.order_by("pk").values_list("pk", flat=True))[::step][: rules.APPROVE_SAMPLE]
    sample = ready.filter(pk__in=keys).select_related("keyer", "proofer")
    return render(request, "digitisation/approve.html", {
        "book": shown, "form": form, "total": total, "sample": [(one, queries.about(one)) for one in sample],
    }, status=422 if request.method == "POST" else 200)


@staff_required
@require_POST
def transfer(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Let the approved entries go into the register, in the background."""
    def begin() -> str:
        job = operations.begin_transfer(
            book_id=volume_id, actor=actor_of(request), at=now(), once=once_of(request))
        return f"Đang chuyển {job.total} việc vào sổ hộ tịch điện tử."

    return _done(request, volume_id, begin)


def _done(request: HttpRequest, volume_id: int, work: Callable[[], str]) -> HttpResponse:
    """What was done, told on the book's page; or the page with why it was not."""
    shown = queries.get_book(volume_id, actor_of(request), now())
    try:
        messages.success(request, work())
    except Denied:
        raise
    except NotFound as refusal:
        if not isinstance(refusal, rules.NothingToDo):
            raise
        return _book_page(request, shown, refused=refusal)
    except Refusal as refusal:
        return _book_page(request, shown, refused=refusal)
    return redirect(shown)


@staff_required
@require_GET
def stray(request: HttpRequest) -> HttpResponse:
    """Scans that found no book."""
    found = queries.stray_issues(actor_of(request), now())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    return render(request, "digitisation/stray.html", {"page": page})


@staff_required
@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """How the province digitises: what held when, and from a day on something else."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.MANAGE, on=localdate(at))
    departments = queries.departments_to_manage(actor, at)
    form: Form = PracticeForm(request.POST or None, initial=fresh_practice())
    if request.method == "POST":
        department = departments.first()
        row = form.carried_out(lambda: operations.set_practice(
            **form.cleaned_data, unit_id=department.pk if department else 0, actor=actor, at=at, once=once_of(request)))
        if row is not None:
            messages.success(request, "Đã đặt quy định số hóa.")
            return redirect("digitisation:practice")
    return render(request, "digitisation/practice.html", {
        "form": form if departments.exists() else None, "rows": Practice.objects.order_by("-valid_from"),
        "today": fresh_practice(), "approvers": {str(code): title for code, title in rules.APPROVER_TITLES.items()},
    }, status=422 if request.method == "POST" else 200)
