"""Closed periods: the list of a year, closing and reopening, and what has changed since."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tuphap.kernel.clock import localdate, now
from tuphap.shared.operation.http import actor_of, once_of

from .. import operations, queries, rules, sheet
from .. import periods as reads
from ..forms import CloseForm, ReopenForm
from ..freezing import Difference
from .figures import read, scope_words

FIRST_YEAR = 2016  # the law on civil status holds since then; nothing here is older
SHOWN = 50  # codes of one figure that a page lists


@require_safe
def periods(request: HttpRequest) -> HttpResponse:
    """Every month, quarter, half and the whole of a year: closed or not, by whom, when."""
    return _list(request)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Freeze the figures of one period."""
    actor, at = actor_of(request), now()
    reads.require_closer(actor, at=at)
    form = CloseForm(request.POST, periods=_closable(request, _year(request)))
    if form.is_valid():
        period = form.period()
        closing = form.carried_out(lambda: operations.close_period(
            kind=period.kind, first=period.first, basis=form.cleaned_data["can_cu"], actor=actor, at=at,
            once=once_of(request),
        ))
        if closing is not None:
            messages.success(request, f"Đã khóa số liệu {period.title.lower()}.")
            return redirect("direction:closing", closing_id=closing.pk)
    return _list(request, form=form)


@require_safe
def closing(request: HttpRequest, closing_id: int) -> HttpResponse:
    """The frozen figures of a period beside those of now, and the dossiers by which they differ."""
    return _closing(request, closing_id)


@require_POST
def reopen(request: HttpRequest, closing_id: int) -> HttpResponse:
    """Take a closing back, saying why."""
    actor, at = actor_of(request), now()
    reads.require_closer(actor, at=at)
    reads.get_visible(closing_id, queries.scope_of(actor, at=at))
    form = ReopenForm(request.POST)
    reopened = form.carried_out(lambda: operations.reopen_period(
        closing_id=closing_id, reason=form.cleaned_data["ly_do"], actor=actor, at=at, once=once_of(request)
    ))
    if reopened is not None:
        messages.success(request, f"Đã mở lại số liệu {reopened.period.title.lower()}.")
        return redirect("direction:closing", closing_id=closing_id)
    return _closing(request, closing_id, form=form)



def _year(request: HttpRequest) -> int:
    text, this = request.GET.get("nam", ""), localdate(now()).year
    return min(max(int(text), FIRST_YEAR), this) if text.isascii() and text.isdigit() and len(text) == 4 else this


def _closable(request: HttpRequest, year: int) -> list[rules.Period]:
    at = now()
    scope = queries.scope_of(actor_of(request), at=at)
    found = [*reads.standings(year, scope, at=at), *reads.standings(year - 1, scope, at=at)]
    return [standing.period for standing in found if standing.may_be_closed]


def _list(request: HttpRequest, *, form: CloseForm | None = None) -> HttpResponse:
    actor, at, year = actor_of(request), now(), _year(request)
    scope = queries.scope_of(actor, at=at)
    may_close = reads.may_close(actor, at=at)
    this = localdate(at).year
    context = {
        "year": year, "standings": reads.standings(year, scope, at=at), "may_close": may_close,
        "form": form or (CloseForm(periods=_closable(request, year)) if may_close else None),
        "years": [
            {"title": str(one), "href": f"?nam={one}", "current": one == year, "count": None}
            for one in range(this, max(this - 5, FIRST_YEAR) - 1, -1)
        ],
    }
    return render(request, "direction/periods.html", context, status=422 if form else 200)


def _closing(request: HttpRequest, closing_id: int, *, form: ReopenForm | None = None) -> HttpResponse:
    asked = read(request)
    found = reads.get_visible(closing_id, asked.scope)
    compared = reads.compare(found, asked.scope)
    may_reopen = reads.may_close(asked.scope.actor, at=now()) and not found.is_reopened
    context = {
        "closing": found, "compared": compared, "rows": [_row(one) for one in compared.differences],
        "changed": compared.changed[:SHOWN], "more": max(len(compared.changed) - SHOWN, 0),
        "scope_words": scope_words(asked), "asked_form": asked.form, "stamp": sheet.stamp(now()),
        "form": form or (ReopenForm() if may_reopen else None),
        "live_url": asked.link(
            "direction:statistics", tu_ngay=found.first, den_ngay=found.last, co_so="then",
        ),
    }
    return render(request, "direction/closing.html", context, status=422 if form else 200)


def _row(one: Difference) -> dict[str, Any]:
    change = one.change
    return {
        "title": sheet.title_of(one.code), "frozen": rules.number_words(one.frozen),
        "live": rules.number_words(one.live),
        "change": "—" if change is None else "0" if not change else _signed(change), "differs": one.differs,
        "added": one.added[:SHOWN], "removed": one.removed[:SHOWN],
        "more": max(len(one.added) - SHOWN, 0) + max(len(one.removed) - SHOWN, 0),
    }


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−") + rules.number_words(abs(value))
