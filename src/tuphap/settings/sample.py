"""The living sample province, on a laptop: every simulator beside it, one click into any role."""

from .base import *  # noqa: F403

SAMPLE_MODE = True
NOTICE_CARRIERS = {
    **NOTICE_CARRIERS,  # noqa: F405
    "sms": "tuphap.shared.notices.carriers.SmsCarrier", "zalo": "tuphap.shared.notices.carriers.ZaloCarrier",
}
