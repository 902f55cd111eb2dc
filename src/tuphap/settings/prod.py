"""A real province. Nothing of the sample can be reached from here."""

from .base import *  # noqa: F403

SAMPLE_MODE = False
STREAM_URL = ENVIRONMENT.stream_url or ENVIRONMENT.public_url  # noqa: F405
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/$"]  # who watches over the processes asks them without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
NOTICE_CARRIERS = {"email": "tuphap.shared.notices.carriers.MailCarrier"}
if ENVIRONMENT.notice_gateway_url:  # noqa: F405  no SMS, no Zalo without a contract
    NOTICE_CARRIERS |= {
        "sms": "tuphap.shared.notices.carriers.SmsCarrier", "zalo": "tuphap.shared.notices.carriers.ZaloCarrier",
    }
