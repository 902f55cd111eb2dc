"""What every mode shares."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .environment import Mode, database, read

ENVIRONMENT = read()

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
SAMPLE_MODE = ENVIRONMENT.mode is Mode.SAMPLE

SHARED_APPS = [
    "tuphap.shared.audit",
    "tuphap.shared.operation",
    "tuphap.shared.calendar",
    "tuphap.shared.orgs",
    "tuphap.shared.accounts",
    "tuphap.shared.access",
    "tuphap.shared.numbering",
    "tuphap.shared.files",
    "tuphap.shared.indicators",
    "tuphap.shared.notices",
    "tuphap.shared.search",
    "tuphap.shared.documents",
    "tuphap.shared.exchange",
    "tuphap.shared.dossiers",
    "tuphap.shared.fees",
    "tuphap.shared.ui",
]
MODULE_APPS = [
    "tuphap.modules.administration",
    "tuphap.modules.one_stop_shop",
    "tuphap.modules.civil_status",
    "tuphap.modules.digitisation",
    "tuphap.modules.direction",
    "tuphap.modules.reporting",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "ninja",
    "django_htmx",
    "js_lib_bootstrap5",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "procrastinate.contrib.django",
    *SHARED_APPS,
    *MODULE_APPS,
    "tuphap.site",
    "django.forms",  # last: our own templates of its widgets come first
]

MIDDLEWARE = [
    "tuphap.site.proxies.TrustedProxyMiddleware",  # first: all others see the client's own address and scheme
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tuphap.site.middleware.RequestIdMiddleware",
    "tuphap.site.middleware.ContentSecurityPolicyMiddleware",
    "tuphap.site.middleware.ApiProblemMiddleware",
    "tuphap.site.middleware.CleanAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tuphap.shared.accounts.middleware.SessionWatchMiddleware",
    "tuphap.site.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "tuphap.site.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "tuphap.site.urls"
WSGI_APPLICATION = "tuphap.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tuphap.site.context.page",
            ],
            "builtins": ["django.templatetags.static", "tuphap.shared.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "tuphap.shared.ui.forms.Renderer"

DATABASES = {}
if ENVIRONMENT.database_url:
    DATABASES["default"] = database(ENVIRONMENT.database_url)
    DATABASES["owner"] = database(ENVIRONMENT.database_owner_url)
    DATABASES["owner"]["CONN_MAX_AGE"] = 0

# A write outside an operation is refused before it is sent (``shared.operation.guard``).
WRITE_GUARD = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
CSRF_FAILURE_VIEW = "tuphap.site.errors.csrf_failure"
OTP_TOTP_ISSUER = "Tư Pháp Số"

# The lock-out: five failures of one name from one address close both for half an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "tuphap.shared.accounts.login.locked_out"

SESSION_ENGINE = "tuphap.shared.accounts.session_store"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "tuphap_phien"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "tuphap_csrf"
SESSION_IDLE = timedelta(minutes=30)

# Calls of the API by one caller in a minute.
API_CALLS_A_MINUTE = ENVIRONMENT.api_calls_a_minute

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["tuphap.site.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_STORE = ENVIRONMENT.home / "files"
HELD_FILES = ENVIRONMENT.home / "held"  # uploads of forms that came back; emptied by themselves
IMPORT_FOLDER = ENVIRONMENT.home / "imports"  # files of keyed entries while they are taken in; in no backup
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # taken away where no trusted proxy has set it
PUBLIC_URL = ENVIRONMENT.public_url
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url]

OIDC: dict[str, Any] = {
    "issuer": ENVIRONMENT.oidc_issuer,
    "client_id": ENVIRONMENT.oidc_client_id,
    "client_secret": ENVIRONMENT.oidc_client_secret,
    # Names of the claims come with the integration contract; these are the adapter's defaults.
    "claims": {
        "personal_number": "personal_number",
        "full_name": "name",
        "birth_date": "birthdate",
        "sex": "gender",
        "phone": "phone_number",
        "assurance_level": "assurance_level",
    },
    "submission_level": 2,
}
TSA_URL = ENVIRONMENT.tsa_url
CA_URL = ENVIRONMENT.ca_url
TRUST_FOLDER = ENVIRONMENT.home / "trust"
SIGNER_SOCKET = ENVIRONMENT.signer_socket
# Under which name we speak with other agencies, and where theirs are (``TUPHAP_EXCHANGE_<NAME>_URL``).
EXCHANGE_CLIENT = ENVIRONMENT.exchange_client
EXCHANGE_URLS = ENVIRONMENT.exchange_urls
EXCHANGE_DEFAULT_URL = ENVIRONMENT.exchange_default_url
# The sample's bank, where a resident opens an order; elsewhere the payer's own bank reads the code.
BANK_PAGE = f"{ENVIRONMENT.exchange_default_url}/ngan-hang/" if ENVIRONMENT.exchange_default_url else ""
# Where live notices come from; empty: port + 3 of the host that the page came from.
STREAM_URL = ENVIRONMENT.stream_url

# Who carries notices outside, by channel (``shared.notices.carriers``); the sample's are files in this folder.
NOTICE_CARRIERS = {
    "email": "tuphap.shared.notices.carriers.FileCarrier",
    "sms": "tuphap.shared.notices.carriers.FileCarrier",
    "zalo": "tuphap.shared.notices.carriers.FileCarrier",
}
# The gateway for telephones (SMS, Zalo), and the key that it and we hold; empty: none.
NOTICE_GATEWAY_URL = ENVIRONMENT.notice_gateway_url
NOTICE_GATEWAY_KEY = ENVIRONMENT.notice_gateway_key
# Who looks for malware in what is taken in: ClamAV's daemon at this address, or a class by name.
CLAMD, FILE_SCANNER = ENVIRONMENT.clamd, ""
NOTICE_FOLDER = ENVIRONMENT.home / "outbox"

# Where signed checkpoints of the log are kept besides the database: folders, and ``mailto:`` addresses.
AUDIT_CHECKPOINT_PLACES = [str(ENVIRONMENT.home / "checkpoints"), *ENVIRONMENT.checkpoint_places]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "axes": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # every call with its address
        "procrastinate": {"level": "WARNING"},  # it tells of every start, every registered task and every job
    },
}
PROCRASTINATE_ON_APP_READY = None
SILENCED_SYSTEM_CHECKS: list[str] = []
