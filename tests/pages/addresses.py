"""The addresses of the pages that learners, coordinators, instructors and strangers meet, on the demo's people."""

from django.contrib.admin.sites import site as admin_site
from django.test import Client, RequestFactory
from django.urls import reverse

from maarifa.accounts.models import User
from maarifa.cohorts.models import CohortMember
from maarifa.curriculum.models import Course, Lesson
from maarifa.learning.actions import enrol
from maarifa.quizzes.models import Attempt, Bank, Quiz
from tests.factories.learning import some_reviewed

COURSE = "ai-governance-foundations"
# With a glossary and more figures; the other has cards of jurisdictions.
OPEN = "open-models-at-low-cost"


def pages_of(demo, language) -> dict[str, list[str]]:
    """Addresses by the user name of who opens them; "" is nobody."""
    here = f"/{language}"
    passed = Attempt.objects.filter(passed=True).select_related("learner").order_by("pk").first()
    enrol(learner=passed.learner, course=Course.objects.get(key=OPEN), language=language)
    failed = Attempt.objects.filter(passed=False).select_related("learner").order_by("-pk").first()
    going_on = Attempt.objects.filter(submitted_at=None).select_related("learner").order_by("pk").first()
    quiz = f"{here}/learn/{COURSE}/quiz/foundations-quiz/"
    reviewed = some_reviewed(passed.learner)
    cohort = f"{here}/institution/cohorts/{demo['cohort']}/"
    people = {role: one["username"] for role, one in demo["people"].items()}
    return {
        "": [
            *(f"{here}/", f"{here}/help/", f"{here}/help/coordinators/", f"{here}/help/instructors/"),
            *(f"{here}/courses/", f"{here}/courses/{COURSE}/", f"{here}/enter/"),
            *(f"{here}/account/login/", f"{here}/account/signup/", f"{here}/account/login/code/"),
            *(f"{here}/account/password/reset/", f"{here}/no-such-page/"),
            *(f"/verify/?lang={language}", f"/verify/{demo['certificate']}?lang={language}"),
        ],
        passed.learner.username: [
            *(f"{here}/learning/", f"{here}/courses/{COURSE}/", quiz, f"{quiz}{passed.public_id}/result/"),
            *(f"{here}/certificates/", f"{here}/certificates/names/", f"{here}/groups/"),
            *(f"{here}/review/", f"{here}/review/{reviewed}/", f"{here}/review/?course={OPEN}"),
            *(f"{here}/account/", f"{here}/account/close/", f"{here}/account/email/"),
            f"{here}/account/password/change/",
            *(f"{here}/learn/{COURSE}/{lesson.key}/?in={language}" for lesson in lessons()),
            f"{here}/learn/{COURSE}/reading-what-binds/sources/",
            f"{here}/learn/{COURSE}/the-full-cycle/practice/two-missed/?in={language}",
            *(f"{here}/courses/{OPEN}/", f"{here}/learn/{OPEN}/glossary/?in={language}"),
            f"{here}/learn/{OPEN}/worksheets/deployment-sizing/?in={language}",
            *(f"{here}/learn/{OPEN}/{lesson.key}/?in={language}" for lesson in lessons(OPEN)),
            f"{here}/learn/{COURSE}/worksheets/full-cycle-file/",
            f"{here}/learn/{COURSE}/worksheets/",
        ],
        failed.learner.username: [f"{quiz}{failed.public_id}/result/"],
        going_on.learner.username: [
            *(quiz, f"{quiz}{going_on.public_id}/", f"{quiz}{going_on.public_id}/send/"),
        ],
        people["coordinator"]: [
            *(f"{here}/institution/", f"{here}/institution/cohorts/new/", cohort),
            *(f"{cohort}roster/", f"{cohort}cards/", f"{cohort}members/{a_member(demo)}/"),
        ],
        people["instructor"]: pages_of_the_admin(people["instructor"]),
    }


def lessons(course=COURSE):
    return Lesson.objects.filter(course__key=course).order_by(
        "activity__module__position", "activity__position"
    )


def a_member(demo):
    return (
        CohortMember.objects.filter(cohort__public_id=demo["cohort"], learner__isnull=False).first().public_id
    )


def pages_of_the_admin(username) -> list[str]:
    """All lists and forms that an instructor may open, and authoring's own pages."""
    asking = RequestFactory().get("/admin/")
    asking.user = User.objects.get(username=username)
    found = [reverse("admin:index")]
    for model, options in admin_site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if options.has_view_permission(asking) and options.has_module_permission(asking):
            found.append(reverse(f"{name}_changelist"))
            one = options.get_queryset(asking).order_by("pk").first()
            if one:
                found.append(reverse(f"{name}_change", args=[one.pk]))
            if options.has_add_permission(asking):
                found.append(reverse(f"{name}_add"))
    course, lesson = Course.objects.get(key=COURSE), lessons().first()
    found += [
        reverse(f"admin:curriculum_course_{what}", args=[course.pk]) for what in ("publish", "editions")
    ]
    bank = Bank.objects.exclude(kind="exam").order_by("pk").first()
    found += [reverse(f"admin:quizzes_bank_{what}", args=[bank.pk]) for what in ("import", "export")]
    for what in ("preview", "versions"):
        found.append(reverse(f"admin:curriculum_lesson_{what}", args=[lesson.pk, "ar"]))
    found.append(reverse("admin:quizzes_quiz_statistics", args=[Quiz.objects.order_by("pk").first().pk]))
    assert len(found) > 8
    return found


def enter(page, site, username):
    browser = Client()
    browser.force_login(User.objects.get(username=username))
    cookies = [{"name": n, "value": m.value, "url": site.url} for n, m in browser.cookies.items()]
    page.context.add_cookies(cookies)
