"""The questions of an attempt: shown on one page, sent to another address, which leads back or on.

So the browser's Back and reload show the questions again, and never an error page or a form sent twice.
"""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from uuid import UUID, uuid4, uuid5

from babel.lists import format_list
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts import actions as accounts
from maarifa.accounts.keeping import as_form, keeps_posts, kept_ids, lead, page_of, seal
from maarifa.accounts.models import KeptPost, User
from maarifa.accounts.requests import SignedInRequest
from maarifa.learning.actions import EventError, end_if_over, record_event
from maarifa.learning.models import Event
from maarifa.learning.stored import Outcome
from maarifa.learning.views.finding import is_open
from maarifa.learning.views.quizzes import find_attempt, frame, stored_refusal
from maarifa.lib.digests import digest_of
from maarifa.lib.numbers import locale_for, number
from maarifa.quizzes.answerforms import AnswerForm, FormQuestion, answer_form, leftover, merged
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import Attempt

MOST_ROUNDS = 3


@keeps_posts
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: SignedInRequest, course: str, quiz: str, attempt: UUID) -> HttpResponseBase:
    """The questions of an open attempt, as they are kept; with what was sent and could not be kept as it was.

    Posted to by pages that were loaded before answers had an address of their own.
    """
    if request.method == "POST":
        return answers(request, course, quiz, attempt)
    enrolment, outline, entry, quiz_attempt, has_kept_posts = find_attempt(request, course, quiz, attempt)
    page = page_of(request.path)
    end_if_over(attempt=quiz_attempt, enrolment=enrolment)
    if not quiz_attempt.is_open:
        if has_kept_posts and quiz_attempt.timed_out and request.method == "GET":
            _keep_as_late(request, quiz_attempt, list(KeptPost.objects.of_page(request.user, page)))
        return redirect("result", course, quiz, quiz_attempt.public_id)
    if not is_open(enrolment):
        return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
    posts = list(KeptPost.objects.of_page(request.user, page)) if has_kept_posts else []
    if posts and request.method == "GET" and _take_in(request, quiz_attempt, page, posts):
        return redirect(request.path)
    form = (
        _as_kept(quiz_attempt, merged([as_form(post.fields) for post in posts]))
        if posts
        else answer_form(quiz_attempt)
    )
    context = {
        **frame(enrolment, outline, entry, quiz_attempt.language),
        "attempt": quiz_attempt,
        "answer_form": form,
        # The script counts on.
        "answered": format_html(
            '<span id="answered">{}</span>', number(form.answered, language=get_language())
        ),
        "kept": posts,
        "event_id": uuid4(),
        "seal": seal(request.user, page),
        "time_left": _time_left(quiz_attempt),
    }
    return render(request, "learning/attempt.html", context)


def _time_left(attempt: Attempt) -> int | None:
    """Seconds until the time is over, 0 where it is; None for an attempt without a time limit."""
    if attempt.ends_at is None:
        return None
    return max(0, ceil((attempt.ends_at - timezone.now()).total_seconds()))


@login_required
@never_cache
@require_safe
def time(request: SignedInRequest, course: str, quiz: str, attempt: UUID) -> JsonResponse:
    """How many seconds are left: {"left"}; {"ended": true} once the attempt is submitted. For the script."""
    enrolment, _outline, _entry, quiz_attempt, _has_kept_posts = find_attempt(request, course, quiz, attempt)
    end_if_over(attempt=quiz_attempt, enrolment=enrolment)
    if not quiz_attempt.is_open:
        return JsonResponse({"ended": True})
    return JsonResponse({"left": _time_left(quiz_attempt)})


