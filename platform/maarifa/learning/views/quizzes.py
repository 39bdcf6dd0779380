"""Quizzes: what to expect, the questions, the result."""

from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts.keeping import page_of, seal
from maarifa.accounts.models import KeptPost, User
from maarifa.accounts.requests import SignedInRequest
from maarifa.curriculum import editions
from maarifa.curriculum.activities.quiz import OutlineQuiz
from maarifa.curriculum.editions import Outline
from maarifa.learning.actions import EventError, end_if_over, heed_presence, record_event
from maarifa.learning.models import CourseCompletion, Enrolment, EnrolmentAttempt, Event
from maarifa.learning.progress import Progress, Step, step_texts, step_url
from maarifa.learning.slots import FINISHED, Learning
from maarifa.learning.stored import Outcome
from maarifa.learning.templatetags.learning import content_attributes
from maarifa.learning.views.finding import (
    content_language,
    enrolment_or_404,
    given_id,
    is_open,
    outline_of,
)
from maarifa.quizzes.eligibility import Eligibility, eligibility
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import Attempt, QuizVersion
from maarifa.quizzes.reviews import review
from maarifa.quizzes.stored import time_allowed
from maarifa.ui.panels import fill


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    """What to expect, how it stands, and the button that starts."""
    if request.method == "POST":
        return _start(request, course, quiz)
    enrolment = enrolment_or_404(request, course)
    outline = outline_of(enrolment)
    entry = outline.quiz(quiz)
    if entry is None:
        raise Http404("no such quiz in this edition")
    if not is_open(enrolment):
        return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
    language = content_language(request, enrolment, outline)
    progress = Progress.of(enrolment)
    step = Step(entry.kind, entry.key, entry.module)
    next_activity = progress.next_activity(after=step)
    at, window = timezone.now(), enrolment.quiz_window(entry.key)
    context = {
        **frame(enrolment, outline, entry, language),
        "eligibility": progress.quizzes[entry.key],
        "may_start": progress.quizzes[entry.key].may_start
        and not (window.is_ahead(at) or window.is_over(at)),
        "window": window,
        "window_ahead": window.is_ahead(at),
        "window_over": window.is_over(at),
        "time_limit": time_allowed(entry.time_limit, enrolment.extra_time_percent),
        "event_id": uuid4(),
        "previous_url": step_url(course, progress.previous_activity(step), enrolment, language),
        "next_url": step_url(course, next_activity, enrolment, language),
        "next_title": step_texts(outline, next_activity, language),
    }
    return render(request, "learning/quiz.html", context)


def _start(request: SignedInRequest, course: str, quiz: str) -> HttpResponse:
    try:
        outcome = record_event(
            learner=request.user,
            client_id=given_id(request) or uuid4(),
            kind=Event.Kind.QUIZ_STARTED,
            payload={"course": course, "quiz": quiz, "language": request.GET.get("in", "")},
        )
    except EventError as refusal:
        if refusal.code in ("NOT_ENROLLED", "UNKNOWN_QUIZ"):
            raise Http404("no such quiz for this person") from None
        if refusal.code == "NOT_OPEN":
            enrolment = enrolment_or_404(request, course)
            return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
        messages.error(request, refusal.message)
        return redirect("quiz", course, quiz)
    if outcome["status"] == "refused":
        messages.error(request, stored_refusal(outcome).message)
        return redirect("quiz", course, quiz)
    return redirect("attempt", course, quiz, outcome["attempt"])


