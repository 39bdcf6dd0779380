"""The account, signing in and out, authoring, and keeping a language, in the menus."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from maarifa.accounts.requests import user_of
from maarifa.ui.menu import LANGUAGES, MAIN, MenuItem, signed_in, visitors


def instructors(request: HttpRequest) -> bool:
    return signed_in(request) and request.user.is_staff


def reading_in_another_language(request: HttpRequest) -> bool:
    return signed_in(request) and user_of(request).language != get_language()


def keep_language() -> str:
    language = dict(settings.LANGUAGES)[get_language()]
    return _("Use %(language)s for my account, e-mails and certificates") % {"language": language}


for item in (
    MenuItem("accounts.account", gettext_lazy("My account"), "account", signed_in, order=50),
    MenuItem(
        "accounts.admin",
        gettext_lazy("Authoring and administration"),
        "admin:index",
        instructors,
        order=70,
        marked=False,
    ),
    MenuItem("accounts.sign-in", gettext_lazy("Sign in"), "account_login", visitors, order=80, marked=False),
    MenuItem("accounts.sign-out", gettext_lazy("Sign out"), "account_logout", signed_in, order=80, post=True),
):
    MAIN.register(item)

LANGUAGES.register(
    MenuItem("accounts.keep-language", keep_language, "account-keep-language", reading_in_another_language)
)
