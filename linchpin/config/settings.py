"""Settings of an installation. Everything that differs between installations comes from `LINCHPIN_*` variables."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from linchpin.chapters.installed import TYPES
from linchpin.config import home as _home

HOME = _home.home()
PACKAGE = Path(__file__).resolve().parent.parent
API_FRAMEWORK = Path(str(find_spec("ninja").origin)).parent  # type: ignore[union-attr]  # no app: it is read when the API is first asked


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in ("1", "true", "yes", "on")


DEBUG = flag("LINCHPIN_DEBUG")
SECRET_KEY = _home.secret_key(HOME)
BASE_URL = os.environ.get("LINCHPIN_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = [h for h in os.environ.get("LINCHPIN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
HOUSE = os.environ.get("LINCHPIN_HOUSE", "").rstrip("/")  # set by `linchpin up` for a demonstration beside a house: the house's address
SUPERVISED = flag("LINCHPIN_SUPERVISED")  # whether somebody is there to start one
DEMONSTRATION = flag("LINCHPIN_DEMONSTRATION", True)
DEMONSTRATION_URL = os.environ.get("LINCHPIN_DEMONSTRATION_URL", "").rstrip("/")  # its address, where that is not this host with another port

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    *(["allauth.socialaccount.providers.openid_connect"] if _home.single_sign_on() else []),
    "axes",
    "django_htmx",
    "linchpin.kernel.people",
    "linchpin.kernel.records",
    "linchpin.kernel.trail",
    "linchpin.kernel.signatures",
    "linchpin.kernel.links",
    "linchpin.kernel.files",
    "linchpin.kernel.comments",
    "linchpin.kernel.asking",
    "linchpin.kernel.notices",
    "linchpin.kernel.search",
    "linchpin.kernel.jobs",
    "linchpin.kernel.webhooks",
    *TYPES,
    "linchpin.exchange",
    "linchpin.surfaces.web",
    "linchpin.surfaces.api",
    "linchpin.surfaces.worker",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "linchpin.surfaces.web.uploads.bounded",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *(["linchpin.surfaces.web.beside.apart"] if HOUSE else []),
    "linchpin.surfaces.web.compressing.compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "linchpin.surfaces.web.languages.speaking",
    "linchpin.surfaces.web.screening.hiding",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "linchpin.surfaces.web.middleware.headers",
    "linchpin.surfaces.web.signing_in.back_to_the_form",
    "linchpin.surfaces.web.signing_in.noting_use",
    "linchpin.surfaces.web.middleware.access",
    "linchpin.surfaces.web.kiosk.forgetting",
    "linchpin.surfaces.web.middleware.door",
    "linchpin.surfaces.web.middleware.refusals",
]

ROOT_URLCONF = "linchpin.config.urls"
WSGI_APPLICATION = "linchpin.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "surfaces" / "web" / "templates", API_FRAMEWORK / "templates"],  # before those of the sign-in library
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linchpin.surfaces.web.context.shell",
            ],
        },
    }
]

CACHES = {
    "default": {  # what all web processes of this machine count together: tries, and codes that were used
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
DATABASES = {"default": _home.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

REPORT_WITHOUT_ACCOUNT = flag("LINCHPIN_REPORT_WITHOUT_ACCOUNT", True)

ACCOUNT_ADAPTER = "linchpin.surfaces.web.accounts.Adapter"
SOCIALACCOUNT_ADAPTER = "linchpin.surfaces.web.accounts.SocialAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https://") else "http"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "linchpin.surfaces.web.accounts.ResetTokens"  # noqa: S105
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip", "login_failed": "120/m/ip,20/15m/key", "report": "20/10m/ip", "report_kiosk": "60/10m/key", "pin": "60/m/ip",
    "pin_kiosk": "60/m/key", "mailed": "60/10m/ip",
}  # fmt: skip
MFA_ADAPTER = "linchpin.surfaces.web.accounts.SecondStepAdapter"
MFA_FORMS = {"authenticate": "linchpin.surfaces.web.account_forms.CodeAtSignIn", "reauthenticate": "linchpin.surfaces.web.account_forms.CodeAgain"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Linchpin"
MFA_TOTP_TOLERANCE = 1  # half minutes that a phone may be early or late
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: our form-action policy would stop a form that is led on to another house
SOCIALACCOUNT_PROVIDERS = _home.single_sign_on()

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "linchpin.surfaces.web.signing_in.who_tries"
AXES_CLIENT_IP_CALLABLE = "linchpin.surfaces.web.signing_in.client_ip"
AXES_LOCKOUT_CALLABLE = "linchpin.surfaces.web.signing_in.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("pt", "Português"), ("sl", "Slovenščina")]  # those that linchpin/locale holds
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("LINCHPIN_TIME_ZONE", "Europe/Dublin")

STATIC_URL = "/static/"
STATICFILES_DIRS = [API_FRAMEWORK / "static"]
STATIC_ROOT = None  # served from the packages themselves; nothing is collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(HOME / "files")}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/"  # every built file has its hash in its name

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("LINCHPIN_BEHIND_PROXY") else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_FAILURE_VIEW = "linchpin.surfaces.web.signing_in.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

API_RATE = os.environ.get("LINCHPIN_API_RATE", "1200/min")
WEBHOOKS_PRIVATE = flag("LINCHPIN_WEBHOOKS_PRIVATE")

EMAIL_HOST = os.environ.get("LINCHPIN_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("LINCHPIN_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("LINCHPIN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LINCHPIN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("LINCHPIN_SMTP_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("LINCHPIN_MAIL_FROM", "linchpin@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = str(HOME / "mail")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"discreet": {"()": "linchpin.config.discreet.Discreet"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LINCHPIN_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
