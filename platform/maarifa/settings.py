"""Every setting, from the environment. A value that cannot be right stops the start, by name."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from maarifa.lib import customs, queues
from maarifa.lib.databases import database
from maarifa.lib.environment import (
    env_bool,
    env_bool_or,
    env_choice,
    env_email,
    env_int,
    env_list,
    env_text,
    env_url,
    with_password,
)
from maarifa.lib.logs import logging_settings
from maarifa.schedule import beat_schedule

# Django's generic classes take their types at run time, too: `ModelAdmin[Course]`.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
# How many requests a web process answers at a time.
WEB_THREADS = env_int("WEB_THREADS", 4, least=1, most=64)


# The site ------------------------------------------------------------------------------------------------------------

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_text("SECRET_KEY")
if len(SECRET_KEY) < 32 and not DEBUG:
    raise ImproperlyConfigured(
        f"SECRET_KEY has {len(SECRET_KEY)} characters: write at least 32 that no one can guess. To create one:"
        " python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
SITE_URL = env_url("SITE_URL", "http://127.0.0.1:8000", ("http", "https")).rstrip("/")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "")
SITE_NAME = "Maarifa"
# Whom people ask where no institution of theirs names somebody. `check --deploy` warns without an address.
CONTACT_NAME = env_text("CONTACT_NAME", "")
CONTACT_EMAIL = env_email("CONTACT_EMAIL")
CONTACT_PHONE = env_text("CONTACT_PHONE", "")
CONTACT_URL = env_text("CONTACT_URL", "") and env_url("CONTACT_URL", "", ("http", "https"))
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", SITE_URL)
CSRF_FAILURE_VIEW = "maarifa.pages.views.csrf_failure"
COURSES_DIRS = env_list("COURSES_DIRS", str(BASE_DIR / "courses"))
VAR_DIR = Path(env_text("VAR_DIR", str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "maarifa.pages",
    "maarifa.operations",
    "maarifa.reminders",
    "maarifa.cohorts",
    "maarifa.coursefiles",
    "maarifa.certificates",
    "maarifa.learning",
    "maarifa.curriculum",
    "maarifa.quizzes",
    "maarifa.delivery",
    "maarifa.institutions",
    "maarifa.accounts",
    "maarifa.ui",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "simple_history",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "maarifa.operations.middleware.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "maarifa.lib.requests.RequestIdMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "maarifa.lib.requests.KeptCsrfCookieMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "maarifa.accounts.middleware.PersonalPagesMiddleware",
    "maarifa.accounts.middleware.KnownDeviceMiddleware",
    "maarifa.accounts.middleware.SessionRulesMiddleware",
    "maarifa.accounts.middleware.PendingSignInMiddleware",
    "maarifa.accounts.middleware.TimeZoneMiddleware",
    "maarifa.accounts.middleware.AdminLanguageMiddleware",
    "maarifa.accounts.middleware.AdminFormsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "maarifa.urls"
WSGI_APPLICATION = "maarifa.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maarifa.pages.context_processors.contact",
                "maarifa.ui.context_processors.frame",
            ],
        },
    },
]
FORM_RENDERER = "maarifa.ui.rendering.FormRenderer"

# Data ----------------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": database(
        env_text("DATABASE_URL", "sqlite:///var/maarifa.sqlite3"), folder=BASE_DIR, threads=WEB_THREADS
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = with_password(
    env_url("REDIS_URL", "redis://127.0.0.1:6379/0", ("redis", "rediss", "unix")),
    env_text("REDIS_PASSWORD", ""),
)
_redis = {
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": "maarifa",
    "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
}
CACHES = {
    "default": {"BACKEND": "maarifa.lib.caches.DegradingRedisCache", **_redis},
    "sessions": {"BACKEND": "maarifa.lib.caches.BriefRedisCache", **_redis},
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Celery moves the work; the database owns it -------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    # A message that a killed worker held comes back after this long; claims on rows keep it from acting twice.
    "visibility_timeout": env_int("QUEUE_VISIBILITY_SECONDS", 300, least=5),
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "global_keyprefix": "maarifa.",
    "max_retries": 0,
    "queue_order_strategy": "maarifa.lib.celery_internals:MostUrgentFirst",
}
# A worker that is not told which queues it serves serves all.
CELERY_TASK_QUEUES = {name: {"exchange": name, "routing_key": name} for name in queues.QUEUES}
CELERY_TASK_DEFAULT_QUEUE = queues.DEFAULT
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
ALIVE_FILE = env_text("ALIVE_FILE", "")
# A task that hangs is ended, but in the urgent worker's threads; what it was about is a row, which is taken again.
CELERY_TASK_TIME_LIMIT = env_int("TASK_SECONDS", 1800, least=1)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "maarifa.celery:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
REQUEUE_SECONDS = env_int("REQUEUE_SECONDS", 60, least=1)
REMINDER_SECONDS = env_int("REMINDER_SECONDS", 3600, least=1)
CELERY_BEAT_SCHEDULE = beat_schedule(requeue=REQUEUE_SECONDS, reminders=REMINDER_SECONDS)

# People --------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["maarifa.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "maarifa.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "maarifa.accounts.forms.sign_in.LoginForm",
    "signup": "maarifa.accounts.forms.sign_in.SignupForm",
    "request_login_code": "maarifa.accounts.forms.sign_in.RequestLoginCodeForm",
    "confirm_login_code": "maarifa.accounts.forms.sign_in.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "maarifa.accounts.forms.sign_in.ConfirmEmailVerificationCodeForm",
    "reset_password": "maarifa.accounts.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "maarifa.accounts.forms.sign_in.ResetPasswordKeyForm",
    "change_password": "maarifa.accounts.forms.sign_in.ChangePasswordForm",
    "set_password": "maarifa.accounts.forms.sign_in.SetPasswordForm",
    "add_email": "maarifa.accounts.forms.sign_in.AddEmailForm",
    "reauthenticate": "maarifa.accounts.forms.sign_in.ReauthenticateByPasswordForm",
}
# Seconds for which a proof of who somebody is counts as fresh; what wants one says so itself: see accounts.proof.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# One of address and user name is required, and the form says so; allauth's own check wants the star.
ACCOUNT_SIGNUP_FIELDS = ["email*", "username", "password1*"]
# For who signs up with an address: see accounts.stages.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 20 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Counted from the last code that was sent: see accounts.views. Each code lives so long from when it was made.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 20 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
# Longer than a code lives, or the code would outlive the page it is typed into.
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
# Digits are on every keyboard. Eight of them, for five tries.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
# Per account and device first and per network last: a school or a carrier shares one address. "key" is the account
# that is signed in to, by a browser that has been in before (see accounts.devices) or by all others together; or the
# address that mail goes to. Tries with the right password don't count as failed. Six hundred people in a quarter of an
# hour, some of whom try several times, must pass; limits per network only stop a flood.
ACCOUNT_RATE_LIMITS = {
    "login": "3000/15m/ip",
    "login_failed": "600/15m/ip,8/15m/key",
    "signup": "3000/15m/ip",
    "request_login_code": "3000/15m/ip,6/15m/key",
    "reset_password": "3000/15m/ip,5/15m/key",
    "reset_password_from_key": "3000/15m/ip",
    "confirm_email": "1/10s/key",
    "mail_to_address": "12/1h/key",
    "recover": "600/15m/ip,8/15m/key",
    "second_step": "600/15m/ip,8/15m/key",
    "passkey": "600/15m/ip",
    "reauthenticate": "30/15m/user",
    "reauthenticate_by_mail": "5/15m/user",
    # Wrong codes of cards: see cohorts.views.limits.
    "card": "600/15m/ip,8/15m/key",
    "card_device": "40/15m/key",
    # A page of ours that takes a processor for a while: drawing a certificate to look at.
    "preview_certificate": "10/1m/user",
}
# A second step, by an app or a passkey, for everybody who wants one; with STAFF_SECOND_FACTOR, no page about other
# people opens to staff who have not used theirs; with "all", nor to anybody else with a role in an institution.
MFA_ADAPTER = "maarifa.accounts.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "maarifa.accounts.forms.sign_in.ActivateTOTPForm",
    "authenticate": "maarifa.accounts.forms.sign_in.StepForm",
    "reauthenticate": "maarifa.accounts.forms.sign_in.ReauthenticateByStepForm",
    "authenticate_webauthn": "maarifa.accounts.passkeys.PasskeyStepForm",
    "reauthenticate_webauthn": "maarifa.accounts.passkeys.ReauthenticateByPasskeyForm",
    "add_webauthn": "maarifa.accounts.passkeys.AddPasskeyForm",
    "edit_webauthn": "maarifa.accounts.passkeys.EditPasskeyForm",
}
# Phones' clocks are half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = SITE_NAME
# Our own pages ask for the proof that allauth would ask for.
MFA_REAUTHENTICATION_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http:")
STAFF_SECOND_FACTOR = env_bool_or("STAFF_SECOND_FACTOR", SITE_URL.startswith("https:") and not DEBUG, "all")
STAFF_SESSION_HOURS = env_int("STAFF_SESSION_HOURS", 12, least=1, most=24 * 60)

# Words ---------------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = customs.names()
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Mail ----------------------------------------------------------------------------------------------------------------

_BACKENDS = tuple(
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("smtp", "filebased", "console")
)
EMAIL_BACKEND = env_choice("EMAIL_BACKEND", _BACKENDS[0], _BACKENDS)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST = env_text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env_int("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env_text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env_text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env_bool("EMAIL_USE_SSL", False)
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured(
        "EMAIL_USE_TLS=true and EMAIL_USE_SSL=true: only one can be true. EMAIL_USE_TLS is for STARTTLS, usually"
        " on port 587. EMAIL_USE_SSL is for TLS from the first byte, usually on port 465."
    )
EMAIL_TIMEOUT = 10
# How messages leave, by the channels' names: a person gets one by the first that reaches them.
DELIVERY_CHANNELS = {"mail": "maarifa.delivery.channels.mail.Mail"}
DEFAULT_FROM_EMAIL = env_text("EMAIL_FROM", "Maarifa <maarifa@localhost.localdomain>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Rules of an instance ------------------------------------------------------------------------------------------------

INACTIVITY_DAYS = env_int("INACTIVITY_DAYS", 7, least=1, most=365)
MESSAGE_BODY_DAYS = env_int("MESSAGE_BODY_DAYS", 30, least=1)
INVITATION_DAYS = env_int("INVITATION_DAYS", 60, least=1, most=365)
# Per day: so that nobody fills the database, or has the mail server fill the world.
MOST_SIGN_UPS = env_int("MOST_SIGN_UPS", 10_000, least=1)
MOST_INVITATIONS = env_int("MOST_INVITATIONS", 20_000, least=1)
UNCONFIRMED_DAYS = env_int("UNCONFIRMED_DAYS", 30, least=1, most=3650)
DOCUMENT_CACHE_BYTES = env_int("DOCUMENT_CACHE_BYTES", 32_000_000)

# What a browser may load ---------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
_https = SITE_URL.startswith("https:")
SECURE_SSL_REDIRECT = _https and env_bool("SECURE_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("HSTS_SUBDOMAINS", False)
# Whether every name below this one is on https, only its owner knows (HSTS_SUBDOMAINS); and a place on the browsers'
# preload lists is a promise for the whole domain, which is not ours to make.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
BEHIND_PROXY = env_bool("BEHIND_PROXY", False)
if SECURE_SSL_REDIRECT and not BEHIND_PROXY:
    raise ImproperlyConfigured(
        f"SITE_URL={SITE_URL!r} and BEHIND_PROXY=false: every page would redirect to itself, because https ends at"
        " the proxy in front. If the proxy sets X-Forwarded-Proto itself, write BEHIND_PROXY=true. If it does not, but"
        " redirects http to https, write SECURE_REDIRECT=false."
    )
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env_text("STATIC_DIR", str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # A header that no page of the site needs.

# How long the web server waits for the next bytes of a body.
BODY_SECONDS = env_int("BODY_SECONDS", 20, least=1, most=600)
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
# Twice that, so that a page can say in words that a file is too large; beyond it the web server refuses.
MOST_BODY_BYTES = 2 * DATA_UPLOAD_MAX_MEMORY_SIZE
FILE_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LOGGING = logging_settings(
    level=env_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
    form=env_choice("LOG_FORMAT", "line", ("line", "json")),
    access=env_bool("ACCESS_LOG", True),
)
