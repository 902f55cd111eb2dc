"""How one wants to be told outside the platform."""

from __future__ import annotations

from typing import Any

from django import forms

from .declarations import CHANNEL_TITLES, Channel
from .rules import Reach

# A plain box: a browser of another language would ask for it with "PM".
_CLOCK = forms.TimeInput({"inputmode": "numeric", "maxlength": "5", "autocomplete": "off"}, "%H:%M")


class ReachForm(forms.Form):
    """One box for each way, and the hours in which no telephone is to ring."""

    use_required_attribute = False
    channels = forms.MultipleChoiceField(
        label="Nhận thêm thông báo qua", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(channel.value, title) for channel, title in CHANNEL_TITLES.items()],
        help_text="Trang Thông báo luôn có đủ mọi thông báo. SMS và Zalo dùng số điện thoại đã khai trong hồ sơ.",
    )
    quiet_from = forms.TimeField(
        label="Không nhắn SMS, Zalo từ", input_formats=["%H:%M"], widget=_CLOCK
    )
    quiet_to = forms.TimeField(
        label="Đến", input_formats=["%H:%M"], widget=_CLOCK,
        help_text="Ví dụ 07:00. Hai giờ như nhau: nhắn vào mọi giờ.",
    )

    @staticmethod
    def shown(reach: Reach) -> dict[str, Any]:
        return {"channels": [c.value for c in reach.channels], "quiet_from": reach.quiet_from,
                "quiet_to": reach.quiet_to}

    def told(self) -> dict[str, Any]:
        """As the operation takes it."""
        return {**self.cleaned_data, "channels": [Channel(code) for code in self.cleaned_data["channels"]]}
