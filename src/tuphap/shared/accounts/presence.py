"""The second factor once more, before something that nobody may do for another: whoever signs is who logged in."""

from __future__ import annotations

from datetime import datetime

from django_otp.plugins.otp_totp.models import TOTPDevice

from tuphap.kernel.actor import Actor, ActorKind
from tuphap.shared.audit import api as audit
from tuphap.shared.operation.api import Once, operation

from .login import verify_code
from .models import User
from .operations import WrongCode


def asks_for_code(actor: Actor) -> bool:
    """Whether the actor has an authenticator to be asked for its code.

    Programs have none, they come with a token of narrow scope; neither have the people of the sample, into whom one
    steps without a password.
    """
    if actor.kind is not ActorKind.STAFF or actor.user_id is None or actor.scopes is not None:
        return False
    found: bool = TOTPDevice.objects.filter(user_id=actor.user_id, confirmed=True).exists()
    return found


def require_presence(*, code: str, actor: Actor, at: datetime, once: Once | None = None) -> None:
    """Refuse unless the authenticator's present code was given; who has no authenticator is let through.

    The same code never passes twice, but the same request sent again (``once``) does.

    :raises WrongCode: not the code that is shown now.
    """
    if asks_for_code(actor) and not prove_presence(code=code, actor=actor, at=at, once=once):
        raise WrongCode()


@operation
def prove_presence(*, code: str, actor: Actor, at: datetime) -> bool:
    """Whether this is the code. It answers and does not refuse: a failure counts against the authenticator for good."""
    user = User.objects.get(pk=actor.user_id or "")
    digits = "".join(character for character in code if character.isdigit())
    passed = verify_code(user=user, code=digits) is not None
    audit.record("accounts.presence_proved" if passed else "accounts.presence_failed", subject=user, actor=actor, at=at)
    return passed
