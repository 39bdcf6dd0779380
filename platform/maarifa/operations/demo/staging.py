"""Making the demo, step by step, each of which is taken once."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid5

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.urls import reverse
from django.utils import translation

from maarifa.accounts import actions as accounts
from maarifa.accounts.models import User
from maarifa.certificates import actions as certificates
from maarifa.certificates.models import Certificate
from maarifa.cohorts import actions as cohorts
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.curriculum import editions
from maarifa.curriculum.actions import make_instructor
from maarifa.curriculum.editions import Outline
from maarifa.curriculum.models import Course
from maarifa.delivery.actions import suppress as stop_writing_to
from maarifa.delivery.models import Suppression
from maarifa.institutions import actions as institutions
from maarifa.institutions.models import Institution, Membership, Unit
from maarifa.learning import actions as learning
from maarifa.learning.models import Enrolment, Event, ReviewRefresh
from maarifa.learning.stored import Outcome
from maarifa.lib.errors import DomainError
from maarifa.lib.spreadsheets import write_csv
from maarifa.operations.demo.cast import (
    COORDINATOR,
    INSTRUCTOR,
    LEARNER,
    MEMBERS,
    NOBODY_AGREED,
    OBSERVER,
    REFUSED_ADDRESS,
    TO_SIGN_IN,
    Member,
    Person,
)
from maarifa.operations.demo.sign_ins import Told, new_password
from maarifa.quizzes.kinds import Response, kind_named
from maarifa.quizzes.models import Attempt, QuestionVersion

COURSE = "ai-governance-foundations"
INSTITUTION = "example-institute"
UNIT = "coast"
COHORT = "Coastal offices, first group"


class DemoError(DomainError):
    MESSAGES = {
        "NO_COURSE": "The course %(course)s is not published here, so the demo has nothing to show.",
        "SOMEBODY_ELSE": "Someone else already has the user name %(username)s.",
        "CLOSED": "The account %(username)s has been closed.",
        "NOT_ENROLLED": "%(username)s has left the course %(course)s.",
        "NO_CERTIFICATE": "%(cohort)s has no valid certificate.",
        "NOT_APPLIED": "No one could be invited to %(cohort)s yet. The next start continues from here.",
    }


class Taking(NamedTuple):
    """Somebody of the group who has accepted, and what they take."""

    cohort_member: CohortMember
    learner: User
    enrolment: Enrolment


class Staging:
    def __init__(self, at: datetime, say: Callable[[str], object]) -> None:
        self.at, self.say = at, say
        course = Course.objects.published().filter(key=COURSE).first()
        if course is None:
            raise DemoError("NO_COURSE", course=COURSE)
        self.course = course

    def make(self, passwords: dict[str, str]) -> None:
        self.people = {person: self.person(person) for person in (*TO_SIGN_IN, OBSERVER)}
        self.let_in(passwords)
        self.staff()
        self.group()
        cohort_members = CohortMember.objects.select_related(
            "learner", "enrolment__course", "cohort__course", "cohort__unit__institution"
        )
        self.members = {
            cohort_member.staff_number: cohort_member
            for cohort_member in cohort_members.filter(cohort=self.cohort)
        }
        events = Event.objects.filter(learner__members__cohort=self.cohort)
        self.outcomes = dict(events.values_list("client_id", "outcome"))
        for member in MEMBERS:
            self.learn(member)
        if not ReviewRefresh.objects.exists():
            # What was learned days ago is to be reviewed now, not in an hour.
            learning.refresh_review(at=self.at)

    # People with a role -----------------------------------------------------------------------------------------

    def person(self, who: Person) -> User:
        user = User.objects.filter(username=who.username).first()
        if user is None:
            return accounts.create_account(
                username=who.username,
                name=who.name,
                email=who.email,
                address_proven=True,
                language=who.language,
                time_zone=who.zone,
                at=self.ago(30),
            )
        if user.closed_at:
            raise DemoError("CLOSED", username=who.username)
        if user.email not in (None, who.email):
            raise DemoError("SOMEBODY_ELSE", username=who.username)
        return user

    def let_in(self, passwords: Mapping[str, str]) -> None:
        """Everybody enters with the password in the file; where that isn't so, there is a new one."""
        self.passwords = {who: passwords.get(who.role) or new_password() for who in TO_SIGN_IN}
        # Hashing is slow on purpose; at every start, all of them at once.
        with ThreadPoolExecutor() as pool:
            fits = pool.map(
                check_password,
                self.passwords.values(),
                [self.people[who].password for who in self.passwords],
            )
            wrong = [who for who, right in zip(self.passwords, fits, strict=True) if not right]
        for who in wrong:
            user = self.people[who]
            if user.has_usable_password():
                self.say(f"{who.username} has a new password.")
            accounts.set_password_and_names(user=user, password=self.passwords[who], at=self.at)

    def staff(self) -> None:
        instructor, coordinator = self.people[INSTRUCTOR], self.people[COORDINATOR]
        make_instructor(user=instructor)
        institution = Institution.objects.filter(key=INSTITUTION).first()
        if institution is None:
            institution = institutions.create_institution(
                key=INSTITUTION,
                name="Example Institute of Public Service",
                language="en",
                time_zone="Africa/Nairobi",
                contact="the learning desk",
                contact_email="learning-desk@example.org",
                contact_phone="+254 700 000 000",
                at=self.ago(30),
            )
        self.institution = institution
        root = Unit.objects.get(institution=institution, parent=None)
        self.unit = self.part(root, UNIT, "Coastal offices")
        highlands = self.part(root, "highlands", "Highland offices")
        for user, unit, role in (
            (coordinator, root, Membership.Role.COORDINATOR),
            (self.people[OBSERVER], self.unit, Membership.Role.OBSERVER),
            (self.people[OBSERVER], highlands, Membership.Role.OBSERVER),
        ):
            if not Membership.objects.filter(user=user, unit=unit).exists():
                institutions.grant_role(user=user, unit=unit, role=role, by=None, at=self.ago(30))

    def part(self, root: Unit, key: str, name: str) -> Unit:
        unit = Unit.objects.filter(institution=root.institution, parent=root, key=key).first()
        return unit or institutions.add_unit(parent=root, key=key, name=name, at=self.ago(30))

    # The group --------------------------------------------------------------------------------------------------

    def group(self) -> None:
        coordinator = self.people[COORDINATOR]
        cohort = Cohort.objects.for_page().filter(unit=self.unit, name=COHORT).first()
        if cohort is None:
            cohort = cohorts.create_cohort(
                unit=self.unit,
                course=self.course,
                name=COHORT,
                language="en",
                by=coordinator,
                opens_on=self.ago(28).date(),
                due_on=self.ago(-60).date(),
                at=self.ago(30),
            )
            self.say(f"Created the cohort “{COHORT}” of the {self.institution.name}.")
        self.cohort = cohort
        staff_numbers = set(cohort.members.values_list("staff_number", flat=True))
        missing = [member for member in MEMBERS if member.number not in staff_numbers]
        if missing:
            stop_writing_to(address=REFUSED_ADDRESS, reason=Suppression.Reason.REFUSED, at=self.ago(20))
        for days in sorted({member.invited for member in missing}, reverse=True):
            self.invite([m for m in missing if m.invited == days], self.ago(days), by=coordinator)

    def invite(self, members: Sequence[Member], at: datetime, *, by: User) -> None:
        """As a coordinator does it, by a spreadsheet, but for the waiting."""
        rows = [(m.number, m.name, m.email, m.language) for m in members]
        roster = cohorts.plan_roster(
            cohort=self.cohort,
            by=by,
            file_name="coastal-offices.csv",
            content=write_csv(["Staff number", "Name", "E-mail", "Language"], rows),
            language="en",
            at=at,
        )
        if not cohorts.confirm_and_apply(roster=roster, plan_digest=roster.plan_digest, by=by, at=at):
            raise DemoError("NOT_APPLIED", cohort=COHORT)

    # What each has done -----------------------------------------------------------------------------------------

    def learn(self, member: Member) -> None:
        if member.accepted is None:
            return
        cohort_member = self.members[member.number]
        if cohort_member.state == CohortMember.State.INVITED:
            self.accept(member, cohort_member, at=self.ago(member.accepted))
        learner, enrolment = cohort_member.learner, cohort_member.enrolment
        if cohort_member.state != CohortMember.State.ACCEPTED or learner is None or enrolment is None:
            return
        taking = Taking(cohort_member, learner, enrolment)
        outline = self.read(enrolment)
        lesson_days = zip(outline.lesson_order, member.lessons, strict=False)
        for number, (lesson, days) in enumerate(lesson_days, start=1):
            payload = {"course": COURSE, "lesson": lesson, "language": enrolment.language}
            self.record(taking, Event.Kind.LESSON_READ, number, payload, days)
        quizzes = list(outline.quiz_order)
        for number, (days, end) in enumerate(member.tries, start=1):
            self.try_quiz(taking, quizzes[0], number, days, end)
            if end == "right":
                quizzes.pop(0)
        if not quizzes:
            self.certify(member, taking)

    def accept(self, member: Member, cohort_member: CohortMember, *, at: datetime) -> None:
        """As by the link in the message; who has a sign-in accepts signed in."""
        visitor = next((user for user in self.people.values() if user.email == member.email), None)
        cohorts.accept_invitation(
            member=cohort_member,
            visitor=visitor,
            consent_text=NOBODY_AGREED,
            language=member.language,
            name=None if visitor else member.name,
            at=at,
        )
        cohort_member.refresh_from_db()

    def record(self, taking: Taking, kind: str, number: int, payload: dict[str, Any], days: int) -> Outcome:
        """Through the event intake, once; what was recorded by an earlier run stays as it was."""
        client_id = uuid5(taking.cohort_member.public_id, f"demo {kind} {number}")
        return self.outcomes.get(client_id) or learning.record_event(
            learner=taking.learner,
            client_id=client_id,
            kind=kind,
            payload=payload,
            at=max(self.ago(days), taking.enrolment.enrolled_at),
        )

    def try_quiz(self, taking: Taking, quiz: str, number: int, days: int, end: str) -> None:
        payload = {"course": COURSE, "quiz": quiz, "language": taking.enrolment.language}
        outcome = self.record(taking, Event.Kind.QUIZ_STARTED, number, payload, days)
        if outcome["status"] != "accepted":
            return
        attempt = Attempt.objects.get(public_id=outcome["attempt"])
        if not attempt.is_open:
            return
        kind = Event.Kind.ANSWER_SAVED if end == "open" else Event.Kind.QUIZ_SUBMITTED
        responses = _responses(attempt, right=end == "right", first_only=end == "open")
        self.record(taking, kind, number, {"attempt": outcome["attempt"], "responses": responses}, days)

    def certify(self, member: Member, taking: Taking) -> None:
        """Issued in place: the code verifies before any worker is there."""
        certificate = Certificate.objects.filter(completion__enrolment=taking.enrolment).first()
        if certificate is None or certificate.state == Certificate.State.DONE:
            return
        at = self.ago(member.tries[-1][0])
        if not taking.learner.names_confirmed_at:
            accounts.confirm_names(
                user=taking.learner, name=member.name, name_latin=member.name_latin or member.name, at=at
            )
        certificates.issue_certificate(certificate_id=certificate.pk, at=at)

    # What scripts are told --------------------------------------------------------------------------------------

    def told(self) -> Told:
        learner = self.people[LEARNER]
        enrolment = (
            Enrolment.objects.for_page().visible_to(learner).current().filter(course=self.course).first()
        )
        certificate = (
            Certificate.objects.issued()
            .filter(completion__enrolment__members__cohort=self.cohort, revocation=None)
            .order_by("pk")
            .first()
        )
        if enrolment is None:
            raise DemoError("NOT_ENROLLED", username=LEARNER.username, course=COURSE)
        if certificate is None:
            raise DemoError("NO_CERTIFICATE", cohort=COHORT)
        lesson = self.read(enrolment).lesson_order[0]
        with translation.override(learner.language):
            path = reverse("lesson", args=[COURSE, lesson])
        return {
            "address": settings.SITE_URL,
            "people": {
                who.role: {"username": who.username, "password": self.passwords[who]} for who in TO_SIGN_IN
            },
            "course": COURSE,
            "lesson": path,
            "cohort": str(self.cohort.public_id),
            "certificate": certificate.display_code,
        }

    def read(self, enrolment: Enrolment) -> Outline:
        edition = enrolment.edition_id
        if edition is None:
            raise DemoError("NO_COURSE", course=COURSE)
        return editions.outline(edition)

    def ago(self, days: int) -> datetime:
        return self.at - timedelta(days=days)


def _responses(attempt: Attempt, *, right: bool, first_only: bool) -> dict[str, Response]:
    rows = attempt.questions.select_related("question_version").order_by("position")
    answered_rows = rows[:1] if first_only else rows
    return {str(row.position): _response(row.question_version, right) for row in answered_rows}


def _response(version: QuestionVersion, right: bool) -> Response:
    response: Response = kind_named(version.kind).sample(version.structure, version.texts, right=right)
    return response
