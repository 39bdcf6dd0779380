"""Taking in an answer to a question for practice."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.curriculum import editions
from maarifa.learning.actions.event_kinds import (
    Applied,
    EventError,
    Handler,
    Payload,
    enrolment_of,
    text_in,
)
from maarifa.learning.models import Enrolment, PracticeAnswer
from maarifa.learning.practice import practice_in
from maarifa.quizzes.kinds import Response
from maarifa.quizzes.practice import PracticeForm, question_digest, read


class _Answer(NamedTuple):
    lesson_id: int
    lesson: str
    form: PracticeForm
    response: Response


class PracticeAnswered(Handler[_Answer]):
    """{"course", "lesson", "language", "key", "answer"}

    `answer` is what the page of the lesson has: a text, a list of choices, or a map by part. The outcome says whether
    it is right. Of a question the answer that was given last stands, in whichever order they arrive. It counts for
    nothing, and moves no date that others see.
    """

    may_complete = False
    is_activity = False

    @staticmethod
    def find(learner: User, payload: Payload, at: datetime) -> tuple[Enrolment, _Answer]:
        enrolment = enrolment_of(learner, at, course__key=text_in(payload, "course"))
        outline = editions.outline(enrolment.edition_id)
        lesson = outline.lesson(text_in(payload, "lesson"))
        if lesson is None:
            raise EventError("UNKNOWN_LESSON", lesson=text_in(payload, "lesson"))
        language = payload.get("language")
        found = practice_in(
            enrolment, lesson.key, language if language in outline.languages else enrolment.language
        )
        question = found.questions.get(text_in(payload, "key"))
        if question is None:
            raise EventError("UNKNOWN_PRACTICE", practice=text_in(payload, "key"))
        response = read(question, found.language, payload.get("answer"))
        if response is None:
            raise EventError("BAD_PAYLOAD", field="answer", expected=_("a text, a list or an object"))
        form = PracticeForm(question, found.language, response)
        return enrolment, _Answer(lesson.id, lesson.key, form, response)

    @staticmethod
    def apply(enrolment: Enrolment, subject: _Answer, moment: datetime, at: datetime) -> Applied:
        form = subject.form
        answer = {
            "question": question_digest(form.stored),
            "response": subject.response,
            "happened_at": moment,
            "received_at": at,
        }
        place = {"enrolment": enrolment, "lesson_id": subject.lesson_id, "key": form.key}
        PracticeAnswer.objects.bulk_create([PracticeAnswer(**place, **answer)], ignore_conflicts=True)
        PracticeAnswer.objects.filter(**place, happened_at__lte=moment).update(**answer)
        return Applied(
            {"status": "accepted", "lesson": subject.lesson, "practice": form.key, "right": form.right}, None
        )
