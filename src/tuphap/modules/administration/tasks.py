"""What administration does by itself."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.shared.accounts import api as accounts
from tuphap.shared.audit.models import Entry
from tuphap.shared.operation.api import Once

from . import operations, rules


@app.periodic(cron="30 19 * * *")  # 02:30 in Việt Nam
@app.task(queue="administration", pass_context=False)
def disable_unused_accounts(timestamp: int) -> int:
    """Close unused accounts, every night. The sample's people never log in and are left alone."""
    if accounts.sample_allowed():
        return 0
    return operations.disable_unused(actor=system_actor("accounts"), at=now())


@app.task(name=rules.TELL_OF_RECOVERY_CODES, queue="reactions")
def tell_of_recovery_codes(entry_id: int) -> None:
    """Tell whose codes they are; run twice, it tells once."""
    entry = Entry.objects.get(pk=entry_id)
    used = entry.event == accounts.RECOVERY_CODE_USED
    operations.tell_of_recovery_codes(
        user_id=UUID(entry.subject_id), template=rules.NOTICE_CODE_USED if used else rules.NOTICE_CODES_MADE,
        left=entry.facts["left" if used else "count"], actor=system_actor("accounts"), at=now(),
        once=Once(f"recovery-codes-{entry_id}"),
    )
