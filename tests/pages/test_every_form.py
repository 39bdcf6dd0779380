"""Every form of every page: what Enter presses, and what asks before it is done.

Enter (Go on a phone) presses the first submit button of a form in the order of the markup, wherever it stands on the
screen. What cannot be undone is posted from a page of its own that asks, and from nowhere else. An address that takes
a POST and is not listed here fails: decide first what it is.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from maarifa.accounts.models import User
from maarifa.certificates.models import Certificate
from maarifa.cohorts.actions import plan_roster
from maarifa.cohorts.models import Cohort, CohortMember, make_token
from maarifa.curriculum.models import Course
from maarifa.quizzes.models import AttemptQuestion
from tests.factories.regrading import regraded_answer
from tests.pages.addresses import COURSE, pages_of, pages_of_the_admin

# What asks: the page at the address itself says what follows, and its form is the only one that posts there.
ASKS = {
    *("account-close", "account-withdraw", "cohort-close", "group-leave", "join-decline"),
    *("roster-discard", "member-confirm", "correct-name", "account-keep-language"),
    *("admin:curriculum_course_choose_edition", "admin:certificates_certificate_revoke"),
    "admin:quizzes_question_regrade",
}
# What can be done again, done otherwise or taken back.
DONE_AT_ONCE = {
    *("account", "account-sign-out-everywhere", "account_login", "account_logout", "account_signup"),
    "wanted-messages",
    *("account_email", "account_change_password", "account_set_password", "account_reauthenticate"),
    *("account_reset_password", "account_reset_password_from_key"),
    *("account_request_login_code", "account_confirm_login_code", "account_email_verification_sent"),
    *("enrol", "course-language", "events", "lesson", "quiz", "attempt", "confirm-names"),
    *("practice", "admin:curriculum_lesson_preview_practice"),
    *(
        "attempt-answers",
        "review-answers",
        "member-grant",
        "member-time",
        "account-recover",
        "account-recovery-code",
    ),
    *(
        "cohort",
        "cohort-new",
        "cohort-quiz-dates",
        "roster-upload",
        "roster",
        "member",
        "join",
        "enter",
        "unsubscribe",
    ),
    *("admin:login", "admin:logout", "admin:curriculum_course_publish"),
    *("admin:certificates_certificate_correct", "admin:quizzes_bank_import", "admin:quizzes_bank_export"),
    *("mfa_activate_totp", "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_authenticate", "mfa_reauthenticate"),
    *("mfa_reauthenticate_webauthn", "account-prove-by-mail", "account-undo-address"),
    # Each has a page of its own that asks, behind a fresh proof.
    *("mfa_deactivate_totp", "mfa_remove_webauthn", "mfa_generate_recovery_codes"),
}
# What answers no POST.
READS = {
    *("root", "picture", "healthz", "readyz", "verify", "verify-json", "verify-code", "home", "my-learning"),
    *("mfa_index", "mfa_list_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
    *(
        "help",
        "help-coordinators",
        "help-instructors",
        "account-export",
        "account_inactive",
        "account_reset_password_from_key_done",
    ),
    *("account_reset_password_done", "catalogue", "course", "glossary", "workbook", "worksheet", "sources"),
    "practice-answers",
    *(
        "attempt-send",
        "attempt-time",
        "result",
        "review",
        "review-result",
        "certificates",
        "certificate-pdf",
        "institution",
        "cohort-cards",
        "member-card",
        "cohort-export",
        "groups",
    ),
    *("roster-progress", "roster-result"),
    *("admin:index", "admin:password_change_done", "admin:autocomplete", "admin:jsi18n", "admin:app_list"),
    *("admin:view_on_site", "admin:curriculum_course_editions", "admin:curriculum_lesson_preview"),
    "admin:quizzes_regrade_progress",
    *("admin:quizzes_quiz_statistics", "admin:quizzes_quiz_question_statistics"),
    "admin:quizzes_quiz_statistics_export",
    "admin:quizzes_bank_template",
}
# The admin's own pages of a model; its deleting asks by itself.
OF_A_MODEL = re.compile(r"admin:\w+_(changelist|add|change|delete|history|versions)$")
# What the lists of the admin can do with rows.
ACTIONS_THAT_ASK = {"close user", "erase user", "retire institution", "end membership"}
# Django's own page asks.
ACTIONS_THAT_ASK |= {"delete_selected group", "delete_selected suppression"}
ACTIONS_AT_ONCE = {
    "reopen user",
    *(f"{act} {what}" for act in ("retire", "bring_back") for what in ("module", "lesson")),
    *(f"{act} {what}" for act in ("retire", "bring_back") for what in ("bank", "question", "quiz")),
    *("try_again certificate", "send_again delivery", "try_again regrade"),
}


class Page(HTMLParser):
    """The forms of a page, each with its method, address and submit buttons in the order of the markup."""

    def __init__(self, response, address):
        super().__init__()
        self.address = address
        self.forms, self.actions, self.loose = [], set(), []
        self._inside = self._choosing = False
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._inside = True
            there = urlsplit(urljoin(f"http://x{self.address}", given.get("action") or self.address)).path
            self.forms.append({"post": given.get("method", "") == "post", "there": there, "buttons": []})
        elif tag == "select":
            self._choosing = given.get("name") == "action"
        elif tag == "option" and self._choosing and given.get("value"):
            self.actions.add(given["value"])
        elif (tag == "button" and given.get("type", "submit") == "submit") or (
            tag == "input" and given.get("type") in ("submit", "image")
        ):
            if "form" in given:
                self.loose.append(self.get_starttag_text())
            elif self._inside:
                self.forms[-1]["buttons"].append(given)

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._choosing = False


def quieter(button) -> bool:
    return bool({"quiet", "link", "danger", "deletelink"} & set(button.get("class", "").split()))


def wrong_first(route, button) -> bool:
    """Sending the answers of a quiz cannot be undone, so that Enter saves them there."""
    return button.get("name") == "send" if route == "attempt" else quieter(button)


def dangerous(button) -> bool:
    return bool({"danger", "deletelink"} & set(button.get("class", "").split()))


def route_of(path) -> str:
    found = resolve(path)
    return f"{found.namespace}:{found.url_name}" if found.namespace else found.url_name


def faults_of(page) -> list[str]:
    found = [f"a button stands outside its form: {button}" for button in page.loose]
    here = route_of(page.address.partition("?")[0])
    for form in page.forms:
        buttons = form["buttons"]
        if len(buttons) > 1 and wrong_first(here, buttons[0]):
            found.append(f"Enter presses {buttons[0]}")
        if not form["post"]:
            continue
        there = route_of(form["there"])
        if there in ASKS and there != here:
            found.append(f"posts to {there} without a question")
        if there not in ASKS | DONE_AT_ONCE and not OF_A_MODEL.match(there):
            found.append(f"posts to {there}, which is listed nowhere")
        if any(dangerous(button) for button in buttons) and (
            len(buttons) > 1 or not (there in ASKS or OF_A_MODEL.match(there))
        ):
            found.append(f"a dangerous button on {here} that is not the only one of a page that asks")
    return [f"{page.address}: {fault}" for fault in found]


def regrading_pages() -> list[str]:
    """A question that was asked, its corrected grading, and the next one before it is applied."""
    asked = AttemptQuestion.objects.filter(attempt__submitted_at__isnull=False)
    row = asked.select_related("attempt", "question_version").order_by("pk").first()
    regraded_answer(row.attempt, by=User.objects.get(username="operator"))
    version = row.question_version
    page = reverse("admin:quizzes_question_regrade", args=[version.question_id])
    return [page, f"{page}?versions={version.number}&method=everyone&note=x"]


def more_pages(demo) -> dict[str, list[str]]:
    """Those that ask, invitations and the administrator's, beside the pages that are looked at for their looks."""
    cohort = Cohort.objects.get(public_id=demo["cohort"])
    here = f"/en/institution/cohorts/{cohort.public_id}/"
    coordinator = User.objects.get(username=demo["people"]["coordinator"]["username"])
    rows = b"Name,E-mail\nFatou Diop,fatou@example.org\n,broken\n"
    roster = plan_roster(cohort=cohort, by=coordinator, file_name="list.csv", content=rows, language="en")
    invited = CohortMember.objects.filter(cohort=cohort, state="invited", entry_code=None).first()
    card = CohortMember.objects.filter(cohort=cohort, state="invited").exclude(entry_code=None).first()
    mine = CohortMember.objects.filter(cohort=cohort, state="accepted").first()
    consent = mine.learner.consents.in_force().get(purpose="sharing", subject=mine.public_id)
    members = [f"{here}members/{member.public_id}/" for member in (invited, card, mine)]
    User.objects.create_superuser("operator", name="Operator")
    course, certificate = Course.objects.get(key=COURSE), Certificate.objects.issued().first()
    edition = reverse("admin:curriculum_course_choose_edition", args=[course.pk, 1])
    acts = [
        reverse(f"admin:certificates_certificate_{act}", args=[certificate.pk])
        for act in ("correct", "revoke")
    ]
    with_token = [
        f"/en/join/{make_token(member.public_id, member.entry_code or '')}/" for member in (invited, card)
    ]
    pages = {
        "": [
            *("/en/account/password/reset/", *with_token, *(f"{page}decline/" for page in with_token)),
        ],
        coordinator.username: [
            *(
                f"{here}close/",
                f"{here}roster/{roster.public_id}/",
                f"{here}roster/{roster.public_id}/discard/",
            ),
            *(*members, f"{members[0]}withdraw/", f"{members[1]}card/"),
        ],
        mine.learner.username: [
            *("/en/account/", f"/en/account/consents/{consent.public_id}/withdraw/"),
            *("/en/groups/", f"/en/groups/{mine.public_id}/leave/", "/en/account/close/"),
            "/fr/account/language/",
        ],
        "operator": [*regrading_pages(), *pages_of_the_admin("operator"), edition, *acts],
    }
    correct = f"/en/certificates/{certificate.display_code}/name/"
    pages.setdefault(certificate.learner.username, []).append(correct)
    return pages


