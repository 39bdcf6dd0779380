from django.urls import path, register_converter

from maarifa.cohorts.views import (
    cards,
    cohort,
    exports,
    granting,
    institution,
    joining,
    member,
    quiz_dates,
    roster,
    timing,
)


class FileKind:
    regex = "csv|xlsx"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(FileKind, "file_kind")


class MemberAct:
    """What a coordinator is asked about before it is done for a learner."""

    regex = "withdraw|card|late-work|accept-answers|refuse-answers"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(MemberAct, "member_act")

urlpatterns = [
    path("institution/", institution.institution, name="institution"),
    path("institution/cohorts/new/", institution.cohort_new, name="cohort-new"),
    path("institution/cohorts/<uuid:cohort_id>/", cohort.cohort, name="cohort"),
    path("institution/cohorts/<uuid:cohort_id>/quiz-dates/", quiz_dates.quiz_dates, name="cohort-quiz-dates"),
    path("institution/cohorts/<uuid:cohort_id>/close/", cohort.close, name="cohort-close"),
    path("institution/cohorts/<uuid:cohort_id>/cards/", cards.cards, name="cohort-cards"),
    path(
        "institution/cohorts/<uuid:cohort_id>/export.<file_kind:kind>",
        exports.cohort_export,
        name="cohort-export",
    ),
    path("institution/cohorts/<uuid:cohort_id>/roster/", roster.upload, name="roster-upload"),
    path("institution/cohorts/<uuid:cohort_id>/roster/<uuid:roster_id>/", roster.roster, name="roster"),
    path(
        "institution/cohorts/<uuid:cohort_id>/roster/<uuid:roster_id>/discard/",
        roster.discard,
        name="roster-discard",
    ),
    path(
        "institution/cohorts/<uuid:cohort_id>/roster/<uuid:roster_id>/progress/",
        roster.progress,
        name="roster-progress",
    ),
    path(
        "institution/cohorts/<uuid:cohort_id>/roster/<uuid:roster_id>/result.<file_kind:kind>",
        exports.roster_result,
        name="roster-result",
    ),
    path("institution/cohorts/<uuid:cohort_id>/members/<uuid:member_id>/", member.member, name="member"),
    path(
        "institution/cohorts/<uuid:cohort_id>/members/<uuid:member_id>/printed-card/",
        cards.card,
        name="member-card",
    ),
    path(
        "institution/cohorts/<uuid:cohort_id>/members/<uuid:member_id>/<member_act:act>/",
        member.confirm,
        name="member-confirm",
    ),
    path(
        "institution/cohorts/<uuid:cohort_id>/members/<uuid:member_id>/time/",
        timing.timing,
        name="member-time",
    ),
    path(
        "institution/cohorts/<uuid:cohort_id>/members/<uuid:member_id>/attempts/<slug:quiz>/",
        granting.grant,
        name="member-grant",
    ),
    path("join/<str:token>/", joining.join, name="join"),
    path("join/<str:token>/decline/", joining.decline, name="join-decline"),
    path("enter/", joining.enter, name="enter"),
    path("groups/", joining.groups, name="groups"),
    path("groups/<uuid:member_id>/leave/", joining.leave, name="group-leave"),
]