@login_required
@require_safe
def result(request: SignedInRequest, course: str, quiz: str, attempt: UUID) -> HttpResponse:
    """How it went, what to read again, and when the next attempt is allowed."""
    enrolment, outline, entry, quiz_attempt, _has_kept_posts = find_attempt(request, course, quiz, attempt)
    end_if_over(attempt=quiz_attempt, enrolment=enrolment)
    if quiz_attempt.is_open:
        return redirect("attempt", course, quiz, quiz_attempt.public_id)
    current_outline = outline_of(enrolment)
    progress = Progress.of(enrolment)
    next_activity = progress.next_activity(after=Step(entry.kind, entry.key, entry.module))
    language = enrolment.language
    stands = progress.quizzes.get(entry.key) or _eligibility(request.user, entry)
    attempt_review = review(
        quiz_attempt,
        quiz_attempt.language,
        attempts_left=stands.may_try_again,
        closes_at=enrolment.quiz_window(quiz).closes_at,
    )
    reread = [
        {
            "url": reverse("lesson", args=[course, key]),
            "title": lesson.texts(language)["title"],
            "attributes": content_attributes(lesson.language(language)),
        }
        for key in attempt_review.lessons_to_reread(current_outline.lesson_order)
        if (lesson := current_outline.lesson(key))
    ]
    context = {
        **frame(enrolment, outline, entry, language),
        "attempt": quiz_attempt,
        "review": attempt_review,
        "reread": reread,
        "retired": quiz not in current_outline.quiz_keys,
        "eligibility": stands,
        "next_url": step_url(course, next_activity),
        "next_title": step_texts(current_outline, next_activity, language),
        "late_answers": _late_answers(quiz_attempt),
        "seal": seal(request.user, page_of(reverse("attempt", args=[course, quiz, attempt]))),
        "completed": quiz_attempt.passed
        and next_activity is None
        and CourseCompletion.objects.filter(enrolment=enrolment).exists(),
        "panels": fill(request, Learning(enrolment, current_outline, progress, language), FINISHED),
    }
    return render(request, "learning/result.html", context)


def _late_answers(attempt: Attempt) -> str:
    """How the latest of the answers stand that arrived when the time was over; "" where there are none."""
    if not attempt.timed_out:
        return ""
    latest = attempt.late_answers.order_by("-arrived_at").values_list("decision", flat=True)
    return latest.first() or ""


class FoundAttempt(NamedTuple):
    """`has_kept_posts`: whether something sent from its page is kept for this person."""

    enrolment: Enrolment
    outline: Outline
    quiz: OutlineQuiz
    attempt: Attempt
    has_kept_posts: bool


def find_attempt(request: SignedInRequest, course: str, quiz: str, attempt: UUID) -> FoundAttempt:
    """The attempt, where it is this person's, of this course and this quiz.

    A quiz that a new edition no longer has is shown as the edition had it in which the attempt was started.
    """
    posts = KeptPost.objects.of_page(request.user, page_of(reverse("attempt", args=[course, quiz, attempt])))
    enrolment_attempt = get_object_or_404(
        EnrolmentAttempt.objects.for_page().visible_to(request.user).current().with_kept(posts),
        enrolment__course__key=course,
        attempt__public_id=attempt,
        attempt__quiz__key=f"{course}/{quiz}",
    )
    enrolment = enrolment_attempt.enrolment
    enrolment_attempt.attempt.learner = enrolment.learner = request.user
    outline = outline_of(enrolment)
    if quiz not in outline.quiz_keys:
        outline = editions.outline(enrolment_attempt.edition_id)
    entry = outline.quiz(quiz)
    if entry is None:
        raise Http404("no such quiz in the edition of this attempt")
    heed_presence(enrolment_attempt.attempt, timezone.now())
    return FoundAttempt(
        enrolment, outline, entry, enrolment_attempt.attempt, enrolment_attempt.has_kept_posts
    )


def frame(enrolment: Enrolment, outline: Outline, entry: OutlineQuiz, language: str) -> dict[str, Any]:
    return {
        "enrolment": enrolment,
        "outline": outline,
        "course_texts": outline.texts(language),
        "quiz": entry,
        "quiz_texts": outline.quiz_texts(entry.key, language),
        "language": language,
    }


def _eligibility(learner: User, entry: OutlineQuiz) -> Eligibility:
    return eligibility(learner=learner, quiz_version=QuizVersion.objects.get(pk=entry.version))


def stored_refusal(outcome: Outcome) -> QuizError:
    """The stored refusal again, for its sentence."""
    params = dict(outcome["params"])
    if "until" in params:
        params["until"] = parse_datetime(params["until"])
    return QuizError(outcome["code"], **params)
