"""What pages, exports and reports read of cohorts. No request, no form and no language of a page: who reads is `user`,
and the moment is `at`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db.models import BooleanField, Case, Count, IntegerField, Q, Value, When

from maarifa.accounts.models import User
from maarifa.cohorts.messages import INVITATION
from maarifa.cohorts.models import Cohort, CohortMember, RosterImport, RosterRow
from maarifa.cohorts.models.member import CohortMemberQuerySet
from maarifa.cohorts.models.roster import RosterRowQuerySet
from maarifa.curriculum import editions
from maarifa.curriculum.activities import Place
from maarifa.curriculum.editions import Outline
from maarifa.delivery.models import Delivery
from maarifa.institutions.models import Unit
from maarifa.learning.activities import KINDS, State
from maarifa.learning.attempts import last_attempts_of_who_used_all
from maarifa.learning.progress import Step, step_texts, steps_of
from maarifa.quizzes.models import Attempt, LateAnswers

Action, Outcome, Stage = RosterRow.Action, RosterRow.Outcome, RosterImport.Stage

# Finding
# ----------------------------------------------------------------------------------------------------------


def cohorts_of_units(user: User) -> list[tuple[Unit, list[Cohort]]]:
    """The units where the person works, each with its cohorts and how many `people` these have, and how many of them
    `accepted`. Empty for somebody who works for no institution. Two queries.
    """
    units = list(
        Unit.objects.visible_to(user).select_related("institution").order_by("institution__name", "path")
    )
    if not units:
        return []
    cohorts = (
        Cohort.objects.filter(unit__in=units)
        .select_related("course")
        .annotate(
            people=Count("members", filter=~Q(members__state=CohortMember.State.LEFT)),
            accepted=Count("members", filter=Q(members__state=CohortMember.State.ACCEPTED)),
        )
    )
    of_unit: dict[int, list[Cohort]] = {}
    for cohort in cohorts:
        of_unit.setdefault(cohort.unit_id, []).append(cohort)
    return [(unit, of_unit.get(unit.pk, [])) for unit in units]


def find_cohort(user: User, public_id: UUID) -> Cohort | None:
    """A cohort that the person may see, with `managed`: whether they may change it. Two queries."""
    cohort = Cohort.objects.visible_to(user).for_page().filter(public_id=public_id).first()
    if cohort is not None:
        cohort.managed = Cohort.objects.managed_by(user).filter(pk=cohort.pk).exists()
    return cohort


def find_roster(cohort: Cohort, public_id: UUID) -> RosterImport | None:
    """A roster of the cohort, without its file."""
    roster = RosterImport.objects.without_file().filter(cohort=cohort, public_id=public_id).first()
    if roster is not None:
        roster.cohort = cohort
    return roster


def find_member(cohort: Cohort, public_id: UUID, *, at: datetime) -> CohortMember | None:
    """Somebody of the cohort, with their account, enrolment and what they need attention with; `card_is_open` says
    whether there is a card of theirs to print.
    """
    members = CohortMember.objects.filter(cohort=cohort, public_id=public_id).with_attention(at)
    card = Case(When(_card_is_open(cohort, at), then=True), default=False, output_field=BooleanField())
    # By name, so that the type checker does not take it for a second declaration of what the model declares.
    more = {"card_is_open": card}
    member = members.annotate(**more).select_related("learner", "enrolment").first()
    if member is not None:
        member.cohort = cohort
    return member


def course_title(cohort: Cohort, language: str) -> str:
    """In the language where there is one; the key of a course that has no edition yet."""
    edition = cohort.edition_id
    return editions.outline(edition).texts(language)["title"] if edition else cohort.course.key


# People
# ----------------------------------------------------------------------------------------------------------

SHOWN = {
    "attention": ~Q(attention=""),
    "invited": Q(state=CohortMember.State.INVITED),
    "certified": Q(certified=True),
    "track": Q(state=CohortMember.State.ACCEPTED, attention=""),
    "left": Q(state=CohortMember.State.LEFT),
}
ORDERS = {"attention": ["urgency", "given_name_sort", "id"], "name": ["given_name_sort", "id"]}


def people(
    cohort: Cohort, *, at: datetime, show: str = "", order: str = "attention", search: str = ""
) -> CohortMemberQuerySet:
    """The people of the cohort with the reason why they need attention: those of a kind of `SHOWN`, or all who have not
    left; in an order of `ORDERS`; whose name, address or number has the words of `search`.
    """
    members = CohortMember.objects.filter(cohort=cohort).with_attention(at)
    rows = members.filter(SHOWN[show]) if show in SHOWN else members.exclude(state=CohortMember.State.LEFT)
    if search:
        rows = rows.search(search)
    return rows.order_by(*ORDERS.get(order, ORDERS["attention"]))


def everybody(cohort: Cohort, *, at: datetime) -> CohortMemberQuerySet:
    """Also who has left, by name."""
    return CohortMember.objects.filter(cohort=cohort).with_attention(at).order_by(*ORDERS["name"])


def needing_attention(cohort: Cohort, *, at: datetime, most: int) -> list[CohortMember]:
    return list(CohortMember.objects.filter(cohort=cohort).needing_attention(at)[:most])


def tallies(cohort: Cohort, *, at: datetime) -> dict[str, int]:
    """How many people of each kind, in one query."""
    conditions = {
        "people": ~Q(state=CohortMember.State.LEFT),
        "track": SHOWN["track"],
        "attention": SHOWN["attention"],
        "invited": SHOWN["invited"],
        "refused": Q(address_refused=True),
        "certified": SHOWN["certified"],
        "left": SHOWN["left"],
        "cards": _card_is_open(cohort, at),
    }
    # A figure by the name of an annotation, such as attention, would be taken for it by the other figures' conditions.
    figures = {f"figure_{name}": Count("pk", filter=which) for name, which in conditions.items()}
    counts = CohortMember.objects.filter(cohort=cohort).with_attention(at).aggregate(**figures)
    return {name.removeprefix("figure_"): figure for name, figure in counts.items()}


def open_cards(cohort: Cohort, *, at: datetime) -> CohortMemberQuerySet:
    """The people who have a card to print, with their accounts."""
    members = CohortMember.objects.filter(_card_is_open(cohort, at), cohort=cohort)
    return members.select_related("learner")


def _card_is_open(cohort: Cohort, at: datetime) -> Q:
    """Who has a card to print: one whose code opens something now. Where nobody can join any more, who has joined comes
    back with a new card all the same. Whoever declined may still type their code; nobody prints it for them again.
    """
    joining = [] if cohort.why_nobody_joins else [CohortMember.State.INVITED]
    states = [*joining, CohortMember.State.ACCEPTED]
    return Q(entry_code__isnull=False, entry_code_until__gt=at, state__in=states)


# How far they are
# ----------------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """How far somebody is. `best` is the best result, in percent, of what has one and was handed in."""

    states: dict[Place, State] = field(default_factory=dict)
    best: dict[Place, float] = field(default_factory=dict)

    @property
    def percent(self) -> int | None:
        """The mean of the best results; None before the first."""
        return int(sum(self.best.values()) / len(self.best)) if self.best else None

    def state(self, step: Step) -> State:
        """How the person stands with an activity."""
        return self.states.get(Place(step.kind, step.key), State.NOT_YET)

    def count(self, kind: str, state: State) -> int:
        """Of how many activities of a kind this is so."""
        return sum(place.kind == kind and place_state == state for place, place_state in self.states.items())


def figures(members: Iterable[CohortMember]) -> dict[int, Figures]:
    """The figures of the members whose progress is shared, by the member's id; a query for each kind of activity,
    however many there are.
    """
    members_by_enrolment = {
        member.enrolment_id: member for member in members if member.state == member.State.ACCEPTED
    }
    figures_by_enrolment = {enrolment: Figures() for enrolment in members_by_enrolment}
    for kind in KINDS.values():
        for result in kind.results([enrolment for enrolment in members_by_enrolment if enrolment]):
            one, place = figures_by_enrolment[result.enrolment], Place(kind.name, result.key)
            one.states[place] = result.state
            if result.percent is not None:
                one.best[place] = result.percent
    return {member.pk: figures_by_enrolment[enrolment] for enrolment, member in members_by_enrolment.items()}


class StepState(TypedDict):
    """`state_text`: the state for a person; `percent`: the best result, where there is one."""

    title: str
    language: str
    kind: str
    state: State
    state_text: str
    percent: float | None


class QuizUsedUp(TypedDict):
    key: str
    title: str
    language: str


def steps_with_states(one: Figures, cohort: Cohort, language: str) -> list[StepState]:
    """Each activity of the cohort's course in order, with its title, the language that this is in, its state and its
    best result.
    """
    if not cohort.edition_id:
        return []
    outline = editions.outline(cohort.edition_id)
    rows = []
    for step in steps_of(outline):
        texts, state = step_texts(outline, step, language), one.state(step)
        rows.append(
            StepState(
                title=texts["title"],
                language=texts["language"],
                kind=step.kind,
                state=state,
                state_text=KINDS[step.kind].state_words(state),
                percent=one.best.get(Place(step.kind, step.key)),
            )
        )
    return rows


def quizzes_used_up(member: CohortMember, language: str) -> list[QuizUsedUp]:
    """Of this learner: the quizzes at which somebody must grant an attempt, with their titles."""
    if not member.used_up or member.enrolment is None:
        return []
    outline = editions.outline(member.enrolment.edition_id)
    attempts = last_attempts_of_who_used_all().filter(enrolment_attempt__enrolment=member.enrolment_id)
    keys = {key.rpartition("/")[2] for key in attempts.values_list("quiz__key", flat=True)}
    return [_used_up(outline, key, language) for key in sorted(keys & outline.quiz_keys)]


def _used_up(outline: Outline, key: str, language: str) -> QuizUsedUp:
    texts = outline.quiz_texts(key, language)
    return QuizUsedUp(key=key, title=texts["title"], language=texts["language"])


def timed_attempts(member: CohortMember) -> list[Attempt]:
    """Of this learner: the attempts with a time limit that are running, or just over."""
    if member.state != CohortMember.State.ACCEPTED or member.enrolment is None:
        return []
    attempts = Attempt.objects.open().filter(
        enrolment_attempt__enrolment=member.enrolment_id, ends_at__isnull=False
    )
    return list(attempts.select_related("quiz"))


def late_answers(member: CohortMember) -> list[LateAnswers]:
    """Of this learner: what arrived when the time of an attempt was over, and waits for a decision."""
    if not member.late_answers:
        return []
    waiting = LateAnswers.objects.awaiting().filter(attempt__enrolment_attempt__enrolment=member.enrolment_id)
    return list(waiting.select_related("attempt__quiz"))


# Rosters
# ----------------------------------------------------------------------------------------------------------

TO_LOOK_AT = Q(action=Action.ERROR) | Q(outcome=Outcome.REFUSED) | ~Q(problems=[])
# Problems first, then what would be done, then what is there already.
FIRST = Case(
    When(Q(action=Action.ERROR) | Q(outcome=Outcome.REFUSED), then=Value(0)),
    When(~Q(problems=[]), then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def rosters_under_way(cohort: Cohort) -> list[RosterImport]:
    """Those that are being applied or wait for a yes, the newest first; in a closed cohort none can be applied."""
    stages = [Stage.PLANNED, Stage.CONFIRMED]
    if cohort.retired_at:
        stages.remove(Stage.PLANNED)
    rosters = RosterImport.objects.filter(cohort=cohort, stage__in=stages).order_by("-id")
    return list(rosters.only("public_id", "file_name", "stage", "state")[:99])


def earlier_rosters(cohort: Cohort) -> list[RosterImport]:
    """The last hundred that were not discarded, without their files."""
    rosters = RosterImport.objects.without_file().filter(cohort=cohort).exclude(stage=Stage.DISCARDED)
    return list(rosters.order_by("-id")[:100])


def roster_rows(roster: RosterImport, *, only_problems: bool = False) -> RosterRowQuerySet:
    """What needs a look first."""
    rows = roster.rows.annotate(first=FIRST)
    return (rows.filter(TO_LOOK_AT) if only_problems else rows).order_by("first", "number")


def row_counts(roster: RosterImport) -> dict[str, int]:
    """How many rows of each kind, in one query."""
    todo = Q(action__in=[Action.INVITE, Action.CARD])
    return roster.rows.aggregate(
        rows=Count("pk"),
        invite=Count("pk", filter=Q(action=Action.INVITE)),
        card=Count("pk", filter=Q(action=Action.CARD)),
        nothing=Count("pk", filter=Q(action=Action.NOTHING)),
        error=Count("pk", filter=Q(action=Action.ERROR)),
        noted=Count("pk", filter=~Q(action=Action.ERROR) & ~Q(problems=[])),
        todo=Count("pk", filter=todo),
        handled=Count("pk", filter=todo & ~Q(outcome=Outcome.WAITING)),
        invited=Count("pk", filter=Q(action=Action.INVITE, outcome=Outcome.DONE)),
        carded=Count("pk", filter=Q(action=Action.CARD, outcome=Outcome.DONE)),
        refused=Count("pk", filter=todo & Q(outcome=Outcome.REFUSED)),
    )


def message_counts(roster: RosterImport) -> dict[str, int]:
    """How many of the invitations that the list made have left, wait, and were not taken, in one query."""
    invited_rows = roster.rows.filter(action=Action.INVITE, outcome=Outcome.DONE)
    messages = Delivery.objects.filter(
        kind=INVITATION.name,
        created_at__gte=roster.confirmed_at,
        address__in=invited_rows.values("member__email"),
    )
    return messages.aggregate(
        sent=Count("pk", filter=Q(state=Delivery.State.DONE)),
        refused=Count("pk", filter=Q(state=Delivery.State.FAILED)),
        waiting=Count("pk", filter=~Q(state__in=[Delivery.State.DONE, Delivery.State.FAILED])),
    )
