"""The notices that modules may send, each declared once with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import NoReverseMatch, reverse

from tuphap.shared.plug import Registry


class Channel(StrEnum):
    """Ways out of the platform. The list on the page itself needs none."""

    EMAIL = "email"
    SMS = "sms"
    ZALO = "zalo"


CHANNEL_TITLES: dict[Channel, str] = {
    Channel.EMAIL: "Thư điện tử", Channel.SMS: "Tin nhắn SMS", Channel.ZALO: "Zalo",
}


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """The words of one kind of notice.

    ``title`` and ``text`` are Vietnamese and may name in braces ``dossier_code`` and what ``params`` lists. Parameters
    are codes, numbers, days and names of offices or procedures; a person's name, number or address is none of them.

    :param url_name: the page that the notice leads to, with the dossier's code where it takes one; empty for none.
    :param channels: the ways outside by which it also goes, when an address is known.
    """

    code: str
    title: str
    text: str
    params: tuple[str, ...] = ()
    url_name: str = ""
    channels: tuple[Channel, ...] = ()

    def install(self) -> None:
        """:raises ValueError: the words name a parameter that ``params`` does not."""
        sample = dict.fromkeys((*self.params, "dossier_code"), "")
        try:
            self.title_for(sample), self.text_for(sample)
        except KeyError as missing:
            raise ValueError(f"notice {self.code!r} names {missing} and does not list it") from missing
        templates.add(self.code, self)

    def title_for(self, facts: Mapping[str, Any]) -> str:
        return self.title.format(**facts)

    def text_for(self, facts: Mapping[str, Any]) -> str:
        return self.text.format(**facts)

    def path_for(self, dossier_code: str) -> str:
        """The path of the page it leads to; empty where the page does not exist in this installation."""
        for args in ([dossier_code], []) if self.url_name else ():
            try:
                return reverse(self.url_name, args=args)
            except NoReverseMatch:
                continue
        return ""


templates: Registry[NoticeTemplate] = Registry("notice template")
