"""Home, the learner's overview, help."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.http import require_safe

from maarifa.certificates.models import Certificate
from maarifa.cohorts.models import Seat
from maarifa.curriculum.editions import outline
from maarifa.curriculum.models import Course
from maarifa.institutions.models import Membership
from maarifa.learning.models import Enrolment
from maarifa.lib.frame import STAFF


@require_safe
def root(request):
    """The address without a language leads to the person's own, else to the browser's."""
    language = get_language_from_request(request)
    if request.user.is_authenticated and request.user.language in dict(settings.LANGUAGES):
        language = request.user.language
    response = redirect(f"/{language}/")
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language"
    return response


@require_safe
def home(request):
    """Who this is for and where to begin; somebody signed in goes on to their learning."""
    if request.user.is_authenticated:
        return redirect("my-learning")
    courses = Course.objects.published().only("key", "current_edition_id").order_by("key")[:6]
    rows = [
        {
            "key": c.key,
            "outline": (read := outline(c.current_edition_id)),
            "words": read.words(get_language()),
        }
        for c in courses
    ]
    return render(request, "pages/home.html", {"rows": rows})


@login_required
@require_safe
def my_learning(request):
    """The courses a person takes, invitations that wait, and certificates; constant in queries."""
    request.session[STAFF] = Membership.objects.current().filter(user=request.user).exists()
    enrolments = Enrolment.objects.for_page().visible_to(request.user).current().with_lessons_done()
    rows = []
    for enrolment in enrolments:
        read = outline(enrolment.edition_id)
        rows.append({"enrolment": enrolment, "outline": read, "words": read.words(enrolment.language)})
    context = {
        "rows": rows,
        "invitations": list(Seat.objects.waiting_for(request.user, at=timezone.now())),
        "certificates": Certificate.objects.visible_to(request.user).count(),
        "staff": request.session[STAFF],
    }
    return render(request, "pages/my_learning.html", context)


@require_safe
def help_page(request):
    return render(request, "pages/help.html")