def test_enter_presses_the_first_button_and_what_cannot_be_undone_asks(demo):
    faults, actions, seen = [], set(), set()
    for pages in (pages_of(demo, "en"), more_pages(demo)):
        for username, addresses in pages.items():
            browser = Client()
            if username:
                browser.force_login(User.objects.get(username=username))
            for address in addresses:
                response = browser.get(address, follow=True)
                assert response.status_code == (404 if "no-such" in address else 200), address
                page = Page(response, response.request["PATH_INFO"])
                if "no-such" not in address:
                    faults += faults_of(page)
                actions |= {f"{one} {address.split('/')[3]}" for one in page.actions}
                seen |= {route_of(form["there"]) for form in page.forms if form["post"]}
    # Waiting for a code: reached through a form only.
    browser = Client()
    browser.post("/en/account/login/code/", {"email": "nobody@example.org"})
    code = "/en/account/login/code/confirm/"
    faults += faults_of(Page(browser.get(code), code))
    browser.logout()
    new = {"name": "Amina", "email": "amina.new@example.org", "password1": "long-enough-1", "terms": "on"}
    answer = browser.post("/en/account/signup/", new)
    code = answer["Location"]
    faults += faults_of(Page(browser.get(code), code))
    assert not faults, "\n".join(faults)
    assert actions == ACTIONS_THAT_ASK | ACTIONS_AT_ONCE
    assert seen >= ASKS


