"""What people sent and could not be taken in yet."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from maarifa.accounts.models import KeptPost, User
from maarifa.lib.digests import digest, digest_of
from maarifa.lib.text import storable

MOST_CHARACTERS = 20_000
# What comes without a session leaves room for what comes with one.
MOST_OF_A_PERSON, MOST_WITH_A_SESSION = 20, 20
# A page of the admin has all languages of a lesson in one form.
MOST_CHARACTERS_OF_ADMIN = 400_000
MOST_OF_ADMIN = 5
ADMIN = "/admin/"
KEPT_FOR = timedelta(days=14)


def keep_post(
    *, person: User, page: str, fields: dict[str, list[str]], seal: str = "", at: datetime | None = None
) -> KeptPost | None:
    """Keep the fields of a form for this person, who finds them on this page again.

    The same twice is kept once. `seal`: the page's seal, where the form came without the person's session: what came
    with the same seal before is replaced. None, and nothing is kept, where the form is larger than 20,000 characters
    (one of the admin: 400,000), or where so much is kept already: what is kept is never pushed out by what comes after.
    """
    of_admin = page.startswith(ADMIN)
    fields = {storable(name): [storable(value) for value in values] for name, values in fields.items()}
    longest = MOST_CHARACTERS_OF_ADMIN if of_admin else MOST_CHARACTERS
    if len(json.dumps(fields, ensure_ascii=False)) > longest:
        return None
    at = at or timezone.now()
    name = digest(seal) if seal else digest_of(fields)
    known = KeptPost.objects.filter(person=person, page=page, digest=name)
    # Another form has another id: a page that shows the first has not shown this one.
    if seal and known.exclude(fields=fields).update(fields=fields, kept_at=at, public_id=uuid4()):
        return known.first()
    others = KeptPost.objects.filter(person=person)
    others = others.filter(page__startswith=ADMIN) if of_admin else others.exclude(page__startswith=ADMIN)
    most = MOST_OF_ADMIN if of_admin else MOST_OF_A_PERSON if seal else MOST_OF_A_PERSON + MOST_WITH_A_SESSION
    if not known.exists() and others.count() >= most:
        return None
    return KeptPost.objects.get_or_create(
        person=person, page=page, digest=name, defaults={"fields": fields, "kept_at": at}
    )[0]


def drop_kept_posts(*, person: User, public_ids: Collection[UUID]) -> None:
    """These have been taken in, or something else was said in their place. Never refuses."""
    if public_ids:
        KeptPost.objects.filter(person=person, public_id__in=public_ids).delete()


def drop_kept_posts_of_page(*, person: User, page: str) -> None:
    """The page has been saved, with what was kept or without it. Never refuses."""
    KeptPost.objects.filter(person=person, page=page).delete()


def forget_kept_posts(*, at: datetime | None = None) -> int:
    """Delete what nobody came back for within two weeks; how many that were."""
    return KeptPost.objects.filter(kept_at__lt=(at or timezone.now()) - KEPT_FOR).delete()[0]
