"""What a course has beside its lessons: its glossary, and products to print and fill in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maarifa.curriculum import editions
from maarifa.learning.views.finding import content_language, enrolment_to_read_or_404, is_open, outline_of
from maarifa.lib.languages import direction


@login_required
@require_safe
def glossary(request, course):
    """The terms of the course. Lessons link to them one by one."""
    return _page(request, course, "learning/glossary.html", editions.glossary)


@login_required
@require_safe
def product(request, course, product):
    """A product of a module, as it is printed."""

    def find(edition, language):
        return editions.product(edition, product, language)

    return _page(request, course, "learning/product.html", find)


def _page(request, course, template, find):
    enrolment = enrolment_to_read_or_404(request, course)
    read = outline_of(enrolment)
    if not is_open(enrolment):
        return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
    language = content_language(request, enrolment, read)
    text = find(enrolment.edition_id, language)
    if text is None:
        raise Http404("nothing of that name in this edition")
    context = {
        "enrolment": enrolment,
        "outline": read,
        "course_words": read.words(language),
        "words": {**text.words, "language": text.language},
        "text": text,
        "text_direction": direction(text.language),
        "asked_language": language,
    }
    return render(request, template, context)