def routes(resolver, namespace=""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif entry.name:
            yield f"{namespace}{entry.name}", entry


def test_every_route_is_listed():
    found = {name for name, _entry in routes(get_resolver()) if not OF_A_MODEL.match(name)}
    assert found == ASKS | DONE_AT_ONCE | READS


UUID = "00000000-0000-4000-8000-000000000000"
ARGUMENTS = {
    "token": "x",
    "code": "X",
    "course": "none",
    "lesson": "none",
    "quiz": "none",
    "worksheet": "none",
    "kind": "csv",
    "digest": "0" * 64,
    "pk": 1,
}


@pytest.mark.parametrize(
    "name", sorted(name for name in READS if not name.startswith("admin:") and "account_" not in name)
)
def test_what_is_listed_as_read_takes_no_post(client, db, name):
    client.force_login(User.objects.create_superuser("operator", name="Operator"))
    entry = next(entry for found, entry in routes(get_resolver()) if found == name)
    wanted = entry.pattern.converters
    given = {
        key: UUID if kind.__class__.__name__ == "UUIDConverter" else ARGUMENTS[key]
        for key, kind in wanted.items()
    }
    # There are no codes to download: that is said before anything else.
    expected = 404 if name == "mfa_download_recovery_codes" else 405
    assert client.post(reverse(name, kwargs=given)).status_code == expected
