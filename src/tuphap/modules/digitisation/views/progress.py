"""How far digitising is, and how well it is keyed: charts, tables, files."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.text import thousands
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.http import actor_of
from tuphap.shared.ui import files, sheets

from .. import progress, queries
from ..forms import FilterForm
from ..rules import Permission

MOST_COLUMNS = 40
# The figures of ``queries.FIGURES`` as narrow heads.
HEADS = ("Dự kiến", "Quét", "Nhập", "Kiểm tra", "Duyệt", "Chuyển", "Đối sánh", "Trả lại", "Không đọc")


@staff_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Expected, scanned, keyed, proofed, approved, transferred, matched, returned: by office, kind or year."""
    actor, at = actor_of(request), now()
    queries.require_any(actor, at)
    form = FilterForm(request.GET, offices=progress.offices(actor, at))
    wanted = form.wanted(request.GET.get("theo", "don-vi"))
    lines = progress.lines(actor, wanted, at=at)
    whole = queries.total(line.standing for line in lines)
    here = reverse("digitisation:progress")
    return render(request, "digitisation/progress.html", {
        "form": form, "wanted": wanted, "lines": lines, "whole": whole, "heads": HEADS, "at": at,
        "rows": [(line, list(zip(HEADS, line.standing.figures, strict=True))) for line in lines],
        "sums": list(zip(HEADS, whole.figures, strict=True)),
        "tabs": [{"title": title, "href": f"{here}?{urlencode({**wanted.address, 'theo': code})}",
                  "current": code == wanted.axis} for code, title in progress.AXES.items()],
        "tiles": [
            {"label": "Việc dự kiến", "value": thousands(whole.expected), "hint": f"{thousands(whole.books)} sổ"},
            {"label": "Đã quét", "value": thousands(whole.scanned), "hint": _share(whole.scanned, whole.expected)},
            {"label": "Đã duyệt", "value": thousands(whole.approved), "hint": _share(whole.approved, whole.expected)},
            {"label": "Đã chuyển", "value": thousands(whole.transferred),
             "hint": _share(whole.transferred, whole.expected)},
            {"label": "Đã đối sánh", "value": thousands(whole.matched), "hint": _share(whole.matched, whole.expected)},
        ],
        "funnel": progress.funnel(whole, wanted), "series": progress.STAGES,
        "columns": progress.columns(lines[:MOST_COLUMNS]), "first": progress.AXES[wanted.axis],
        "files": [(kind.upper(), f"{reverse('digitisation:progress_file', args=[kind])}?{urlencode(wanted.address)}")
                  for kind in ("xlsx", "csv")],
    })


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %".replace(".", ",") if whole else "—"


@staff_required
@require_GET
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """The table as a file."""
    actor, at = actor_of(request), now()
    queries.require_any(actor, at)
    form = FilterForm(request.GET, offices=progress.offices(actor, at))
    wanted = form.wanted(request.GET.get("theo", "don-vi"))
    told = progress.sheet(progress.lines(actor, wanted, at=at), wanted, at=at)
    if kind not in ("csv", "xlsx"):
        raise Http404
    audit.record_read(subject=None, actor=actor, at=at, purpose="Xuất tiến độ số hóa", what="digitisation.progress")
    name = f"tien-do-so-hoa-{localdate(at):%Y%m%d}"
    if kind == "csv":
        return files.csv_answer(name, sheets.sheet_csv(told))
    return files.file_answer(f"{name}.xlsx", sheets.sheet_xlsx(told, office="Số hóa sổ hộ tịch"), files.XLSX)


@staff_required
@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """How often keyers are wrong, by keyer and by place, among what was keyed twice."""
    actor, at = actor_of(request), now()
    _require_quality(request)
    form = FilterForm(request.GET, offices=progress.offices(actor, at))
    wanted = form.wanted("don-vi")
    found = progress.narrowed(queries.books(actor, at), wanted, at=at)
    keyers = progress.rates_by_keyer(found)
    return render(request, "digitisation/quality.html", {
        "form": form, "keyers": keyers, "places": progress.rates_by_place(found),
        "file": f"{reverse('digitisation:quality_file')}?{urlencode(wanted.address)}",
        "checked": sum(one.checked for one in keyers), "wrong": sum(one.wrong for one in keyers),
    })


@staff_required
@require_GET
def quality_file(request: HttpRequest) -> HttpResponse:
    """The rates by keyer and place as a file."""
    actor, at = actor_of(request), now()
    _require_quality(request)
    wanted = FilterForm(request.GET, offices=progress.offices(actor, at)).wanted("don-vi")
    found = progress.narrowed(queries.books(actor, at), wanted, at=at)
    audit.record_read(subject=None, actor=actor, at=at, purpose="Xuất tỷ lệ lỗi nhập liệu", what="digitisation.quality")
    rows = [(keyer, one.title, one.checked, one.wrong, one.percent) for keyer, one in progress.rates_by_both(found)]
    return files.csv_answer("ty-le-loi-nhap-lieu", [("Người nhập", "Mục", "Đối chiếu", "Sai", "Tỷ lệ sai"), *rows])


def _require_quality(request: HttpRequest) -> None:
    """How well people work is for those who answer for it."""
    access.require_anywhere(actor_of(request), Permission.VIEW, on=localdate(now()))
