"""What a spreadsheet program leaves in a cell in the place of what somebody typed, and what people type for nothing."""

import re

from .headers import header_key

# A formula that fails, in English, French, Spanish, Portuguese, German and Russian programs.
_ERROR = re.compile(
    r"#(?:N/A|N/D|NV|NA|Н/Д|REF!|REF|BEZUG!|ССЫЛКА!|VALUE!|VALEUR!|VALOR!|¡VALOR!|¡REF!|WERT!|ЗНАЧ!|NAME\?|NOM\?|NOME\?"
    r"|¿NOMBRE\?|ИМЯ\?|DIV/0!|¡DIV/0!|ДЕЛ/0!|NULL!|NUL!|NUM!|NOMBRE!|¡NUM!|ЧИСЛО!|SPILL!|CALC!)|Err:\d{3}|#{4,}",
    re.IGNORECASE,
)
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+?\d{1,3}", re.IGNORECASE)
_BOOLEANS = frozenset(
    map(header_key, ["true", "false", "vrai", "faux", "verdadero", "falso", "истина", "ложь", "صواب", "خطأ"])
)
_NOTHING = frozenset(
    map(
        header_key,
        """néant|n/a|na|n.a.|n/d|s/o|none|null|nil|nothing|no|aucun|aucune|sans|pas d'email|pas d'e-mail|pas de mail|
        inconnu|unknown|no email|no e-mail|not available|ninguno|ninguna|no tiene|não tem|nenhum|sem|нет|لا يوجد|
        لا يوجد بريد|بدون|غير متوفر|غير متاح|hakuna|无""".split("|"),
    )
)


def is_error(text: str) -> bool:
    """Whether a program shows this where a formula fails: #N/A, #REF!, #VALEUR!, Err:502, ####."""
    return bool(_ERROR.fullmatch(text))


def is_boolean(text: str) -> bool:
    """TRUE, FAUX: what becomes of a name, such as a programme's own word, in a program that takes it for a value."""
    return header_key(text) in _BOOLEANS


def is_shortened_number(text: str) -> bool:
    """2.02401E+11: a long number as a narrow column shows it; its last digits are gone."""
    return bool(_SHORTENED.fullmatch(text))


def means_nothing(text: str) -> bool:
    """Whether somebody has written that there is nothing: néant, N/A, -, لا يوجد; a lookup that found nothing, too."""
    if is_error(text):
        return text.upper() in ("#N/A", "#N/D", "#NV")
    key = header_key(text)
    return key in _NOTHING if key else not any(map(str.isalnum, text))
