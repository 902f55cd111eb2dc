"""Entries: keyed beside their scan, proofed, returned, approved."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuphap.kernel.clock import localdate, now
from tuphap.modules.civil_status import public as register
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.files import api as files
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.ui.api import LongPaginator

from .. import ocr, operations, pdf, progress, queries, rules
from ..forms import FilterForm, KeyingForm, ProofForm, ReasonForm
from ..models import Book, Entry
from ..operations.proofing import may_approve
from ..rules import Permission, State

PER_PAGE = 50
MOST_PICTURES = 6  # pages of one act that are shown; the whole file can be opened beside them
RETURNS, DECIDES = "tra:", "chon:"  # before the path of a place, in the form that proofs an entry
# A scan stands in a page of ours, and in none of anybody else's.
_IN_OUR_PAGES = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'"


@staff_required
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """Entries by book, office, kind, years and how far they are: the lists behind the figures."""
    actor, at = actor_of(request), now()
    queries.require_any(actor, at)
    form = FilterForm(request.GET, offices=progress.offices(actor, at))
    books = progress.narrowed(queries.books(actor, at), form.wanted("don-vi"), at=at)
    one = _number(request.GET.get("so"))
    if one is not None:
        books = books.filter(pk=one)
    found = queries.entries(actor, at).filter(book__in=books.order_by().values("pk"))
    which, much = request.GET.get("trang-thai", ""), request.GET.get("muc", "")
    if which in queries.WAITING:
        found = queries.in_states(found, [queries.WAITING[which][1]])
    elif much in queries.LISTED:
        found = queries.in_states(found, queries.LISTED[much])
    elif much == "scanned":
        found = found.filter(scan__isnull=False)
    title = queries.WAITING[which][0] if which in queries.WAITING else queries.FIGURES.get(much, "Mọi trạng thái")
    return render(request, "digitisation/entries.html", {
        "form": form, "title": title, "book": Book.objects.filter(pk=one, pk__in=books).first() if one else None,
        "page": LongPaginator(found, PER_PAGE).get_page(request.GET.get("trang")),
    })


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 12 else None


@staff_required
@require_GET
def entry(request: HttpRequest, line_id: int) -> HttpResponse:
    """One entry: what was keyed, beside its scan, and what may be done."""
    return _entry_page(request, queries.get(line_id, actor_of(request), now()))


def _entry_page(
    request: HttpRequest, shown: Entry, *, reason: ReasonForm | None = None, about: str = "",
) -> HttpResponse:
    actor, at = actor_of(request), now()
    return render(request, "digitisation/entry.html", {
        "entry": shown, "about": queries.about(shown), "parts": queries.parts_of(shown) if shown.content else [],
        "pictures": range(1, len(pictures_of(shown.scan)) + 1),
        "history": queries.history(shown), "may": _may(request, shown), "second": queries.second_of(shown),
        "what": register.ENTRY_KINDS[shown.what].title, "approves": may_approve(actor, shown.book, at=at),
        "reason_form": reason or ReasonForm(), "reason_of": about,
    }, status=422 if reason is not None else 200)


def _may(request: HttpRequest, shown: Entry) -> dict[str, bool]:
    """What the viewer may do with an entry; the operations say the last word."""
    actor, at = actor_of(request), now()

    def holds(permission: Permission) -> bool:
        return access.may(actor, permission, unit_id=shown.book.unit_id, on=localdate(at))

    own = actor.user_id in {shown.keyer_id, shown.proofer_id, *(shown.hands or ())}
    return {
        "key": holds(Permission.KEY) and operations.waiting(actor, at=at).filter(pk=shown.pk).exists(),
        "rescan": (holds(Permission.MANAGE) or holds(Permission.KEY)) and shown.state in (
            State.SCANNED, State.UNREADABLE),
        "proof": holds(Permission.PROOF) and shown.state == State.KEYED and not own,
        "approve": shown.state == State.PROOFED and not own and may_approve(actor, shown.book, at=at),
        "answer": shown.state == State.APPROVED and bool(shown.refused) and may_approve(actor, shown.book, at=at),
    }


@staff_required
@require_GET
@xframe_options_sameorigin
def scan(request: HttpRequest, line_id: int) -> HttpResponse:
    """The scanned page itself, byte for byte."""
    stored = queries.scan_of(line_id, actor_of(request), now())
    response = HttpResponse(files.read(stored), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=stored.name) or "inline"
    response["Content-Security-Policy"] = _IN_OUR_PAGES
    return response


@staff_required
@require_GET
def page(request: HttpRequest, line_id: int, number: int) -> HttpResponse:
    """A page of the scan as a picture, which every browser shows."""
    found = pictures_of(queries.scan_of(line_id, actor_of(request), now()))
    if not 1 <= number <= len(found):
        raise rules.UnknownEntry()
    picture = found[number - 1]
    response = HttpResponse(picture, content_type="image/png" if picture.startswith(b"\x89PNG") else "image/jpeg")
    response["Cache-Control"] = "private, max-age=600"
    return response


def pictures_of(stored: StoredFile | None) -> list[bytes]:
    """The pictures of a scan; none where it has another make, or its bytes are gone."""
    if stored is None:
        return []
    try:
        return list(pdf.pictures(files.read(stored), most=MOST_PICTURES))
    except files.FileMissing:
        return []


# --- Keying -----------------------------------------------------------------------------------------------------------


@staff_required
@require_GET
def keying(request: HttpRequest) -> HttpResponse:
    """The books in which something waits to be keyed."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.KEY, on=localdate(at))
    return render(request, "digitisation/keying.html", {"queues": queries.books_to_key(actor, at)})


