"""Who checked the names on a certificate.

An institution gives names in its lists, which are kept in a higher app: that app registers how to find them.
"""

import re
from collections.abc import Iterable
from typing import Protocol

from maarifa.certificates.enums import NameCheck
from maarifa.learning.models import Enrolment
from maarifa.lib.text import fold, search_key


class Source(Protocol):
    def __call__(self, *, enrolment: Enrolment) -> Iterable[str]: ...


_sources: list[Source] = []


def register_names(source: Source) -> Source:
    """`source(enrolment=…)` gives the names by which the enrolment's own institution knows the learner."""
    if source not in _sources:
        _sources.append(source)
    return source


def given_names(enrolment: Enrolment) -> set[str]:
    """The names that the institution on the certificate has given; none where there is no institution."""
    if enrolment.institution_id is None:
        return set()
    return {name for source in _sources for name in source(enrolment=enrolment)}


def check_names(*, name: str, name_latin: str, enrolment: Enrolment) -> NameCheck:
    """Which of the two printed names the institution has given as well; names are compared as `same_name` does."""
    institution_names = given_names(enrolment)
    own = any(same_name(name, one) for one in institution_names)
    if not name_latin or name_latin == name:
        return NameCheck.INSTITUTION if own else NameCheck.STATED
    latin = any(same_name(name_latin, one) for one in institution_names)
    return {
        (True, True): NameCheck.INSTITUTION,
        (True, False): NameCheck.NAME_ONLY,
        (False, True): NameCheck.LATIN_ONLY,
        (False, False): NameCheck.STATED,
    }[own, latin]


def same_name(one: str, other: str) -> bool:
    """The same words in any order, in any case, with or without accents and signs; or the same letters in a row."""
    if not search_key(one):
        return False
    return _words(one) == _words(other) or search_key(one) == search_key(other)


def _words(name: str) -> list[str]:
    return sorted(filter(None, (search_key(word) for word in re.split(r"[\s,;]+", fold(name)))))
