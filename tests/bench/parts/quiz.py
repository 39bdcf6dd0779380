"""Handing in a quiz on its one page, against a bare view that takes the same form."""

from uuid import uuid4

from django.utils import timezone

from tests.bench import measuring, people, serving

SIZES = {"full": {"rounds": 8, "times": 25}, "tiny": {"rounds": 2, "times": 2}}


def measure(size) -> measuring.Result:
    from maarifa.curriculum.editions import outline

    at = timezone.now()
    course = people.shipped_course()
    quiz = next(iter(outline(course.current_edition_id).quiz_keys))
    count = (2 * size["rounds"] + 1) * size["times"]
    people.many_learners(count, course=course, prefix="pupil", at=at)
    forms = [
        form_of(enrolment, course, quiz, at) for enrolment in course.enrolments.select_related("learner")
    ]
    with serving.site() as site:
        browsers = [(site.browser(cookies), path, fields) for cookies, path, fields in forms]

        def hand_in():
            browser, path, fields = browsers.pop()
            browser.post(path, fields)
            browser.line.close()

        browser, _path, fields = browsers[0]
        fields = dict(fields)

        def bare():
            browser.post("/bench/bare/", fields, status=200)
            browser.line.close()

        for ask in (hand_in, bare):
            site.cost(ask, size["times"])
        cpu = measuring.interleaved(
            size["rounds"],
            {
                "quiz": lambda: site.cost(hand_in, size["times"]),
                "bare": lambda: site.cost(bare, size["times"]),
            },
        )
        wall = measuring.interleaved(size["rounds"], {"quiz": lambda: site.wait(hand_in, size["times"])})
    found = measuring.Result()
    found.add("handing in a quiz ÷ bare view, CPU", "×", measuring.ratios(cpu, "quiz", "bare"))
    found.add("handing in a quiz, CPU", "ms", measuring.column(cpu, "quiz", times=1000))
    found.add("handing in a quiz, waiting", "ms", measuring.column(wall, "quiz", times=1000))
    return found


def form_of(enrolment, course, quiz, at) -> tuple[str, str, dict]:
    """Somebody who has the questions before them: cookies, address, and the form filled in."""
    from maarifa.learning.actions import record_event
    from maarifa.quizzes.models import Attempt

    outcome = record_event(
        learner=enrolment.learner,
        client_id=uuid4(),
        kind="quiz-started",
        payload={"course": course.key, "quiz": quiz, "language": "en"},
        at=at,
    )
    attempt = Attempt.objects.get(public_id=outcome["attempt"])
    cookies = serving.cookies_of(enrolment.learner)
    fields = {"event": str(uuid4()), "send": "1", "csrfmiddlewaretoken": serving.token_in(cookies)}
    for row in attempt.questions.select_related("question_version"):
        version = row.question_version
        answers = {"numeric": ["1"], "truefalse": ["true"]}
        fields[f"q{row.position}"] = answers.get(version.kind) or [version.structure["choices"][0]]
    return cookies, f"/en/learn/{course.key}/quiz/{quiz}/{attempt.public_id}/", fields
