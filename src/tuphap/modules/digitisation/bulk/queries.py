"""Reads of files that were taken in: by the offices whose digitisation the reader manages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tuphap.kernel.actor import Actor
from tuphap.kernel.clock import localdate
from tuphap.shared.access import api as access
from tuphap.shared.audit import api as audit
from tuphap.shared.orgs.models import OrgUnit

from ..rules import Permission
from . import rules
from .models import Batch, FaultyRow, Mapping

LISTED = frozenset({".xlsx", ".csv", ".txt", ".parquet"})


def folder() -> Path:
    """Where files are laid down while they are taken in: on this machine, in no backup."""
    return Path(settings.IMPORT_FOLDER)


def visible(actor: Actor, at: datetime) -> QuerySet[Batch]:
    """The files of the offices whose digitisation the actor manages, the last chosen first."""
    found = Batch.objects.select_related("unit").order_by("-chosen_at", "-pk")
    return access.rows(actor, Permission.MANAGE, found, on=localdate(at))


def get(batch_id: UUID, actor: Actor, at: datetime) -> Batch:
    """:raises rules.UnknownBatch: there is none, or the actor may not know of it."""
    found = visible(actor, at).filter(pk=batch_id).first()
    if found is None:
        raise rules.UnknownBatch()
    return found


def offices_of(actor: Actor, at: datetime) -> QuerySet[OrgUnit]:
    """The offices for which the actor may take in files: those at work today."""
    today = localdate(at)
    units = access.units_where(actor, Permission.MANAGE, on=today)
    return OrgUnit.objects.filter(pk__in=units, valid_to__isnull=True).order_by("sort_key", "pk")


def mappings(what: str) -> QuerySet[Mapping]:
    """What was kept for files of this kind."""
    return Mapping.objects.filter(what=what).order_by("name")


def faulty(batch: Batch, *, aside: bool, actor: Actor, at: datetime) -> QuerySet[FaultyRow]:
    """The rows of a file that were set aside, or those loaded with remarks; the look is kept in the log."""
    audit.record_read(
        subject=batch, actor=actor, at=at, purpose=actor.purpose or "Soát dòng lỗi của tệp nhập liệu",
        what="digitisation.faulty_rows", unit_id=batch.unit_id,
    )
    return FaultyRow.objects.filter(batch=batch, is_aside=aside).select_related("mended_by").order_by("row")


def lying_ready(actor: Actor, at: datetime) -> list[Path]:
    """Files that were laid into the folder for large files, by name; shown to who may take in any."""
    access.require_anywhere(actor, Permission.MANAGE, on=localdate(at))
    place = folder() / "cho-nap"
    found = [path for path in place.iterdir() if path.is_file()] if place.is_dir() else []
    return sorted((path for path in found if path.suffix.lower() in LISTED), key=lambda path: path.name)
