"""The figures of a quiz as its pages and exports show them."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.grading import rule_of
from maarifa.quizzes.kinds import StructureData, TextsData, kind_named
from maarifa.quizzes.models import ItemStatistics, QuestionVersion, Quiz, QuizStatistics
from maarifa.quizzes.statistics.flags import Flag, flags_of
from maarifa.quizzes.statistics.items import ALL
from maarifa.quizzes.stored import ChoiceFigures
from maarifa.quizzes.texts import texts_for


@dataclass(frozen=True)
class ItemTable:
    """A question version: the row of all languages together, those of each language, and what is weak about it."""

    version: QuestionVersion
    whole: ItemStatistics
    languages: list[ItemStatistics] = field(default_factory=list)
    current: bool = True
    """Whether the latest version of the quiz has it in its pool."""

    @property
    def key(self) -> str:
        return self.version.question.key

    @property
    def stem(self) -> str:
        """In the language of its author."""
        texts = texts_for(self.version, self.version.source_language)
        return str(texts.texts.get("stem") or self.key)

    @property
    def rows(self) -> list[ItemStatistics]:
        """All languages together, then each, where there are several."""
        return [self.whole, *self.languages] if len(self.languages) > 1 else [self.whole]

    @property
    def flags(self) -> list[tuple[str, Flag]]:
        """What is weak, each once; with the language, where all languages together do not show it. Nothing, where a
        regrade gave everyone the points or dropped the question: then the figures tell nothing about it.
        """
        rule = rule_of(self.version)
        if rule and rule["method"] in ("everyone", "drop"):
            return []
        found = [(ALL, flag) for flag in flags_of(self.whole)]
        known = {(flag.code, flag.params.get("choice")) for _language, flag in found}
        for row in self.languages if len(self.languages) > 1 else ():
            found += [
                (row.language, flag)
                for flag in flags_of(row)
                if (flag.code, flag.params.get("choice")) not in known
            ]
        return found

    def flags_in(self, language: str) -> list[Flag]:
        return [flag for where, flag in self.flags if where == language]


@dataclass(frozen=True)
class ChoiceRow:
    """A choice: what it says in one language, and who chose it, in shares of the group. `lower` and `upper` are None
    where no attempt had another question: nobody is in a third.
    """

    pick: ChoiceFigures
    text: str
    share: float
    lower: float | None
    upper: float | None


def tables_of(quiz: Quiz, *, by_flags: bool = True) -> list[ItemTable]:
    """Of all question versions that were asked: those of the latest version of the quiz first, and among them, where
    `by_flags`, those with flags. Three queries.
    """
    tables = _tables(quiz, ItemStatistics.objects.filter(quiz=quiz))
    return sorted(
        tables,
        key=lambda one: (
            not one.current,
            by_flags and not one.flags,
            one.version.question.position,
            one.key,
            one.version.number,
        ),
    )


def table_of(quiz: Quiz, version_id: int) -> ItemTable | None:
    """Of one question version; None where no attempt at the quiz that counts was asked it. Three queries."""
    rows = ItemStatistics.objects.filter(quiz=quiz, question_version=version_id)
    return next(iter(_tables(quiz, rows)), None)


def _tables(quiz: Quiz, found: QuerySet[ItemStatistics]) -> list[ItemTable]:
    rows: dict[int, list[ItemStatistics]] = {}
    found = found.select_related("question_version__question", "question_version__grading_rule")
    for row in found.order_by("question_version", "language"):
        rows.setdefault(row.question_version_id, []).append(row)
    latest = quiz.versions.order_by("number").last()
    pool = set(latest.entries.values_list("question_version", flat=True)) if latest else set()
    return [
        ItemTable(whole.question_version, whole, languages, whole.question_version_id in pool)
        for whole, *languages in rows.values()
    ]


def quiz_statistics(quiz: Quiz) -> list[QuizStatistics]:
    """The latest version first. One query."""
    rows = QuizStatistics.objects.filter(quiz_version__quiz=quiz).select_related("quiz_version")
    return list(rows.order_by("-quiz_version__number"))


def choice_rows(item: ItemStatistics) -> list[ChoiceRow]:
    """How many chose each choice. Shares of all who were asked; of a third, where there are rest scores."""
    version = item.question_version
    texts = texts_for(version, item.language or version.source_language)
    third = None if item.upper_lower is None else item.asked / 3
    return [
        ChoiceRow(
            pick=pick,
            text=_text(
                version.kind, version.structure, texts.texts, texts.language, pick["part"], pick["given"]
            ),
            share=pick["count"] / item.asked,
            lower=pick["lower"] / third if third else None,
            upper=pick["upper"] / third if third else None,
        )
        for pick in item.choices
    ]


def _text(name: str, structure: StructureData, texts: TextsData, language: str, part: str, key: str) -> str:
    """What a choice says on the page of a learner."""
    kind = kind_named(name)
    written = kind.choice_texts(texts).get(f"{part}.{key}") or kind.choice_texts(texts).get(key)
    if written:
        return written
    keys = kind.choice_keys(structure)
    try:
        response = kind.read(structure, [key])
    except AnswerError:
        return ""
    return ", ".join(kind.said(kind.shows(structure, texts, keys, language), response))
