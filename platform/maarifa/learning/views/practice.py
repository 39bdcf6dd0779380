"""Questions for practice: checked at once, remembered for their learner, and counted for nothing.

A form in a lesson posts here. Without a script the answer is a page, which is also the way back to what was answered;
a script asks for JSON, and shows in the lesson what it gets.
"""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts.requests import SignedInRequest
from maarifa.curriculum.editions import Outline
from maarifa.learning.actions import EventError, record_event
from maarifa.learning.models import Enrolment, Event
from maarifa.learning.practice import LessonPractice, answered, practice_in
from maarifa.learning.templatetags.learning import titled
from maarifa.learning.views.finding import content_language, enrolment_to_read_or_404, is_open, outline_of
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.practice import PracticeForm, sent_answer, sent_form

JSON = "application/json"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: SignedInRequest, course: str, lesson: str, key: str) -> HttpResponse:
    """A question with the learner's last answer to it, and what is said about that; POST takes an answer in.

    `show` tells the answer as well, once there was a try. In JSON: {"right", "html"}, or {"html"} for an answer that
    cannot be read.
    """
    enrolment = enrolment_to_read_or_404(request, course)
    outline = outline_of(enrolment)
    if not is_open(enrolment):
        return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
    language = _language(request, enrolment, outline)
    found = practice_in(enrolment, lesson, language)
    if key not in found.questions:
        raise Http404("no such question in this lesson")
    form = answered(enrolment, lesson, found, key).get(key) or PracticeForm(
        found.questions[key], found.language
    )
    if request.method == "POST":
        form = _sent(request, form, {"course": course, "lesson": lesson, "language": language})
        if not form.problem and not _wants_json(request):
            return redirect(_url(course, lesson, key, language))
    shows = form.answered and not form.problem and "show" in request.GET
    in_lesson = _wants_json(request)
    context = {
        "enrolment": enrolment,
        "course_texts": outline.texts(language),
        "course": course,
        "lesson_title": _title(found),
        "lesson_url": f"{reverse('lesson', args=[course, lesson])}?in={language}",
        "text_language": found.language,
        "question": form,
        "action": _url(course, lesson, key, language),
        "review": {"reveals_answers": shows},
        "reread": _reread(outline, form, lesson, language, in_lesson=in_lesson),
        "show_url": f"{_url(course, lesson, key, language)}&show=1",
    }
    if in_lesson:
        html = render_to_string("quizzes/practice_verdict.html", context, request)
        return JsonResponse({"html": html} if form.problem else {"right": form.right, "html": html})
    return render(request, "learning/practice.html", context)


@login_required
@never_cache
@require_safe
def answers(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    """What the learner answered last to the questions of a lesson, and what is said without a connection.

    For the script: {"answers": {id of the form: {"fields", "html"}}, "offline"}.
    """
    enrolment = enrolment_to_read_or_404(request, course)
    outline = outline_of(enrolment)
    language = _language(request, enrolment, outline)
    if outline.lesson(lesson) is None:
        raise Http404("no such lesson in this edition")
    forms = (
        answered(enrolment, lesson, practice_in(enrolment, lesson, language)) if is_open(enrolment) else {}
    )
    last = {
        form.anchor: {
            "fields": form.said,
            "html": render_to_string("learning/practice_last.html", {"question": form}, request),
        }
        for form in forms.values()
    }
    offline = _("There is no connection. Your answer is still here. Check it again later.")
    return JsonResponse({"answers": last, "offline": offline})


def _language(request: SignedInRequest, enrolment: Enrolment, outline: Outline) -> str:
    """That of the page of the lesson, which need not be that of its text."""
    asked = request.POST.get("asked", "")
    return asked if asked in outline.languages else content_language(request, enrolment, outline)


def _wants_json(request: SignedInRequest) -> bool:
    return request.headers.get("Accept", "") == JSON


def _sent(request: SignedInRequest, before: PracticeForm, where: dict[str, str]) -> PracticeForm:
    """The answer that was posted, taken in where it can be read and says something new."""
    fields = dict(request.POST.lists())
    sent = sent_form(before.stored, before.language, fields)
    if not sent.problem and sent.response != before.response:
        answer = sent_answer(before.stored, fields)
        payload: dict[str, Any] = {**where, "key": before.key, "answer": answer}
        try:
            record_event(
                learner=request.user,
                client_id=_event_id(request),
                kind=Event.Kind.PRACTICE_ANSWERED.value,
                payload=payload,
            )
        except (EventError, AnswerError) as refusal:
            messages.error(request, refusal.message)
    return sent


def _event_id(request: SignedInRequest) -> UUID:
    """That of the script, which sends an answer again when a line is cut."""
    try:
        return UUID(request.POST.get("event", ""))
    except ValueError:
        return uuid4()


def _url(course: str, lesson: str, key: str, language: str) -> str:
    return f"{reverse('practice', args=[course, lesson, key])}?{urlencode({'in': language})}"


def _title(found: LessonPractice) -> dict[str, str]:
    return {"title": found.text.texts["title"] if found.text else "", "language": found.language}


def _reread(
    outline: Outline, form: PracticeForm, lesson: str, language: str, *, in_lesson: bool
) -> dict[str, str] | None:
    """Where the matter stands: a heading of this lesson, or another lesson. None where the question says neither."""
    other = outline.lesson(form.stored.get("lesson", ""))
    if other:
        url = f"{reverse('lesson', args=[outline.course, other.key])}?in={language}"
        title = titled({"title": other.texts(language)["title"], "language": other.language(language)})
        return {"url": url, "title": title}
    section = form.stored.get("section")
    if section is None:
        return None
    page = "" if in_lesson else f"{reverse('lesson', args=[outline.course, lesson])}?in={language}"
    title = titled({"title": section["title"], "language": form.language})
    return {"url": f"{page}#{section['id']}", "title": title}