@keeps_posts
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: SignedInRequest, course: str, quiz: str, attempt: UUID) -> HttpResponseBase:
    """Takes the answers in, and submits them where that is asked for and nothing is in the way."""
    page = reverse("attempt", args=[course, quiz, attempt])
    enrolment, _outline, _entry, quiz_attempt, _has_kept_posts = find_attempt(request, course, quiz, attempt)
    if request.method != "POST":
        return redirect(page)
    result = reverse("result", args=[course, quiz, attempt])
    if not quiz_attempt.is_open and not quiz_attempt.timed_out:
        return lead(request, result, done=True)
    if not is_open(enrolment):
        return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
    form = answer_form(quiz_attempt, data=request.POST)
    # What stood beside the questions of this page is answered by what this form says now.
    accounts.drop_kept_posts(person=request.user, public_ids=kept_ids(request))
    if quiz_attempt.timed_out or quiz_attempt.time_is_over(timezone.now()):
        outcome = _record(request.user, quiz_attempt, form, submit=False, given=_given(request))
        if outcome["status"] == "refused":
            messages.warning(request, QuizError("TIME_OVER").message)
        end_if_over(attempt=quiz_attempt, enrolment=enrolment)
        return lead(request, result, done=True)
    sending = "send" in request.POST
    if sending and len(form.blanks) == form.total and not form.problems:
        messages.warning(request, QuizError("EMPTY").message)
        return lead(request, page)
    whole = not (form.blanks or form.unfinished) or request.POST.get("send") == "anyway"
    submit = sending and whole and not form.problems
    try:
        # A submission is made when it arrives, whenever its last answer was given.
        given = "" if submit else _given(request)
        outcome = _record(request.user, quiz_attempt, form, submit=submit, given=given)
    except EventError as refusal:
        _keep(request.user, page, dict(request.POST.lists()))
        messages.error(request, refusal.message)
        return lead(request, page)
    if outcome["status"] == "refused" and outcome["code"] not in ("CLOSED", "CONFLICT"):
        messages.error(request, stored_refusal(outcome).message)
        return lead(request, page)
    conflicts = outcome.get("conflicts") or outcome.get("params", {}).get("conflicts", {})
    unsaved_positions = {*conflicts, *(question.position for question in form.wrong_questions)}
    if unsaved_positions:
        _keep(request.user, page, leftover(request.POST, unsaved_positions))
        return lead(request, page)
    if submit or outcome["status"] == "refused":
        return lead(request, result, done=True)
    if sending:
        return lead(request, reverse("attempt-send", args=[course, quiz, attempt]), done=True)
    messages.success(request, _("Your answers are saved. You can continue at any time."))
    if "later" in request.POST:
        return lead(request, reverse("course", args=[course]), done=True)
    return lead(request, page + _where(form), done=True)


@login_required
@require_safe
def send(request: SignedInRequest, course: str, quiz: str, attempt: UUID) -> HttpResponseBase:
    """Which questions have no answer, before the answers are sent all the same."""
    enrolment, outline, entry, quiz_attempt, has_kept_posts = find_attempt(request, course, quiz, attempt)
    page = reverse("attempt", args=[course, quiz, attempt])
    if not quiz_attempt.is_open:
        return redirect("result", course, quiz, quiz_attempt.public_id)
    if not is_open(enrolment) or has_kept_posts:
        return redirect(page)
    form = answer_form(quiz_attempt)
    context = {
        **frame(enrolment, outline, entry, quiz_attempt.language),
        "attempt": quiz_attempt,
        "answer_form": form,
        "heading": _unfinished(form.unfinished)
        if form.unfinished and not form.blanks
        else _blanks(form.blanks),
        "event_id": uuid4(),
        "seal": seal(request.user, page_of(page)),
    }
    return render(request, "learning/attempt_send.html", context)


def _blanks(questions: Sequence[FormQuestion]) -> str:
    if not questions:
        return _("Every question has an answer.")
    return ngettext(
        "You have not answered question %(numbers)s.",
        "You have not answered questions %(numbers)s.",
        len(questions),
    ) % {"numbers": _numbers(questions)}


def _unfinished(questions: Sequence[FormQuestion]) -> str:
    return ngettext(
        "You have not finished question %(numbers)s.",
        "You have not finished questions %(numbers)s.",
        len(questions),
    ) % {"numbers": _numbers(questions)}


def _numbers(questions: Sequence[FormQuestion]) -> str:
    language = get_language()
    numbers = [number(question.position, language=language) for question in questions]
    return format_list(numbers, locale=locale_for(language))


def _where(form: AnswerForm) -> str:
    """Where a person is on the page: at the last question that they changed."""
    changed_questions = [question for question in form.questions if str(question.position) in form.responses]
    return f"#{changed_questions[-1].id}" if changed_questions else ""


def _given(request: SignedInRequest) -> str:
    """When the newest answer of a form was given (ISO 8601); empty where nobody says so. The script says how many
    milliseconds ago, by the device's clock: so it does not matter what that shows. In a header, not a field: the same
    answers are the same form, whenever they are sent.
    """
    try:
        age = timedelta(milliseconds=int(request.headers.get("X-Age", "")))
        return (timezone.now() - age).isoformat()
    except (ValueError, OverflowError):
        return ""