@staff_required
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """The next entry of a book, or of any."""
    return _next(request, _number(request.POST.get("so")), after=_number(request.POST.get("sau")))


def _next(request: HttpRequest, book_id: int | None, *, after: int | None = None) -> HttpResponse:
    try:
        found = operations.take_next(book_id=book_id, after=after, actor=actor_of(request), at=now())
    except rules.NothingToDo as refusal:
        messages.info(request, refusal.message)
        return redirect("digitisation:keying")
    return redirect("digitisation:key", line_id=found.pk)


@staff_required
@require_POST
def take(request: HttpRequest, line_id: int) -> HttpResponse:
    """Stand at this very entry."""
    found = operations.take(entry_id=line_id, actor=actor_of(request), at=now())
    return redirect("digitisation:key", line_id=found.pk)


@staff_required
@require_http_methods(["GET", "POST"])
def key(request: HttpRequest, line_id: int) -> HttpResponse:
    """The keying screen: the entry beside its scan; kept, the next one follows at once."""
    actor, at = actor_of(request), now()
    shown = queries.get(line_id, actor, at, purpose="Nhập liệu sổ hộ tịch số hóa")
    access.require(actor, Permission.KEY, unit_id=shown.book.unit_id, on=localdate(at))
    blind = shown.state == State.KEYED
    if request.method == "GET":
        if not queries.is_mine(shown, actor, at):
            return redirect(shown)
        return _keying_page(request, shown, KeyingForm(entry=shown, blind=blind))
    form = KeyingForm(request.POST, entry=shown, blind=blind)
    kept = form.carried_out(lambda: operations.key(
        entry_id=line_id, what=shown.what, registered_on=form.cleaned_data["registered_on"], typed=form.typed(),
        day_is_so=form.cleaned_data["day_is_so"], notes=form.notes(), actor=actor, at=at, once=once_of(request)))
    if kept is None:
        return _keying_page(request, shown, form, status=422)
    messages.success(request, f"Đã lưu số {shown.display_number}.")
    return _next(request, shown.book_id)


