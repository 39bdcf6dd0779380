"""The words of a question in the language asked for, or in the next best."""

from dataclasses import dataclass

from maarifa.lib.languages import attributes_of
from maarifa.lib.models import TranslatedText
from maarifa.quizzes.kinds import TextsData
from maarifa.quizzes.models import STALE, QuestionVersion


@dataclass(frozen=True)
class LanguageTexts:
    """`language` is the one that the words are in, which need not be the one asked for; `state` that of the
    translation (source, machine, reviewed, stale).
    """

    texts: TextsData
    language: str
    state: str

    @property
    def is_machine_made(self) -> bool:
        return self.state == TranslatedText.State.MACHINE

    @property
    def is_stale(self) -> bool:
        return self.state == STALE

    @property
    def attributes(self) -> str:
        """`lang` and `dir` for the element around the words, where the page is in another language."""
        return attributes_of(self.language)


def texts_for(version: QuestionVersion, language: str, source_language: str = "") -> LanguageTexts:
    """The words in this language; else in the same language elsewhere (pt for pt-br); else in the source
    language.

    `source_language` is for those who hold the version to another source than its own.
    """
    wanted = (language, language.partition("-")[0], source_language, version.source_language)
    language_code = next((code for code in wanted if code in version.texts), None)
    if language_code is None:
        # A version is never made without words, but better another language than none.
        language_code = min(version.texts)
    state = version.states.get(language_code, TranslatedText.State.SOURCE)
    return LanguageTexts(version.texts[language_code], language_code, state)
