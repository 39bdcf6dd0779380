"""Which courses there are, and one course with what it asks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts.requests import SignedInRequest
from maarifa.curriculum import editions
from maarifa.curriculum.editions import Outline
from maarifa.curriculum.models import Course
from maarifa.learning import actions
from maarifa.learning.models import CourseCompletion, Enrolment
from maarifa.learning.progress import Progress, Step, locked_texts, step_texts, step_url
from maarifa.learning.queries import find_enrolment
from maarifa.learning.slots import FINISHED, REQUIREMENTS, CoursePage
from maarifa.learning.templatetags.learning import language_name_local
from maarifa.learning.views.course_rows import modules_of, requirements_of
from maarifa.learning.views.finding import enrolment_or_404, is_open
from maarifa.ui.panels import fill


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every published course, in the reader's language where it has one."""
    courses = Course.objects.published().only("key", "current_edition_id").order_by("key")
    mine: set[int] = set()
    if request.user.is_authenticated:
        mine = set(Enrolment.objects.visible_to(request.user).current().values_list("course_id", flat=True))
    rows = [
        {
            "course": course,
            "outline": (outline := editions.outline(course.current_edition_id)),
            "texts": outline.texts(get_language()),
            "mine": course.pk in mine,
        }
        for course in courses
        if course.current_edition_id
    ]
    return render(request, "learning/catalogue.html", {"rows": rows})


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """What the course is, how far the person is, what the certificate asks, and the one next step."""
    enrolment = None
    if request.user.is_authenticated:
        enrolment = find_enrolment(request.user, course)
    if enrolment is None:
        published_course = get_object_or_404(
            Course.objects.published().only("key", "current_edition_id"), key=course
        )
        outline = _published_outline(published_course)
        content_language = _shown_language(request, outline, get_language())
        context = _about(outline, content_language) | {"modules": modules_of(outline, content_language)}
        return render(request, "learning/course.html", context)
    outline = editions.outline(enrolment.edition_id)
    content_language = _shown_language(request, outline, enrolment.language)
    progress = Progress.of(enrolment)
    next_activity = progress.next_activity()
    completion = CourseCompletion.objects.filter(enrolment=enrolment).first()
    may_open = is_open(enrolment)
    page = CoursePage(enrolment, outline, progress, content_language, completion)
    context = _about(outline, content_language) | {
        "enrolment": enrolment,
        "state": _state(page, next_activity, may_open=may_open),
        "may_open": may_open,
        "progress": progress,
        "completion": completion,
        "locked": locked_texts(progress, content_language),
        "next_url": step_url(outline.course, next_activity),
        "next_title": step_texts(outline, next_activity, content_language),
        "modules": modules_of(
            outline, content_language, progress=progress, next_activity=next_activity, may_open=may_open
        ),
        "requirements": requirements_of(outline, enrolment, progress, content_language),
        "panels": fill(request, page, FINISHED, REQUIREMENTS),
    }
    return render(request, "learning/course.html", context)


def _published_outline(course: Course) -> Outline:
    if course.current_edition_id is None:
        raise Http404("not published")
    return editions.outline(course.current_edition_id)


def _about(outline: Outline, content_language: str) -> dict[str, Any]:
    return {
        "outline": outline,
        "texts": outline.texts(content_language),
        "language": content_language,
        "several_languages": len(outline.languages) > 1,
    }


def _state(page: CoursePage, next_activity: Step | None, *, may_open: bool) -> str:
    """What the top of the page says: not open, finished, locked, or the step to begin or to go on with."""
    if not may_open:
        return "not open"
    if page.completion:
        return "finished"
    if next_activity is None:
        return "locked"
    return "begun" if page.progress.has_begun else "new"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: SignedInRequest, course: str) -> HttpResponse:
    """Starts the course and leads to its first lesson; somebody who comes from a sign-in on the way, to its page."""
    published_course = get_object_or_404(Course.objects.published(), key=course)
    if request.method != "POST":
        if find_enrolment(request.user, course) is None:
            messages.info(request, _("You have not started this course yet. Press “Start this course”."))
        return redirect("course", course)
    outline = _published_outline(published_course)
    choice = request.POST.get("language", "")
    language = choice if choice in outline.languages else _shown_language(request, outline, get_language())
    try:
        enrolment = actions.enrol(learner=request.user, course=published_course, language=language)
    except actions.EnrolmentError as refusal:
        messages.error(request, refusal.message)
        return redirect("course", course)
    progress = Progress.of(enrolment)
    return redirect(step_url(course, progress.next_activity()))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: SignedInRequest, course: str) -> HttpResponse:
    """Chooses the language in which the course is read from now on; leads back to its page, as it does somebody who
    comes from a sign-in on the way.
    """
    enrolment = enrolment_or_404(request, course)
    if request.method != "POST":
        messages.info(request, _("The language was not changed. Choose it again."))
        return redirect("course", course)
    if request.POST.get("language", "") not in editions.outline(enrolment.edition_id).languages:
        raise Http404("not a language of this course")
    actions.change_language(enrolment=enrolment, language=request.POST["language"])
    text = _("The language of this course is now %(language)s.")
    messages.success(request, text % {"language": language_name_local(enrolment.language)})
    return redirect("course", course)


def _shown_language(request: HttpRequest, outline: Outline, preference: str) -> str:
    choice = request.GET.get("in", "")
    if choice in outline.languages:
        return choice
    return preference if preference in outline.languages else outline.source_language
