"""What would be lost without a word when a list is applied: asked beside the button, and blocking until answered."""

import re
from collections.abc import Collection

from maarifa.cohorts.actions.problems import RosterQuestion, stored
from maarifa.cohorts.stored import StoredProblem
from maarifa.lib.spreadsheets import ENCODINGS, Table, header_key, words_in

# Notes of the reading that say that something is left out or damaged.
BLOCKING = {
    "other_sheets",
    "hidden_rows",
    "merged_cells",
    "digits_lost",
    "garbled_letters",
    "replacement_characters",
    "header_like_data",
}
SAMPLE = 200
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
# Words of headings that speak of a person's name or address, whatever else stands beside them.
_SPEAK_OF = {
    "first_name": "prénom prénoms forename firstname given nombres prénommés الشخصي имя",
    "last_name": "surname lastname patronyme apellido apellidos sobrenome apelido фамилия اللقب النسب",
    "name": "name names nom noms fullname nombre nome jina الاسم اسم الإسم фио नाम نام",
    "email": "mail mails email emails courriel courriels mél correo correio почта البريد بريد الإيميل إيميل ईमेल",
}
_OF_SOMETHING_ELSE = """
    service direction department département division unit unité institution organisation organization ministry
    ministère course cours school école structure poste group groupe cohort cohorte company entreprise team équipe
    user login file fichier الإدارة القسم المؤسسة الوزارة المدرسة
"""
_FIELDS = [(field, frozenset(map(header_key, text.split()))) for field, text in _SPEAK_OF.items()]
_OTHERS = frozenset(map(header_key, _OF_SOMETHING_ELSE.split()))


def questions_of_notes(notes: list[StoredProblem]) -> tuple[list[StoredProblem], list[StoredProblem]]:
    """Of the notes about a list those that are questions, and the others."""
    questions = [note for note in notes if note["code"] in BLOCKING]
    return questions, [note for note in notes if note not in questions]


def questions_of_columns(
    table: Table, places: list[int], columns: Collection[str] = ()
) -> list[StoredProblem]:
    """About each of the columns (by its place in the table) that is not read and looks as if it should be."""
    questions = []
    for place in places:
        header, cells = table.columns[place], [row.cells[place] for row in table.rows[:SAMPLE]]
        values = [cell for cell in cells if cell]
        about = {"letter": table.letters[place], "sample": values[0][:60] if values else ""}
        if values and 2 * sum(bool(_ADDRESS.fullmatch(cell)) for cell in values) >= len(values):
            code = "unread_addresses" if header else "unread_addresses_nameless"
            questions.append(stored(RosterQuestion(code, value=header, right="heading:email", **about)))
            continue
        field = _spoken_of(header)
        if field == "name" and ("last_name" in columns) != ("first_name" in columns):
            # “Other names” beside a surname are the first names.
            field = "first_name" if "last_name" in columns else "last_name"
        if field and values:
            questions.append(
                stored(RosterQuestion("unread_column", value=header, right=f"heading:{field}", **about))
            )
    return questions


def questions_of_shared_addresses(counts: dict[str, int]) -> list[StoredProblem]:
    return [
        stored(RosterQuestion("shared_address", value=address, count=count))
        for address, count in counts.items()
    ]


def questions_of_common_addresses(common: dict[str, tuple[int, str]]) -> list[StoredProblem]:
    return [
        stored(RosterQuestion("common_address", value=address, count=count, name=name))
        for address, (count, name) in common.items()
    ]


def question_of_letters(offer: dict[str, str]) -> StoredProblem:
    """`offer`: encoding, other, value and right, as `likelier_encoding` has them."""
    names = {name: ENCODINGS[offer[name]] for name in ("encoding", "other")}
    code = "wrong_letters" if offer["value"] else "wrong_letters_unread"
    return stored(RosterQuestion(code, **{**offer, **names}))


def questions_of_left_out(count: int) -> list[StoredProblem]:
    return [stored(RosterQuestion("left_out", count=count))] if count else []


def _spoken_of(header: str) -> str:
    header_words = words_in(header)
    if header_words & _OTHERS:
        return ""
    return next((field for field, keys in _FIELDS if header_words & keys), "")
