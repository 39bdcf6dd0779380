"""Lists to take out: the cohort, and what became of each row of a roster."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions, queries
from maarifa.cohorts.actions.problems import outcome_words, said
from maarifa.cohorts.actions.vocabulary import HEADINGS
from maarifa.cohorts.models import CohortMember, RosterRow
from maarifa.cohorts.queries import Figures
from maarifa.cohorts.templatetags.cohorts import attention_words, state_words
from maarifa.cohorts.views.finding import cohort_or_404, managed_or_403, roster_or_404
from maarifa.learning.activities import QUIZ, State
from maarifa.lib.languages import direction
from maarifa.lib.spreadsheets import write_csv, write_xlsx

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@login_required
@never_cache
@require_safe
def cohort_export(request: SignedInRequest, cohort_id: UUID, kind: str) -> HttpResponse:
    """Everybody of the cohort and what the institution may see; the same list can be uploaded again, as it is."""
    cohort = cohort_or_404(request, cohort_id)
    at = timezone.now()
    members = list(queries.everybody(cohort, at=at))
    figures = queries.figures(members)
    header = [
        *(str(HEADINGS[name]) for name in ("name", "email", "staff_number", "language")),
        pgettext("column of an export", "Status"),
        pgettext("column of an export", "Invited on"),
        pgettext("column of an export", "Accepted on"),
        pgettext("column of an export", "Lessons done"),
        pgettext("column of an export", "Quizzes passed"),
        pgettext("column of an export", "Average quiz result in %"),
        pgettext("column of an export", "Last active on"),
        pgettext("column of an export", "Course finished"),
        pgettext("column of an export", "Certificate"),
        pgettext("column of an export", "Reason for attention"),
    ]
    rows = [_row(member, figures.get(member.pk), at) for member in members]
    actions.note_look(cohort=cohort, by=request.user, action="cohort.exported", at=at)
    return _file(kind, header, rows, name=cohort.name)


def _row(member: CohortMember, figures: Figures | None, at: datetime) -> list[object]:
    shared = member.state == CohortMember.State.ACCEPTED
    return [
        member.given_name,
        member.email,
        member.staff_number,
        member.language,
        state_words(member),
        _day(member.invited_at),
        _day(member.accepted_at) if shared else "",
        member.lessons_done if shared else "",
        figures.count(QUIZ.name, State.DONE) if figures else "",
        figures.percent if figures and figures.percent is not None else "",
        _day(member.last_seen_at) if shared else "",
        _yes(member.completed),
        _yes(member.certified),
        attention_words(member, at),
    ]


def _day(moment: datetime | None) -> date | str:
    return timezone.localtime(moment).date() if moment else ""


def _yes(value: bool | None) -> str:
    return _("yes") if value else ""


@login_required
@never_cache
@require_safe
def roster_result(request: SignedInRequest, cohort_id: UUID, roster_id: UUID, kind: str) -> HttpResponse:
    """The uploaded list, row by row, with what became of each."""
    cohort = managed_or_403(request, cohort_id)
    roster = roster_or_404(cohort, roster_id)
    columns = roster.reading.get("columns", [])
    header = [
        pgettext("column of an export", "Row"),
        *columns,
        pgettext("column of an export", "Result"),
        pgettext("column of an export", "Reason"),
    ]
    rows = [
        [
            row.number,
            *row.cells,
            row_words(row),
            " ".join([*map(said, row.problems), outcome_words(row.outcome_code)]),
        ]
        for row in roster.rows.order_by("number")
    ]
    actions.note_look(cohort=cohort, by=request.user, action="roster.exported", roster=roster)
    return _file(kind, header, rows, name=_("%(cohort)s, import result") % {"cohort": cohort.name})


def row_words(row: RosterRow) -> str:
    """What became of a row, or what is planned for it."""
    if row.outcome == RosterRow.Outcome.DONE:
        return _("invited") if row.action == RosterRow.Action.INVITE else _("access card created")
    if row.outcome == RosterRow.Outcome.WAITING:
        return _("planned: %(action)s") % {"action": row.get_action_display()}
    return row.get_outcome_display()


def _file(kind: str, header: list[str], rows: Sequence[Sequence[object]], *, name: str) -> HttpResponse:
    if kind == "csv":
        content = write_csv(header, rows, language=get_language())
    else:
        content = write_xlsx(header, rows, rtl=direction(get_language()) == "rtl", title=name)
    response = HttpResponse(content, content_type=TYPES[kind])
    file_name = f"{slugify(name, allow_unicode=True) or 'maarifa'}.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=file_name
    )
    return response
