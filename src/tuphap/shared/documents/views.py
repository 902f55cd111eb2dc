"""The public check of papers: by QR code, by code and day, or by the file, which is sent only if one agrees."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tuphap.kernel.clock import now
from tuphap.shared.operation.http import actor_of

from . import lifecycle, limits, verification
from .findings import PLAIN_WORDS
from .forms import CodeForm, FileForm
from .models import Document

SHA256 = re.compile(r"[0-9a-f]{64}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The page with both forms; posted, the answer for a code and the day printed beside it."""
    if request.method != "POST":
        return _page(request)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code_form=form, status=422)
    limits.admit("code", actor=actor_of(request), at=now())
    try:
        line = verification.look_up(form.cleaned_data["code"], issued_on=form.cleaned_data["issued_on"])
    except verification.CodeUnknown as unknown:
        form.add_error(None, unknown.message)
        return _page(request, code_form=form, status=unknown.status)
    return _page(request, register=line)


@never_cache
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a paper opens: what the register says of that very paper."""
    limits.admit("code", actor=actor_of(request), at=now())
    try:
        line = verification.look_up(code)
    except verification.CodeUnknown as unknown:
        return _page(request, unknown=unknown.message, status=unknown.status)
    return _page(request, register=line)


@never_cache
@require_POST
def verify_file(request: HttpRequest) -> HttpResponse:
    """The answer for a file: by the hash that the browser made of it, or for the file itself, sent with agreement."""
    sha256 = request.POST.get("sha256", "").lower()
    if SHA256.fullmatch(sha256) and "file" not in request.FILES:
        return _by_hash(request, sha256)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form, status=422)
    limits.admit("file", actor=actor_of(request), at=now())
    found = verification.verify_pdf(form.cleaned_data["file"].read(), at=now())
    return _page(request, found=found)


def _by_hash(request: HttpRequest, sha256: str) -> HttpResponse:
    """A fragment for the page: the three lines where such a file was issued, else the offer to send it."""
    limits.admit("hash", actor=actor_of(request), at=now())
    document = Document.objects.select_related("file").filter(sha256=sha256, state=Document.State.SIGNED).first()
    found = None
    if document is not None:
        found = verification.verify_pdf(lifecycle.content(document), at=now())
    return _seal(render(request, "documents/answer.html", {
        "found": found, "register": found.register if found else None, "unmatched": found is None,
        "plain_words": PLAIN_WORDS,
    }))


def _page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    found = shown.get("found")
    context = {
        "code_form": CodeForm(), "file_form": FileForm(), "plain_words": PLAIN_WORDS,
        "register": found.register if found else None, **shown,
    }
    return _seal(render(request, "documents/verify.html", context, status=status))


def _seal(response: HttpResponse) -> HttpResponse:
    """Answers are for whoever asked: no search engine lists them."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

