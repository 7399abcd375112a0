"""Settings, read from the environment. One program, two sizes: SQLite and a process; or PostgreSQL, Redis and many."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url
import django
import structlog

from rawabit.config.secrets import secret_key

SOURCE = Path(__file__).resolve().parents[1]
ROOT = SOURCE.parents[1]
TESTING = "pytest" in sys.modules
# Tests never touch the data of an installation.
DATA = Path(
    tempfile.mkdtemp(prefix="rawabit-tests-") if TESTING else os.environ.get("RAWABIT_DATA", ROOT / "var")
).resolve()

DEBUG = os.environ.get("RAWABIT_DEBUG", "") == "1"
SECRET_KEY = secret_key(DATA, testing=TESTING)
ALLOWED_HOSTS = [h for h in os.environ.get("RAWABIT_HOSTS", "").split(",") if h] or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("RAWABIT_ORIGINS", "").split(",") if o]
HTTPS = os.environ.get("RAWABIT_HTTPS", "") == "1"
BASE_URL = os.environ.get("RAWABIT_URL", "http://127.0.0.1:8000")
# Shorter ways through Django's templates and queries, proven equal to its own ways in this version and no other.
SHORTCUTS = os.environ.get("RAWABIT_SHORTCUTS", "1") == "1" and django.VERSION[:2] == (5, 2)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "rawabit.kit.records",
    "rawabit.kit.screens",
    "django.forms",  # after ours: the first app with a template wins
    "rawabit.kit.jobs",
    "rawabit.kit.custom",
    "rawabit.kit.links",
    "rawabit.kit.outbox",
    "rawabit.kit.paper",
    "rawabit.company",
    "rawabit.identity",
    "rawabit.catalog",
    "rawabit.crm",
    "rawabit.ledger",
    "rawabit.trade",
    "rawabit.pipeline",
    "rawabit.leads",
    "rawabit.talks",
    "rawabit.mailroom",
    "rawabit.sales",
    "rawabit.shipping",
    "rawabit.billing",
    *(["rawabit.connect"] if (SOURCE / "connect" / "apps.py").exists() else []),
    "rawabit.telling",
    "rawabit.flows",
    "rawabit.insight",
    "rawabit.portal",
    "rawabit.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rawabit.config.middleware.content_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "rawabit.config.middleware.plain_text",
    "rawabit.config.people.People",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rawabit.config.middleware.actor_and_display",
    "django.contrib.messages.middleware.MessageMiddleware",  # inside: it words what is lazy
    "rawabit.config.middleware.refusals",
]

ROOT_URLCONF = "rawabit.config.urls"
WSGI_APPLICATION = "rawabit.config.wsgi.application"

_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "rawabit.config.context.shell",
]
_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
_CACHED = "rawabit.kit.screens.quick.Loader" if SHORTCUTS else "django.template.loaders.cached.Loader"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "config" / "templates"],
        "APP_DIRS": DEBUG,
        "OPTIONS": {
            # Templates are prepared once for all readers; see kit.screens.quick. While developing they are read anew.
            **({} if DEBUG else {"loaders": [(_CACHED, _LOADERS)]}),
            "context_processors": _CONTEXT,
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "rawabit.kit.screens.templatetags.kit",
                "rawabit.kit.screens.templatetags.ui",
                "rawabit.kit.screens.templatetags.screens",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA / "rawabit.sqlite3",
    "OPTIONS": {
        # IMMEDIATE: a deferred transaction fails at once when it upgrades to a write, whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    },
    "CONN_MAX_AGE": None,
}
if url := os.environ.get("DATABASE_URL"):
    DATABASES: dict[str, Any] = {
        "default": {**dj_database_url.parse(url, conn_max_age=None if TESTING else 60), "CONN_HEALTH_CHECKS": True}
    }
else:
    DATABASES = {"default": SQLITE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"}
    if not TESTING
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# People and sessions

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "rawabit.config.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_SSL_REDIRECT = True
CSRF_FAILURE_VIEW = "rawabit.config.views.csrf_failure"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "rawabit.identity.adapter.Adapter"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_RESEND_COUNT = 2
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
USERSESSIONS_TRACK_ACTIVITY = False

# Languages and forms of numbers and dates

USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("fa", "فارسی"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "locale"]
FORMAT_MODULE_PATH = ["rawabit.config.formats"]

# Files

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "media", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 31536000
WHITENOISE_USE_FINDERS = TESTING or DEBUG
FILE_MAX_BYTES = int(os.environ.get("RAWABIT_FILE_MAX_MB", "20")) * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["rawabit.kit.uploads.CutOff", *(
    f"django.core.files.uploadhandler.{name}FileUploadHandler" for name in ("Memory", "Temporary")
)]  # fmt: skip
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Headers

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _SELF,
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": _SELF,
        "frame-ancestors": ["'none'"],
    }
}

# Mail

EMAIL_BACKEND = os.environ.get(
    "RAWABIT_MAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("RAWABIT_SMTP_HOST")
    else "rawabit.config.mail.FolderBackend",
)
EMAIL_HOST = os.environ.get("RAWABIT_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("RAWABIT_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("RAWABIT_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RAWABIT_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("RAWABIT_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("RAWABIT_MAIL_FROM", "Rawabit <no-reply@localhost>")

# One line per event, the traceback without the values of variables: they are people's data.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ],
    logger_factory=structlog.PrintLoggerFactory(sys.stderr),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("RAWABIT_LOG", "WARNING")},
}