def _keying_page(
    request: HttpRequest, shown: Entry, form: KeyingForm, *, status: int = 200, unreadable: ReasonForm | None = None
) -> HttpResponse:
    actor, at = actor_of(request), now()
    return render(request, "digitisation/key.html", {
        "entry": shown, "form": form, "what": register.ENTRY_KINDS[shown.what].title, "ocr": ocr.is_installed(),
        "pictures": range(1, len(pictures_of(shown.scan)) + 1),
        "second": shown.state == State.KEYED, "reason_form": unreadable or ReasonForm(),
        "left": operations.waiting(actor, at=at, book_id=shown.book_id).count(),
    }, status=status)


@staff_required
@require_GET
def suggestions(request: HttpRequest, line_id: int) -> HttpResponse:
    """What a machine reads in the scan, by place: for the keying screen to show beside the boxes."""
    actor, at = actor_of(request), now()
    shown = queries.get(line_id, actor, at, purpose="Nhập liệu sổ hộ tịch số hóa")
    access.require(actor, Permission.KEY, unit_id=shown.book.unit_id, on=localdate(at))
    if shown.scan is None:
        raise rules.UnknownEntry()
    text = ocr.read(files.read(shown.scan), shown.scan.media_type)
    return JsonResponse({"places": ocr.suggestions(register.ENTRY_KINDS[shown.what], text)})


@staff_required
@require_POST
def unreadable(request: HttpRequest, line_id: int) -> HttpResponse:
    """Nobody can read it, or it must be scanned again: on to the next."""
    actor, at = actor_of(request), now()
    shown = queries.get(line_id, actor, at)
    form = ReasonForm(request.POST)
    again = request.POST.get("lam") == "quet-lai"
    work = operations.ask_for_scan if again else operations.set_unreadable
    done = form.carried_out(lambda: work(
        entry_id=line_id, reason=form.cleaned_data["reason"], actor=actor, at=at, once=once_of(request)))
    if done is None:
        if queries.is_mine(shown, actor, at):
            return _keying_page(request, shown, KeyingForm(entry=shown), status=422, unreadable=form)
        return _entry_page(request, shown, reason=form)
    messages.success(request, "Đã ghi: cần quét lại." if again else "Đã ghi: không đọc được.")
    return redirect(shown) if request.POST.get("ve") else _next(request, shown.book_id)


# --- Proofing, approving ----------------------------------------------------------------------------------------------


@staff_required
@require_GET
def proofing(request: HttpRequest) -> HttpResponse:
    """The books in which something waits to be proofed or approved."""
    actor, at = actor_of(request), now()
    queries.require_any(actor, at)
    proofs = access.may_anywhere(actor, Permission.PROOF, on=localdate(at))
    approves = access.may_anywhere(actor, Permission.APPROVE, on=localdate(at))
    if not proofs and not approves:
        access.require_anywhere(actor, Permission.PROOF, on=localdate(at))
    return render(request, "digitisation/proofing.html", {
        "to_proof": queries.books_to_proof(actor, at) if proofs else [],
        "to_approve": [one for one in queries.books_to_approve(actor, at) if may_approve(actor, one.book, at=at)]
        if approves else [],
    })


@staff_required
@require_GET
def proof_next(request: HttpRequest, volume_id: int) -> HttpResponse:
    """The next entry of a book that waits to be proofed by somebody else than its keyers."""
    found = queries.to_proof(actor_of(request), now(), book_id=volume_id).first()
    if found is None:
        messages.info(request, "Không còn việc nào trong sổ này chờ ông/bà kiểm tra.")
        return redirect("digitisation:proofing")
    return redirect("digitisation:proof", line_id=found.pk)


