"""What people sent and could not be taken in yet."""

import json
from datetime import timedelta

from django.utils import timezone

from maarifa.accounts.models import KeptPost
from maarifa.lib.digests import digest_of

MOST_CHARACTERS = 20_000
MOST_OF_A_PERSON = 20
KEPT_FOR = timedelta(days=14)


def keep_post(*, person, page: str, fields: dict[str, list[str]], at=None) -> KeptPost | None:
    """Keep the fields of a form for this person, who finds them on this page again.

    The same twice is kept once. Of more than 20 the oldest go. None, and nothing is kept, where the form is larger
    than 20,000 characters.
    """
    if len(json.dumps(fields, ensure_ascii=False)) > MOST_CHARACTERS:
        return None
    kept, _created = KeptPost.objects.get_or_create(
        person=person,
        page=page,
        digest=digest_of(fields),
        defaults={"fields": fields, "kept_at": at or timezone.now()},
    )
    newest = KeptPost.objects.filter(person=person).order_by("-id").values_list("pk", flat=True)
    KeptPost.objects.filter(pk__in=list(newest[MOST_OF_A_PERSON : MOST_OF_A_PERSON + 100])).delete()
    return kept


def drop_kept_posts(*, person, public_ids) -> None:
    """These have been taken in, or something else was said in their place. Never refuses."""
    if public_ids:
        KeptPost.objects.filter(person=person, public_id__in=public_ids).delete()


def forget_kept_posts(*, at=None) -> int:
    """Delete what nobody came back for within two weeks; how many that were."""
    return KeptPost.objects.filter(kept_at__lt=(at or timezone.now()) - KEPT_FOR).delete()[0]
