"""Every address of the site, found by the resolver, opened and posted to by all whom it is none of the business of.

A route that is new is unknown to AUDIENCES, and fails: say there whose it is. The strangers are staff of another
institution, an instructor, a learner of the same cohort, a coordinator who was one, and nobody at all. None of them
reads a word of the learner or changes a row of the institution; no answer to somebody signed in may be kept on the way;
and no route takes a post without its token.
"""

import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver

from maarifa.accounts.actions import give_consent, note_address_change
from maarifa.certificates.models import Certificate
from maarifa.cohorts.models import CohortMember
from maarifa.institutions.models import Membership
from maarifa.learning.models import CourseCompletion
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, accepted_member, planned, staff_of
from tests.factories.curriculum import published_course
from tests.factories.delivery import DeliveryFactory
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
from tests.factories.learning import MONDAY, RIGHT, send_answers, some_reviewed, start_quiz

pytestmark = pytest.mark.django_db

# Whose a route is. "all": it shows the same to everybody, or each their own; "learner" and "institution": it leads to
# rows of one learner or one cohort; "token": whoever has what stands in the address may open it.
AUDIENCES = {
    audience: set(names.split())
    for audience, names in {
        "all": """
            account account-close account-export account-keep-language account-prove-by-mail
            account-recover account-recovery-code
            account-sign-out-everywhere account_change_password account_confirm_login_code account_email
            account_email_verification_sent account_inactive account_login account_logout
            account_reauthenticate account_request_login_code account_reset_password
            account_reset_password_done account_reset_password_from_key_done account_set_password
            account_signup catalogue certificates cohort-new confirm-names course course-language enrol
            enter events glossary groups healthz help help-coordinators help-instructors home
            institution lesson mfa_activate_totp
            mfa_add_webauthn mfa_authenticate mfa_deactivate_totp mfa_download_recovery_codes
            mfa_generate_recovery_codes mfa_index mfa_list_webauthn mfa_reauthenticate
            mfa_reauthenticate_webauthn mfa_view_recovery_codes my-learning picture quiz readyz
            practice practice-answers review review-answers root sources verify verify-code verify-json wanted-messages
            workbook worksheet
        """,
        "learner": """
            account-withdraw attempt attempt-answers attempt-send attempt-time certificate-pdf correct-name
            group-leave mfa_edit_webauthn mfa_remove_webauthn result review-result
        """,
        "institution": """
            cohort cohort-cards cohort-close cohort-export cohort-quiz-dates roster roster-discard roster-progress
            roster-result roster-upload member member-card member-confirm member-grant member-time
        """,
        "token": """
            account-undo-address account_reset_password_from_key join join-decline unsubscribe
        """,
    }.items()
}
# Who has the code of a certificate may know whose it is: it is printed there.
NAMES_THE_HOLDER = {"verify-code", "verify-json"}
# A mail program posts there with neither page nor cookie (RFC 8058).
WITHOUT_TOKEN = {"unsubscribe"}
ENTRANCES = {
    *("account_login", "account_request_login_code", "account_confirm_login_code", "account_signup"),
    "account-recover",
}
# The same for everybody and for ever, or for machines.
MAY_BE_KEPT = {"picture", "healthz", "readyz"}
# Of the site alone: no code of others, none inside a page, and no frame around it.
POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"}
LEAVING = ("account_logout", "account-close", "account-sign-out-everywhere")
SENTINEL = "Zanelesentinel"


def routes() -> list[tuple[str, URLPattern]]:
    """Every route outside the admin by its whole pattern, once: the first of a pattern is the one that answers."""

    def walk(resolver, before):
        for entry in resolver.url_patterns:
            whole = before + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield whole, entry
            elif whole != "admin/":
                yield from walk(entry, whole)

    found = {}
    for whole, entry in walk(get_resolver(), ""):
        found.setdefault(whole, entry)
    return sorted(found.items(), key=lambda pair: pair[0])


