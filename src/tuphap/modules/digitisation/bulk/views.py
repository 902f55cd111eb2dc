"""Pages of files that are taken in: chosen, their columns met, checked, started, watched, what was set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.modules.civil_status import public as register
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.operation.api import Operation
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.ui import files

from ..rules import Permission
from . import operations, preview, queries, rules, taking
from .forms import ChooseForm, KeepForm, MappingForm, UseForm
from .models import Batch, FaultyRow

PER_PAGE = 50
MOST_IN_A_SPREADSHEET = 50_000  # rows: more go as plain text


@staff_required
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The files that were taken in, the last first."""
    actor, at = actor_of(request), now()
    access.require_anywhere(actor, Permission.MANAGE, on=localdate(at))
    page = Paginator(queries.visible(actor, at), PER_PAGE).get_page(request.GET.get("trang"))
    return render(request, "digitisation/bulk/imports.html", {"page": page})


@staff_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """A file and what is in it."""
    actor, at = actor_of(request), now()
    units, ready = queries.offices_of(actor, at), queries.lying_ready(actor, at)
    if request.method == "GET":
        form = ChooseForm(units=units, ready=ready)
        return render(request, "digitisation/bulk/choose.html", {"form": form})
    form = ChooseForm(request.POST, request.FILES, units=units, ready=ready)
    batch = form.carried_out(lambda: _chosen(form, actor))
    if batch is None:
        return render(request, "digitisation/bulk/choose.html", {"form": form}, status=422)
    return redirect(batch)


def _chosen(form: ChooseForm, actor: Actor) -> Batch:
    told = form.cleaned_data
    kind, folder = register.ENTRY_KINDS[told["what"]], queries.folder()
    lying = form.lying
    source = (taking.from_file(lying, folder, kind) if lying is not None
              else taking.from_upload(told["file"], folder, kind))
    return operations.choose(source=source, what=told["what"], unit_id=told["unit"].pk, actor=actor, at=now())


# --- One file ---------------------------------------------------------------------------------------------------------


