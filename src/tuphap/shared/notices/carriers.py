"""Those who carry notices outside: the port, and what stands behind it.

Which carrier serves a channel is set by ``NOTICE_CARRIERS`` (channel → dotted path of a class without parameters).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
from pathlib import Path
from typing import ClassVar, Protocol

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string


class NotCarried(Exception):
    """The carrier could not take the message; it is tried again later. The text must name no person."""


class Refused(NotCarried):
    """The carrier will never take this message (no such number): it is not tried again."""


class Carrier(Protocol):
    """Takes one message to one address. The same ``message_id`` may come twice and should arrive once."""

    def carry(self, *, message_id: str, address: str, subject: str, text: str) -> None:
        """:raises NotCarried: it did not go out. :raises Refused: it never will."""


class FileCarrier:
    """Writes messages to a folder instead of sending them: the sample's post office, which people can look into."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or settings.NOTICE_FOLDER

    def carry(self, *, message_id: str, address: str, subject: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        message = {"id": message_id, "to": address, "subject": subject, "text": text}
        half = self.folder / f".{message_id}.{os.getpid()}"
        try:
            half.write_text(json.dumps(message, ensure_ascii=False, indent=1), encoding="utf-8")
            half.replace(self.folder / f"{message_id}.json")
        except OSError as error:
            raise NotCarried(f"folder: {error.strerror}") from error


class MailCarrier:
    """Sends by the mail server of Django's settings, from the department's official address."""

    def carry(self, *, message_id: str, address: str, subject: str, text: str) -> None:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
        message = EmailMessage(subject, text, to=[address], headers={"Message-ID": f"<{message_id}@{domain}>"})
        try:
            message.send()
        except OSError as error:  # smtplib's errors are OSErrors
            raise NotCarried(f"mail server: {type(error).__name__}") from error


class Gateway:
    """A gateway for telephones, spoken with over HTTP; ``channel`` is its part of the address.

    ``POST <address>/<channel>/messages`` with ``{id, to, text}`` is answered ``{accepted: true}``; later it reports at
    :func:`.views.report` whether the message arrived. One that fails is left alone for a while, so that jobs of others
    do not wait for it: ``_closed_until`` is this process's own memory.
    """

    channel = ""
    TIMEOUT, FAILURES, REST = 4.0, 3, 30.0
    _failed: ClassVar[dict[str, int]] = {}
    _closed_until: ClassVar[dict[str, float]] = {}

    def carry(self, *, message_id: str, address: str, subject: str, text: str) -> None:
        if time.monotonic() < self._closed_until.get(self.channel, 0.0):
            raise NotCarried("gateway: resting")
        try:
            self._hand_over(message_id, address, text)
        except Refused:
            self._failed[self.channel] = 0
            raise
        except NotCarried:
            self._failed[self.channel] = self._failed.get(self.channel, 0) + 1
            if self._failed[self.channel] >= self.FAILURES:
                self._closed_until[self.channel] = time.monotonic() + self.REST
            raise
        self._failed[self.channel] = 0

    def _hand_over(self, message_id: str, address: str, text: str) -> None:
        try:
            answer = httpx.post(
                f"{settings.NOTICE_GATEWAY_URL}/{self.channel}/messages", timeout=self.TIMEOUT, trust_env=False,
                json={"id": message_id, "to": address, "text": text},
                headers={"Authorization": f"Bearer {settings.NOTICE_GATEWAY_KEY}"},
            )
            told = answer.json()
        except httpx.HTTPError as error:
            raise NotCarried(f"gateway: {type(error).__name__}") from error
        except ValueError as error:
            raise NotCarried("gateway: bad answer") from error
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise Refused("gateway: number refused")
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise NotCarried(f"gateway: {answer.status_code}")
        if not isinstance(told, dict) or told.get("accepted") is not True:
            raise NotCarried("gateway: bad answer")


class SmsCarrier(Gateway):
    channel = "sms"


class ZaloCarrier(Gateway):
    channel = "zalo"


def report_signature(body: bytes) -> str:
    """How the gateway signs a delivery report, with the key that both hold."""
    return hmac.new(settings.NOTICE_GATEWAY_KEY.encode(), body, hashlib.sha256).hexdigest()


def carrier_for(channel: str) -> Carrier:
    """The carrier that this installation has for a channel."""
    carrier: Carrier = import_string(settings.NOTICE_CARRIERS[channel])()
    return carrier
