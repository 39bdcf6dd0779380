"""What people sent and could not be taken in yet."""

import json
from datetime import timedelta

from django.utils import timezone

from maarifa.accounts.models import KeptPost
from maarifa.lib.digests import digest_of

MOST_CHARACTERS = 20_000
MOST_OF_A_PERSON = 20
# A page of the admin has all languages of a lesson in one form.
MOST_CHARACTERS_OF_ADMIN = 400_000
MOST_OF_ADMIN = 5
ADMIN = "/admin/"
KEPT_FOR = timedelta(days=14)


def keep_post(*, person, page: str, fields: dict[str, list[str]], at=None) -> KeptPost | None:
    """Keep the fields of a form for this person, who finds them on this page again.

    The same twice is kept once. Of more than 20 the oldest go; of forms of the admin, of more than 5. None, and
    nothing is kept, where the form is larger than 20,000 characters; one of the admin, than 400,000.
    """
    of_admin = page.startswith(ADMIN)
    most = MOST_CHARACTERS_OF_ADMIN if of_admin else MOST_CHARACTERS
    if len(json.dumps(fields, ensure_ascii=False)) > most:
        return None
    kept, _created = KeptPost.objects.get_or_create(
        person=person,
        page=page,
        digest=digest_of(fields),
        defaults={"fields": fields, "kept_at": at or timezone.now()},
    )
    others = KeptPost.objects.filter(person=person)
    others = others.filter(page__startswith=ADMIN) if of_admin else others.exclude(page__startswith=ADMIN)
    most = MOST_OF_ADMIN if of_admin else MOST_OF_A_PERSON
    newest = others.order_by("-id").values_list("pk", flat=True)
    KeptPost.objects.filter(pk__in=list(newest[most : most + 100])).delete()
    return kept


def drop_kept_posts(*, person, public_ids) -> None:
    """These have been taken in, or something else was said in their place. Never refuses."""
    if public_ids:
        KeptPost.objects.filter(person=person, public_id__in=public_ids).delete()


def drop_kept_posts_of_page(*, person, page: str) -> None:
    """The page has been saved, with what was kept or without it. Never refuses."""
    KeptPost.objects.filter(person=person, page=page).delete()


def forget_kept_posts(*, at=None) -> int:
    """Delete what nobody came back for within two weeks; how many that were."""
    return KeptPost.objects.filter(kept_at__lt=(at or timezone.now()) - KEPT_FOR).delete()[0]
