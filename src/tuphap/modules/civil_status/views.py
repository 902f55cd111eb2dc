"""Pages of the register: parse, one call, answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.audit import looks
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.indicators import api as indicators
from tuphap.shared.orgs import api as orgs
from tuphap.shared.ui.api import Form

from . import operations, papers, persons, queries, rules
from .answers import BirthDeclaration
from .copies import papers as copy_papers
from .copies.declaration import CONFIRMATION, CopyDeclaration
from .current import as_it_stands
from .events import operations as divorces
from .events import papers as event_papers
from .events.blocks import Declaration
from .events.drafts import draft
from .events.kinds import kind_of, kind_of_act
from .events.recognition import RECOGNITION
from .events.standing import has_ended
from .forms import (
    BookFilterForm,
    CancelForm,
    DivorceForm,
    LineFilterForm,
    NumberForm,
    OpenBookForm,
    PersonLookForm,
    ReasonForm,
    SearchForm,
)
from .models import Act, BirthAct
from .together import queries as together
from .together.declaration import RecognisedBirthDeclaration

PER_PAGE = 50


@staff_required
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The front page: the year's figures, the year's books, what waits."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    today = localdate(at)
    access.require_anywhere(actor, rules.Permission.VIEW, on=today)
    scope = indicators.scope_for(
        actor, rules.Permission.VIEW, at=at, period_from=today.replace(month=1, day=1), period_to=today
    )
    figures = [
        (indicators.indicators[code].title, indicators.count(code, scope))
        for code in ("civil_status.births", "civil_status.births_late", "civil_status.marriages",
                     "civil_status.deaths", "civil_status.marital_statuses", "civil_status.extracts")
    ]
    context = {
        "figures": figures,
        "year": today.year,
        "books": queries.books(actor, at, year=today.year)[:60],
        "waiting": queries.waiting_for_number(actor, at)[:10],
        "waiting_count": queries.waiting_for_number(actor, at).count(),
        "failed_count": queries.count_failed_signings(actor=actor, at=at),
        "form": SearchForm(),
    }
    return render(request, "civil_status/register.html", context)


@staff_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Search acts of every kind; nothing is looked for until a purpose is told."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    access.require_anywhere(actor, rules.Permission.VIEW, on=localdate(at))
    form = SearchForm(request.GET or None)
    page = None
    if form.is_bound and form.is_valid():
        wanted = form.wanted()
        if wanted:
            asked = form.cleaned_data
            found = queries.search_acts(wanted, kind=asked["kind"], actor=actor, at=at, purpose=asked["purpose"])
            page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
        else:
            form.add_error("text", "Vui lòng nhập ít nhất một điều kiện tìm kiếm.")
    return render(request, "civil_status/search.html", {"form": form, "page": page})


@staff_required
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest) -> HttpResponse:
    """One person through all acts; nothing is looked up until a purpose is told, and no number stands in an address."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    access.require_anywhere(actor, rules.Permission.VIEW, on=localdate(at))
    form = PersonLookForm(request.POST or None)
    found, looked = None, False
    if form.is_bound and form.is_valid():
        asked, looked = form.cleaned_data, True
        found = persons.person(asked["personal_number"], actor=actor, at=at, purpose=asked["purpose"])
    return render(request, "civil_status/person.html", {"form": form, "person": found, "looked": looked},
                  status=422 if form.is_bound and form.errors else 200)


