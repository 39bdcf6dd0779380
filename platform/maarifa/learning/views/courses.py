"""Which courses there are, and one course with what it asks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from maarifa.curriculum.editions import outline
from maarifa.curriculum.models import Course
from maarifa.learning import actions
from maarifa.learning.models import CourseCompletion, Enrolment
from maarifa.learning.progress import Progress, locked_words, step_url, step_words
from maarifa.learning.views.finding import enrolment_or_404, is_open
from maarifa.quizzes.models import Attempt


@require_safe
def catalogue(request):
    """Every published course, in the reader's language where it has one."""
    courses = Course.objects.published().only("key", "current_edition_id").order_by("key")
    mine = set()
    if request.user.is_authenticated:
        mine = set(Enrolment.objects.visible_to(request.user).current().values_list("course_id", flat=True))
    rows = [
        {"course": course, "outline": read, "words": read.words(get_language()), "mine": course.pk in mine}
        for course in courses
        if (read := outline(course.current_edition_id))
    ]
    return render(request, "learning/catalogue.html", {"rows": rows})


@require_safe
def course(request, course):
    """What the course is, how far the person is, what the certificate asks, and the one next step."""
    enrolment = None
    if request.user.is_authenticated:
        enrolment = (
            Enrolment.objects.for_page().visible_to(request.user).current().filter(course__key=course).first()
        )
    if enrolment is None:
        found = get_object_or_404(Course.objects.published().only("key", "current_edition_id"), key=course)
        read = outline(found.current_edition_id)
        shown = _shown_language(request, read, get_language())
        context = {"outline": read, "words": read.words(shown), "language": shown, "enrolment": None}
        return render(request, "learning/course.html", context)
    read = outline(enrolment.edition_id)
    shown = _shown_language(request, read, enrolment.language)
    progress = Progress.of(enrolment, read)
    following = progress.next_step()
    lessons, quizzes = enrolment.required_in(read)
    context = {
        "outline": read,
        "words": read.words(shown),
        "language": shown,
        "enrolment": enrolment,
        "open": is_open(enrolment),
        "progress": progress,
        "completion": CourseCompletion.objects.filter(enrolment=enrolment).first(),
        "next": following,
        "locked": locked_words(progress, shown),
        "next_url": step_url(read.course, following),
        "next_title": step_words(read, following, shown),
        "required_lessons": len(lessons),
        "required_lessons_done": len(lessons & progress.counted),
        "lessons_awaiting": any(progress.done.get(key) == Attempt.Late.AWAITING for key in lessons),
        "required_quizzes": [key for key in read.requirements["quizzes"] if key in quizzes],
    }
    return render(request, "learning/course.html", context)


@login_required
@require_POST
def enrol(request, course):
    """Starts the course and leads to its first lesson."""
    found = get_object_or_404(Course.objects.published(), key=course)
    read = outline(found.current_edition_id)
    asked = request.POST.get("language", "")
    language = asked if asked in read.languages else _shown_language(request, read, get_language())
    try:
        enrolment = actions.enrol(learner=request.user, course=found, language=language)
    except actions.EnrolmentRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("course", course)
    progress = Progress.of(enrolment, outline(enrolment.edition_id))
    return redirect(step_url(course, progress.next_step()))


@login_required
@require_POST
def language(request, course):
    """Chooses the language in which the course is read from now on."""
    enrolment = enrolment_or_404(request, course)
    if request.POST.get("language", "") not in outline(enrolment.edition_id).languages:
        raise Http404("not a language of this course")
    actions.change_language(enrolment=enrolment, language=request.POST["language"])
    return redirect("course", course)


def _shown_language(request, read, preferred) -> str:
    asked = request.GET.get("in", "")
    if asked in read.languages:
        return asked
    return preferred if preferred in read.languages else read.source_language
