"""The questions for practice of a lesson, as its learner's edition has them, and what this learner answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from maarifa.curriculum.editions import Text, document
from maarifa.learning.models import Enrolment, PracticeAnswer
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.practice import PracticeForm, StoredPractice, question_digest


@dataclass(frozen=True)
class LessonPractice:
    """Questions by their keys, in the order of the lesson; `language` is that of their texts."""

    questions: Mapping[str, StoredPractice]
    language: str
    text: Text | None = None


def practice_in(enrolment: Enrolment, lesson: str, language: str) -> LessonPractice:
    """Nothing where the edition has no such lesson. No query where its document is still kept."""
    text = document(enrolment.edition_id, lesson, language)
    if text is None:
        return LessonPractice({}, language)
    questions = {question["key"]: question for question in text.texts.get("practice", ())}
    return LessonPractice(questions, text.language, text)


def answered(
    enrolment: Enrolment, lesson: str, found: LessonPractice, key: str = ""
) -> dict[str, PracticeForm]:
    """What the learner answered last, by the keys of the questions; to one question, where `key` names it. One query.

    Only what still fits its question: an edition may ask something else under the same key.
    """
    rows = PracticeAnswer.objects.filter(enrolment=enrolment, lesson__key=lesson)
    rows = rows.filter(key=key) if key else rows
    forms: dict[str, PracticeForm] = {}
    for row in rows:
        question = found.questions.get(row.key)
        if question is None or row.question != question_digest(question):
            continue
        try:
            response = kind_named(question["kind"]).settled(question["structure"], row.response)
        except AnswerError:
            continue
        forms[row.key] = PracticeForm(question, found.language, response)
    return forms
