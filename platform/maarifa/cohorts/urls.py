from django.urls import path, register_converter

from maarifa.cohorts.views import cohort, exports, institution, joining, roster, seat


class FileKind:
    regex = "csv|xlsx"

    def to_python(self, value):
        return value

    to_url = to_python


register_converter(FileKind, "file_kind")

urlpatterns = [
    path("institution/", institution.institution, name="institution"),
    path("institution/cohorts/new/", institution.cohort_new, name="cohort-new"),
    path("institution/cohorts/<uuid:cohort>/", cohort.cohort, name="cohort"),
    path("institution/cohorts/<uuid:cohort>/cards/", cohort.cards, name="cohort-cards"),
    path(
        "institution/cohorts/<uuid:cohort>/export.<file_kind:kind>",
        exports.cohort_export,
        name="cohort-export",
    ),
    path("institution/cohorts/<uuid:cohort>/roster/", roster.upload, name="roster-upload"),
    path("institution/cohorts/<uuid:cohort>/roster/<uuid:roster>/", roster.roster, name="roster"),
    path(
        "institution/cohorts/<uuid:cohort>/roster/<uuid:roster>/progress/",
        roster.progress,
        name="roster-progress",
    ),
    path(
        "institution/cohorts/<uuid:cohort>/roster/<uuid:roster>/result.<file_kind:kind>",
        exports.roster_result,
        name="roster-result",
    ),
    path("institution/cohorts/<uuid:cohort>/seats/<uuid:seat>/", seat.seat, name="seat"),
    path("join/<str:token>/", joining.join, name="join"),
    path("enter/", joining.enter, name="enter"),
    path("groups/", joining.groups, name="groups"),
]
