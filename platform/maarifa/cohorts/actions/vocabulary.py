"""The columns of a roster, and the words that people write above and into them."""

from django.conf.locale import LANG_INFO
from django.utils.translation import override, pgettext_lazy

from maarifa.lib.customs import customs, words
from maarifa.lib.spreadsheets import header_key

# As exports name them, so that an exported file can be imported again.
HEADINGS = {
    "name": pgettext_lazy("column of a roster", "Name"),
    "first_name": pgettext_lazy("column of a roster", "First name"),
    "last_name": pgettext_lazy("column of a roster", "Family name"),
    "email": pgettext_lazy("column of a roster", "E-mail"),
    "staff_number": pgettext_lazy("column of a roster", "Staff number"),
    "language": pgettext_lazy("column of a roster", "Language"),
}

# They mean the whole name where they stand alone, and the family name beside a first name.
FAMILY_NAME_BESIDE_FIRST = frozenset(
    header_key(word) for own in customs().values() for word in words(own.family_name_beside_first)
)


def vocabulary() -> dict[str, list[str]]:
    """For each column the words that name it: the ones above, and the headings of exports in every language."""
    headings: dict[str, list[str]] = {field: [] for field in HEADINGS}
    for code, own in customs().items():
        with override(code):
            for field, heading in HEADINGS.items():
                headings[field] += [*words(own.columns.get(field, "")), str(heading)]
    return headings


def language_words() -> dict[str, str]:
    """The code of an interface language by the keys of what people call it: codes, and names in each language."""
    codes: dict[str, str] = {}
    for code, own in customs().items():
        about = LANG_INFO.get(code, {})
        names = [code, own.name, about.get("name", ""), about.get("name_local", "")]
        for other in customs().values():
            names += words(other.languages.get(code, ""))
        codes |= {header_key(word): code for word in names if word.strip()}
    return codes


def language_of(text: str, codes: dict[str, str]) -> str | None:
    """The interface language that a cell names: fr, FR, fr-BF, French, français; None where it is none of ours."""
    return codes.get(header_key(text)) or codes.get(header_key(text.partition("-")[0].partition("_")[0]))
