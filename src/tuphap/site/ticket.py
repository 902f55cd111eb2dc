"""The ticket with which an open page joins the stream: short-lived, signed, and without the session's key."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

SALT = "tuphap.stream"
VALID_SECONDS = 60  # from the page's asking to its joining; the stream itself then lasts as long as the login


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who listens: the login (row of the session list), the person, the offices whose dossiers they may see."""

    login: int
    user: str
    units: tuple[int, ...]

    def topics(self) -> tuple[str, ...]:
        """What this listener is told of."""
        return (f"user:{self.user}", *(f"unit:{unit}" for unit in self.units))


def sign_ticket(ticket: Ticket) -> str:
    """The ticket as text for an address."""
    return signing.dumps([ticket.login, ticket.user, list(ticket.units)], salt=SALT, compress=True)


def open_ticket(text: str) -> Ticket:
    """The ticket in this text.

    :raises django.core.signing.BadSignature: forged, or older than :data:`VALID_SECONDS`.
    """
    login, user, units = signing.loads(text, salt=SALT, max_age=VALID_SECONDS)
    return Ticket(login, user, tuple(units))
