from maarifa.lib.customs import Customs

CUSTOMS = Customs(
    name="English",
    locale="en_GB",
    absolute_words=frozenset(
        "always never only every none nobody everybody everything nothing completely".split()
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
