"""Learners at work: an enrolment, what the event intake recorded, an attempt, a course of any length."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import Activity, Lesson, LessonText
from maarifa.learning.actions import enrol, record_event
from maarifa.learning.actions.reviewing import refresh_some
from maarifa.learning.models import Enrolment, ReviewCard
from maarifa.learning.reviewing import cards_to_ask, questions_of, with_course
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import MadeCourse, draft_course, published_course

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

RIGHT = {"single": ["a"], "truefalse": ["true"], "numeric": "193"}
WRONG = {"single": ["b"], "truefalse": ["false"], "numeric": "7"}
"""Responses to the questions of `published_course()`, by kind."""


def enrolled(
    *, course: MadeCourse | None = None, learner=None, language="en", at=MONDAY, **terms
) -> Enrolment:
    """Somebody who takes the course, which is published where there is none."""
    course = course or published_course(at=MONDAY)
    return enrol(learner=learner or UserFactory(), course=course.course, language=language, at=at, **terms)


def read_lesson(enrolment, lesson: str, *, client_id=None, language="en", **more) -> dict:
    payload = {"course": enrolment.course.key, "lesson": lesson, "language": language}
    return record_event(
        learner=enrolment.learner,
        client_id=client_id or uuid4(),
        kind="lesson-read",
        payload=payload,
        **{"at": MONDAY, **more},
    )


def start_quiz(enrolment, *, at=MONDAY, language="en", quiz="basics-quiz") -> Attempt:
    outcome = record_event(
        learner=enrolment.learner,
        client_id=uuid4(),
        kind="quiz-started",
        payload={"course": enrolment.course.key, "quiz": quiz, "language": language},
        at=at,
    )
    return Attempt.objects.get(public_id=outcome["attempt"])


def responses(attempt, answers) -> dict:
    rows = attempt.questions.select_related("question_version")
    return {str(row.position): answers[row.question_version.kind] for row in rows}


def send_answers(attempt, answers, *, kind="quiz-submitted", client_id=None, **more) -> dict:
    """Submits the attempt, or saves its answers; `answers` by kind of question."""
    return record_event(
        learner=attempt.learner,
        client_id=client_id or uuid4(),
        kind=kind,
        payload={"attempt": str(attempt.public_id), "responses": responses(attempt, answers)},
        **{"at": MONDAY, **more},
    )


def form_of(attempt, answers) -> dict:
    """The same as fields of the page's form."""
    return {f"q{position}": value for position, value in responses(attempt, answers).items()}


def long_course(lessons: int) -> MadeCourse:
    """A published course with so many lessons, in English."""
    made = draft_course(languages=("en",))
    extra = [
        Lesson(course=made.course, key=f"lesson-{number}", activity_minutes=5)
        for number in range(3, lessons + 1)
    ]
    Lesson.objects.bulk_create(extra)
    Activity.objects.filter(quiz=made.quiz).update(position=lessons + 1)
    Activity.objects.bulk_create(
        Activity(course=made.course, module=made.module, lesson=lesson, position=position)
        for position, lesson in enumerate(extra, 3)
    )
    LessonText.objects.bulk_create(
        LessonText(
            lesson=lesson,
            language="en",
            state=LessonText.State.SOURCE,
            title=f"About {lesson.key}",
            summary="What it says.",
            objectives=["Say what it says."],
            body="## A heading\n\nWhat it says.\n",
            sources=[],
            checked="2026-11-01",
        )
        for lesson in extra
    )
    if lessons == 1:
        made.lessons[1].retired_at = MONDAY
        made.lessons[1].save()
        made.quiz.bank.questions.update(lesson_key="first")
    made.edition = publish_course(course=made.course, by=None, at=MONDAY)
    made.course.refresh_from_db()
    return made


def pass_quiz(enrolment, answers=RIGHT, *, at=MONDAY) -> Attempt:
    """An attempt with these answers by kind of question, submitted at once."""
    attempt = start_quiz(enrolment, at=at)
    send_answers(attempt, answers, at=at)
    attempt.refresh_from_db()
    return attempt


def refresh_all(*, at=MONDAY) -> None:
    """The review cards of everybody."""
    after = 0
    while after is not None:
        after = refresh_some(after=after, at=at)


def answer_card(card, response, *, client_id=None, **more) -> dict:
    """An answer in a review."""
    payload = {"card": str(card.public_id), "response": response, **more.pop("payload", {})}
    return record_event(
        learner=card.enrolment.learner,
        client_id=client_id or uuid4(),
        kind="card-reviewed",
        payload=payload,
        **{"at": MONDAY, **more},
    )


def some_reviewed(learner) -> UUID:
    """Everything is due, and three questions were answered on one page, one of them wrong. The id of that page."""
    form, now = uuid4(), timezone.now()
    refresh_all(at=now)
    cards = ReviewCard.objects.filter(enrolment__learner=learner)
    cards.update(exposed_at=now - timedelta(days=40), due_at=now - timedelta(days=1))
    questions = questions_of(with_course(cards_to_ask(now).visible_to(learner).order_by("pk")))
    for number, one in enumerate(questions[:3]):
        response = one.kind.sample(one.structure, one.all_texts, right=number > 0)
        answer_card(one.card, response, at=now, payload={"form": str(form)})
    return form
