"""Attempts that the people who run the site grant. Coordinators grant theirs on a learner's page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import GuardedAdmin
from maarifa.accounts.requests import user_of
from maarifa.learning import actions
from maarifa.learning.models import Enrolment
from maarifa.learning.progress import Progress
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.models import AttemptGrant


class AttemptGrantForm(forms.ModelForm[AttemptGrant]):
    class Meta:
        model = AttemptGrant
        fields = ["learner", "quiz", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.get("reason")
        if isinstance(reason, forms.ChoiceField):
            reason.choices = AttemptGrant.Reason.for_people()

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if {"learner", "quiz"} <= data.keys():
            course, _slash, own = data["quiz"].key.partition("/")
            enrolments = Enrolment.objects.current().select_related("learner", "course", "institution")
            enrolment = enrolments.filter(learner=data["learner"], course__key=course).first()
            if enrolment is None:
                raise ValidationError(
                    {"learner": _("This person is not enrolled in the course that has this quiz.")}
                )
            stands = Progress.of(enrolment).quizzes.get(own)
            if stands is None:
                raise ValidationError({"quiz": _("This quiz is no longer part of the course.")})
            if not stands.used_all:
                raise ValidationError({"quiz": QuizError("ATTEMPTS_LEFT").message})
            data["enrolment"], data["own_key"] = enrolment, own
        return data


@admin.register(AttemptGrant)
class AttemptGrantAdmin(AuditedAdmin, GuardedAdmin[AttemptGrant]):
    """Granted once, and then to look at."""

    form = AttemptGrantForm
    raw_id_fields = ["learner", "quiz"]
    list_display = ["learner", "quiz", "number", "reason", "granted_by", "granted_at"]
    list_select_related = ["learner", "quiz", "granted_by"]
    search_fields = ["learner__username", "learner__email", "quiz__key"]
    person_field = "learner"
    listed_as = "attempt-grants.listed"
    read_as = "attempt-grant.read"

    def get_fields(self, request: HttpRequest, obj: AttemptGrant | None = None) -> tuple[str, ...]:
        more = ("number", "granted_by", "granted_at") if obj else ()
        return ("learner", "quiz", "reason", *more)

    def has_change_permission(self, request: HttpRequest, obj: AttemptGrant | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AttemptGrant | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: AttemptGrant, form: AttemptGrantForm, change: bool
    ) -> None:
        data = form.cleaned_data
        actions.grant_attempt(
            enrolment=data["enrolment"], quiz=data["own_key"], by=user_of(request), reason=data["reason"]
        )
        grants = AttemptGrant.objects.filter(learner=data["learner"], quiz=data["quiz"]).order_by("-number")
        obj.__dict__.update(grants[0].__dict__)
