"""The review: a few questions again, from what was learned. It counts for nothing, and nobody else sees it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts import actions as accounts
from maarifa.accounts.keeping import as_form, keeps_posts, kept_ids, lead, page_of, seal
from maarifa.accounts.models import KeptPost, User
from maarifa.accounts.requests import SignedInRequest
from maarifa.curriculum import editions
from maarifa.learning.actions import EventError, record_event
from maarifa.learning.models import Enrolment, Event, ReviewAnswer, ReviewCard
from maarifa.learning.reviewforms import AskedCard, ReviewForm, cards_named, leftover, review_form
from maarifa.learning.reviewing import (
    MOST,
    ReviewQuestion,
    askable_cards,
    askable_ids,
    next_review,
    of_answer,
    with_course,
)
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.reviews import ReviewedQuestion


@login_required
@require_safe
def review(request: SignedInRequest) -> HttpResponse:
    """What is to be asked now, of all courses or of the one in ?course=; what was sent and could not be taken in stands
    there first.
    """
    at, course = timezone.now(), request.GET.get("course", "")
    page = page_of(request.path)
    for post in KeptPost.objects.of_page(request.user, page):
        data = as_form(post.fields)
        if cards := _cards(request.user, data, at):
            return _ask(request, review_form(cards, data), kept=post)
        # Nothing in it can be asked any more.
        accounts.drop_kept_posts(person=request.user, public_ids=[post.public_id])
    upcoming = next_review(request.user, at, course=course)
    by_id = with_course(ReviewCard.objects.all()).in_bulk(upcoming.cards) if upcoming.cards else {}
    form = review_form(by_id[pk] for pk in upcoming.cards if pk in by_id)
    if not form.asked:
        context = {"next_at": upcoming.next_at, "others": sum(upcoming.due_by_course.values())}
        return render(request, "learning/review_empty.html", context)
    return _ask(request, form, course=course, due_by_course=upcoming.due_by_course)


def _ask(
    request: SignedInRequest,
    form: ReviewForm,
    *,
    kept: KeptPost | None = None,
    course: str = "",
    due_by_course: dict[str, int] | None = None,
) -> HttpResponse:
    courses = {one.course for one in form.asked}
    context = {
        "review_form": form,
        "kept": kept,
        "course": course,
        "courses": _courses(request.user, due_by_course or {}) if not course else [],
        "several": len(courses) > 1,
        "seal": seal(request.user, page_of(reverse("review"))),
    }
    return render(request, "learning/review.html", context)


@keeps_posts
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: SignedInRequest) -> HttpResponseBase:
    """Takes in what was answered, and leads to what came of it. What was left empty is asked another time."""
    page = reverse("review")
    if request.method != "POST":
        return redirect(page)
    at = timezone.now()
    form = review_form(_cards(request.user, request.POST, at), request.POST)
    answered = [one for one in form.asked if one.response is not None]
    for one in answered:
        _record(request, form, one)
    # Only now: where it dies before, what was kept is asked about once more.
    accounts.drop_kept_posts(person=request.user, public_ids=kept_ids(request))
    if form.wrong_questions:
        positions = [question.position for question in form.wrong_questions]
        fields = leftover(request.POST, positions)
        accounts.keep_post(person=request.user, page=page_of(page), fields=fields)
        return lead(request, page)
    if not answered:
        messages.warning(request, _("You have not answered any question yet."))
        return lead(request, page + _query(request))
    return lead(request, reverse("review-result", args=[form.form_id]) + _query(request), done=True)


def _record(request: SignedInRequest, form: ReviewForm, one: AskedCard) -> None:
    payload: dict[str, Any] = {"card": one.card, "response": one.response, "form": str(form.form_id)}
    if one.version is not None:
        payload["version"] = one.version
    try:
        # A question is answered once on each loaded page: what comes from it later is not an answer from memory.
        client_id = uuid5(form.form_id, one.card)
        record_event(
            learner=request.user, client_id=client_id, kind=Event.Kind.CARD_REVIEWED.value, payload=payload
        )
    except (EventError, AnswerError) as refusal:
        if refusal.code != "EVENT_REUSED":
            messages.error(request, refusal.message)


@login_required
@require_safe
def result(request: SignedInRequest, form: UUID) -> HttpResponse:
    """What came of the answers of one page: verdict and explanation, and when each question comes back."""
    at = timezone.now()
    rows = ReviewAnswer.objects.filter(form_id=form, card__enrolment__learner=request.user).select_related(
        "card__enrolment__course", "card__lesson", "question_version", "practice_question__document"
    )
    found = list(
        rows.defer(
            "practice_question__document__html",
            "practice_question__document__deflated",
            "practice_question__document__about",
        ).order_by("pk")
    )
    askable = askable_cards(request.user, at)
    ids = {row.card for row in askable}
    found = [answer for answer in found if answer.card_id in ids]
    if not found:
        raise Http404("no answers of this person came with this form")
    reviewed = [_reviewed(position, answer) for position, answer in enumerate(found, 1)]
    course = request.GET.get("course", "")
    context = {
        "rows": reviewed,
        "right": sum(answer.right for answer in found),
        "more": min(sum(row.due_at <= at and course in ("", row.course) for row in askable), MOST),
        "course": course,
        # What the templates of the kinds ask before they name right answers.
        "review": {"reveals_answers": True},
    }
    return render(request, "learning/review_result.html", context)


def _reviewed(position: int, answer: ReviewAnswer) -> dict[str, Any]:
    asked = of_answer(answer)
    kind, texts = asked.kind, asked.texts
    order = kind.choice_keys(asked.structure)
    question = ReviewedQuestion(
        position=position,
        kind=kind,
        stem=texts.texts["stem"],
        texts=texts,
        answered=True,
        right=answer.right,
        score=answer.score,
        maximum=asked.maximum,
        reviewed=kind.review(
            asked.structure, texts.texts, order, answer.response, texts.language, asked.all_texts
        ),
        lesson_key=asked.lesson_key,
    )
    return {"question": question, "next_at": answer.card.due_at, "lesson": _lesson(asked)}


def _lesson(asked: ReviewQuestion) -> dict[str, str] | None:
    """Where it is explained, as long as the course has it."""
    enrolment = asked.card.enrolment
    lesson = editions.outline(enrolment.edition_id).lesson(asked.lesson_key) if asked.lesson_key else None
    if lesson is None:
        return None
    return {
        "url": reverse("lesson", args=[enrolment.course.key, lesson.key]),
        "title": lesson.texts(enrolment.language)["title"],
        "language": lesson.language(enrolment.language),
    }


def _courses(user: User, due_by_course: dict[str, int]) -> list[dict[str, Any]]:
    """The courses to choose from, where there are several. One query, none for a single course."""
    if len(due_by_course) < 2:
        return []
    enrolments = Enrolment.objects.for_page().visible_to(user).current().filter(course__key__in=due_by_course)
    return [
        {
            "key": one.course.key,
            "due": due_by_course[one.course.key],
            "texts": editions.outline(one.edition_id).texts(one.language),
        }
        for one in enrolments.order_by("course__key")
    ]


def _cards(user: User, data: QueryDict, at: datetime) -> Sequence[ReviewCard]:
    """Those that a form names, as far as they may be asked. Two queries."""
    named = cards_named(data)
    if not named:
        return []
    cards = with_course(ReviewCard.objects.visible_to(user)).filter(public_id__in=named)
    ids = askable_ids(user, at)
    return [card for card in cards if card.pk in ids]


def _query(request: SignedInRequest) -> str:
    course = request.GET.get("course", "")
    return f"?{urlencode({'course': course})}" if course else ""
