"""Those who carry notices outside: the port, and what stands behind it.

Which carrier serves a channel is set by ``NOTICE_CARRIERS`` (channel → dotted path of a class without parameters).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string


class NotCarried(Exception):
    """The carrier could not take the message; it is tried again later. The text must name no person."""


class Carrier(Protocol):
    """Takes one message to one address. The same ``message_id`` may come twice and should arrive once."""

    def carry(self, *, message_id: str, address: str, subject: str, text: str) -> None:
        """:raises NotCarried: it did not go out."""


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


def carrier_for(channel: str) -> Carrier:
    """The carrier that this installation has for a channel."""
    carrier: Carrier = import_string(settings.NOTICE_CARRIERS[channel])()
    return carrier
