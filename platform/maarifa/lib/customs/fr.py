from maarifa.lib.customs import Customs

CUSTOMS = Customs(
    name="français",
    locale="fr",
    # A space of any kind: narrow, no-break or plain.
    thousands="\u00a0\u202f ",
    decimals=".,٫",
    no_break=(
        # Not before the colons of a Markdown table's second row.
        (r"(?<=[^\s|]) (?=[:;!?](?![-\w]))", "\u00a0"),
        (r"« ?(?=\S)", "«\u00a0"),
        (r"(?<=\S) ?»", "\u00a0»"),
        (
            r"(?:(?<=\d)|(?<=\)s)) (?=%|[kMGT]?i?[oB]\b|USD\b|EUR\b|GHz\b|k?Wh?\b|ms\b|s\b|min\b|h\b)",
            "\u00a0",
        ),
    ),
    first_of_month="1er",
    absolute_words=frozenset("toujours jamais uniquement exclusivement aucun aucune rien totalement".split()),
    limiting=(
        r"\b(?:seul(?:e|s|es)?|seulement|uniquement|exclusivement)\b",
        # “ne … que”, not “ne … pas que” nor “n’a vu ce que”.
        r"\b(?:ne\b|n['’]\w+)(?:(?!\b(?:pas|rien|jamais|aucune?|personne)\b|[,;:.]).)*?(?<!\bce )\bqu(?:e\b|['’])",
    ),
    mannered=(
        r"\b(?:[Vv]euillez|[Mm]erci de|[Ss]e tien(?:t|nent) (?:ici|là)|en force|raccommod\w*)\b",
        r"(?:^|[.;] )Qui (?!êtes|est\b)[^.?]*(?:\.|$)",
        # Not a form that a screen reader spells out.
        r"\w[·•]\w|\w\(e\)",
    ),
    languages={"en": "anglais", "fr": "français | francais", "ar": "arabe"},
    columns={
        "name": """
            participant | participante | apprenant | nom | noms | nom complet | nom et prénom | nom et prénoms |
            nom prénom | nom prénoms | noms et prénoms | prénom et nom | prénoms et nom | nom & prénom
        """,
        "first_name": "prénom | prénoms",
        "last_name": "nom de famille | patronyme",
        "email": """
            courriel | courriels | adresse courriel | adresse e-mail | adresse email | adresse mail |
            adresse électronique | adresse de courriel | adresse de messagerie | mél | mel | messagerie |
            e-mail professionnel | email professionnel | mail professionnel | courriel professionnel |
            adresse professionnelle | adresse mail professionnelle
        """,
        "staff_number": """
            matricule | numéro matricule | n° matricule | no matricule | mle | n° mle | no mle | n mle |
            numéro d'agent | n° agent | numéro de l'agent | numéro d'employé | numéro d'étudiant | numéro étudiant
        """,
        "language": "langue | langue préférée | langue de correspondance",
    },
    family_name_beside_first="nom | noms",
)
