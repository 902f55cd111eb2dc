"""How a dossier ends at the desk: what was signed by hand is scanned and looked at."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tuphap.modules.one_stop_shop import operations as desk_operations
from tuphap.shared.dossiers.models import Dossier
from tuphap.shared.operation.api import Once

from . import declarations
from .offices import OFFICER, RECEIVER, Desk


def close(dossier_id: UUID, desk: Desk, *, at: datetime, once: Once) -> None:
    """The page of the register was signed when the result was handed out: scanned, verified, then the dossier ends."""
    dossier = Dossier.objects.select_related("procedure").get(pk=dossier_id)
    for original in dossier.procedure.originals:
        scan = desk_operations.attach_signed_scan(
            dossier_id=dossier.pk, original=original["code"], content=declarations.register_page(original["name"]),
            name="trang-so.pdf", media_type="application/pdf", actor=desk.actor(RECEIVER), at=at,
            once=Once(f"{once.key}-{original['code']}"),
        )
        if scan.verified_at is None:
            desk_operations.verify_signed_scan(
                dossier_id=dossier.pk, scan_id=scan.pk, actor=desk.actor(OFFICER), at=at
            )
    desk_operations.close(dossier_id=dossier.pk, actor=desk.actor(RECEIVER), at=at, once=once)