def _record(learner: User, attempt: Attempt, form: AnswerForm, *, submit: bool, given: str = "") -> Outcome:
    """The outcome. The same form with the same answers is the same event, as often as it comes, as long as it finds the
    same answers: whoever goes back and changes an answer there and back says something new.
    """
    kind = Event.Kind.QUIZ_SUBMITTED if submit else Event.Kind.ANSWER_SAVED
    stored_responses = {position: form.stored.get(position) for position in form.responses}
    if not submit and stored_responses == form.responses:
        return {"status": "accepted"}
    payload = {"attempt": str(attempt.public_id), "responses": form.responses}
    if form.bases is not None:
        payload["base"] = form.bases
    if form.form_id:
        payload["form"] = str(form.form_id)
    name = digest_of({"kind": kind.value, "payload": payload, "found": stored_responses})
    client_id = uuid5(form.form_id, name) if form.form_id else uuid4()
    return record_event(
        learner=learner, client_id=client_id, kind=kind.value, payload=payload, client_time=given
    )


def _keep_as_late(request: SignedInRequest, attempt: Attempt, posts: list[KeptPost]) -> None:
    """What was kept while nobody was signed in, and comes when the time is over."""
    for post in posts:
        with contextlib.suppress(EventError, ValueError):
            form = _as_kept(attempt, as_form(post.fields))
            # The server's own clock has seen them then, whatever the device's says.
            _record(request.user, attempt, form, submit=False, given=post.kept_at.isoformat())
    accounts.drop_kept_posts(person=request.user, public_ids=[post.public_id for post in posts])
    messages.warning(request, QuizError("TIME_OVER").message)


def _take_in(request: SignedInRequest, attempt: Attempt, page: str, posts: list[KeptPost]) -> bool:
    """Save what was kept and can be saved by now; what cannot stays. True where something has changed."""
    saved = unread = False
    # What is left of a form is kept as one of its own, and may say no more than what is saved by then.
    for _round in range(MOST_ROUNDS):
        taken, dropped = _take_in_once(request.user, attempt, posts)
        saved, unread = saved or taken, unread or dropped
        if not (taken or dropped):
            break
        posts = list(KeptPost.objects.of_page(request.user, page))
    if saved:
        text = _("The answers that you sent earlier are saved. They are not submitted yet.")
        messages.success(request, text)
    if unread:
        text = _("Some of what you sent earlier could not be read, so it is not saved. Check your answers.")
        messages.warning(request, text)
    return saved or unread


def _take_in_once(learner: User, attempt: Attempt, posts: list[KeptPost]) -> tuple[bool, bool]:
    """Whether one of them was saved, and whether one could not be read.

    A form says what holds in place of the kept ones that its page showed.
    """
    saved = unread = False
    shown_ids = {post_id for post in posts for post_id in post.fields.get("kept", [])}
    replaced_ids = [post.public_id for post in posts if str(post.public_id) in shown_ids]
    accounts.drop_kept_posts(person=learner, public_ids=replaced_ids)
    for post in posts:
        if post.public_id in replaced_ids:
            continue
        try:
            taken = _take_in_one(learner, attempt, post)
        except ValueError:
            # Nobody's browser sent that; the page must open all the same.
            accounts.drop_kept_posts(person=learner, public_ids=[post.public_id])
            unread = True
        else:
            saved = saved or taken
    return saved, unread


def _take_in_one(learner: User, attempt: Attempt, post: KeptPost) -> bool:
    """True where it was taken in, be it that it says what is saved already."""
    data = as_form(post.fields)
    form = _as_kept(attempt, data)
    # What could not be read, and was answered since, is behind the person.
    unread_questions = [
        one for one in form.wrong_questions if not (one.answered_at and one.answered_at > post.kept_at)
    ]
    open_positions = {question.position for question in (*unread_questions, *form.conflicts)}
    if not {int(position) for position in form.responses} - open_positions and open_positions:
        return False
    try:
        outcome = _record(learner, attempt, form, submit=False)
    except EventError:
        return False
    accounts.drop_kept_posts(person=learner, public_ids=[post.public_id])
    open_positions |= {int(position) for position in outcome.get("conflicts", {})}
    if open_positions:
        accounts.keep_post(person=learner, page=post.page, fields=leftover(data, open_positions))
    return True


def _as_kept(attempt: Attempt, data: QueryDict) -> AnswerForm:
    return answer_form(attempt, data=data, was_kept=True)


def _keep(learner: User, page: str, fields: dict[str, list[str]]) -> None:
    accounts.keep_post(person=learner, page=page_of(page), fields=fields)
