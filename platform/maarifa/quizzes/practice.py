"""Questions for practice as documents have them: their forms, and what is said about an answer. There is no score.

A document holds the form of each question. It has no key, no feedback and nothing about a person, and posts its answer
to an address beside its lesson. What checks the answer stands beside the document, as a `StoredPractice`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NotRequired, TypedDict

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from maarifa.lib.digests import short_digest
from maarifa.lib.models import TranslatedText
from maarifa.lib.problems import Problem
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import (
    AnswerFields,
    AnyKind,
    Parts,
    Practice,
    Response,
    Reviewed,
    StructureData,
    TextsData,
    kind_named,
)
from maarifa.quizzes.sampling import order_of_choices
from maarifa.quizzes.texts import LanguageTexts

SEED = 0
"""Of the order in which all learners see what is shuffled: a document is the same for everybody."""


class Section(TypedDict):
    """A heading of a document: its id there, and its text."""

    id: str
    title: str


class StoredPractice(TypedDict):
    """A question in the terms of its kind, in the language of its document.

    `position` counts the questions of the document from 1; `order` is that of its choices on the page. `section` is
    what to read again after a wrong answer, in the same lesson, and `lesson` the key of another one; a question may
    have neither.
    """

    key: str
    position: int
    kind: str
    structure: StructureData
    texts: TextsData
    order: list[str]
    help: NotRequired[str]
    lesson: NotRequired[str]
    section: NotRequired[Section]


@dataclass(frozen=True)
class PracticeForm:
    """A question for practice with an answer; `response` is None for one that was not given, or that cannot be read:
    then `sent` is what came, and `problem` what is wrong with it.

    The templates of a kind read it as they read a question of an attempt.
    """

    stored: StoredPractice
    language: str
    response: Response | None = None
    sent: Parts | None = None
    problem: AnswerError | None = None

    @property
    def kind(self) -> AnyKind:
        return kind_named(self.stored["kind"])

    @property
    def key(self) -> str:
        return self.stored["key"]

    @property
    def name(self) -> str:
        """Of its fields, and of its parts' before an underscore."""
        return _name(self.stored)

    @property
    def anchor(self) -> str:
        """The id of its form."""
        return f"try{self.stored['position']}"

    @property
    def help(self) -> str:
        return self.stored.get("help", "")

    @property
    def stem(self) -> str:
        stem: str = self.stored["texts"]["stem"]
        return stem

    @property
    def texts(self) -> LanguageTexts:
        return LanguageTexts(self.stored["texts"], self.language, TranslatedText.State.SOURCE)

    @cached_property
    def form(self) -> AnswerFields[Any, Any]:
        structure, order = self.stored["structure"], self.stored["order"]
        shown = self.kind.shows(structure, self.stored["texts"], order, self.language)
        return self.kind.form(shown, self.name, self.kind.masked(structure, order, self.response), self.sent)

    @property
    def id(self) -> str:
        return self.form.id

    # What the answer is

    @property
    def answered(self) -> bool:
        return self.response is not None

    @cached_property
    def score(self) -> int:
        texts = {self.language: self.stored["texts"]}
        return self.kind.grade(self.stored["structure"], 1, self.response, texts)

    @property
    def right(self) -> bool:
        return self.score == self.kind.maximum(1)

    @property
    def partly_right(self) -> bool:
        return 0 < self.score < self.kind.maximum(1)

    @property
    def reviewed(self) -> Reviewed:
        texts = self.stored["texts"]
        return self.kind.review(
            *(self.stored["structure"], texts, self.stored["order"], self.response),
            self.language,
            {self.language: texts},
        )

    @property
    def said(self) -> Mapping[str, Sequence[str]]:
        """The answer as the values of its fields, by their names."""
        answer = self.kind.masked(self.stored["structure"], self.stored["order"], self.response)
        if isinstance(answer, dict):
            return {f"{self.name}_{part}": [value] for part, value in answer.items()}
        return {self.name: answer if isinstance(answer, list) else [answer or ""]}


def unfit(practice: Practice) -> list[Problem]:
    """What its kind says is wrong with a question for practice that can be read."""
    asked = practice.asked()
    kind = kind_named(asked.kind)
    return kind.structure_problems(asked.structure) or kind.texts_problems(asked.structure, asked.texts)


def stored(practice: Practice, position: int) -> StoredPractice:
    """What stands beside a document of it, of which it is the question with this number."""
    asked = practice.asked()
    kind = kind_named(asked.kind)
    order = kind.choice_keys(asked.structure)
    if practice.SHUFFLES:
        order = kind.order(asked.structure, order_of_choices(SEED, practice.key, order))
    found: StoredPractice = {
        "key": practice.key,
        "position": position,
        "kind": asked.kind,
        "structure": asked.structure,
        "texts": asked.texts,
        "order": order,
    }
    if practice.HELP:
        found["help"] = str(practice.HELP)
    if practice.lesson:
        found["lesson"] = practice.lesson
    return found


def practice_html(question: StoredPractice, language: str) -> SafeString:
    """Its form for a document in this language, which is active. The same question gives the same bytes."""
    context = {
        "question": PracticeForm(question, language),
        "action": f"practice/{question['key']}/?in={language}",
    }
    return mark_safe(render_to_string("quizzes/practice.html", context).strip())  # noqa: S308 - a template's


def read(question: StoredPractice, language: str, raw: object) -> Response | None:
    """An answer as a page has it, in JSON, as it is stored; None for no answer. Raises AnswerError."""
    kind, structure = kind_named(question["kind"]), question["structure"]
    answer: Response | None = kind.read(
        structure, kind.unmasked(structure, question["order"], raw), {language: question["texts"]}
    )
    return answer


def sent_answer(question: StoredPractice, fields: Mapping[str, list[str]]) -> object:
    """The answer that posted fields say, as `read` takes it; it need not make sense."""
    return kind_named(question["kind"]).form.answer(_parts(question, fields))


def sent_form(question: StoredPractice, language: str, fields: Mapping[str, list[str]]) -> PracticeForm:
    """The question with the answer that posted fields say, or with what is wrong with it: no answer is wrong, too."""
    try:
        response = read(question, language, sent_answer(question, fields))
        if response is None:
            raise AnswerError("NO_ANSWER", value="")
    except AnswerError as refusal:
        return PracticeForm(question, language, sent=_parts(question, fields), problem=refusal)
    return PracticeForm(question, language, response)


def _name(question: StoredPractice) -> str:
    """Short, for every byte of a lesson is counted."""
    return f"q{question['position']}"


def _parts(question: StoredPractice, fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    name = _name(question)
    return {
        field[len(name) + 1 :]: values
        for field, values in fields.items()
        if field == name or field.startswith(f"{name}_")
    }


def question_digest(question: StoredPractice) -> str:
    """Changes when what is asked and right changes, in whichever language: then an earlier answer says nothing."""
    return short_digest({"kind": question["kind"], "structure": question["structure"]})


def scripts(questions: Iterable[StoredPractice]) -> list[str]:
    """What makes these questions easier to answer in a lesson, as static files; nothing without any."""
    kinds = [kind_named(question["kind"]).script for question in questions]
    return ["quizzes/practice.js", *dict.fromkeys(script for script in kinds if script)] if kinds else []
