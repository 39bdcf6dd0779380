"""What each part of the signed-in lesson page costs, taken apart inside one process."""

from django.contrib.auth import get_user
from django.test import RequestFactory
from django.utils import translation

from tests.bench import asking, measuring, people, serving

SIZES = {"full": {"rounds": 7, "times": 150}, "tiny": {"rounds": 2, "times": 2}}


def measure(size) -> measuring.Result:
    learner, path = people.learner_of_shipped_course()
    cookies = serving.cookies_of(learner)
    asker = asking.Asker(cookies)
    tag = asker.get(path)["ETag"]
    steps = steps_of(learner, cookies, path)
    stranger = asking.Asker("")
    sides = {
        "page": lambda: asker.get(path),
        "304": lambda: asker.get(path, tag=tag),
        "bare": lambda: asker.get("/bench/bare/"),
        "stranger": lambda: stranger.get("/bench/bare/"),
        **steps,
    }
    with translation.override("en"):
        for run in sides.values():
            measuring.own_cpu(run, 20)
        rounds = measuring.interleaved(
            size["rounds"],
            {name: lambda run=run: measuring.own_cpu(run, size["times"]) for name, run in sides.items()},
        )
    found = measuring.Result()
    for name in steps:
        shares = [100 * one[name] / one["page"] for one in rounds]
        found.add(f"of the lesson page: {name}", "%", shares)
    found.add(
        "of the lesson page: middleware without session and person",
        "%",
        [100 * one["stranger"] / one["page"] for one in rounds],
        note="The whole bare page for somebody who is not signed in, handler and answer included.",
    )
    return found


def steps_of(learner, cookies, path) -> dict:
    """Each step of the view, as a call of its own."""
    from django.conf import settings
    from django.contrib.sessions.backends.cached_db import SessionStore
    from django.template.loader import render_to_string

    from maarifa.curriculum.editions import document
    from maarifa.learning.progress import Progress, Step
    from maarifa.learning.slots import LESSON_END, LESSON_TOP, LessonPage
    from maarifa.learning.views import finding, lessons
    from maarifa.lib.stitching import stitch
    from maarifa.ui.panels import fill

    course, key = path.strip("/").split("/")[-2:]
    pairs = dict(part.split("=", 1) for part in cookies.split("; "))
    request = RequestFactory().get(path)
    request.COOKIES.update(pairs)
    request.user = learner
    request.session = SessionStore(pairs[settings.SESSION_COOKIE_NAME])
    enrolment = finding.enrolment_to_read_or_404(request, course)
    read = finding.outline_of(enrolment)
    entry, text = read.lesson(key), document(enrolment.edition_id, key, "en")
    progress = Progress.at_a_glance(enrolment, read)
    following = progress.next_activity(after=Step("lesson", entry.key, entry.module))
    page = LessonPage(enrolment, read, progress, "en", entry)

    def panels():
        return fill(request, page, LESSON_TOP, LESSON_END)

    filled, rendered = panels(), []

    def keep(template, context, asked):
        rendered[:] = [(template, context)]
        return render_to_string(template, context, asked)

    lessons.render_to_string, real = keep, lessons.render_to_string
    try:
        lessons._page(request, page, text, following, filled)
    finally:
        lessons.render_to_string = real
    template, context = rendered[0]
    head, _here, tail = render_to_string(template, context, request).partition(lessons.HERE)

    def session_and_person():
        request.session = SessionStore(pairs[settings.SESSION_COOKIE_NAME])
        get_user(request)

    return {
        "session (Redis) and person (1 query)": session_and_person,
        "enrolment, course, institution (1 query)": lambda: finding.enrolment_to_read_or_404(request, course),
        "lessons done and quizzes passed (1 query)": lambda: Progress.at_a_glance(enrolment, read),
        "panels": panels,
        "ETag": lambda: lessons._etag(request, page, text, following, filled),
        "template": lambda: render_to_string(template, context, request),
        "compressing the frame and stitching": lambda: stitch(
            head.encode(), text.html, text.deflated, tail.encode()
        ),
    }
