"""The columns of a roster, and the words that people write above and into them."""

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import override, pgettext_lazy

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

_WORDS = {
    "name": """
        name | full name | complete name | names | participant | participant name | learner | learner name |
        student name | employee name | nom | noms | nom complet | nom et prénom | nom et prénoms | nom prénom |
        nom prénoms | noms et prénoms | prénom et nom | prénoms et nom | nom & prénom | participante | apprenant |
        الاسم | اسم | الاسم الكامل | الاسم الثلاثي | الاسم الرباعي | الاسم واللقب | اسم المشارك | اسم المتدرب |
        اسم الموظف | الإسم | الإسم الكامل
    """,
    "first_name": """
        first name | first names | firstname | given name | given names | forename | forenames | prénom | prénoms |
        الاسم الأول | الاسم الشخصي
    """,
    "last_name": """
        last name | last names | lastname | surname | family name | nom de famille | patronyme | اسم العائلة |
        اللقب | الاسم العائلي | النسب
    """,
    "email": """
        e-mail | email | emails | mail | e-mail address | email address | mail address | electronic mail | courriel |
        courriels | adresse courriel | adresse e-mail | adresse email | adresse mail | adresse électronique |
        adresse de courriel | adresse de messagerie | mél | e-mail professionnel | email professionnel |
        mail professionnel | courriel professionnel | adresse professionnelle | adresse mail professionnelle |
        work e-mail | work email | professional e-mail | professional email | mel |
        messagerie | البريد الإلكتروني | البريد |
        البريد الالكتروني | الإيميل | إيميل | الايميل | ايميل | عنوان البريد الإلكتروني | بريد إلكتروني
    """,
    "staff_number": """
        staff number | staff no | staff id | staff nr | employee number | employee no | employee id |
        personnel number | personal number | mle | n° mle | no mle | n mle |
        payroll number | service number | student number | student id |
        registration number | matricule | numéro matricule | n° matricule | no matricule | numéro d'agent |
        n° agent | numéro de l'agent | numéro d'employé | numéro d'étudiant | numéro étudiant | الرقم الوظيفي |
        رقم الموظف | الرقم الإداري | رقم الطالب | الرقم الجامعي | رقم التسجيل | رقم التأجير
    """,
    "language": """
        language | lang | preferred language | langue | langue préférée | langue de correspondance | اللغة | لغة |
        اللغة المفضلة
    """,
}

# They mean the whole name where they stand alone, and the family name beside a first name.
FAMILY_NAME_BESIDE_FIRST = frozenset(
    map(header_key, ["name", "names", "nom", "noms", "الاسم", "اسم", "الإسم"])
)

# How people write the names of languages that Django's table doesn't have.
_LANGUAGES = {
    "en": "english | anglais | الإنجليزية | انجليزي | إنجليزي | الانجليزية | eng",
    "fr": "french | français | francais | الفرنسية | فرنسي | fra | fre",
    "ar": "arabic | arabe | العربية | عربي | عربية | ara",
}


def vocabulary() -> dict[str, list[str]]:
    """For each column the words that name it: the ones above, and the headings of exports in every language."""
    words = {field: [word.strip() for word in text.split("|")] for field, text in _WORDS.items()}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for field, heading in HEADINGS.items():
                words[field].append(str(heading))
    return words


def language_words() -> dict[str, str]:
    """The code of an interface language by the keys of what people call it: codes, and names in a language or two."""
    found: dict[str, str] = {}
    for code, name in settings.LANGUAGES:
        about = LANG_INFO.get(code, {})
        words = [
            code,
            name,
            about.get("name", ""),
            about.get("name_local", ""),
            *_LANGUAGES.get(code, "").split("|"),
        ]
        found |= {header_key(word): code for word in words if word.strip()}
    return found


def language_of(text: str, words: dict[str, str]) -> str | None:
    """The interface language that a cell names: fr, FR, fr-BF, French, français; None where it is none of ours."""
    return words.get(header_key(text)) or words.get(header_key(text.partition("-")[0].partition("_")[0]))