@staff_required
@require_GET
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Where a file stands: what would come of it, how far it is, or what came of it."""
    actor, at = actor_of(request), now()
    return _batch_page(request, queries.get(batch_id, actor, at))


def _batch_page(request: HttpRequest, shown: Batch, *, refused: Refusal | None = None) -> HttpResponse:
    checked, missing = None, refused
    if shown.is_mapping:
        try:
            operations.check_mapping(shown)
            checked = preview.check(shown, queries.folder(), actor=actor_of(request), at=now())
        except (rules.ColumnsMissing, rules.BadMapping, rules.SourceGone) as refusal:
            missing = refused or refusal
    return render(request, "digitisation/bulk/batch.html", {
        "batch": shown, "checked": checked, "missing": missing, "counts": _counts(shown),
    }, status=refused.status if refused is not None else 200)


def _counts(shown: Batch) -> list[dict[str, Any]]:
    """What became of the rows, as tiles."""
    rows = reverse("digitisation:import_rows", args=[shown.pk])
    told = [
        {"label": "Nạp mới", "value": shown.loaded, "tone": "green", "href": ""},
        {"label": "Nạp vào việc đã quét", "value": shown.joined, "tone": "", "href": ""},
        {"label": "Đã có, giống hệt", "value": shown.same, "tone": "", "href": ""},
        {"label": "Tách ra vì lỗi", "value": shown.aside, "tone": "red" if shown.aside else "", "href": rows},
        {"label": "Nạp có lưu ý", "value": shown.remarked, "tone": "amber" if shown.remarked else "",
         "href": f"{rows}?loc=luu-y"},
        {"label": "Loại việc khác", "value": shown.skipped, "tone": "", "href": ""},
        {"label": "Dòng tách ra trước đây, nay đã sửa", "value": shown.mended, "tone": "", "href": ""},
    ]
    always = {"Nạp mới", "Tách ra vì lỗi"}
    return [one for one in told if one["value"] or one["label"] in always]


@staff_required
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Which column stands for what."""
    actor, at = actor_of(request), now()
    shown = queries.get(batch_id, actor, at)
    if not shown.is_mapping:
        raise rules.WrongBatchState(state=shown.state_title)
    form = _mapping_form(shown, request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return _mapping_page(request, shown, form)
    written = form.carried_out(lambda: operations.write_mapping(
        batch_id=batch_id, shape=form.cleaned_data.get("shape", shown.shape), columns=form.mapping(),
        office_code=form.cleaned_data["office_code"], actor=actor, at=at))
    if written is None:
        return _mapping_page(request, shown, form, status=422)
    messages.success(request, "Đã lưu cách ghép cột.")
    return redirect(written)


def _mapping_form(shown: Batch, typed: QueryDict | None = None) -> MappingForm:
    columns = preview.columns_of(shown, queries.folder())
    return MappingForm(typed, batch=shown, columns=columns, targets=preview.targets_of(shown))


def _mapping_page(
    request: HttpRequest, shown: Batch, form: MappingForm, *, keep: KeepForm | None = None, status: int = 200
) -> HttpResponse:
    kept = queries.mappings(shown.what)
    return render(request, "digitisation/bulk/mapping.html", {
        "batch": shown, "form": form, "keep": keep or KeepForm(), "use": UseForm(kept=kept) if kept else None,
    }, status=status)


@staff_required
@require_POST
def keep_mapping(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Keep how the columns are met for the next file."""
    actor, at = actor_of(request), now()
    shown, form = queries.get(batch_id, actor, at), KeepForm(request.POST)
    kept = form.carried_out(lambda: operations.keep_mapping(
        batch_id=batch_id, name=form.cleaned_data["name"], actor=actor, at=at))
    if kept is None:
        return _mapping_page(request, shown, _mapping_form(shown), keep=form, status=422)
    messages.success(request, f"Đã lưu cách ghép “{kept.name}”.")
    return redirect("digitisation:import_mapping", batch_id=batch_id)


@staff_required
@require_POST
def use_mapping(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Meet the columns as those of an earlier file were."""
    actor, at = actor_of(request), now()
    shown = queries.get(batch_id, actor, at)
    form = UseForm(request.POST, kept=queries.mappings(shown.what))
    if form.is_valid():
        operations.use_mapping(batch_id=batch_id, mapping_id=form.cleaned_data["mapping"].pk, actor=actor, at=at)
        messages.success(request, "Đã ghép cột theo cách đã lưu. Vui lòng xem lại.")
    return redirect("digitisation:import_mapping", batch_id=batch_id)


def _do(request: HttpRequest, batch_id: UUID, verb: Operation[..., Batch], said: str) -> HttpResponse:
    actor, at = actor_of(request), now()
    shown = queries.get(batch_id, actor, at)
    try:
        moved = verb(batch_id=batch_id, actor=actor, at=at, once=once_of(request))
    except (Denied, NotFound):
        raise
    except Refusal as refusal:
        return _batch_page(request, shown, refused=refusal)
    messages.success(request, said)
    return redirect(moved)


@staff_required
@require_POST
def start(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Let the rows be loaded in the background."""
    return _do(request, batch_id, operations.start, "Đang nạp. Có thể rời trang này, việc nạp vẫn tiếp tục.")


@staff_required
@require_POST
def pause(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    return _do(request, batch_id, operations.pause, "Đã tạm dừng sau lượt đang ghi.")


@staff_required
@require_POST
def withdraw(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    return _do(request, batch_id, operations.withdraw, "Đã thôi nạp tệp này.")


# --- Rows with faults -------------------------------------------------------------------------------------------------


@staff_required
@require_GET
def rows(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The rows that were set aside, or loaded with remarks; as a file to be mended too."""
    actor, at = actor_of(request), now()
    shown = queries.get(batch_id, actor, at)
    aside = request.GET.get("loc") != "luu-y"
    found = queries.faulty(shown, aside=aside, actor=actor, at=at)
    if "tep" in request.GET:
        return _file(request.GET["tep"], shown, found.iterator(chunk_size=2000), many=shown.aside)
    here = reverse("digitisation:import_rows", args=[shown.pk])
    tabs = [
        {"title": "Tách ra", "href": here, "current": aside, "count": shown.aside},
        {"title": "Nạp có lưu ý", "href": f"{here}?loc=luu-y", "current": not aside, "count": shown.remarked},
    ]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    return render(request, "digitisation/bulk/rows.html", {"batch": shown, "page": page, "tabs": tabs, "aside": aside})


def _file(form: str, shown: Batch, found: Iterable[FaultyRow], *, many: int) -> HttpResponse:
    """The rows with their cells, to be mended and taken in again: what is wrong stands before them."""
    name = f"dong-loi-{shown.sha256[:8]}"
    make: Callable[..., HttpResponse] = files.csv_answer
    first = next(it := iter(found), None)
    headers = list(first.cells) if first is not None else list(shown.headers)
    heads = ["Dòng", "Lỗi", "Mã dòng", "Đúng như sổ", *headers]
    lines = _lines(shown, headers, first, it)
    if form == "xlsx" and many <= MOST_IN_A_SPREADSHEET:
        return files.xlsx_answer(name, "Dòng lỗi", heads, lines)
    return make(name, [heads, *lines])


def _lines(shown: Batch, headers: list[str], first: FaultyRow | None, rest: Iterator[FaultyRow]) -> Iterator[list[Any]]:
    for row in [first, *rest] if first is not None else []:
        told = " ".join(message for _, message in row.told)
        cells = [row.cells.get(header) or "" for header in headers]
        yield [row.row, told, rules.mark_of(shown.sha256, row.row), "", *cells]
