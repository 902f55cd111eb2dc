"""What administration does by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tuphap.kernel.actor import system_actor
from tuphap.kernel.clock import now
from tuphap.shared.accounts import api as accounts

from . import operations


@app.periodic(cron="30 19 * * *")  # 02:30 in Việt Nam
@app.task(queue="administration", pass_context=False)
def disable_unused_accounts(timestamp: int) -> int:
    """Close unused accounts, every night. The sample's people never log in and are left alone."""
    if accounts.sample_allowed():
        return 0
    return operations.disable_unused(actor=system_actor("accounts"), at=now())