def name_of(whole, entry) -> str:
    # One name stands on two patterns: the second only leads to the first.
    return entry.name or ("verify-code" if whole == "verify/<str:code>/" else whole)


@pytest.fixture
def world():
    """An institution with a learner in every state of work, and what stands for each part of an address."""
    course = published_course(key="rules-that-work", languages=["en"], at=MONDAY)
    institution = InstitutionFactory(key="university-of-kilele")
    cohort = CohortFactory(unit=root(institution), course=course.course, name="Autumn")
    learner = UserFactory(
        username="sentinel",
        name=f"{SENTINEL} Dube",
        email="sentinel@example.org",
        certificate_name=f"{SENTINEL} Dube",
    )
    member = accepted_member(cohort=cohort, learner=learner, staff_number="S-4711")
    roster = planned([[f"{SENTINEL} Khumalo", "another-sentinel@example.org", "S-4712", ""]], cohort=cohort)
    attempt = start_quiz(member.enrolment)
    send_answers(attempt, RIGHT)
    completion = CourseCompletion.objects.filter(enrolment=member.enrolment).first()
    completion = completion or CourseCompletion.objects.create(
        enrolment=member.enrolment, edition=course.edition, completed_at=MONDAY
    )
    certificate = Certificate.objects.filter(completion=completion).first()
    certificate = certificate or Certificate.objects.create(
        completion=completion, learner=learner, code="K7QF2M9DX4TW0B5Z"
    )
    consent = give_consent(
        user=learner,
        purpose="sharing",
        subject=member.public_id,
        words=f"I agree, {SENTINEL}.",
        language="en",
    )
    DeliveryFactory(recipient=learner, address=learner.email, subject=f"Dear {SENTINEL}")
    note_address_change(user=learner, old="old-sentinel@example.org", new=learner.email)
    values = {
        "course": "rules-that-work",
        "lesson": "first",
        "quiz": "basics-quiz",
        "worksheet": "no-worksheet",
        "attempt": attempt.public_id,
        "cohort_id": cohort.public_id,
        "member_id": member.public_id,
        "roster_id": roster.public_id,
        "consent": consent.public_id,
        "code": certificate.code,
        "digest": "0" * 64,
        "form": some_reviewed(learner),
        "token": "x",
        "uidb36": "1",
        "key": "x-x",
        "kind": "csv",
        "act": "withdraw",
        "pk": 1,
        "object_id": learner.pk,
    }
    return {"cohort": cohort, "learner": learner, "member": member, "values": values}


@pytest.fixture
def strangers(world):
    """Browsers by who sits there."""
    cohort = world["cohort"]
    gone = MembershipFactory(unit=cohort.unit)
    Membership.objects.filter(pk=gone.pk).update(ended_at=gone.granted_at)
    instructor = UserFactory(is_staff=True)
    instructor.user_permissions.set(Permission.objects.filter(content_type__app_label="curriculum"))
    people = {
        "elsewhere": MembershipFactory(unit=root(InstitutionFactory(key="another"))).user,
        "gone": gone.user,
        "classmate": accepted_member(cohort=cohort).learner,
        "instructor": instructor,
        "nobody": None,
    }
    browsers = {}
    for name, person in people.items():
        browsers[name] = Client(raise_request_exception=False)
        if person is not None:
            browsers[name].force_login(person)
    return browsers


def address_of(whole, values) -> str:
    """The pattern with a value for each of its parts. A part that is new is unknown, and fails."""
    path = re.sub(
        r"<(?:\w+:)?(\w+)>", lambda part: str(values[part[1]]), whole.replace("(?P", "").replace("^", "")
    )
    return "/" + re.sub(r"\[[^\]]*\]\+\)|\.\+\)|\$$", "", path)