@staff_required
@require_GET
def books(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    access.require_anywhere(actor, rules.Permission.VIEW, on=localdate(at))
    year = request.GET.get("nam", "")
    found = queries.books(actor, at, year=int(year) if year.isdecimal() else None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    opens = access.units_where(actor, rules.Permission.PREPARE, on=localdate(at))
    form = OpenBookForm(units=orgs.OrgUnit.objects.filter(pk__in=opens), year=localdate(at).year) if opens else None
    return render(request, "civil_status/books.html", {"page": page, "year": year, "form": form})


@staff_required
@require_POST
def open_book(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    opens = access.units_where(actor, rules.Permission.PREPARE, on=localdate(at))
    form = OpenBookForm(request.POST, units=orgs.OrgUnit.objects.filter(pk__in=opens), year=localdate(at).year)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            opened = operations.open_book(
                unit_id=chosen["unit"].pk, kind=chosen["kind"], year=chosen["year"],
                first_number=chosen["first_number"], actor=actor, at=at,
            )
        except Denied:
            raise
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"Đã mở {opened.title}.")
            return redirect("civil_status:book", book_id=opened.pk)
    page = Paginator(queries.books(actor, at), PER_PAGE).get_page(1)
    return render(request, "civil_status/books.html", {"page": page, "form": form}, status=422)


@staff_required
@require_GET
def book(request: HttpRequest, book_id: int) -> HttpResponse:
    """The lines of one book."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    found = queries.get_book(book_id, actor, at)
    births = found.kind == rules.BookKind.BIRTH
    form = (BookFilterForm if births else LineFilterForm)(request.GET or None)
    lines: QuerySet[Any] = (queries.entries if births else queries.event_entries)(found, form.wanted())
    return render(request, "civil_status/book.html", {
        "book": found, "form": form, "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("trang")),
        "births": births,
        "may_close": found.is_open and access.may(
            actor, rules.Permission.SIGN, unit_id=found.unit_id, on=localdate(at)),
        "office_now": orgs.name_then_and_now(found.unit, on=localdate(at)),
    })


@staff_required
@require_GET
def print_book(request: HttpRequest, book_id: int) -> HttpResponse:
    """The whole book as a list for print."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    found = queries.get_book(book_id, actor, at)
    births = found.kind == rules.BookKind.BIRTH
    lines: QuerySet[Any] = (queries.entries if births else queries.event_entries)(found, queries.EntryFilter())
    return render(request, "civil_status/print_book.html", {
        "book": found, "lines": lines, "births": births, "printed_at": at, "sheet_office": found.unit.name,
    })


@staff_required
@require_POST
def close_book(request: HttpRequest, book_id: int) -> HttpResponse:
    closed = operations.close_book(book_id=book_id, actor=request.actor, at=now())  # type: ignore[attr-defined]
    messages.success(request, f"Đã khóa {closed.title}: {closed.acts_at_closing} việc.")
    return redirect("civil_status:book", book_id=closed.pk)


@staff_required
@require_GET
def act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    return _act_page(request, act_id)


@staff_required
@require_GET
def act_of_dossier(request: HttpRequest, code: str) -> HttpResponse:
    """The act that a dossier led to, by the dossier's code: where the figures' lists lead; or both, to choose from."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    acts = queries.visible_acts(actor, at).filter(dossier__code=code)
    standing = sorted(acts.exclude(state=rules.ActState.VOID), key=lambda one: one.kind != rules.BookKind.BIRTH)
    if len(standing) > 1:
        return render(request, "civil_status/acts_of_dossier.html", {"acts": standing, "code": code})
    found = standing[0] if standing else acts.first()
    if found is None:
        raise rules.UnknownAct()
    return redirect(found)


def _act_page(
    request: HttpRequest, act_id: UUID, *, number_form: NumberForm | None = None,
    cancel_form: CancelForm | None = None, divorce_form: DivorceForm | None = None,
) -> HttpResponse:
    """One act: its fields, papers with their standing, annotations, history, and what the viewer may do."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    today = localdate(at)
    shown = queries.get_act(act_id, replace(actor, purpose=request.GET.get("muc_dich", "")[:300]), at)
    if not isinstance(shown, BirthAct) or shown.is_from_paper:
        return _event_page(
            request, shown, number_form=number_form, cancel_form=cancel_form, divorce_form=divorce_form)
    registered = shown.state == rules.ActState.REGISTERED
    signs = access.may(actor, rules.Permission.SIGN, unit_id=shown.unit_id, on=today)
    prepares = access.may(actor, rules.Permission.PREPARE, unit_id=shown.unit_id, on=today)
    lacks_number = shown.personal_number_state == rules.PersonalNumberState.PIN_PENDING
    bad = any(form is not None for form in (number_form, cancel_form, divorce_form))
    standing = as_it_stands(shown)
    return render(request, "civil_status/act.html", {
        "act": standing, "changed": standing is not shown, "related": queries.related(shown, actor, at),
        "office_now": papers.office_then_and_now(shown, on=today),
        "registered_at": papers.registered_at(shown),
        "parents": [person for person in (standing.mother, standing.father) if person is not None],
        "history": queries.history(shown),
        "number_form": (number_form or NumberForm()) if registered and prepares and lacks_number else None,
        "cancel_form": (cancel_form or CancelForm()) if registered and signs else None,
        "cancelling_authority": rules.in_force(rules.CANCELLING_AUTHORITY, on=today),
    }, status=422 if bad else 200)


def _event_page(
    request: HttpRequest, shown: Act, *, number_form: NumberForm | None, cancel_form: CancelForm | None,
    divorce_form: DivorceForm | None,
) -> HttpResponse:
    """As :func:`_act_page`, of every other kind of act, and of any that came from an old book."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    today, standing = localdate(at), as_it_stands(shown)
    registered = shown.state == rules.ActState.REGISTERED
    signs = access.may(actor, rules.Permission.SIGN, unit_id=shown.unit_id, on=today)
    prepares = access.may(actor, rules.Permission.PREPARE, unit_id=shown.unit_id, on=today)
    couple = shown.kind == rules.BookKind.MARRIAGE or shown.event == rules.FOREIGN_MARRIAGE
    divorces = registered and prepares and couple and not has_ended(shown)
    wants_number = registered and prepares and isinstance(shown, BirthAct) and not shown.child.personal_number
    return render(request, "civil_status/event.html", {
        "act": standing, "called": shown.title if shown.is_from_paper else kind_of_act(shown).title,
        "headline": queries.about(standing), "sections": copy_papers.sections_of(standing),
        "changed": standing is not shown, "related": queries.related(shown, actor, at),
        "late": shown.facts.get("timeliness") == rules.Timeliness.LATE,
        "office_now": papers.office_then_and_now(shown, on=today), "number_form": None if not wants_number else (
            number_form or NumberForm()),
        "registered_at": papers.registered_at(shown),
        "history": queries.history(shown),
        "divorce_form": (divorce_form or DivorceForm()) if divorces else None,
        "cancel_form": (cancel_form or CancelForm()) if registered and signs else None,
        "cancelling_authority": rules.in_force(rules.CANCELLING_AUTHORITY, on=today),
    }, status=422 if any(form is not None for form in (number_form, cancel_form, divorce_form)) else 200)


@staff_required
@require_POST
def set_personal_number(request: HttpRequest, act_id: UUID) -> HttpResponse:
    form = NumberForm(request.POST)
    return _noted(
        request, act_id, form, "Đã ghi số định danh cá nhân.", "number_form",
        lambda asked, **who: operations.set_personal_number(
            act_id=act_id, number=asked["personal_number"], source=asked["source"], **who
        ),
    )


@staff_required
@require_POST
def cancel_act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    return _noted(
        request, act_id, CancelForm(request.POST), "Đã ghi chú hủy bỏ việc đăng ký.", "cancel_form",
        lambda asked, **who: operations.cancel_act(act_id=act_id, **asked, **who),
    )


@staff_required
@require_POST
def note_divorce(request: HttpRequest, act_id: UUID) -> HttpResponse:
    return _noted(
        request, act_id, DivorceForm(request.POST), "Đã ghi chú ly hôn vào sổ.", "divorce_form",
        lambda asked, **who: divorces.note_divorce(act_id=act_id, **asked, **who),
    )


def _noted(
    request: HttpRequest, act_id: UUID, form: Form, said: str, name: str, note: Callable[..., object]
) -> HttpResponse:
    """What a small form beside an act asks for, done; or the act's page again with what is wrong beside its field.

    :param name: the form's, by which the page takes it back.
    """
    if form.carried_out(lambda: note(form.cleaned_data, actor=request.actor, at=now())):  # type: ignore[attr-defined]
        messages.success(request, said)
        return redirect("civil_status:act", act_id=act_id)
    return _act_page(request, act_id, **{name: form})  # type: ignore[arg-type]


@staff_required
@require_GET
def paper(request: HttpRequest, act_id: UUID, paper_id: int) -> HttpResponse:
    """The signed PDF itself, byte for byte."""
    shown = queries.get_act(act_id, request.actor, now())  # type: ignore[attr-defined]
    wanted = next((p for p in shown.papers.all() if p.pk == paper_id), None)
    if wanted is None or wanted.state != rules.PaperState.SIGNED:
        raise rules.UnknownAct()
    name = f"{shown.kind}.{shown.year}.{shown.number:02d}{shown.number_suffix}.{wanted.kind}.pdf"
    return _pdf(documents.content(wanted.document), name)


@staff_required
@require_GET
def failed_signings(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    access.require_anywhere(actor, rules.Permission.SIGN, on=localdate(at))
    page = Paginator(queries.failed_signings(actor, at), PER_PAGE).get_page(request.GET.get("trang"))
    return render(request, "civil_status/failed_signings.html", {"page": page, "form": ReasonForm()})


@staff_required
@require_POST
def retry_signing(request: HttpRequest, act_id: UUID) -> HttpResponse:
    retried = operations.retry_signing(act_id=act_id, actor=request.actor, at=now())  # type: ignore[attr-defined]
    messages.success(request, f"Đã gửi ký lại số {retried.display_number}.")
    return _after_signing(request)


@staff_required
@require_POST
def void_act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    voided = operations.void_act(
        act_id=act_id, reason=request.POST.get("reason", ""), actor=request.actor, at=now(),  # type: ignore[attr-defined]
    )
    numbers = ", ".join(f"{given_up.display_number} ({given_up.title.lower()})" for given_up in voided)
    messages.success(request, f"Đã hủy số {numbers}; hồ sơ trở lại chờ phê duyệt.")
    return _after_signing(request)


@staff_required
@require_POST
def void_extract(request: HttpRequest, act_id: UUID) -> HttpResponse:
    operations.void_extract(
        act_id=act_id, reason=request.POST.get("reason", ""), actor=request.actor, at=now(),  # type: ignore[attr-defined]
    )
    messages.success(request, "Đã hủy bản sao chưa ký được.")
    return _after_signing(request)


@staff_required
@require_GET
def preview(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """The certificate as it would look, for whoever may see the dossier; it bears no number and no value."""
    actor, at = request.actor, now()  # type: ignore[attr-defined]
    dossier = dossiers.get_visible(dossier_id, actor, at)
    looks.note_look(
        subject=dossier, actor=actor, at=at, what="dossier", unit_id=dossier.resolving_unit_id,
        purpose=actor.purpose or "Xem trước giấy khai sinh", dossier=dossier.reference,
    )
    declared, on = dossiers.read_answers(dossier), localdate(at)
    if isinstance(declared, CopyDeclaration):
        return _copy_preview(declared, dossier, on=on)
    if isinstance(declared, RecognisedBirthDeclaration) and request.GET.get("viec") == rules.BookKind.RECOGNITION:
        data = event_papers.preview(RECOGNITION, together.drafted(declared, dossier))
        return _pdf(documents.render(RECOGNITION.template, data, on=on), "xem-truoc.pdf")
    if isinstance(declared, BirthDeclaration):
        data = papers.preview_data(declared, unit=dossier.resolving_unit, on=on)
        return _pdf(documents.render(rules.Template.BIRTH_CERTIFICATE, data, on=on), "xem-truoc.pdf")
    assert isinstance(declared, Declaration)  # every other handler of this module is an event's
    kind = kind_of(dossier)
    data = event_papers.preview(kind, draft(kind, declared, dossier, at=at))
    return _pdf(documents.render(kind.template, data, on=on), "xem-truoc.pdf")


def _copy_preview(declared: CopyDeclaration, dossier: dossiers.Dossier, *, on: date) -> HttpResponse:
    act = declared.find_target()
    if act is None:
        raise rules.UnknownAct()
    data = copy_papers.data_of(declared, act, number=f"……/{on.year}", unit=dossier.resolving_unit, on=on)
    template = copy_papers.template_of(act, confirms=dossier.procedure.handler == CONFIRMATION)
    return _pdf(documents.render(template, data, on=on), "xem-truoc.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _after_signing(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("civil_status:failed_signings"))
