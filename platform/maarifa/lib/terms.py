"""The term base of a language, `locale/terms.<lang>.yaml`: a word for each thing, and the words that are not for it."""

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from django.conf import settings
from pydantic import field_validator

from maarifa.lib.plain_language import bare
from maarifa.lib.shapes import Line, Shape, once_each, shape
from maarifa.lib.strict_yaml import Parsed, YamlError, load

Scope = Literal["interface", "courses"]
SOURCE = "en"


class BadTermBase(Exception):
    """A term base that cannot be read, with its file and line."""


class Term(Shape):
    """A term of the English and what one language says for it. Patterns are regular expressions, of any case."""

    term: Line
    scope: Literal["interface", "courses", "both"]
    meaning: Line | None = None
    use: Line | list[Line] | None = None
    # Finds every form of `use`; left out where `use` itself is enough.
    forms: Line | None = None
    # Finds the term in an English sentence; left out where the term and its plural in s are enough.
    english: Line | None = None
    # Not for this term: whole words.
    forbidden: list[Line] = []
    # Never in this language, whatever is meant: whole words.
    never: list[Line] = []
    # Who says so; the English has a meaning instead.
    authority: Line | None = None

    @cached_property
    def in_english(self) -> re.Pattern[str]:
        return re.compile(self.english or rf"\b{re.escape(self.term)}s?\b", re.IGNORECASE)

    @cached_property
    def right(self) -> re.Pattern[str] | None:
        used = [self.use] if isinstance(self.use, str) else self.use or []
        forms = self.forms or "|".join(re.escape(word) for word in used)
        return re.compile(forms, re.IGNORECASE) if forms else None

    @cached_property
    def wrong(self) -> re.Pattern[str] | None:
        return _whole_words(self.forbidden)

    @cached_property
    def outlawed(self) -> re.Pattern[str] | None:
        return _whole_words(self.never)

    @property
    def to_write(self) -> str:
        """What to write."""
        return self.use if isinstance(self.use, str) else " / ".join(self.use or [self.term])

    def holds_for(self, scope: Scope) -> bool:
        return self.scope in (scope, "both")


def _whole_words(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE) if patterns else None


class TermBase:
    """All terms of a language, in the order of the file."""

    def __init__(self, terms: list[Term], english: dict[str, Term]) -> None:
        self.terms, self._english = terms, english

    def never_here(self, text: str, *, scope: Scope) -> list[tuple[str, Term]]:
        """What the text says that the language never says, each with the term that it is wrong for."""
        text = bare(text)
        return [
            (match[0], term)
            for term in self.terms
            if term.holds_for(scope) and term.outlawed and (match := term.outlawed.search(text))
        ]

    def faults(self, english: str, text: str, *, scope: Scope) -> list[str]:
        """Where the translation of one string leaves the terms that its English has, as sentences for translators."""
        english, text, faults = bare(english), bare(text), []
        for term in self.terms:
            if not term.holds_for(scope) or not self._english.get(term.term, term).in_english.search(english):
                continue
            if term.wrong and (match := term.wrong.search(text)):
                faults.append(f"“{term.term}” is not “{match[0]}”: use {term.to_write}")
            elif term.right and not term.right.search(text):
                faults.append(f"“{term.term}” is missing: use {term.to_write}")
        return faults


class _File(Shape):
    terms: list[Term]

    @field_validator("terms")
    @classmethod
    def _once(cls, terms: list[Term]) -> list[Term]:
        once_each([term.term for term in terms])
        return terms


def term_base(language: str) -> TermBase | None:
    """The term base of a language; None where it has none. Raises BadTermBase."""
    return read_term_base(Path(settings.LOCALE_PATHS[0]), language)


@cache
def read_term_base(folder: Path, language: str) -> TermBase | None:
    """As `term_base`, from the files in a folder; read once."""
    terms = _read(folder / f"terms.{language}.yaml")
    if terms is None:
        return None
    source = terms if language == SOURCE else _read(folder / f"terms.{SOURCE}.yaml") or []
    return TermBase(terms, {term.term: term for term in source})


def _read(path: Path) -> list[Term] | None:
    if not path.exists():
        return None
    try:
        listed = load(path.read_text())
        lines = {("terms", *where): line for where, line in listed.lines.items()}
        file, problems = shape(_File, Parsed({"terms": listed.value}, lines))
    except YamlError as error:
        raise BadTermBase(f"{path}:{error.problem.line}: {error.problem}") from error
    if file is None:
        raise BadTermBase("\n".join(f"{path}:{problem.line}: {problem}" for problem in problems))
    return file.terms
