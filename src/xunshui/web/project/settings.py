"""Settings. Everything a site may change is an environment variable; the default runs from one folder.

XUNSHUI_HOME      where the records, the files and the secret key live; default `var` below the current folder
XUNSHUI_DEMO      1 shows the demo logins; never set it on a real server
XUNSHUI_SENSING   the gateway's folder with readings and lake; default `sensing` in XUNSHUI_HOME
XUNSHUI_DATABASE  postgresql://user:password@host:port/name; default SQLite in XUNSHUI_HOME
XUNSHUI_HOSTS     host names served, by comma; default localhost
XUNSHUI_HTTPS     0 where no TLS stands in front, as on the own machine; 1 sets secure cookies and HSTS
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from xunshui.web.project.database import database
from xunshui.web.project.demo_clock import demo_offset
from xunshui.web.project.secret import secret_key

HOME = Path(os.environ.get("XUNSHUI_HOME", "var")).absolute()
HOME.mkdir(parents=True, exist_ok=True)
SENSING = Path(os.environ.get("XUNSHUI_SENSING", HOME / "sensing")).absolute()
DEMO = os.environ.get("XUNSHUI_DEMO") == "1"
HTTPS = os.environ.get("XUNSHUI_HTTPS", "0") == "1"
CLOCK_OFFSET = demo_offset(HOME / "demo-clock") if DEMO else dt.timedelta(0)
SECOND_FACTOR = not DEMO  # officials and experts need one; a demo has no passwords to protect
DEBUG = False
SECRET_KEY = secret_key(HOME / "secret.key")
ALLOWED_HOSTS = os.environ.get("XUNSHUI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "xunshui.web.accounts",
    "xunshui.web.trail",
    "xunshui.web.programme",
    "xunshui.web.catalogue",
    "xunshui.web.console",
    "xunshui.web.api",
    "xunshui.web.project",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "xunshui.web.project.nul.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "xunshui.web.accounts.middleware.ActorMiddleware",
    "xunshui.web.accounts.second_factor.SecondFactorMiddleware",
    "xunshui.web.programme.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "xunshui.web.project.urls"
WSGI_APPLICATION = "xunshui.web.project.wsgi.application"
_ROOM = Path(__file__).resolve().parent
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_ROOM / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "xunshui.web.accounts.context.who",
                "xunshui.web.programme.context.menu",
            ],
            "builtins": ["xunshui.web.accounts.templatetags.shown"],
        },
    }
]
DATABASES: dict[str, dict[str, Any]] = {"default": database(HOME, os.environ.get("XUNSHUI_DATABASE", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "xunshui.web.accounts.adapter.AccountAdapter"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # axes counts failed logins; the demo's tests share one address
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "循水"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False
# By name alone: officials of one department share an address, and five slips of one must not lock out the rest.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
CLAMD = os.environ.get("XUNSHUI_CLAMD", "")
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
COTTON_DIR = "cotton"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
