"""Receiving at the counter: the whole declaration and its papers on one page, then the receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tuphap.kernel.clock import localdate, now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.access import api as access
from tuphap.shared.accounts.api import staff_required
from tuphap.shared.dossiers import api as dossiers
from tuphap.shared.dossiers.api import FormPage, NotHandledOnline, Procedure, representation
from tuphap.shared.fees import api as fees
from tuphap.shared.operation.http import actor_of, once_of
from tuphap.shared.orgs import api as orgs
from tuphap.shared.ui import api as ui

from .. import operations, queries, rules
from ..forms import CounterForm, PaperForm, RepresentationForm
from ..payments.forms import FeeRow
from .card import ADDRESS_BOXES


@require_safe
@staff_required
def choose(request: HttpRequest) -> HttpResponse:
    """Which procedure does the person at the counter come for? Looked through: what one's own office resolves."""
    at, actor = now(), actor_of(request)
    on = localdate(at)
    access.require_anywhere(actor, rules.Permission.RECEIVE, on=on)
    text = request.GET.get("q", "").strip()[:200]
    found = [p for p in queries.find_procedures(text, on=on) if p.declared_handler]
    own = queries.authorities_of(queries.offices_of(actor, rules.Permission.RECEIVE, at=at))
    sectors = [] if text else [
        (sector, list(members))
        for sector, members in groupby((p for p in found if p.authority_level in own), key=lambda p: p.sector)
    ]
    return render(request, "one_stop_shop/counter_choose.html", {"text": text, "found": found, "sectors": sectors})


ADDRESSES = frozenset(ADDRESS_BOXES)


@dataclass(slots=True)
class CounterPage:
    """Every form of the page. Pages are prefixed by their codes, papers by ``giay.`` and the component's."""

    procedure: Procedure
    counter: CounterForm
    pages: dict[str, forms.BaseForm]
    papers: dict[str, PaperForm]
    other: RepresentationForm
    titles: dict[str, FormPage] = field(default_factory=dict)
    fees: dict[str, FeeRow] = field(default_factory=dict)

    def all_valid(self) -> bool:
        """Whether every form is; each is asked, so that all errors are shown at once."""
        valid = [form.is_valid() for form in self.everything()]
        return all(valid)

    def everything(self) -> list[forms.BaseForm]:
        return [
            *self.pages.values(), self.other, *self.papers.values(), *self.fees.values(), self.counter,
        ]

    def sections(self) -> list[tuple[FormPage, forms.BaseForm, bool]]:
        """Each page with its form, and whether it asks for somebody who may have a card with them."""
        return [
            (self.titles[code], form, "personal_number" in form.fields and not ADDRESSES.isdisjoint(form.fields))
            for code, form in self.pages.items()
        ]

    def payment(self) -> operations.Payment:
        """What the fee box says."""
        pay = self.counter.cleaned_data.get("thu", "")
        return operations.Payment(
            counts={code: form.count for code, form in self.fees.items() if form.count is not None},
            exempt={code: form.spared for code, form in self.fees.items() if form.spared is not None},
            cash=pay == "cash", deferred=True if pay == "later" else None,
        )

    @property
    def mandatory(self) -> bool:
        """Whether some paper must be laid on the desk."""
        return any(c["mandatory"] and not c["replaced_by_database"] for c in self.procedure.components)

    def components(self) -> list[tuple[dict[str, Any], PaperForm]]:
        return [(c, self.papers[c["code"]]) for c in self.procedure.components]

    def further_components(self) -> list[tuple[dict[str, Any], PaperForm]]:
        """The papers that filing for another may need beside those of the procedure."""
        return [(c, self.papers[c["code"]]) for c in further_papers(self.procedure)]

    @property
    def is_for_another(self) -> bool:
        return bool(self.other.is_bound and (self.other.errors or self.other.cleaned_data["ground"]))


