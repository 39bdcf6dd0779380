"""The words of a question in the language asked for, or in the next best."""

from dataclasses import dataclass

from maarifa.lib.models import TranslatedText
from maarifa.quizzes.models import QuestionVersion


@dataclass(frozen=True)
class Words:
    """`language` is the one that the words are in, which need not be the one asked for."""

    words: dict
    language: str
    is_machine_made: bool = False


def words_for(version: QuestionVersion, language: str, source_language: str = "") -> Words:
    """The words in this language; else in the same language elsewhere (pt for pt-br); else in the source
    language.

    `source_language` is for those who hold the version to another source than its own.
    """
    wanted = (language, language.partition("-")[0], source_language, version.source_language)
    found = next((code for code in wanted if code in version.words), None)
    if found is None:
        # A version is never made without words, but better another language than none.
        found = min(version.words)
    machine = version.states.get(found) == TranslatedText.State.MACHINE
    return Words(version.words[found], found, machine)
