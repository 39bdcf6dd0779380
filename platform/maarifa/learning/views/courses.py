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
from maarifa.curriculum.editions import Outline, outline
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
            "outline": (read := outline(course.current_edition_id)),
            "texts": read.texts(get_language()),
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
        found = get_object_or_404(Course.objects.published().only("key", "current_edition_id"), key=course)
        read = _published_outline(found)
        shown = _shown_language(request, read, get_language())
        context = _about(read, shown) | {"modules": modules_of(read, shown)}
        return render(request, "learning/course.html", context)
    read = outline(enrolment.edition_id)
    shown = _shown_language(request, read, enrolment.language)
    progress = Progress.of(enrolment)
    next_activity = progress.next_activity()
    completion = CourseCompletion.objects.filter(enrolment=enrolment).first()
    may_open = is_open(enrolment)
    page = CoursePage(enrolment, read, progress, shown, completion)
    context = _about(read, shown) | {
        "enrolment": enrolment,
        "state": _state(page, next_activity, may_open=may_open),
        "may_open": may_open,
        "progress": progress,
        "completion": completion,
        "locked": locked_texts(progress, shown),
        "next_url": step_url(read.course, next_activity),
        "next_title": step_texts(read, next_activity, shown),
        "modules": modules_of(read, shown, progress=progress, next_activity=next_activity, may_open=may_open),
        "requirements": requirements_of(read, enrolment, progress, shown),
        "panels": fill(request, page, FINISHED, REQUIREMENTS),
    }
    return render(request, "learning/course.html", context)


def _published_outline(course: Course) -> Outline:
    if course.current_edition_id is None:
        raise Http404("not published")
    return outline(course.current_edition_id)


def _about(read: Outline, shown: str) -> dict[str, Any]:
    return {
        "outline": read,
        "texts": read.texts(shown),
        "language": shown,
        "several_languages": len(read.languages) > 1,
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
    found = get_object_or_404(Course.objects.published(), key=course)
    if request.method != "POST":
        if find_enrolment(request.user, course) is None:
            messages.info(request, _("You have not started this course yet. Press “Start this course”."))
        return redirect("course", course)
    read = _published_outline(found)
    asked = request.POST.get("language", "")
    language = asked if asked in read.languages else _shown_language(request, read, get_language())
    try:
        enrolment = actions.enrol(learner=request.user, course=found, language=language)
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
    if request.POST.get("language", "") not in outline(enrolment.edition_id).languages:
        raise Http404("not a language of this course")
    actions.change_language(enrolment=enrolment, language=request.POST["language"])
    said = _("The language of this course is now %(language)s.")
    messages.success(request, said % {"language": language_name_local(enrolment.language)})
    return redirect("course", course)


def _shown_language(request: HttpRequest, read: Outline, preferred: str) -> str:
    asked = request.GET.get("in", "")
    if asked in read.languages:
        return asked
    return preferred if preferred in read.languages else read.source_language