def snapshot() -> dict:
    """What all tables of people and work hold, but for sessions, audit and what strangers make of their own."""
    names = [
        *("cohorts_cohort", "cohorts_cohortmember", "cohorts_rosterimport", "cohorts_rosterrow"),
        *(
            "quizzes_attempt",
            "quizzes_attemptquestion",
            "certificates_certificate",
            "certificates_revocation",
        ),
        *("institutions_unit", "institutions_institution", "institutions_membership"),
        *("accounts_addresschange", "learning_reviewcard", "learning_reviewanswer"),
    ]
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        rows = {}
        for name in names:
            assert name in there, name
            cursor.execute(f'SELECT * FROM "{name}" ORDER BY id')
            rows[name] = cursor.fetchall()
        cursor.execute(
            "SELECT password, email, name, certificate_name, language, is_active, closed_at, session_epoch"
            " FROM accounts_user WHERE username = 'sentinel'"
        )
        rows["person"] = cursor.fetchall()
    return rows


def test_every_route_says_whose_it_is():
    names = {name_of(whole, entry) for whole, entry in routes()}
    known = set().union(*AUDIENCES.values())
    assert names - known == set(), "new routes: say in AUDIENCES whose they are"
    assert known - names == set(), "routes that are gone"
    assert sum(len(some) for some in AUDIENCES.values()) == len(known)


def test_strangers_read_nothing_and_change_nothing_at_any_address(world, strangers):
    before, faults, asked = snapshot(), [], 0
    for whole, entry in routes():
        name = name_of(whole, entry)
        address = address_of(whole, world["values"])
        for who, browser in strangers.items():
            if name in (*LEAVING, "account-recovery-code"):
                continue
            cache.clear()
            for method in ("get", "post"):
                data = (
                    {"action": "withdraw", "confirmed": "on", "sure": "on", "name": "X"}
                    if method == "post"
                    else {}
                )
                answer = getattr(browser, method)(address, data)
                asked += 1
                text = b"".join(answer) if answer.streaming else answer.content
                said = text.decode(errors="replace")
                if answer.status_code >= 500 and name != "readyz":
                    faults.append(f"{who} {method} {address}: {answer.status_code}")
                if "entinel" in said and name not in NAMES_THE_HOLDER:
                    faults.append(f"{who} {method} {address}: a word of the learner")
                theirs = name in AUDIENCES["learner"] | AUDIENCES["institution"]
                if theirs and answer.status_code not in (302, 403, 404, 405):
                    faults.append(f"{who} {method} {address}: {answer.status_code}")
                if theirs and answer.status_code == 302 and "/login/" not in answer.url and who == "nobody":
                    faults.append(f"{who} {method} {address}: leads to {answer.url}")
    after = snapshot()
    # What they began for themselves is theirs; what was there is as it was.
    faults += [f"{table} changed" for table in before if not set(before[table]) <= set(after[table])]
    assert not faults, "\n".join(faults)
    assert asked > 800


def test_who_it_belongs_to_reads_it(world):
    """Or the walk above would find nothing, whatever happened."""
    coordinator, learner = Client(), Client()
    coordinator.force_login(staff_of(world["cohort"]))
    learner.force_login(world["learner"])
    shown = set()
    for whole, entry in routes():
        name = name_of(whole, entry)
        for browser in (coordinator, learner):
            answer = browser.get(address_of(whole, world["values"]))
            if answer.status_code == 200:
                text = b"".join(answer) if answer.streaming else answer.content
                if b"entinel" in text:
                    shown.add(name)
    assert {"cohort", "cohort-export", "roster", "member", "account", "account-export"} <= shown


def test_no_answer_to_somebody_signed_in_may_be_kept_framed_or_run_strange_code(world):
    faults = []
    browser = Client(raise_request_exception=False)
    for person in (world["learner"], staff_of(world["cohort"])):
        for whole, entry in routes():
            name = name_of(whole, entry)
            if name in MAY_BE_KEPT:
                continue
            browser.force_login(person)
            answer = browser.get(address_of(whole, world["values"]))
            kept = answer.headers.get("Cache-Control", "")
            if not re.search(r"private|no-store|no-cache", kept) or "public" in kept:
                faults.append(f"{name}: {answer.status_code}, Cache-Control {kept!r}")
            if answer.headers.get("X-Frame-Options") != "DENY":
                faults.append(f"{name}: may be framed")
            policy = answer.headers.get("Content-Security-Policy", "")
            if answer.status_code == 200 and not set(policy.split("; ")) >= POLICY:
                faults.append(f"{name}: policy {policy!r}")
    assert not faults, "\n".join(faults)


