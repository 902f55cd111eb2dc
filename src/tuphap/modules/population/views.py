"""Pages of matching: how far it is, lists of tickets, one ticket beside the scan, batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.files import api as files
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs.models import OrgUnit
from tuphap.shared.ui import files as answers
from tuphap.shared.ui import sheets
from tuphap.shared.ui.api import Bar, Column, LongPaginator, Series

from . import comparison, export, operations, papers, queries, rules, tasks
from .forms import BatchForm, DecisionForm, EvidenceForm, ReasonForm
from .models import Batch, Ticket
from .queries import Filter
from .rules import Klass, Permission, State

PER_PAGE = 50
# A scan stands in a page of ours, and in none of anybody else's.
_IN_OUR_PAGES = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'"

# --- How far it is ----------------------------------------------------------------------------------------------------


@staff_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The figures, each with the list behind it; of one office or year where asked."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    wanted = _wanted(request)
    found = queries.board(actor, at, unit=wanted.unit, year=wanted.year)
    shared = {key: value for key, value in (("don-vi", wanted.unit), ("nam", wanted.year)) if value}
    unit = OrgUnit.objects.filter(pk=wanted.unit).first() if wanted.unit else None
    return render(request, "population/board.html", {
        "board": found, "tiles": _tiles(found, shared), "unit": unit, "year": wanted.year,
        "klasses": [
            Bar(f"{klass} – {rules.KLASS_TITLES[klass]}", found.by_klass.get(klass, 0),
                _list(nhom=klass, **shared) if klass is not Klass.A else "", tone=rules.KLASS_TONES[klass])
            for klass in Klass if klass is not Klass.F],
        "fields": [
            Bar(comparison.FIELD_TITLES[name], count, _list(muc=name, trang_thai="waiting", **shared), tone="amber")
            for name, count in sorted(found.by_field.items(), key=lambda item: -item[1])],
        "waiting": [
            {"title": rules.STATE_TITLES[state], "tone": rules.STATE_TONES[state],
             "count": found.by_state.get(state, 0), "late": found.late.get(state, 0), "oldest": found.oldest.get(state),
             "href": _list(trang_thai=state, **shared), "late_href": _list(trang_thai=state, qua_han=1, **shared)}
            for state in rules.WAITING],
        "series": [Series("Đã khớp", "green"), Series("Chưa xong", "amber")],
        "columns": [
            Column(str(line["year"]), (line["confirmed"], line["people"] - line["confirmed"]), ("", _list(
                nam=line["year"], trang_thai="waiting", **({"don-vi": wanted.unit} if wanted.unit else {}))))
            for line in found.by_year if line["year"]],
        "units": [{**line, "href": f"{reverse('population:board')}?{urlencode({'don-vi': line['unit'].pk})}",
                   "waiting_href": _list(trang_thai="waiting", **{"don-vi": line["unit"].pk}),
                   "urgent_href": _list(nhom="H", trang_thai="waiting", **{"don-vi": line["unit"].pk})}
                  for line in found.by_unit],
        "pulled_at": queries.pulled_at(), "whole_url": reverse("population:board"),
    })


def _tiles(found: queries.Board, shared: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"value": found.confirmed, "label": "Đã khớp", "tone": "green", "hint": f"trên {found.people} người"},
        {"value": found.proposed, "label": "Chờ xác nhận là cùng người", "href": _list(trang_thai="waiting", **shared)},
        {"value": found.unfound, "label": "Chưa tìm thấy trong dân cư", "href": _list(nhom="E", **shared)},
        {"value": found.urgent, "label": "Khẩn (nhóm H)", "href": _list(nhom="H", trang_thai="waiting", **shared),
         "tone": "red" if found.urgent else ""},
        {"value": found.corrected, "label": "Công an đã sửa", "href": _list(tra_loi="accepted", **shared)},
        {"value": found.noted, "label": "Sổ điện tử đã ghi chú sửa", "href": _list(trang_thai="over", **shared)},
        {"value": found.sent_back, "label": "Công an trả lại", "href": _list(tra_loi="rejected", **shared),
         "tone": "amber" if found.sent_back else ""},
        {"value": found.wants_minutes, "label": "Công an cần biên bản",
         "href": _list(tra_loi="needs_minutes", **shared)},
    ]


def _list(**asked: Any) -> str:
    """The address of a list of tickets."""
    told = {key.replace("_", "-"): str(value) for key, value in asked.items() if value}
    return f"{reverse('population:tickets')}?{urlencode(told)}"


# --- Lists ------------------------------------------------------------------------------------------------------------


def _wanted(request: HttpRequest) -> Filter:
    """What the address asks for; what is none of its kind is left out."""
    asked = request.GET
    state = asked.get("trang-thai", "")
    known = {"waiting", "over", *(str(one) for one in State)}
    klass = "".join(one for one in asked.get("nhom", "").upper() if one in {str(k) for k in Klass})
    verdict = asked.get("tra-loi", "")
    return Filter(
        klass=klass, state=state if state in known else "", unit=_number(asked.get("don-vi")),
        field=asked.get("muc", "") if asked.get("muc", "") in comparison.FIELD_TITLES else "",
        year=_number(asked.get("nam")), late=asked.get("qua-han") == "1", proposed=asked.get("de-xuat") == "1",
        mine=asked.get("cua-toi") == "1", text=asked.get("q", "").strip()[:100],
        verdict=verdict if verdict in {str(one) for one in rules.Verdict} else "",
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


@staff_required
@require_GET
def tickets(request: HttpRequest) -> HttpResponse:
    """Tickets by class, office, owner and day."""
    return _tickets(request)


def _tickets(request: HttpRequest, *, refused: Refusal | None = None) -> HttpResponse:
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    wanted = _wanted(request)
    rest = {key: value for key, value in request.GET.items() if key not in ("nhom", "trang")}
    tabs = [{"title": "Tất cả", "href": f"?{urlencode(rest)}", "current": not wanted.klass}]
    tabs += [{"title": f"{klass} – {rules.KLASS_TITLES[klass]}", "href": f"?{urlencode({**rest, 'nhom': klass})}",
              "current": wanted.klass == klass} for klass in Klass if klass is not Klass.A]
    page = LongPaginator(queries.listed(actor, at, wanted), PER_PAGE).get_page(request.GET.get("trang"))
    units = access.units_where(actor, Permission.VIEW, on=localdate(at))
    decides = access.may_anywhere(actor, Permission.DECIDE, on=localdate(at))
    return render(request, "population/tickets.html", {
        "tabs": tabs, "page": page, "wanted": wanted, "today": localdate(at), "refused": refused,
        "states": [("waiting", "Chưa xong"), ("over", "Đã xong"),
                   *((str(code), title) for code, title in rules.STATE_TITLES.items())],
        "fields": list(comparison.FIELD_TITLES.items()), "help": rules.KLASS_HELP.get(Klass(wanted.klass))
        if len(wanted.klass) == 1 and wanted.klass != Klass.A else "",
        "units": OrgUnit.objects.filter(pk__in=units, kind=OrgUnit.Kind.COMMUNE, valid_to__isnull=True).order_by(
            "sort_key")[:400],
        "bulk": decides and wanted.klass == Klass.B and any(one.state == State.OPEN for one in page),
        "query": request.GET.urlencode(), "may_decide": decides,
    }, status=refused.status if refused else 200)


@staff_required
@require_GET
def urgent(request: HttpRequest) -> HttpResponse:
    """Where the leader's notice leads: what cannot both be so in one life."""
    return redirect(_list(nhom="H", trang_thai="waiting"))


