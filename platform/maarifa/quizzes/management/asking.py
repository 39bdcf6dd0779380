"""What the commands on files with questions ask for."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from maarifa.accounts.models import User
from maarifa.quizzes.models import Bank


def bank_named(key: str) -> Bank:
    bank = Bank.objects.filter(key=key).first()
    if bank is None:
        raise CommandError(
            _(
                "There is no question bank “%(value)s”. Write the key of the course, a slash and the key of the bank."
            )
            % {"value": key}
        )
    return bank


def person_named(username: str | None) -> User | None:
    if username is None:
        return None
    person: User | None = User.objects.open().filter(username=User.normalise_username(username)).first()
    if person is None:
        raise CommandError(
            _("There is no open account with the user name “%(value)s”.") % {"value": username}
        )
    return person
