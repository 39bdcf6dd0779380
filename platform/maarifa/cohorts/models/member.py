"""The members of a cohort."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, Field, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.certificates.models import Certificate
from maarifa.cohorts.messages import INVITATION
from maarifa.cohorts.models.cohort import Cohort
from maarifa.cohorts.models.tokens import make_token, proves, read_token
from maarifa.delivery.models import Suppression
from maarifa.learning.activities import KINDS
from maarifa.learning.attempts import last_attempts_of_who_used_all
from maarifa.learning.models import CourseCompletion, Enrolment, LessonCompletion
from maarifa.lib.fields import LineField, NameField, SearchKeyField, SortKeyField, public_id
from maarifa.lib.text import casefold_key, search_key
from maarifa.quizzes.models import Attempt, LateAnswers


class StaffNumberKeyField(SearchKeyField[str, str]):
    """What two spellings of one staff number share."""

    derive = staticmethod(casefold_key)


class AttentionReason(models.TextChoices):
    """Why somebody needs attention, the most pressing first."""

    REFUSED = "refused", _("e-mail address refused by the mail server")
    LATE = "late", _("submitted work late, decision needed")
    LATE_ANSWERS = "late-answers", _("answers arrived after the end of a quiz, decision needed")
    USED_UP = "used-up", _("no attempts left at a quiz")
    FAILED = "failed", _("failed a quiz twice")
    QUIET = "quiet", _("inactive for several days")
    UNANSWERED = "unanswered", _("invitation not answered for several days")


URGENCY = {attention: place for place, attention in enumerate(AttentionReason.values)}


class CohortMemberQuerySet(models.QuerySet["CohortMember"]):
    def with_emails(self, emails: Collection[str]) -> Self:
        """Those invited by these addresses. It says so in the words of the index, so that a large group isn't walked
        through.
        """
        return self.filter(email__in=emails).exclude(email="")

    def with_staff_numbers(self, keys: Collection[str]) -> Self:
        """Those with these staff numbers, as `staff_number_key` has them; by the index, as above."""
        return self.filter(staff_number_key__in=keys).exclude(staff_number_key="")

    def shared(self) -> Self:
        """Members whose learner's progress the institution may see: accepted, not left."""
        return self.filter(state=CohortMember.State.ACCEPTED)

    def held(self) -> Self:
        """People who are in the group or invited to it."""
        return self.exclude(state=CohortMember.State.LEFT)

    def visible_to(self, user: User) -> Self:
        """Members of the cohorts of the units where the person is on the staff."""
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def of(self, user: User) -> Self:
        """A learner's own."""
        return self.filter(learner_id=user.pk)

    def waiting_for(self, user: User, *, at: datetime) -> Self:
        """Invitations that this person can accept now: to an address that they have shown to be theirs, or to
        them.
        """
        addresses = EmailAddress.objects.filter(user_id=user.pk, verified=True).values_list(
            "email", flat=True
        )
        return (
            self.filter(
                Q(learner_id=user.pk) | Q(learner__isnull=True, email__in=list(addresses)),
                state=CohortMember.State.INVITED,
                invited_at__gt=at - timedelta(days=settings.INVITATION_DAYS),
                cohort__retired_at__isnull=True,
            )
            .select_related("cohort__unit__institution", "cohort__course")
            .order_by("invited_at", "id")
        )

    def left_by(self, user: User, *, at: datetime) -> Self:
        """Groups that the person left or declined not too long ago to join after all: see `joining.who_answers`."""
        recent = at - timedelta(days=settings.INVITATION_DAYS)
        return (
            self.filter(
                Q(accepted_at__isnull=False, left_at__gt=recent)
                | Q(declined_at__isnull=False, invited_at__gt=recent),
                learner_id=user.pk,
                state=CohortMember.State.LEFT,
                cohort__retired_at__isnull=True,
            )
            .select_related("cohort__unit__institution", "cohort__course")
            .order_by("-left_at", "-id")
        )

    def by_token(self, token: str) -> "CohortMember | None":
        """The member that a token names, with what the page of the invitation needs; None where there is none."""
        parts = read_token(token)
        if parts is None:
            return None
        member = (
            self.select_related("cohort__unit__institution", "cohort__course", "learner")
            .filter(public_id=parts[0])
            .first()
        )
        if member is not None:
            member.proof = parts[1]
        return member

    def search(self, text: str) -> Self:
        """Members whose name holds these words, however people type them; or with this staff number or address."""
        members = self
        for word in text.split():
            name_key, number_key = search_key(word), casefold_key(word)
            if number_key:
                condition = Q(staff_number_key__contains=number_key) | Q(email__contains=number_key)
                members = members.filter(
                    condition | Q(given_name_search__contains=name_key) if name_key else condition
                )
        return members

    def with_progress(self) -> Self:
        """Annotated with what the institution may see: `lessons_done`, `quizzes_failed` (failed twice and more, not
        passed since), `used_up` (the key of a quiz at which somebody must grant an attempt), `last_activity_at`,
        `completed`, `certified`, `late_work`, `late_answers`; and with `address_refused`.

        All of it is empty until the learner has accepted, and again once they have left.
        """
        enrolment = OuterRef("enrolment_id")
        lessons = _counted(LessonCompletion.objects.filter(enrolment=enrolment), "enrolment")
        passed_attempts = Attempt.objects.passed().filter(quiz=OuterRef("quiz"), learner=OuterRef("learner"))
        failed_quizzes = (
            Attempt.objects.filter(enrolment_attempt__enrolment=enrolment, passed=False)
            .exclude(Exists(passed_attempts))
            .order_by()
            .values("quiz")
            .annotate(times=Count("pk"))
            .filter(times__gte=2)
        )
        late = reduce(or_, (Exists(kind.late(enrolment)) for kind in KINDS.values()))
        late_answers = LateAnswers.objects.awaiting().filter(attempt__enrolment_attempt__enrolment=enrolment)
        completions = CourseCompletion.objects.filter(enrolment=enrolment)
        certificates = Certificate.objects.issued().filter(
            completion__enrolment=enrolment, revocation__isnull=True
        )
        suppressions = Suppression.objects.filter(
            address_key=OuterRef("email"),
            kind__in=["", INVITATION.name],
            reason=Suppression.Reason.REFUSED,
        )
        return self.annotate(
            lessons_done=_shared(Coalesce(Subquery(lessons), 0), models.IntegerField()),
            used_up=_shared(
                Subquery(
                    last_attempts_of_who_used_all()
                    .filter(enrolment_attempt__enrolment=enrolment)
                    .order_by("quiz__key")
                    .values("quiz__key")[:1]
                ),
                models.CharField(),
            ),
            quizzes_failed=_shared(Exists(failed_quizzes), models.BooleanField()),
            last_activity_at=_shared(F("enrolment__last_activity_at"), models.DateTimeField()),
            completed=_shared(Exists(completions), models.BooleanField()),
            certified=_shared(Exists(certificates), models.BooleanField()),
            late_work=_shared(late, models.BooleanField()),
            late_answers=_shared(Exists(late_answers), models.BooleanField()),
            address_refused=Case(
                When(Q(state=CohortMember.State.INVITED) & ~Q(email=""), then=Exists(suppressions)),
                default=Value(False),
                output_field=models.BooleanField(),
            ),
        )

    def with_attention(self, at: datetime) -> Self:
        """`with_progress()`, and `attention`: an `AttentionReason` or ""; `urgency` orders by it."""
        quiet = at - timedelta(days=settings.INACTIVITY_DAYS)
        has_opened = Q(enrolment__opens_at__isnull=True) | Q(enrolment__opens_at__lte=quiet)
        accepted, invited = Q(state=CohortMember.State.ACCEPTED), Q(state=CohortMember.State.INVITED)
        learning = accepted & Q(completed=False)
        whys = [
            (AttentionReason.REFUSED, invited & Q(address_refused=True)),
            (AttentionReason.LATE, accepted & Q(late_work=True)),
            (AttentionReason.LATE_ANSWERS, accepted & Q(late_answers=True)),
            (AttentionReason.USED_UP, learning & Q(used_up__isnull=False)),
            (AttentionReason.FAILED, learning & Q(quizzes_failed=True)),
            (
                AttentionReason.QUIET,
                learning & Q(last_activity_at__lte=quiet, accepted_at__lte=quiet) & has_opened,
            ),
            (AttentionReason.UNANSWERED, invited & Q(invited_at__lte=quiet)),
        ]
        return self.with_progress().annotate(
            attention=Case(
                *(When(when, then=Value(attention.value)) for attention, when in whys),
                default=Value(""),
                output_field=models.CharField(),
            ),
            urgency=Case(
                *(When(when, then=Value(URGENCY[attention])) for attention, when in whys),
                When(state=CohortMember.State.ACCEPTED, then=Value(len(URGENCY))),
                When(state=CohortMember.State.INVITED, then=Value(len(URGENCY) + 1)),
                default=Value(len(URGENCY) + 2),
                output_field=models.IntegerField(),
            ),
        )

    def needing_attention(self, at: datetime) -> Self:
        """Those who need somebody to do something, the most pressing first, with the reason in `attention`."""
        return self.with_attention(at).exclude(attention="").order_by("urgency", "given_name_sort", "id")