@staff_required
@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest, line_id: int) -> HttpResponse:
    """What was keyed, place by place beside the scan; where two have keyed, the one that is right is chosen."""
    actor, at = actor_of(request), now()
    shown = queries.get(line_id, actor, at, purpose="Kiểm tra dữ liệu số hóa")
    if request.method == "GET":
        return _proof_page(request, shown, ProofForm())
    form, decided = ProofForm(request.POST), _told(request, DECIDES)
    done = form.carried_out(lambda: operations.proof(
        entry_id=line_id, compared=form.cleaned_data["compared"], decided=decided, actor=actor, at=at,
        once=once_of(request)))
    if done is None:
        return _proof_page(request, shown, form, decided=decided, status=422)
    messages.success(request, f"Đã kiểm tra số {shown.display_number}.")
    return redirect("digitisation:proof_next", volume_id=shown.book_id)


def _told(request: HttpRequest, before: str) -> dict[str, str]:
    return {name.removeprefix(before): str(value) for name, value in request.POST.items() if name.startswith(before)}


def _proof_page(
    request: HttpRequest, shown: Entry, form: ProofForm, *, decided: dict[str, str] | None = None, status: int = 200,
    told: str = "",
) -> HttpResponse:
    actor = actor_of(request)
    on = localdate(now())
    approves = shown.state in (State.PROOFED, State.APPROVED) and may_approve(actor, shown.book, at=now())
    if not approves:
        access.require(actor, Permission.PROOF, unit_id=shown.book.unit_id, on=on)
    if shown.state not in (State.KEYED, State.PROOFED, State.APPROVED):
        raise rules.WrongState(state=shown.state_title)
    second = queries.second_of(shown) if shown.state == State.KEYED else None
    days = second is not None and second.registered_on != shown.registered_on
    return render(request, "digitisation/proof.html", {
        "entry": shown, "about": queries.about(shown), "form": form, "parts": queries.parts_of(shown, second),
        "pictures": range(1, len(pictures_of(shown.scan)) + 1),
        "second": second, "days_differ": days, "decided": decided or {}, "returns": RETURNS, "decides": DECIDES,
        "told": told, "what": register.ENTRY_KINDS[shown.what].title, "to_proof": shown.state == State.KEYED,
        "half": shown.state == State.KEYED and shown.keyed_twice and second is None,
        "own": actor.user_id in {shown.keyer_id, shown.proofer_id, *(shown.hands or ())},
    }, status=status)


@staff_required
@require_POST
def return_entry(request: HttpRequest, line_id: int) -> HttpResponse:
    """Back to who keyed it, with the reasons place by place."""
    actor, at = actor_of(request), now()
    shown = queries.get(line_id, actor, at)
    try:
        operations.return_entry(
            entry_id=line_id, reasons=_told(request, RETURNS), actor=actor, at=at, once=once_of(request))
    except rules.NothingReturned as refusal:
        return _proof_page(request, shown, ProofForm(), status=422, told=refusal.message)
    messages.success(request, "Đã trả lại người nhập.")
    if shown.state == State.KEYED:
        return redirect("digitisation:proof_next", volume_id=shown.book_id)
    return redirect("digitisation:book", volume_id=shown.book_id)


@staff_required
@require_POST
def approve(request: HttpRequest, line_id: int) -> HttpResponse:
    """One entry, approved by itself."""
    done = operations.approve(entry_id=line_id, actor=actor_of(request), at=now(), once=once_of(request))
    messages.success(request, f"Đã duyệt số {done.display_number}.")
    return redirect(done)


@staff_required
@require_POST
def answer(request: HttpRequest, line_id: int) -> HttpResponse:
    """Why it is another act than the one in the register."""
    actor, at = actor_of(request), now()
    shown, form = queries.get(line_id, actor, at), ReasonForm(request.POST)
    done = form.carried_out(lambda: operations.answer_duplicate(
        entry_id=line_id, reason=form.cleaned_data["reason"], actor=actor, at=at, once=once_of(request)))
    if done is None:
        return _entry_page(request, shown, reason=form, about="answer")
    messages.success(request, "Đã ghi căn cứ; chuyển lại vào sổ được.")
    return redirect(done)

