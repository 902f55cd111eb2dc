"""A citizen's own dossiers: fill page by page, attach, check, send, follow, supplement, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
from tuphap.kernel.refusal import Problem, Refusal
from tuphap.shared.accounts.api import citizen_required
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import Action, Dossier, FormPage, Overlay, State
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.ui import api as ui

from .. import operations, queries, rules
from ..forms import AttachForm, NoteForm, RatingForm, RepresentationForm, SubmitForm
from ..payments.own import money_of
from ..post import queries as post
from ..slips import slip_data, tracking_url
from ..store import queries as store
from .common import pdf, result_file, sent_file, version_in
from .ways import change_way

PAGE = 20


@require_safe
@citizen_required
def my_dossiers(request: HttpRequest) -> HttpResponse:
    """Everything that the citizen has begun or sent, newest first."""
    own = queries.own_dossiers(actor_of(request), at=now())
    return render(request, "one_stop_shop/my_dossiers.html", {
        "drafts": own.filter(state=State.DRAFT), "wanted": own.filter(_answer_wanted()),
        "page": Paginator(own.exclude(state=State.DRAFT), PAGE).get_page(request.GET.get("trang")),
    })


@require_http_methods(["GET", "POST"])
@citizen_required
def fill(request: HttpRequest, dossier_id: UUID, page: str) -> HttpResponse:
    """One page of the declaration; what is typed is kept when the page is left."""
    at, actor = now(), actor_of(request)
    dossier = queries.get_visible(dossier_id, actor, at)
    current = dossier.form_page(page)
    if current is None or not _fills_in(dossier, actor):
        return redirect("one_stop_shop:own_dossier", reference=dossier_id)
    form = current.form(request.POST or None, initial=dossier.answers.get(page) or _known(dossier, current))
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_page(
                dossier_id=dossier.pk, page=page, answers=ui.plain(form.cleaned_data), actor=actor, at=at
            )
        except Refusal as refusal:
            ui.add_refusal(form, refusal)
        else:
            return redirect(_after(dossier, page, request.POST.get("roi", "")))
    back = _before(dossier, page)
    context = {"dossier": dossier, "page": current, "form": form, "steps": steps(dossier), "back": back}
    return render(request, "one_stop_shop/fill.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@citizen_required
def for_another(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """For whom one files, and by what right; or that one files for oneself after all."""
    at, actor = now(), actor_of(request)
    dossier = queries.get_visible(dossier_id, actor, at)
    if not _fills_in(dossier, actor):
        return redirect("one_stop_shop:own_dossier", reference=dossier_id)
    initial = RepresentationForm.shown(dossier) or {"ground": request.GET.get("quyen", "")}
    own = request.POST.get("viec") == "cho-toi"
    form = RepresentationForm(request.POST if request.method == "POST" and not own else None, initial=initial)
    if request.method == "POST" and (own or form.is_valid()):
        try:
            operations.represent(dossier_id=dossier.pk, representation=None if own else form.told(), actor=actor,
                                 at=at, version=version_in(request))
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            saved = queries.get_visible(dossier_id, actor, at)
            return redirect(_address(saved, next(code for code in _order(saved) if code != "nop-thay")))
    context = {"dossier": dossier, "form": form, "steps": steps(dossier), "told": dossier.represents}
    return render(request, "one_stop_shop/for_another.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@citizen_required
def way(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Another way for the result to come, while it has not left the office."""
    found = queries.get_visible(dossier_id, actor_of(request), now())
    return change_way(request, found, "one_stop_shop/way.html", back="one_stop_shop:own_dossier")