@staff_required
@require_GET
def to_confirm(request: HttpRequest) -> HttpResponse:
    """What somebody has proposed and somebody else is to confirm."""
    return redirect(_list(de_xuat=1))


@staff_required
@require_POST
def confirm_many(request: HttpRequest) -> HttpResponse:
    """The chosen tickets of class B are the same people."""
    access.require_anywhere(actor_of(request), Permission.DECIDE, on=localdate(now()))
    chosen = [int(key) for key in request.POST.getlist("phieu") if key.isdecimal()]
    try:
        count = operations.confirm_many(ticket_ids=chosen, actor=actor_of(request), at=now(), once=once_of(request))
    except (Denied, NotFound):
        raise
    except Refusal as refusal:
        return _tickets(request, refused=refusal)
    messages.success(request, f"Đã xác nhận {count} phiếu nhóm B.")
    return redirect(f"{reverse('population:tickets')}?{request.GET.urlencode()}")


@staff_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The list as a spreadsheet, for a joint session with the police."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    found = queries.listed(actor, at, _wanted(request)).select_related("record", "act")[:export.MOST]
    return answers.xlsx_answer("phieu-doi-chieu", "Phiếu đối chiếu hộ tịch – dân cư", export.HEADS, export.rows(found))


# --- One ticket -------------------------------------------------------------------------------------------------------


