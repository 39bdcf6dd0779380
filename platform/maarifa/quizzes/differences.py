"""From what to what a quiz or a question has changed, for people to read. Pure: of two compiled quizzes."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Field, Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maarifa.lib.differences import shortened
from maarifa.lib.models import TranslatedText
from maarifa.quizzes.compiling import CompiledQuiz
from maarifa.quizzes.enums import Level, ReviewRule
from maarifa.quizzes.kinds import StructureData, kind_named
from maarifa.quizzes.models import STALE, Question, Quiz
from maarifa.quizzes.stored import RULES, Cell, QuestionContent


@dataclass(frozen=True)
class Difference:
    """One thing that was `before` and is `after`, both shortened; one of them is empty where it is new or gone.

    `what` names it in the language active now; `language` is that of the words, empty for what has none.
    """

    what: str
    before: str
    after: str
    language: str = ""

    @property
    def label(self) -> str:
        return f"{self.what} ({self.language})" if self.language else self.what


def cells_of_rules(quiz: CompiledQuiz) -> list[Cell]:
    """Without the questions that were in them."""
    return [
        {"outcome": cell["outcome"], "level": cell["level"], "count": cell["count"]}
        for cell in quiz.rules.get("cells", [])
    ]


def rule_differences(before: CompiledQuiz, after: CompiledQuiz) -> list[Difference]:
    differences = [
        _difference(
            _label(Quiz, name), _rule(name, before.rules.get(name)), _rule(name, after.rules.get(name))
        )
        for name in RULES
        if before.rules.get(name) != after.rules.get(name)
    ]
    former, now = _cells(cells_of_rules(before)), _cells(cells_of_rules(after))
    if former != now:
        differences.append(_difference(_label(Quiz, "cells"), former, now))
    return differences


def question_differences(before: QuestionContent | None, after: QuestionContent | None) -> list[Difference]:
    """Of two contents of a question, as versions keep them. Of one that is new or gone, what it asks."""
    if before is None or after is None:
        known = before or after
        if known is None:
            return []
        return [_difference(_place(known, "stem"), _stem(before), _stem(after), known["source_language"])]
    return [
        *_of_columns(before, after),
        *_of_structure(before, after),
        *_of_texts(before, after),
        *_of_states(before, after),
    ]


def _stem(content: QuestionContent | None) -> str:
    return _texts(content).get((content["source_language"], "stem"), "") if content else ""


def _of_columns(before: QuestionContent, after: QuestionContent) -> Iterator[Difference]:
    if before["kind"] != after["kind"]:
        labels = [str(kind_named(one["kind"]).label) for one in (before, after)]
        yield _difference(_label(Question, "kind"), labels[0], labels[1])
    if before["points"] != after["points"]:
        yield _difference(_label(Question, "points"), str(before["points"]), str(after["points"]))
    if before["lesson_key"] != after["lesson_key"]:
        yield _difference(_label(Question, "lesson_key"), before["lesson_key"], after["lesson_key"])
    if before["source_language"] != after["source_language"]:
        yield _difference(capfirst(_("source language")), before["source_language"], after["source_language"])


def _of_structure(before: QuestionContent, after: QuestionContent) -> Iterator[Difference]:
    former, now = _flat(before["structure"]), _flat(after["structure"])
    for name in dict.fromkeys([*former, *now]):
        if former.get(name) != now.get(name):
            owner = after if name in now else before
            said = [_said(one, name, values) for one, values in ((before, former), (after, now))]
            yield _difference(_place(owner, name), *said)


def _flat(structure: StructureData, where: str = "") -> StructureData:
    """The values of a structure by their places: `correct`, `gaps.1.correct`, `pairs.a`."""
    values: StructureData = {}
    for name, value in structure.items():
        inner = _flat(value, f"{where}{name}.") if isinstance(value, dict) else {f"{where}{name}": value}
        values |= inner
    return values


def _said(content: QuestionContent, name: str, values: StructureData) -> str:
    """A value of the structure; of items and choices also what they say in the source language."""
    value = values.get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    keys, texts = value if isinstance(value, list) else [str(value)], _texts(content)
    group = "items" if name == "items" else "choices"
    by_key = {key: texts.get((content["source_language"], f"{group}.{key}.text"), "") for key in keys}
    if not any(by_key.values()) and not isinstance(value, list):
        return kind_named(content["kind"]).structure_value(name, value)
    return "; ".join(f"{key}: {text}" if text else key for key, text in by_key.items())


def _of_texts(before: QuestionContent, after: QuestionContent) -> Iterator[Difference]:
    former, now = _texts(before), _texts(after)
    for language, where in dict.fromkeys([*now, *former]):
        old, new = former.get((language, where), ""), now.get((language, where), "")
        if old != new:
            owner = after if (language, where) in now else before
            yield _difference(_place(owner, where), old, new, language)


def _of_states(before: QuestionContent, after: QuestionContent) -> Iterator[Difference]:
    former, now = before["states"], after["states"]
    for language in dict.fromkeys([*now, *former]):
        old, new = _state(former.get(language, "")), _state(now.get(language, ""))
        if old != new:
            yield _difference(capfirst(_("status")), old, new, language)


def _texts(content: QuestionContent) -> dict[tuple[str, str], str]:
    """Every text of it by its language and its place: `stem`, `choices.a.text`. The source language first."""
    source = content["source_language"]
    languages = sorted(content["texts"], key=lambda code: (code != source, code))
    return {
        (language, where): text
        for language in languages
        for where, text in _leaves(content["texts"][language], "")
    }


def _leaves(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{where}.{name}" if where else name)
    elif isinstance(value, list) and not all(isinstance(one, str) for one in value):
        yield from _leaves({str(number): one for number, one in enumerate(value, 1)}, where)
    elif isinstance(value, list):
        yield where, "; ".join(value)
    else:
        yield where, str(value)


def _place(content: QuestionContent, where: str) -> str:
    """What its authors know a part of this content by."""
    return kind_named(content["kind"]).place_of(where) or where


def _rule(name: str, value: int | str | None) -> str:
    if name == "review":
        return str(ReviewRule(str(value or ReviewRule.ALL.value)).label)
    if value is None:
        return _("no time limit") if name == "time_limit" else _("no limit")
    return str(value)


def _cells(cells: list[Cell]) -> str:
    levels = dict(Level.choices)
    return "; ".join(
        ngettext(
            "%(outcome)s, %(level)s: %(count)s question", "%(outcome)s, %(level)s: %(count)s questions", n
        )
        % {"outcome": cell["outcome"], "level": levels.get(cell["level"], cell["level"]), "count": n}
        for cell in cells
        for n in (cell["count"],)
    )


def _state(state: str) -> str:
    if state == STALE:
        return _("out of date: the source text has changed")
    return str(dict(TranslatedText.State.choices).get(state, state))


def _label(model: type[Model], name: str) -> str:
    column = model._meta.get_field(name)
    return capfirst(str(column.verbose_name)) if isinstance(column, Field) else name


def _difference(what: str, before: str, after: str, language: str = "") -> Difference:
    return Difference(what, *shortened(before, after), language)
