"""The lesson page: the hot path."""

from uuid import UUID, uuid5

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts.keeping import say_kept
from maarifa.accounts.requests import SignedInRequest, user_of
from maarifa.curriculum.editions import Outline, Text, document
from maarifa.learning.actions import EventError, record_event
from maarifa.learning.kept_done import note_done, take_done
from maarifa.learning.models import Enrolment, Event
from maarifa.learning.progress import Progress, Step, step_texts, step_url
from maarifa.learning.slots import LESSON_END, LESSON_TOP, LessonPage
from maarifa.learning.views.finding import (
    content_language,
    enrolment_to_read_or_404,
    given_id,
    is_open,
    outline_of,
)
from maarifa.lib.languages import direction
from maarifa.lib.stitching import stitch
from maarifa.quizzes.practice import scripts
from maarifa.ui.etags import page_etag
from maarifa.ui.panels import Filled, fill

HERE = "<!-- the document -->"


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """A lesson of the learner's edition, with the one button that goes on."""
    if not request.user.is_authenticated:
        if request.method == "POST" and note_done(request):
            say_kept(request)
        return redirect_to_login(request.get_full_path())
    enrolment = enrolment_to_read_or_404(request, course)
    outline = outline_of(enrolment)
    if not is_open(enrolment):
        return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
    language = content_language(request, enrolment, outline)
    if request.method == "POST":
        return _done(request, enrolment, outline, lesson, language)
    entry = outline.lesson(lesson)
    if entry is None:
        raise Http404("no such lesson in this edition")
    if request.method == "GET" and take_done(request, _event_id(enrolment, lesson, language)):
        messages.success(request, _("The lesson that you finished earlier is now marked as done."))
        return _done(request, enrolment, outline, lesson, language)
    text = _text(enrolment, lesson, language)
    progress = Progress.at_a_glance(enrolment, outline)
    next_activity = progress.next_activity(after=Step(entry.kind, entry.key, entry.module))
    page = LessonPage(enrolment, outline, progress, language, entry)
    panels = fill(request, page, LESSON_TOP, LESSON_END)
    etag = _etag(request, page, text, next_activity, panels)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = _page(request, page, text, next_activity, panels)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response


@login_required
@require_safe
def sources(request: SignedInRequest, course: str, lesson: str) -> HttpResponse:
    """What a lesson rests on. A page of its own: few follow it, and everybody would pay for its bytes."""
    enrolment = enrolment_to_read_or_404(request, course)
    outline = outline_of(enrolment)
    if not is_open(enrolment):
        return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
    entry = outline.lesson(lesson)
    if entry is None:
        raise Http404("no such lesson in this edition")
    language = content_language(request, enrolment, outline)
    text = _text(enrolment, lesson, language)
    context = {
        "enrolment": enrolment,
        "outline": outline,
        "course_texts": outline.texts(language),
        "lesson": entry,
        "texts": {**text.texts, "language": text.language},
        "asked_language": language,
    }
    return render(request, "learning/sources.html", context)


def _done(
    request: HttpRequest, enrolment: Enrolment, outline: Outline, lesson: str, language: str
) -> HttpResponse:
    """Also for a lesson that a new edition has dropped while the page was open."""
    event_id = given_id(request) or _event_id(enrolment, lesson, language)
    payload = {"course": outline.course, "lesson": lesson, "language": language}
    try:
        record_event(
            learner=user_of(request), client_id=event_id, kind=Event.Kind.LESSON_READ, payload=payload
        )
    except EventError as refusal:
        if refusal.code == "UNKNOWN_LESSON":
            raise Http404("no such lesson in this course") from None
        messages.error(request, refusal.message)
        return redirect(request.get_full_path())
    progress = Progress.at_a_glance(enrolment, outline)
    entry = outline.lesson(lesson)
    next_activity = progress.next_activity(after=Step(entry.kind, lesson, entry.module) if entry else None)
    if next_activity is None and not progress.locked():
        messages.success(request, _("You have done everything that this course requires."))
    return redirect(step_url(outline.course, next_activity, enrolment, language))


def _text(enrolment: Enrolment, lesson: str, language: str) -> Text:
    text = document(enrolment.edition_id, lesson, language)
    if text is None:
        raise Http404("no such lesson in this edition")
    return text


def _event_id(enrolment: Enrolment, lesson: str, language: str) -> UUID:
    """The same for the same reading, so that the page stays the same and a second press changes nothing."""
    return uuid5(enrolment.public_id, f"read {lesson} {language}")


def _page(
    request: HttpRequest, page: LessonPage, text: Text, next_activity: Step | None, panels: Filled
) -> HttpResponse:
    enrolment, outline, entry, language = page.enrolment, page.outline, page.lesson, page.language
    progress = page.progress
    step = Step(entry.kind, entry.key, entry.module)
    module = outline.module(entry.module)
    if module is None:
        raise Http404("no such module in this edition")
    context = {
        "enrolment": enrolment,
        # Keeping another language is offered on every other page: here everybody who reads in one would pay for it.
        "language_items": (),
        "outline": outline,
        "course_texts": outline.texts(language),
        "module_number": module.number,
        "lesson_number": module.lesson_number(entry.key),
        "module_lessons": len(module.lessons),
        "lesson": entry,
        "digest": text.digest,
        "texts": text.texts,
        "scripts": scripts(text.texts.get("practice", ())),
        "asked_language": language,
        "text_language": text.language,
        "text_direction": direction(text.language),
        "other_languages": [code for code in outline.languages if code != language],
        "progress": progress,
        "panels": panels,
        "done": entry.key in progress.done,
        "event_id": _event_id(enrolment, entry.key, language),
        "next_title": step_texts(outline, next_activity, language),
        "next_url": step_url(outline.course, next_activity, enrolment, language),
        "previous_url": step_url(outline.course, progress.previous_activity(step), enrolment, language),
        "document": mark_safe(HERE),  # noqa: S308 - a constant of ours, where the sanitised document goes in
    }
    head, _here, tail = render_to_string("learning/lesson.html", context, request).partition(HERE)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(stitch(head.encode(), text.html, text.deflated, tail.encode()))
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(head.encode() + text.html + tail.encode())
    return response


def _etag(
    request: HttpRequest, page: LessonPage, text: Text, next_activity: Step | None, panels: Filled
) -> str:
    """Changes with the document, what is shown of the person's learning, the frame, and the panels."""
    enrolment, progress = page.enrolment, page.progress
    own = {
        "document": text.digest,
        "edition": enrolment.edition_id,
        "asked": page.language,
        "enrolment": [enrolment.language, *_institution(enrolment)],
        "deadline": [enrolment.deadline(timezone.now()), str(enrolment.due_at), enrolment.due_zone],
        "done": progress.done_keys,
        # A quiz may be tried again because time passes, or because somebody granted an attempt.
        "next": next_activity.key if next_activity else "",
    }
    return page_etag(request, own=own, panels=panels, institution=enrolment.institution)


def _institution(enrolment: Enrolment) -> list[str]:
    return [enrolment.institution.name] if enrolment.institution else []