def _counted(rows: QuerySet[Any], by: str) -> QuerySet[Any, Any]:
    counts: QuerySet[Any, Any] = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return counts


def _shared(expression: Any, field: Field[Any, Any]) -> Case:
    """The value where the learner agreed that the institution sees it, else nothing."""
    return Case(When(state=CohortMember.State.ACCEPTED, then=expression), default=None, output_field=field)


def invited_by_their_address() -> Exists:
    """A condition on people: somebody was invited by the address that they wrote down, and it may be them."""
    return Exists(CohortMember.objects.filter(email=OuterRef("email")).exclude(email=""))


class CohortMember(models.Model):
    """A place in a cohort, with the name and staff number as the institution gave them.

    A roster row never changes or reveals an account: what stands here is the institution's, and whether an address
    already had an account shows nowhere. `learner` is the person's account once that is certain: the account made
    for it, or the one that accepted. The institution sees progress between accepting and leaving. A member that was
    left and never accepted is an invitation that was declined, with the moment in `declined_at`, or withdrawn.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", _("accepted")
        LEFT = "left", _("left")

    public_id = public_id()
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="members")
    state = models.CharField(max_length=8, choices=State, default=State.INVITED)
    given_name = NameField(_("name"), max_length=200)
    given_name_search = SearchKeyField(source="given_name")
    given_name_sort = SortKeyField(source="given_name")
    staff_number = LineField(_("staff number"), max_length=60, blank=True)
    staff_number_key = StaffNumberKeyField(source="staff_number")
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=15)
    learner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="members")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="members")
    # Unique where given: an empty text could be given once only.
    entry_code = models.CharField(max_length=16, null=True, unique=True, editable=False)  # noqa: DJ001 - see above
    entry_code_until = models.DateTimeField(null=True, editable=False)
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)
    contacted_at = models.DateTimeField(null=True, blank=True)

    objects = CohortMemberQuerySet.as_manager()

    # What `with_progress()` adds, None where nothing is shared;
    lessons_done: int | None
    used_up: str | None
    quizzes_failed: bool | None
    last_activity_at: datetime | None
    completed: bool | None
    certified: bool | None
    late_work: bool | None
    late_answers: bool | None
    address_refused: bool
    # and `with_attention()`.
    attention: str
    urgency: int
    # What `queries.find_member` adds.
    card_is_open: bool

    # What the token said that led here: see `CohortMemberQuerySet.by_token`.
    proof = ""

    class Meta:
        verbose_name = _("cohort member")
        verbose_name_plural = _("cohort members")
        ordering = ["given_name_sort", "id"]
        indexes = [
            models.Index(fields=["email"], name="cohorts_member_invited_email", condition=Q(state="invited"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "email"], condition=~Q(email=""), name="cohorts_member_email_unique"
            ),
            models.UniqueConstraint(
                fields=["cohort", "staff_number_key"],
                condition=~Q(staff_number_key=""),
                name="cohorts_member_staff_number_unique",
            ),
            models.UniqueConstraint(
                fields=["cohort", "enrolment"],
                condition=Q(enrolment__isnull=False),
                name="cohorts_member_enrolment_unique",
            ),
            models.CheckConstraint(
                name="cohorts_member_reachable",
                condition=~Q(email="") | ~Q(staff_number="") | Q(learner__isnull=False),
            ),
            models.CheckConstraint(
                name="cohorts_member_code_has_end",
                condition=Q(entry_code__isnull=True, entry_code_until__isnull=True)
                | Q(entry_code__isnull=False, entry_code_until__isnull=False, learner__isnull=False),
            ),
            models.CheckConstraint(
                name="cohorts_member_enrolment_has_learner",
                condition=Q(enrolment__isnull=True) | Q(learner__isnull=False),
            ),
            models.CheckConstraint(
                name="cohorts_member_state_has_moments",
                condition=Q(state="invited", accepted_at__isnull=True, left_at__isnull=True)
                | Q(
                    state="accepted",
                    accepted_at__isnull=False,
                    left_at__isnull=True,
                    enrolment__isnull=False,
                    learner__isnull=False,
                )
                | Q(state="left", left_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cohorts_member_declined_has_left",
                condition=Q(declined_at__isnull=True) | Q(state="left", accepted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.given_name

    @property
    def token(self) -> str:
        """Names the member in the address of its invitation. Only the address's mail may hold it."""
        return make_token(self.public_id)

    @property
    def join_url(self) -> str:
        """The page of the invitation, under the language active now."""
        return reverse("join", args=[self.token])

    @property
    def invited_until(self) -> datetime:
        return self.invited_at + timedelta(days=settings.INVITATION_DAYS)

    @property
    def answerable_until(self) -> datetime:
        """Until when whoever came with `proof` can answer the invitation: a card is good for as long as it says, which
        may be longer than an invitation by mail.
        """
        if self.entry_code_until and proves(self.proof, self.entry_code):
            return self.entry_code_until
        return self.invited_until

    @property
    def rejoin_until(self) -> datetime | None:
        """Until when a learner who left the group comes back without a new invitation; None for anybody else."""
        if self.state != CohortMember.State.LEFT or not self.accepted_at or not self.left_at:
            return None
        return self.left_at + timedelta(days=settings.INVITATION_DAYS)

    @property
    def last_seen_at(self) -> datetime | None:
        """When the learner last did something since they accepted. Needs `with_progress()`."""
        return max(filter(None, [self.last_activity_at, self.accepted_at]), default=None)

    @property
    def has_card(self) -> bool:
        """Reached by a card, for want of an address."""
        return not self.email
