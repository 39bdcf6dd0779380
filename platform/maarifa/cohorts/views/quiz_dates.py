"""When a cohort can take its quizzes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maarifa.accounts import actions as accounts
from maarifa.accounts.keeping import as_form, keeps_posts, page_of, seal
from maarifa.accounts.models import KeptPost
from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions
from maarifa.cohorts.forms import QuizDatesForm
from maarifa.cohorts.models import Cohort
from maarifa.cohorts.views.finding import managed_or_403
from maarifa.curriculum import editions
from maarifa.curriculum.activities.quiz import OutlineQuiz
from maarifa.learning.models import QuizWindow
from maarifa.learning.stored import QuizDates
from maarifa.lib.numbers import number


@keeps_posts
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_dates(request: SignedInRequest, cohort_id: UUID) -> HttpResponse:
    """Shows and changes the dates; what was sent without a session stands in the form again, and is not taken in before
    it is sent once more. Where somebody else was faster, what was typed stays, with what is saved beside it.
    """
    cohort = managed_or_403(request, cohort_id)
    page = page_of(request.path)
    quizzes = _quizzes(cohort)
    zone = cohort.unit.institution.time_zone
    titles = [(quiz.key, title) for quiz, title in quizzes]
    initial = QuizDatesForm.initial_of(cohort.quiz_dates, zone)
    posts = list(KeptPost.objects.of_page(request.user, page))
    if posts and request.method == "GET":
        initial |= as_form(posts[-1].fields).dict()
        messages.warning(
            request, _("Your session ended before the dates were saved. Check the form and send it again.")
        )
    form = QuizDatesForm(request.POST or None, quizzes=titles, zone=zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.set_quiz_dates(
                cohort=cohort,
                quiz_dates=form.quiz_dates,
                before=form.cleaned_data["before"],
                by=request.user,
            )
        except actions.CohortError as refusal:
            # What was kept has seen the same as this form, or less: it would only be refused again.
            accounts.drop_kept_posts_of_page(person=request.user, page=page)
            saved = QuizDatesForm.initial_of(cohort.quiz_dates, zone)
            data = request.POST.copy()
            data["before"] = str(saved["before"])
            form = QuizDatesForm(data, quizzes=titles, zone=zone, initial=saved)
            form.add_error(None, refusal.message)
            form.say_saved(cohort.quiz_dates, request.LANGUAGE_CODE)
        else:
            accounts.drop_kept_posts(person=request.user, public_ids=[post.public_id for post in posts])
            if changed:
                messages.success(request, _("The dates are saved. They hold for everyone in the cohort."))
            for quiz, title in quizzes:
                if warning := _too_short(quiz, title, form.quiz_dates.get(quiz.key), request.LANGUAGE_CODE):
                    messages.warning(request, warning)
            return redirect("cohort", cohort.public_id)
    context = {
        "cohort": cohort,
        "form": form,
        "zone": zone,
        "seal": seal(request.user, page),
        "quizzes": quizzes,
    }
    return render(request, "cohorts/quiz_dates.html", context, status=422 if form.errors else 200)


def _quizzes(cohort: Cohort) -> list[tuple[OutlineQuiz, str]]:
    """Those of the edition that the cohort reads, with their titles."""
    if cohort.edition_id is None:
        return []
    outline = editions.outline(cohort.edition_id)
    return [
        (one, outline.quiz_texts(one.key, cohort.language)["title"])
        for one in outline.activities
        if isinstance(one, OutlineQuiz)
    ]


def _too_short(quiz: OutlineQuiz, title: str, dates: QuizDates | None, language: str) -> str:
    """Where a quiz is open for less than its time limit; "" where it is not."""
    window = QuizWindow.of(dates)
    if not quiz.time_limit or not window.opens_at or not window.closes_at:
        return ""
    minutes = int((window.closes_at - window.opens_at).total_seconds()) // 60
    if minutes >= quiz.time_limit:
        return ""
    return _(
        "“%(quiz)s” is open for %(open)s minutes, but its time limit is %(limit)s minutes. Learners cannot use all of "
        "their time."
    ) % {
        "quiz": title,
        "open": number(minutes, language=language),
        "limit": number(quiz.time_limit, language=language),
    }