@staff_required
@require_GET
def ticket(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Both sides, the scan beside them, what this person may do."""
    return _ticket(request, queries.get(ticket_id, actor_of(request), now()))


def _ticket(
    request: HttpRequest, shown: Ticket, *, form: DecisionForm | None = None, reasons: ReasonForm | None = None,
    evidence: EvidenceForm | None = None, refused: Refusal | None = None,
) -> HttpResponse:
    actor, at = actor_of(request), now()
    today = localdate(at)
    decides = access.may(actor, Permission.DECIDE, unit_id=shown.unit_id, on=today)
    confirms = access.may(actor, Permission.CONFIRM, unit_id=shown.unit_id, on=today)
    own = shown.proposed_by_id == actor.user_id
    deciding = decides and shown.may_be_decided
    if deciding and form is None:
        form = DecisionForm(ticket=shown)
    waits = confirms and shown.is_proposed
    context = {
        "ticket": shown, "lines": queries.lines_of(shown), "page_of_book": queries.page_of(shown),
        "form": form if deciding else None, "help": rules.KLASS_HELP[Klass(shown.klass)],
        "choices": _choices(shown, form) if deciding else [], "eyes": shown.klass in rules.FOUR_EYES,
        "may": {
            "take": decides and not shown.is_over and shown.officer_id != actor.user_id,
            "confirm": waits and not own, "own": waits and own,
            "reopen": decides and shown.state == State.WITH_CITIZEN, "add": decides and not shown.is_over,
        },
        "right": [(comparison.FIELD_TITLES[name], comparison.show(name, value)) for name, value in shown.right.items()],
        "reasons": reasons or ReasonForm(), "evidence_form": evidence or EvidenceForm(), "refused": refused,
        "evidence": shown.evidence.select_related("file"), "today": today, "late": shown.is_late(today),
        "steps": [{"title": s.title, "at": s.at, "by": s.by, "note": s.note} for s in shown.steps.all()],
        "next": queries.next_of(shown, actor, at),
        "files": [(title, reverse("population:minutes", args=[shown.pk, kind])) for kind, title in FILES.items()],
    }
    wrong = refused or any(one is not None and one.errors for one in (form, reasons, evidence))
    return render(request, "population/ticket.html", context, status=422 if wrong else 200)


def _choices(shown: Ticket, form: DecisionForm | None) -> list[dict[str, Any]]:
    chosen = form["choice"].value() if form is not None else ""
    return [
        {"code": str(one), "title": rules.CHOICE_TITLES[one], "key": rules.CHOICE_KEYS[one],
         "checked": chosen == one, "at_once": one in rules.WITHOUT_REASON}
        for one in rules.CHOICES[Klass(shown.klass)]
    ]


@staff_required
@require_POST
def decide(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Decide, and go on to the next ticket."""
    actor, at = actor_of(request), now()
    shown = queries.get(ticket_id, actor, at)
    access.require(actor, Permission.DECIDE, unit_id=shown.unit_id, on=localdate(at))
    form = DecisionForm(request.POST, ticket=shown)
    done = form.carried_out(lambda: operations.decide(
        ticket_id=ticket_id, **form.told(), actor=actor, at=at, once=once_of(request)))
    if done is None:
        return _ticket(request, shown, form=form)
    said = "Đã trình người thứ hai xác nhận" if done.is_proposed else done.state_title
    return _onwards(request, done, f"Phiếu {done.code}: {said[:1].lower()}{said[1:]}.")


def _onwards(request: HttpRequest, done: Ticket, words: str) -> HttpResponse:
    """The next ticket that waits for the same hands; the list where there is none."""
    messages.success(request, words)
    following = queries.next_of(done, actor_of(request), now())
    return redirect(following if following is not None else done)


@staff_required
@require_POST
def take(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Take it in hand."""
    return _do(request, ticket_id, operations.take, "Đã nhận xử lý phiếu.")


@staff_required
@require_POST
def confirm(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """The second pair of eyes: it is carried out."""
    actor, at = actor_of(request), now()
    shown = queries.get(ticket_id, actor, at)
    try:
        done = operations.confirm(ticket_id=ticket_id, actor=actor, at=at, once=once_of(request))
    except (Denied, NotFound):
        raise
    except Refusal as refusal:
        return _ticket(request, shown, refused=refusal)
    return _onwards(request, done, f"Đã xác nhận phiếu {done.code}.")


@staff_required
@require_POST
def send_back(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """It is to be looked at again."""
    return _do_with_reason(request, ticket_id, operations.send_back, "Đã chuyển lại để xem xét.")


@staff_required
@require_POST
def reopen(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """The citizen does not come."""
    return _do_with_reason(request, ticket_id, operations.reopen, "Đã mở lại phiếu để xem xét.")


def _do(request: HttpRequest, ticket_id: int, verb: Callable[..., Ticket], said: str) -> HttpResponse:
    actor, at = actor_of(request), now()
    shown = queries.get(ticket_id, actor, at)
    try:
        done = verb(ticket_id=ticket_id, actor=actor, at=at, once=once_of(request))
    except (Denied, NotFound):
        raise
    except Refusal as refusal:
        return _ticket(request, shown, refused=refusal)
    messages.success(request, said)
    return redirect(done)


def _do_with_reason(request: HttpRequest, ticket_id: int, verb: Callable[..., Ticket], said: str) -> HttpResponse:
    actor, at = actor_of(request), now()
    shown, form = queries.get(ticket_id, actor, at), ReasonForm(request.POST)
    done = form.carried_out(lambda: verb(
        ticket_id=ticket_id, reason=form.cleaned_data["reason"], actor=actor, at=at, once=once_of(request)))
    if done is None:
        return _ticket(request, shown, reasons=form)
    messages.success(request, said)
    return redirect(done)


@staff_required
@require_POST
def add_evidence(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Keep a file with it."""
    actor, at = actor_of(request), now()
    shown, form = queries.get(ticket_id, actor, at), EvidenceForm(request.POST, request.FILES)
    access.require(actor, Permission.DECIDE, unit_id=shown.unit_id, on=localdate(at))

    def add() -> object:
        file = form.cleaned_data["file"]
        return operations.add_evidence(
            ticket_id=ticket_id, words=form.cleaned_data["words"], name=file.name, content=file.read(),
            media_type=file.content_type or "", actor=actor, at=at, once=once_of(request))

    if form.carried_out(add) is None:
        return _ticket(request, shown, evidence=form)
    messages.success(request, "Đã lưu tài liệu vào phiếu.")
    return redirect(shown)


@staff_required
@require_GET
@xframe_options_sameorigin
def scan(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """The scanned page of the book."""
    return _file(queries.scan_of(ticket_id, actor_of(request), now()))


@staff_required
@require_GET
@xframe_options_sameorigin
def evidence(request: HttpRequest, ticket_id: int, evidence_id: int) -> HttpResponse:
    return _file(queries.evidence_of(ticket_id, evidence_id, actor_of(request), now()).file)


def _file(stored: StoredFile) -> HttpResponse:
    """A file byte for byte."""
    response = HttpResponse(files.read(stored), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=stored.name) or "inline"
    response["Content-Security-Policy"] = _IN_OUR_PAGES
    return response


FILES = {"pdf": "PDF", "docx": "DOCX"}


@staff_required
@require_GET
def minutes(request: HttpRequest, ticket_id: int, kind: str) -> HttpResponse:
    """The joint minutes, to be signed by commune and police, as PDF or to be worked on."""
    actor, at = actor_of(request), now()
    shown = queries.get(ticket_id, actor, at)
    if kind not in FILES:
        raise rules.UnknownTicket()
    name = f"bien-ban-doi-chieu-{shown.pk}.{kind}"
    if kind == "pdf":
        return answers.file_answer(name, papers.minutes_pdf(shown, on=localdate(at)), sheets.PDF)
    return answers.file_answer(name, papers.minutes_letter(shown, on=localdate(at)), sheets.DOCX)


# --- Batches ----------------------------------------------------------------------------------------------------------


@staff_required
@require_http_methods(["GET", "POST"])
def batches(request: HttpRequest) -> HttpResponse:
    """The runs that were made; posted, begin another."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.VIEW, on=localdate(at))
    if request.method == "GET":
        year = localdate(at).year
        form = BatchForm(units=queries.matching_units(actor, at), initial={"year_from": year, "year_to": year})
        return _batches(request, form)
    access.require_anywhere(actor, Permission.MATCH, on=localdate(at))
    form = BatchForm(request.POST, units=queries.matching_units(actor, at))
    begun = form.carried_out(lambda: operations.begin_batch(
        unit_id=form.cleaned_data["unit"].pk, kinds=form.cleaned_data["kinds"],
        year_from=form.cleaned_data["year_from"], year_to=form.cleaned_data["year_to"], actor=actor, at=at,
        once=once_of(request)))
    if begun is None:
        return _batches(request, form, status=422)
    messages.success(request, "Đã lập đợt đối chiếu; kết quả hiện dần khi chạy.")
    return redirect(begun)


def _batches(request: HttpRequest, form: BatchForm, *, status: int = 200) -> HttpResponse:
    actor, at = actor_of(request), now()
    return render(request, "population/batches.html", {
        "page": LongPaginator(queries.batches(actor, at), PER_PAGE).get_page(request.GET.get("trang")),
        "form": form if access.may_anywhere(actor, Permission.MATCH, on=localdate(at)) else None,
        "sequence": queries.sequence(), "pulled_at": queries.pulled_at(),
    }, status=status)


@staff_required
@require_GET
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One run: how far, and what came of it."""
    found = queries.get_batch(batch_id, actor_of(request), now())
    return render(request, "population/batch.html", {"batch": found, "tiles": _results(found)})


def _results(found: Batch) -> list[dict[str, Any]]:
    told = [{"value": found.counts.get("people", 0), "label": "Người đã đối chiếu", "tone": "", "href": ""}]
    return told + [
        {"value": found.counts.get(klass, 0), "label": f"{klass} – {title}", "tone": rules.KLASS_TONES[klass]
         if found.counts.get(klass) else "", "href": "" if klass is Klass.A else _list(nhom=klass, **{
             "don-vi": found.unit_id if found.unit.kind == OrgUnit.Kind.COMMUNE else ""})}
        for klass, title in rules.KLASS_TITLES.items()
    ]


@staff_required
@require_POST
def pull(request: HttpRequest) -> HttpResponse:
    """Ask the police now for what has changed; otherwise that is done every ten minutes."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.MATCH, on=localdate(at))
    tasks.ask_now()
    messages.success(request, "Đang lấy thay đổi của dữ liệu dân cư.")
    return redirect("population:batches")
