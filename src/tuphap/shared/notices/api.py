"""Tell people that something happened: on their page at once, by mail or telephone from an outbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from tuphap.kernel.actor import Actor
from tuphap.shared.accounts.models import User

from .declarations import CHANNEL_TITLES, Channel, NoticeTemplate, templates
from .models import Notice, Outgoing
from .queries import deliveries, inbox, reach_of, unread

__all__ = [
    "CHANNEL_TITLES", "NOTIFY_CHANNEL", "Channel", "Contact", "NoticeTemplate", "deliveries", "inbox", "send",
    "templates", "unread",
]

# PostgreSQL NOTIFY channel, heard when the operation commits; payload: JSON {"user": uuid or null, "notice": uuid}.
NOTIFY_CHANNEL = "tuphap_notices"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach somebody who has no account."""

    email: str = ""
    phone: str = ""

    def __bool__(self) -> bool:
        return bool(self.email or self.phone)


def send(
    *, template: str, at: datetime, actor: Actor, dossier_code: str = "", to_user_id: UUID | None = None,
    to_contact: Contact | None = None, **params: str | int | date,
) -> Notice:
    """Send one notice, within the operation that gives the occasion for it; it goes out when that commits.

    :param template: code of a declared :class:`NoticeTemplate`.
    :param to_user_id: an account; it is told on its page, and outside at the addresses that it has.
    :param to_contact: addresses of somebody without an account, or other addresses than the account's.
    :param params: exactly the parameters that the template lists.
    :raises KeyError: no such template.
    :raises ValueError: nobody to tell, or other parameters than the template's.
    :raises RuntimeError: outside a transaction.
    """
    declared = templates[template]
    if not connection.in_atomic_block:
        raise RuntimeError("a notice is sent in the transaction of what it tells of")
    if set(params) != set(declared.params):
        raise ValueError(f"notice {template!r} takes {sorted(declared.params)}, not {sorted(params)}")
    contact = to_contact or Contact()
    if to_user_id is None and not contact:
        raise ValueError("a notice needs a user or an address")
    notice = Notice.objects.create(
        to_user_id=to_user_id, template=template, dossier_code=dossier_code, params=_plain(params), created_at=at
    )
    for channel, address in _addresses(declared, contact, to_user_id):
        _put_out(Outgoing(notice=notice, channel=channel, address=address))
    _announce(notice)
    return notice


def _addresses(declared: NoticeTemplate, contact: Contact, to_user_id: UUID | None) -> list[tuple[Channel, str]]:
    if not declared.channels:
        return []
    if not contact and to_user_id is not None:
        user = User.objects.only("email", "phone").get(pk=to_user_id)
        contact = Contact(email=user.email, phone=user.phone)
    by_channel = {Channel.EMAIL: contact.email, Channel.SMS: contact.phone, Channel.ZALO: contact.phone}
    wanted = reach_of(to_user_id).channels
    served = [c for c in declared.channels if c in settings.NOTICE_CARRIERS and c in wanted]
    return [(channel, by_channel[channel]) for channel in served if by_channel[channel]]


def _put_out(outgoing: Outgoing) -> None:
    from .tasks import deliver

    outgoing.save(force_insert=True)
    deliver.defer(outgoing_id=str(outgoing.pk))


def _announce(notice: Notice) -> None:
    payload = {"user": str(notice.to_user_id) if notice.to_user_id else None, "notice": str(notice.pk)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [NOTIFY_CHANNEL, json.dumps(payload)])


def _plain(params: Mapping[str, str | int | date]) -> dict[str, Any]:
    """Days as people write them here; numbers and texts as they are."""
    return {key: value.strftime("%d/%m/%Y") if isinstance(value, date) else value for key, value in params.items()}