def further_papers(procedure: Procedure) -> list[dict[str, Any]]:
    """What filing for another may need; whether it does is known when the dossier is taken in."""
    return representation.possible_components({component["code"] for component in procedure.components})


@require_http_methods(["GET", "POST"])
@staff_required
def receive_at_counter(request: HttpRequest, code: str) -> HttpResponse:
    """Take in a whole dossier: declaration, papers, receipt; all or nothing."""
    at, actor = now(), actor_of(request)
    access.require_anywhere(actor, rules.Permission.RECEIVE, on=localdate(at))
    page = _page(request, code, at)
    if request.method == "POST" and page.all_valid():
        told = page.counter.cleaned_data
        try:
            dossier = operations.file_at_counter(
                procedure_code=code, receiving_unit_id=told["noi_nhan"].pk, resolving_unit_id=told["noi"].pk,
                answers={name: ui.plain(form.cleaned_data) for name, form in page.pages.items()},
                papers=_handed_in(page), channel=told["kenh"], result_way=told["cach_nhan"],
                post_to=page.counter.post_to, representation=page.other.told(),
                duplicate_reason=told["ly_do_trung"], payment=page.payment(), actor=actor, at=at, once=once_of(request),
            )
        except dossiers.FeeUnpaid as unpaid:
            page.counter.add_error("thu", f"{unpaid.message} Thu tiền, hoặc chọn cho nộp sau.")
        except Refusal as refusal:
            ui.spread_refusal(refusal, {**page.pages, "representation": page.other}, page.counter)
        else:
            taken = f" Đã thu phí, lệ phí, biên lai số {dossier.fee_receipt_no}." if dossier.fee_receipt_no else ""
            messages.success(request, f"Đã tiếp nhận hồ sơ {dossier.code}.{taken}")
            return redirect(f"{reverse('one_stop_shop:dossier', args=[dossier.code])}?moi=1")
    bad = request.method == "POST"
    return render(request, "one_stop_shop/counter.html", {"page": page, "procedure": page.procedure, "bad": bad},
                  status=422 if bad else 200)


def _page(request: HttpRequest, code: str, at: Any) -> CounterPage:
    """:raises NotHandledOnline: no module handles the procedure yet."""
    procedure = dossiers.procedure_in_force(code, on=localdate(at))
    handler = procedure.declared_handler
    if handler is None:
        raise NotHandledOnline(name=procedure.name)
    data = request.POST if request.method == "POST" else None
    files = request.FILES if request.method == "POST" else None
    receiving = queries.offices_of(actor_of(request), rules.Permission.RECEIVE, at=at)
    receiving = receiving.filter(orgs.valid_on(localdate(at)))
    own = procedure.components
    titles = {page.code: page for page in handler.form_pages(procedure)}
    return CounterPage(
        procedure=procedure,
        counter=CounterForm(data, procedure=procedure, receiving=receiving, at=at),
        pages={name: page.form(data, prefix=name) for name, page in titles.items()},
        papers={
            c["code"]: PaperForm(
                data, files, prefix=f"giay.{c['code']}", actor=actor_of(request), at=at, counted=c in own
            )
            for c in [*own, *further_papers(procedure)]
        },
        other=RepresentationForm(data, prefix="nop-thay", may_be_own=True),
        titles=titles,
        fees={
            one.code: FeeRow(data, prefix=f"phi.{one.code}", tariff=one) for one in fees.tariffs(procedure)
            if one.is_owed_with_filing
        },
    )


def _handed_in(page: CounterPage) -> list[dict[str, Any]]:
    """The papers handed in and their scans, as the operation takes them.

    :raises NotHeld: a scan has gone since the form was looked at.
    """
    return [
        {
            "component": code, "copies": form.cleaned_data["so_ban"] or 1,
            "is_original": form.cleaned_data["ban_chinh"],
            "scans": [operations.Scan(file.read(), file.name, file.media_type) for file in form.held],
        }
        for code, form in page.papers.items() if form.is_handed_in
    ]
