from maarifa.lib.customs import Customs

CUSTOMS = Customs(
    name="English",
    locale="en_GB",
    absolute_words=frozenset(
        "always never only every none nobody everybody everything nothing completely".split()
    ),
    limiting=(r"\b(?:only|solely|exclusively|alone)\b",),
    mannered=(
        r"(?<!here )\b(?:[Ii]s|[Aa]re) no (?!longer|more\b|one\b)",
        # Without a noun, and no question.
        r"(?:^|[.;] )Who (?!it )[^.?]*(?:\.|$)",
        r"\b(?:stands?|stood|of now|kept of|in force|in work|sign of life|[Mm]eanwhile|[Hh]ence|[Tt]ake care)\b",
        r"\bgood (?:until|for \S+ (?:minutes|days))",
        r"\b(?:[Tt]ak(?:e|es|en|ing)|[Pp]uts?|[Ss]ent)(?: it| this| that| them)? (?:back|away|aside)\b",
        r"\b(?:[Mm]end(?:s|ed)?|[Oo]we[ds]?|[Aa]waits?|[Bb]elongs? (?:here|there|together))\b",
        r"\bopens? (?:nothing|anything|once)\b|\b(?:is|are) gone\b|\bbe done by\b",
        r"\b(?:would have been|is still to|are still to|as you speak|has holes|[Vv]ery many|look among)\b",
        r"\b(?:[Nn]obody|[Ss]omebody|[Ee]verybody|[Bb]esides|[Gg]oes on|[Gg]o on)\b",
    ),
    languages={"en": "english | eng", "fr": "french | fra | fre", "ar": "arabic | ara"},
    columns={
        "name": """
            name | full name | complete name | names | participant | participant name | learner | learner name |
            student name | employee name
        """,
        "first_name": "first name | first names | firstname | given name | given names | forename | forenames",
        "last_name": "last name | last names | lastname | surname | family name",
        "email": """
            e-mail | email | emails | mail | e-mail address | email address | mail address | electronic mail |
            work e-mail | work email | professional e-mail | professional email
        """,
        "staff_number": """
            staff number | staff no | staff id | staff nr | employee number | employee no | employee id |
            personnel number | personal number | payroll number | service number | student number | student id |
            registration number
        """,
        "language": "language | lang | preferred language",
    },
    family_name_beside_first="name | names",
)
