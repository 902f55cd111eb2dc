"""How the result reaches the applicant, changed by themselves or at the desk on their word."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Refusal
from tuphap.shared.dossiers.api import Dossier
from tuphap.shared.operation.http import actor_of, once_of

from .. import operations
from ..forms import WayForm
from .common import version_in


def change_way(request: HttpRequest, dossier: Dossier, template: str, *, back: str) -> HttpResponse:
    """Ask for another way of a dossier that one may see, and go ``back`` to its page when it is chosen."""
    form = WayForm(request.POST or None, initial={"cach_nhan": dossier.result_way, **WayForm.shown(dossier)})
    if request.method == "POST" and form.is_valid():
        try:
            operations.choose_way(
                dossier_id=dossier.pk, way=form.cleaned_data["cach_nhan"], post_to=form.post_to,
                actor=actor_of(request), at=now(), version=version_in(request), once=once_of(request),
            )
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "Đã đổi cách nhận kết quả.")
            return redirect(back, reference=dossier.reference or str(dossier.pk))
    return render(request, template, {"dossier": dossier, "form": form}, status=422 if form.is_bound else 200)
