"""What every page of the desk does with a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from tuphap.kernel.clock import now
from tuphap.kernel.refusal import Denied, NotFound, Refusal
from tuphap.shared.documents import api as documents
from tuphap.shared.dossiers.api import Attachment, Dossier
from tuphap.shared.files import api as files
from tuphap.shared.files.models import StoredFile
from tuphap.shared.operation.http import actor_of, once_of


def do_and_say(request: HttpRequest, act: Callable[..., Any], said: str, **told: Any) -> None:
    """Do it once, and say so on the next page; what the rules refuse is said there too.

    :raises Denied, NotFound: the actor may not, or there is no such thing.
    """
    try:
        act(actor=actor_of(request), at=now(), once=once_of(request), **told)
    except (Denied, NotFound):
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)


def version_in(request: HttpRequest) -> int | None:
    """The version of the dossier that the page was drawn from."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def keys_in(request: HttpRequest, name: str) -> list[UUID]:
    """The keys that the form sent under this name, in order; what is no key is left out."""
    found = []
    for text in dict.fromkeys(request.POST.getlist(name)):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def sent_file(dossier: Dossier, attachment_id: int) -> HttpResponse:
    """One attached file, checked against its hash, to be looked at in the browser.

    :raises NotFound: the dossier has no such file.
    """
    paper = dossier.attachments.select_related("file").filter(
        pk=attachment_id, source__in=(Attachment.Source.FILE, Attachment.Source.STORE), removed_at__isnull=True
    ).first()
    if paper is None or paper.file is None:
        raise NotFound()
    return stored_file(paper.file)


def stored_file(stored: StoredFile) -> HttpResponse:
    """A stored file, checked against its hash: pictures and PDF to be looked at, everything else to be kept."""
    saved = not stored.media_type.startswith(("image/", "application/pdf"))
    response = HttpResponse(files.read(stored), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=saved, filename=stored.name) or "inline"
    return response


def result_file(dossier: Dossier, document_id: UUID) -> HttpResponse:
    """One signed paper of the dossier's result, byte for byte.

    :raises NotFound: the result has no such paper.
    """
    told = next((d for d in dossier.result.get("documents", ()) if d["id"] == str(document_id)), None)
    document = documents.Document.objects.filter(pk=document_id).first() if told else None
    if told is None or document is None:
        raise NotFound()
    return pdf(documents.content(document), f"{told['title']} {dossier.reference}.pdf")


def pdf(data: bytes, name: str) -> HttpResponse:
    """A paper as PDF, shown in the browser under this name."""
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return response