def test_no_route_takes_a_post_without_its_token(world):
    faults = []
    people = [
        world["learner"],
        staff_of(world["cohort"]),
        UserFactory(is_staff=True, is_superuser=True),
        None,
    ]
    before = snapshot()
    for person in people:
        browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if person is not None:
            browser.force_login(person)
        for whole, entry in routes():
            name = name_of(whole, entry)
            answer = browser.post(address_of(whole, world["values"]), {"action": "withdraw", "sure": "on"})
            # Who is in already is led on by the pages that let people in, whatever they post.
            led_on = person is not None and name in ENTRANCES and answer.status_code == 302
            if not (answer.status_code in (403, 405) or led_on or name in WITHOUT_TOKEN):
                faults.append(f"{name}: {answer.status_code}")
    assert not faults, "\n".join(faults)
    assert snapshot() == before


def admin_addresses(values) -> list[str]:
    """Every address of the admin, each model's and our own."""

    def walk(resolver, before):
        for entry in resolver.url_patterns:
            whole = before + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield whole
            else:
                yield from walk(entry, whole)

    admin = next(one for one in get_resolver().url_patterns if str(one.pattern) == "admin/")
    more = values | {
        "content_type_id": 1,
        "path": "x",
        "app_label": "x",
        "url": "x",
        "language": "en",
        "number": 1,
    }
    found = []
    for whole in walk(admin, "admin/"):
        if "(?P" not in whole:
            parts = re.findall(r"<(?:\w+:)?(\w+)>", whole)
            found.append(address_of(whole, {part: more.get(part, 1) for part in parts} | more))
    return found


OPEN_IN_THE_ADMIN = {"/admin/login/", "/admin/logout/", "/admin/jsi18n/"}


def test_admin_is_shut_to_all_but_staff_and_shows_staff_only_what_is_theirs(world, strangers):
    before, faults = snapshot(), []
    addresses = admin_addresses(world["values"])
    strangers["no rights"] = Client(raise_request_exception=False)
    strangers["no rights"].force_login(UserFactory(is_staff=True))
    for address in addresses:
        if address in OPEN_IN_THE_ADMIN:
            continue
        for who, browser in strangers.items():
            for method in ("get", "post"):
                answer = getattr(browser, method)(address)
                said = answer.content.decode(errors="replace") if not answer.streaming else ""
                if "entinel" in said or answer.status_code >= 500:
                    faults.append(f"{who} {method} {address}: {answer.status_code}")
                if who not in ("instructor", "no rights") and answer.status_code not in (302, 403, 404):
                    faults.append(f"{who} {method} {address}: {answer.status_code}")
                shown = answer.status_code == 200 and not re.search("autocomplete|password_change", address)
                if who == "no rights" and address.count("/") > 3 and shown:
                    faults.append(f"{who} {method} {address}: {answer.status_code}")
    assert not faults, "\n".join(faults)
    assert snapshot() == before
    assert len(addresses) > 100


def test_ids_that_nobody_has_look_like_ids_of_others(world, strangers):
    """Who asks about a row of others learns nothing from the answer, not even that it is there."""
    unknown = world["values"] | {
        name: uuid.uuid4() for name in ("attempt", "cohort_id", "member_id", "roster_id", "consent")
    }
    faults = []
    for whole, entry in routes():
        if name_of(whole, entry) not in AUDIENCES["institution"]:
            continue
        for who, browser in strangers.items():
            there = browser.get(address_of(whole, world["values"])).status_code
            away = browser.get(address_of(whole, unknown)).status_code
            if there != away:
                faults.append(f"{who} {whole}: {there} and {away}")
    assert not faults, "\n".join(faults)
    assert CohortMember.objects.exists()
