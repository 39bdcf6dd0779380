"""Making many accounts at once, for people who have not come yet."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.lib.text import clean_name


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody for whom an account shall be made; without an address they sign in by a card."""

    name: str
    language: str
    time_zone: str = ""
    email: str | None = None


def create_accounts(*, people: Iterable[NewPerson], at: datetime | None = None) -> list[User | None]:
    """An account for each of the people, in their order; None for an address that somebody has, proven or
    not.

    As `create_account` without user names and passwords, in a number of queries that doesn't grow with
    theirs. Who that somebody is, the caller isn't told, and their account stays as it is. Never refuses.
    """
    at = at or timezone.now()
    people = list(people)
    with transaction.atomic():
        taken = _taken([person.email for person in people if person.email])
        rows: list[User | None] = []
        for person, username in zip(people, User.objects.new_usernames(len(people)), strict=True):
            email = User.normalise_address(person.email)
            if email in taken:
                rows.append(None)
                continue
            if email:
                taken.add(email)
            rows.append(
                User(
                    username=username,
                    email=email,
                    name=clean_name(person.name),
                    language=person.language,
                    time_zone=person.time_zone,
                    # As make_password(None), which draws its forty letters one by one.
                    password=UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20),
                    date_joined=at,
                )
            )
        # In one order everywhere: two imports at once must not wait for each other crosswise.
        users = sorted((row for row in rows if row), key=lambda row: (row.email or "", row.username))
        User.objects.bulk_create(users, ignore_conflicts=True)
        ids = dict(
            User.objects.filter(public_id__in=[row.public_id for row in users]).values_list("public_id", "pk")
        )
        for row in users:
            row.pk = ids.get(row.public_id)
            row._state.adding = False
        EmailAddress.objects.bulk_create(
            EmailAddress(user=row, email=row.email, primary=True, verified=False)
            for row in users
            if row.pk and row.email
        )
        # Somebody took the address between the question and the answer: the constraint let one of the two
        # through.
        return [row if row and row.pk else None for row in rows]


def _taken(addresses: Iterable[str]) -> set[str]:
    asked = {User.normalise_address(address) for address in addresses}
    proven = EmailAddress.objects.filter(email__in=asked, verified=True)
    return {
        *(email for email in User.objects.filter(email__in=asked).values_list("email", flat=True) if email),
        *proven.values_list("email", flat=True),
    }
