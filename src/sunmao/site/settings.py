"""The one settings module. Everything that differs between installations comes from the environment.

SUNMAO_HOME            data folder (default ~/.sunmao)
SUNMAO_DATABASE_URL    postgresql://user:password@host:port/name; without it the embedded SQLite in SUNMAO_HOME
SUNMAO_MASTER_KEY      64 hex digits that all secrets come from; without it made once in SUNMAO_HOME/secrets
SUNMAO_HOSTS           host names served, separated by commas; setting it switches to production settings
SUNMAO_ADDRESS         address the register is reached at, as in https://register.example.org; without it the first
                       of SUNMAO_HOSTS, else 127.0.0.1 at PORT. Identifiers of issuers and links in QR codes rest on it
SUNMAO_MAIL            smtp://user:password@host:port of a mail server (STARTTLS; smtps:// for TLS from the start);
                       without it letters are written to files in SUNMAO_HOME/mail
SUNMAO_MAIL_FROM       address that letters come from (default register@ the host of SUNMAO_ADDRESS)
SUNMAO_REGISTER        short code of this register, in front of its records' codes elsewhere
SUNMAO_REGISTER_NAME   name of this register, shown at the foot of each page
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

SUNMAO_HOME = Path(os.environ.get("SUNMAO_HOME") or Path.home() / ".sunmao").expanduser().resolve()
SUNMAO_REGISTER = os.environ.get("SUNMAO_REGISTER", "SUNMAO")
SUNMAO_REGISTER_NAME = os.environ.get("SUNMAO_REGISTER_NAME", "Sunmao")
_hosts = [host.strip() for host in os.environ.get("SUNMAO_HOSTS", "").split(",") if host.strip()]
PRODUCTION = bool(_hosts)
_here = f"https://{_hosts[0].lstrip('.')}" if _hosts else f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
SUNMAO_ADDRESS = (os.environ.get("SUNMAO_ADDRESS") or _here).rstrip("/")


def _master_key() -> bytes:
    given = os.environ.get("SUNMAO_MASTER_KEY", "")
    if given:
        return bytes.fromhex(given)
    place = SUNMAO_HOME / "secrets" / "master"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as out:
            out.write(secrets.token_hex(32))
    return bytes.fromhex(place.read_text().strip())


SUNMAO_MASTER_KEY = _master_key()
SECRET_KEY = hmac.new(SUNMAO_MASTER_KEY, b"django secret key", hashlib.sha256).hexdigest()


def _database(url: str) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "sunmao.kernel.sqlite",
            "NAME": SUNMAO_HOME / "sunmao.sqlite3",
            "TEST": {"NAME": ":memory:"},
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA secure_delete=ON;"  # what is erased is overwritten, too
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(os.environ.get("SUNMAO_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = (
    "sources",
    "directory",
    "people",
    "keys",
    "events",
    "alliances",
    "agreements",
    "indicators",
    "portal",
    "standards",
    "recognition",
    "workshops",
    "cohorts",
    "credentials",
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "sunmao.kernel",
    *(f"sunmao.{room}" for room in ROOMS),
    "sunmao.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # outside whitenoise: static files come small in development, too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sunmao.people.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sunmao.site.middleware.SizeMiddleware",  # nothing above it reads a body; forms are read after it
    "sunmao.site.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "sunmao.site.urls"
WSGI_APPLICATION = "sunmao.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sunmao.site.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(0, "django.forms")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "中文"), ("ru", "Русский")]
LANGUAGE_COOKIE_NAME = "language"
# Before those of the libraries, which say some of our words otherwise.
LOCALE_PATHS = [Path(__file__).parents[1] / room / "locale" for room in ("kernel", *ROOMS, "site")]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["sunmao.site.formats"]

STATIC_URL = "static/"
STATIC_ROOT = SUNMAO_HOME / "static"
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = SUNMAO_HOME / "files"
CACHES = {  # which codes of second factors were used and how often a sign-in failed: all processes must know
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": SUNMAO_HOME / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "sunmao.people.sessions.Backend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/today/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "sunmao.people.adapter.InvitedOnly"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "sunmao.people.adapter.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Sunmao"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_SENSITIVE_PARAMETERS: list[str] = []


def _mail(url: str) -> dict[str, Any]:
    """Return Django's settings of a mail server; without one letters are kept as files in the data folder."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": SUNMAO_HOME / "mail",
        }
    parts = urlsplit(url)
    here = parts.hostname in (
        None,
        "localhost",
        "127.0.0.1",
        "::1",
    )  # a relay of this machine: nothing goes over a wire
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25 if here else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not here,
        "EMAIL_TIMEOUT": 20,
    }


globals().update(_mail(os.environ.get("SUNMAO_MAIL", "")))
DEFAULT_FROM_EMAIL = os.environ.get("SUNMAO_MAIL_FROM") or f"register@{urlsplit(SUNMAO_ADDRESS).hostname}"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "sunmao.people.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "sunmao.site.views.csrf_failure"
SILENCED_SYSTEM_CHECKS: list[str] = []

DEBUG = False
ALLOWED_HOSTS = _hosts or ["127.0.0.1", "localhost", "[::1]", "testserver"]
if PRODUCTION:
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host.removeprefix('.')}" for host in _hosts]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "sunmao.people.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "sunmao.kernel.rest.answer",
    "UNAUTHENTICATED_USER": "sunmao.people.visitor.Visitor",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sunmao",
    "DESCRIPTION": "The register's records, with the same rules as its pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

SUNMAO_PUBLIC_LINKS = (
    ("/workshops/", _("Workshops")),
    ("/alliances/", _("Alliances")),
    ("/recognised/", _("Recognised where")),
    ("/figures/", _("Figures")),
    ("/verify/", _("Check a credential")),
)
# Of the ways in at the foot of the home page, those that exist.
SUNMAO_PUBLIC_PAGES: tuple[str, ...] = ("verify", "recognised")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"axes": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