@require_http_methods(["GET", "POST"])
@citizen_required
def papers(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """The papers of the dossier: what is wanted, what is there; one file at a time is added."""
    at, actor = now(), actor_of(request)
    dossier = queries.get_visible(dossier_id, actor, at)
    if not _fills_in(dossier, actor):
        return redirect("one_stop_shop:own_dossier", reference=dossier_id)
    wanted = request.POST.get("thanh_phan", "")
    names = {component["code"]: component["name"] for component in dossier.components}
    bound = None
    if request.method == "POST":
        bound = AttachForm(request.POST, request.FILES, prefix=wanted, name=names.get(wanted, ""))
    if bound is not None and bound.is_valid():
        file = bound.cleaned_data["tep"]
        try:
            operations.attach(
                dossier_id=dossier.pk, component=wanted, content=file.read(), name=file.name,
                media_type=file.content_type or "", actor=actor, at=at, once=once_of(request),
            )
        except Refusal as refusal:
            bound.add_refusal(_on_file(refusal))
        else:
            messages.success(request, f"Đã thêm tệp {file.name}.")
            return redirect("one_stop_shop:papers", dossier_id=dossier.pk)
    parts = [
        (part, bound if bound is not None and part.code == wanted else AttachForm(prefix=part.code, name=part.name))
        for part in queries.completeness(dossier)
    ]
    context = {"dossier": dossier, "parts": parts, "steps": steps(dossier), "bound": bound,
               "stored": store.usable(actor, at),
               "back": _before(dossier, "giay-to")}
    return render(request, "one_stop_shop/papers.html", context, status=422 if bound is not None else 200)


@require_POST
@citizen_required
def detach(request: HttpRequest, dossier_id: UUID, paper_id: int) -> HttpResponse:
    """Take one file back."""
    operations.detach(dossier_id=dossier_id, attachment_id=paper_id, actor=actor_of(request), at=now())
    messages.success(request, "Đã bỏ tệp.")
    return redirect("one_stop_shop:papers", dossier_id=dossier_id)


@require_http_methods(["GET", "POST"])
@citizen_required
def check(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """All answers on one page; then the dossier, or the supplement, is sent."""
    at, actor = now(), actor_of(request)
    dossier = queries.get_visible(dossier_id, actor, at)
    if not _fills_in(dossier, actor):
        return redirect("one_stop_shop:own_dossier", reference=dossier_id)
    supplement = dossier.state != State.DRAFT
    form = _sending_form(dossier, request)
    if request.method == "POST" and form.is_valid():
        try:
            if supplement:
                operations.answer_supplement(
                    dossier_id=dossier.pk, note=form.cleaned_data["loi_nhan"], actor=actor, at=at,
                    version=version_in(request), once=once_of(request),
                )
            else:
                operations.submit(
                    dossier_id=dossier.pk, result_way=form.cleaned_data["cach_nhan"], post_to=form.post_to,
                    actor=actor, at=at, version=version_in(request), exemption=form.cleaned_data.get("mien", ""),
                    proof=form.cleaned_data.get("mien_giay_to", ""), once=once_of(request),
                )
        except Refusal as refusal:
            form.add_refusal(_on_claim(refusal))
        else:
            return redirect("one_stop_shop:sent", dossier_id=dossier.pk)
    context = {
        "dossier": dossier, "form": form, "supplement": supplement, "steps": steps(dossier),
        "sections": sections(dossier), "parts": queries.completeness(dossier),
        "faults": faults(dossier, on=localdate(at)), "back": _before(dossier, "kiem-tra"),
        "expected": fees.expected(dossier), "total": sum(charged.amount for _, _, charged in fees.expected(dossier)),
    }
    return render(request, "one_stop_shop/check.html", context, status=422 if form.is_bound else 200)


@require_safe
@citizen_required
def sent(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """The dossier is with the office: its code, and what comes next. One that was not sent is to be looked at first."""
    dossier = queries.get_visible(dossier_id, actor_of(request), now())
    if dossier.state == State.DRAFT:
        return redirect("one_stop_shop:check", dossier_id=dossier.pk)
    return render(request, "one_stop_shop/sent.html", {
        "dossier": dossier, "tracking": tracking_url(dossier), "until": queries.acceptance_due(dossier),
        "owed": fees.owed(dossier),
    })


@require_safe
@citizen_required
def own_dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Where one's dossier stands, what was done, and what one may do."""
    return _own_page(request, queries.get_visible(reference, actor_of(request), now()))


def _own_page(request: HttpRequest, dossier: Dossier, rating_form: RatingForm | None = None) -> HttpResponse:
    at, actor = now(), actor_of(request)
    offers = {offer.action for offer in queries.available_actions(dossier, actor, at)}
    asked = dossier.events.filter(action=Action.ASK_SUPPLEMENT).order_by("-seq").first()
    return render(request, "one_stop_shop/own_dossier.html", {
        "dossier": dossier, "events": timeline(dossier), "papers": queries.papers(dossier),
        "slips": queries.slips_of(dossier), "may_withdraw": Action.WITHDRAW in offers,
        "asked": asked if _fills_in(dossier, actor) and dossier.state != State.DRAFT else None,
        "first_page": dossier.form_pages()[0].code, "sections": sections(dossier), "form": NoteForm(),
        "tracking": tracking_url(dossier) if dossier.reference else "", "result": results(dossier),
        "rating": dossiers.rating_of(dossier), "rate_until": dossiers.may_rate_until(dossier, actor=actor, at=at),
        "rating_form": rating_form or RatingForm(), "panels": dossier.handler.own_panels,
        "own": dossiers.is_own(dossier, actor), "seen_because": _seen_because(dossier, actor),
        "may_hold": queries.may_hold_result(dossier, actor, at), "parcels": post.parcels(dossier),
        "may_redirect": queries.may_redirect(dossier, actor, at), **money_of(dossier),
    }, status=422 if rating_form is not None else 200)


@require_POST
@citizen_required
def rate(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Say how one was served."""
    dossier = queries.get_visible(dossier_id, actor_of(request), now())
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            operations.rate(dossier_id=dossier.pk, actor=actor_of(request), at=now(), **form.cleaned_data,
                            once=once_of(request))
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "Cảm ơn ông/bà đã đánh giá.")
            return redirect("one_stop_shop:own_dossier", reference=dossier.reference)
    return _own_page(request, dossier, form)


@require_POST
@citizen_required
def withdraw(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Take the request back."""
    seen = queries.get_visible(dossier_id, actor_of(request), now())  # another's dossier is not even there
    dossier = operations.withdraw(
        dossier_id=seen.pk, note=request.POST.get("loi_nhan", "")[:1000], actor=actor_of(request), at=now(),
        version=version_in(request), once=once_of(request),
    )
    messages.success(request, "Đã rút hồ sơ." if dossier.submitted_at else "Đã bỏ bản nháp.")
    return redirect("one_stop_shop:my_dossiers")


@require_safe
@citizen_required
def own_file(request: HttpRequest, dossier_id: UUID, paper_id: int) -> HttpResponse:
    """A file of one's own dossier."""
    return sent_file(queries.get_visible(dossier_id, actor_of(request), now()), paper_id)


@require_safe
@citizen_required
def own_result(request: HttpRequest, dossier_id: UUID, document_id: UUID) -> HttpResponse:
    """A signed paper that one's own dossier led to; a representative's right to it may have ended."""
    at, actor = now(), actor_of(request)
    dossier = queries.get_visible(dossier_id, actor, at)
    if not queries.may_hold_result(dossier, actor, at):
        raise rules.ResultNotForFiler()
    return result_file(dossier, document_id)


@require_safe
@citizen_required
def own_slip(request: HttpRequest, dossier_id: UUID, seq: int, kind: str = "html") -> HttpResponse:
    """A slip of one's own dossier, as a page to print or as PDF."""
    return slip_answer(request, queries.get_visible(dossier_id, actor_of(request), now()), seq, kind)


# -- shared with the staff's pages


def slip_answer(request: HttpRequest, dossier: Dossier, seq: int, kind: str) -> HttpResponse:
    """The slip that entry ``seq`` of the log issued.

    :raises rules.NoSuchSlip: it issued none.
    """
    event = next((e for e in queries.slips_of(dossier) if e.seq == seq), None)
    if event is None:
        raise rules.NoSuchSlip(form="")
    if kind == "pdf":
        return pdf(queries.slip(dossier, event.form, seq=seq), f"mau-{event.form}-{dossier.reference}.pdf")
    return render(request, "one_stop_shop/slip.html", {
        "dossier": dossier, "event": event, "slip": slip_data(dossier, event), "tracking": tracking_url(dossier),
    })


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the declaration as it is read: its answers, and whether anything was typed there at all."""

    page: FormPage
    answers: list[ui.Shown]
    filled: bool


def sections(dossier: Dossier) -> list[Section]:
    """The whole declaration, page by page, as people read it."""
    return [
        Section(page, ui.shown(page.form(initial=dossier.answers.get(page.code, {}))), page.code in dossier.answers)
        for page in dossier.form_pages()
    ]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that keeps the declaration from being whole: on which page (code, or none), where, and what."""

    page: str
    where: str
    text: str


def faults(dossier: Dossier, *, on: date) -> list[Fault]:
    """What keeps the declaration from being sent in on this day, in the words of its pages and fields."""
    try:
        dossiers.check_answers(dossier, on=on)
    except Refusal as refusal:
        return [_fault(dossier, problem) for problem in refusal.problems]
    return []


def _fault(dossier: Dossier, problem: Problem) -> Fault:
    code, _, name = (problem.field or "").partition(".")
    page = dossier.form_page(code)
    if page is None:
        return Fault("", "", problem.message)
    if not name:
        return Fault(code, page.title, "chưa khai trang này.")
    field = page.form.base_fields.get(name.partition(".")[0])
    return Fault(code, f"{page.title} – {field.label}" if field and field.label else page.title, problem.message)


def results(dossier: Dossier) -> list[tuple[str, str]]:
    """What the result says of itself, for the page: number, day, signer."""
    words = (("number", "Số"), ("date", "Ngày đăng ký"), ("signer", "Người ký"))
    return [(title, _day_or_text(dossier.result[key])) for key, title in words if dossier.result.get(key)]


def _day_or_text(value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).strftime("%d/%m/%Y")
    except ValueError:
        return str(value)


def timeline(dossier: Dossier) -> list[dict[str, Any]]:
    """The log as a citizen reads it; the last entry is where the dossier stands."""
    events = queries.history(dossier)
    return [
        {
            "at": event.at, "title": event.title, "by": event.unit.short_name,
            "text": "\n".join([*event.reasons, event.note] if event.note else event.reasons),
            "state": "now" if event is events[-1] and not dossier.is_ended else "done",
        }
        for event in events
    ]


def can_edit(dossier: Dossier) -> bool:
    """Whether the applicant may change the declaration now."""
    editable = dossier.state in (State.DRAFT, State.NEEDS_SUPPLEMENT)
    return editable or dossier.overlay == Overlay.PAUSED_APPLICANT


def _seen_because(dossier: Dossier, actor: Actor) -> str:
    """Why somebody sees a dossier that they did not file by their own account."""
    told = dossier.represents
    if told is not None and dossiers.own_number(actor) == told.personal_number:
        return f"Hồ sơ do {dossier.applicant_name} nộp thay ông/bà."
    return "Hồ sơ của ông/bà được nộp tại quầy hoặc nơi khác."


def _fills_in(dossier: Dossier, actor: Actor) -> bool:
    """Whether this is the filer's own dossier, and stands where they may change it."""
    return can_edit(dossier) and dossiers.is_own(dossier, actor)


def steps(dossier: Dossier) -> list[tuple[str, str, str, bool]]:
    """The pages of the filing: code, title, address, whether it is done; those not reached yet have no address."""
    drawn = []
    reached = True
    if dossier.representation is not None:
        drawn.append(("nop-thay", "Nộp cho ai", _address(dossier, "nop-thay"), True))
    for page in dossier.form_pages():
        done = page.code in dossier.answers
        drawn.append((page.code, page.title, _address(dossier, page.code) if reached else "", done))
        reached = reached and done
    papers_done = reached and not dossiers.missing_components(dossier)
    drawn.append(("giay-to", "Giấy tờ", _address(dossier, "giay-to") if reached else "", papers_done))
    drawn.append(("kiem-tra", "Kiểm tra và nộp", _address(dossier, "kiem-tra") if reached else "", False))
    return drawn


_OWN = frozenset({"name", "personal_number", "phone"})


def _known(dossier: Dossier, page: FormPage) -> dict[str, Any]:
    """What the account says of the citizen, for the page that asks for a name, a number and a telephone together."""
    asked = set(page.form.base_fields)
    return {k: v for k, v in dossier.applicant.items() if k in asked and v} if asked >= _OWN else {}


def _order(dossier: Dossier) -> list[str]:
    first = ["nop-thay"] if dossier.representation is not None else []
    return [*first, *(page.code for page in dossier.form_pages()), "giay-to", "kiem-tra"]


def _address(dossier: Dossier, step: str) -> str:
    if step == "nop-thay":
        return reverse("one_stop_shop:for_another", args=[dossier.pk])
    if step == "giay-to":
        return reverse("one_stop_shop:papers", args=[dossier.pk])
    if step == "kiem-tra":
        return reverse("one_stop_shop:check", args=[dossier.pk])
    return reverse("one_stop_shop:fill", args=[dossier.pk, step])


def _after(dossier: Dossier, page: str, leaving: str) -> str:
    """Where one goes from a saved page: on, back to the check page, or to one's dossiers."""
    if leaving == "thoat":
        return reverse("one_stop_shop:my_dossiers")
    if leaving == "kiem-tra":
        return _address(dossier, "kiem-tra")
    order = _order(dossier)
    return _address(dossier, order[order.index(page) + 1])


def _before(dossier: Dossier, step: str) -> str:
    order = _order(dossier)
    here = order.index(step)
    return _address(dossier, order[here - 1]) if here else reverse("one_stop_shop:my_dossiers")


def _sending_form(dossier: Dossier, request: HttpRequest) -> Any:
    if dossier.state != State.DRAFT:
        return NoteForm(request.POST if request.method == "POST" else None)
    return SubmitForm(
        request.POST or None, dossier=dossier,
        initial={"cach_nhan": Dossier.ResultWay.ONLINE, **SubmitForm.shown(dossier)},
    )


def _on_claim(refusal: Refusal) -> Refusal:
    """The same refusal, at the boxes of the claim to owe nothing."""
    if refusal.field in ("exemption", "proof"):
        refusal.field = {"exemption": "mien", "proof": "mien_giay_to"}[refusal.field]
    return refusal


def _on_file(refusal: Refusal) -> Refusal:
    """The same refusal, at the file of the form."""
    refusal.field = "tep"
    return refusal


def _answer_wanted() -> Any:
    from django.db.models import Q

    return Q(state=State.NEEDS_SUPPLEMENT) | Q(overlay=Overlay.PAUSED_APPLICANT)
