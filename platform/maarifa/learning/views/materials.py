"""What a course has beside its lessons: its glossary, and worksheets to print and fill in, which make its workbook."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any, TypedDict
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from maarifa.accounts.requests import SignedInRequest
from maarifa.curriculum import editions
from maarifa.curriculum.editions import Outline, Text
from maarifa.learning.views.finding import content_language, enrolment_to_read_or_404, is_open, outline_of
from maarifa.lib.languages import direction
from maarifa.lib.text import search_key


@login_required
@require_safe
def glossary(request: SignedInRequest, course: str) -> HttpResponse:
    """The terms of the course. Lessons link to them one by one."""
    return _page(
        request, course, "learning/glossary.html", lambda _outline: ["glossary"], _glossary, _index_and_origin
    )


@login_required
@require_safe
def worksheet(request: SignedInRequest, course: str, worksheet: str) -> HttpResponse:
    """A worksheet of a module, as it is printed."""
    return _page(
        request,
        course,
        "learning/worksheet.html",
        lambda _outline: [worksheet],
        editions.worksheet,
        one_below=True,
    )


@login_required
@require_safe
def workbook(request: SignedInRequest, course: str) -> HttpResponse:
    """All worksheets of a course, in the order of its modules, each on a page of its own."""
    return _page(
        request, course, "learning/workbook.html", lambda outline: outline.worksheets, editions.worksheet
    )


def _glossary(edition: int, _key: str, language: str) -> Text | None:
    return editions.glossary(edition, language)


def _index_and_origin(
    request: SignedInRequest, outline: Outline, text: Text, language: str
) -> dict[str, Any]:
    """The first letters, each with the term that it leads to, and the lesson from which a link led here."""
    letters: list[dict[str, str]] = []
    for key, term in re.findall(r'<dt id="([^"]+)">(.*?)</dt>', str(text.markup)):
        sign = search_key(unescape(term))[:1].upper()
        if not letters or letters[-1]["sign"] != sign:
            letters.append({"key": key, "sign": sign})
    return {"letters": letters, "came_from": _lesson_before(request, outline, language)}


def _from_one_below(markup: SafeString) -> SafeString:
    """Nothing else in a text begins like this: publishing takes out what authors write as a relative address."""
    return SafeString(markup.replace('<a href="../', '<a href="../../'))


class _Origin(TypedDict):
    """A lesson, with its title and the language of this."""

    key: str
    texts: dict[str, str]


def _lesson_before(request: SignedInRequest, outline: Outline, language: str) -> _Origin | None:
    try:
        match = resolve(urlsplit(request.META.get("HTTP_REFERER", "")).path)
    except (Resolver404, ValueError):
        return None
    if match.url_name != "lesson" or match.kwargs["course"] != outline.course:
        return None
    lesson = outline.lesson(match.kwargs["lesson"])
    if lesson is None:
        return None
    title = {"title": lesson.texts(language)["title"], "language": lesson.language(language)}
    return {"key": lesson.key, "texts": title}


def _page(
    request: SignedInRequest,
    course: str,
    template: str,
    keys: Callable[[Outline], list[str]],
    find: Callable[[int, str, str], Text | None],
    more: Callable[[SignedInRequest, Outline, Text, str], dict[str, Any]] | None = None,
    *,
    one_below: bool = False,
) -> HttpResponse:
    """A page of the texts that `find` has for these keys of the outline; 404 where it has none.

    `one_below`: the page stands one step further down than a lesson, for which links inside the course are made.
    """
    enrolment = enrolment_to_read_or_404(request, course)
    outline = outline_of(enrolment)
    if not is_open(enrolment):
        return render(request, "learning/not_open.html", {"enrolment": enrolment}, status=403)
    language = content_language(request, enrolment, outline)
    texts = [text for key in keys(outline) if (text := find(enrolment.edition_id, key, language))]
    if not texts:
        raise Http404("nothing of that name in this edition")
    sections = [
        {
            "language": text.language,
            "markup": _from_one_below(text.markup) if one_below else text.markup,
            "texts": {**text.texts, "language": text.language},
            "direction": direction(text.language),
        }
        for text in texts
    ]
    context = {
        "enrolment": enrolment,
        "outline": outline,
        "course_texts": outline.texts(language),
        "texts": sections,
        "text": sections[0],
        "asked_language": language,
    }
    if more:
        context |= more(request, outline, texts[0], language)
    return render(request, template, context)
