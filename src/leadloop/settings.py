"""Django settings, built from `LEADLOOP_*` (see `leadloop.platform.config`)."""

from __future__ import annotations

import os

from csp.constants import NONE, SELF

from leadloop.platform.config import load
from leadloop.platform.database.urls import Role, django_settings

CONFIG = load()
ROLE: Role = "owner" if os.environ.get("LEADLOOP_DB_ROLE") == "owner" else "app"  # "owner" while migrating

SECRET_KEY = CONFIG.secret()
DEBUG = CONFIG.debug
ALLOWED_HOSTS = CONFIG.allowed_hosts
PUBLIC_URL = CONFIG.public_url

INSTALLED_APPS = [
    "leadloop.front",  # first, so that its templates stand in for those of the apps below
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "leadloop.ledger",
    "leadloop.platform",
    "leadloop.criteria",
    "leadloop.people",
    "leadloop.agreement",
    "leadloop.catalogue",
    "leadloop.programmes",
    "leadloop.content",
    "leadloop.segments",
    "leadloop.leads",
    "leadloop.identity",
    "leadloop.outreach",
    "leadloop.capture",
    "leadloop.qualification",
    "leadloop.distribution",
    "leadloop.nurture",
    "leadloop.mailing",
    "leadloop.enrichment",
    "leadloop.selling",
    "leadloop.tracking",
    "leadloop.loop",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "leadloop.front.middleware.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "leadloop.front.middleware.PlainErrors",
]

ROOT_URLCONF = "leadloop.front.urls"
ASGI_APPLICATION = "leadloop.front.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "leadloop.front.context.shell",
            ],
        },
    }
]

DATABASES = {"default": django_settings(ROLE)}
if os.environ.get("LEADLOOP_PROCESS") == "web":
    # A thread serves one request and ends, so connections live in a pool; and no page may hang on a slow statement.
    # Each is tried before it is handed out, so that a restarted database costs a moment and no error.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] |= {
        "pool": {"min_size": 2, "max_size": 16, "timeout": 2},
        "options": "-c statement_timeout=10000",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

AUTH_USER_MODEL = "platform.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "leadloop.front.accounts.ClosedSignup"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]  # allauth's passkey pages need inline scripts, which we forbid

ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers' addresses get no mail from us
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# Only links for forgotten passwords go out this way; everything else is the outbox's.
MAIL = CONFIG.mail()
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL else 'dummy'}.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = CONFIG.email_from
if MAIL:
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.tls == "implicit", MAIL.tls == "starttls"

if CONFIG.demo:  # may stand beside a real company on the same host, whose sign-in it leaves alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "demo-session", "demo-csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIG.public_url.startswith("https://")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "leadloop.front.static_files.Versioned"},
}
WHITENOISE_USE_FINDERS = True  # the build has compressed the files already; nothing has to be collected
WHITENOISE_MAX_AGE = 31_536_000  # addresses carry the content's hash
MEDIA_ROOT = CONFIG.home / "files"
SPOOL = CONFIG.home / "spool" if CONFIG.spool else None

# The body is read by our own doors, which stop at CONFIG.max_body_bytes; files are streamed to disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIG.max_body_bytes
FILE_UPLOAD_MAX_MEMORY_SIZE = 262_144

LOGGING_CONFIG = "leadloop.platform.logs.configure"
LOGGING = {"level": CONFIG.log_level}

# The address is unique without regard to case, by a constraint on lower(email) that this check can't see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
