"""Every message that people get, looked at as they would: in each language, on a phone.

With `MAARIFA_LOOK=<folder>` each message is kept there as a picture and as its plain text, for people to look at.
"""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from maarifa.delivery.actions.wording import words_of
from maarifa.lib.languages import direction
from tests.browsing import accessibility_faults

LOOK = os.environ.get("MAARIFA_LOOK")
PLATFORM = Path(settings.BASE_DIR) / "platform" / "maarifa"
PHONE = 360
# What axe asks of a site's pages: a message stands in the page of a mail program, which shows its subject as heading.
OF_WEB_PAGES = ("landmark-one-main:", "page-has-heading-one:", "region:")

HERE = "https://learn.example.org"
COURSE = {"course": "AI governance foundations", "quiz": "Foundations: quiz", "step": "Reading what binds"}
CONTACT = "Achieng Odhiambo, training@example.org"
SHOWN = {
    **COURSE,
    "name": "Đặng Thị Nguyễn Wanjiru-Abdulrahman",
    "institution": "Ministry of Information",
    "cohort": "Autumn 2026, second group",
    "contact": CONTACT,
    "code": "K7QM-4WDX-9TPB",
    "url": f"{HERE}/en/join/0f8fad5b-d9cb-469f-a165-70867728950e/",
    "certificates_url": f"{HERE}/en/certificates/",
    "verify_url": f"{HERE}/verify/K7QM-4WDX-9TPB",
    "reason": "The name was another person’s.",
    "note": "The key named the wrong choice.",
    "opens": "12 December 2026",
    "due": "23 December 2026, 23:59 (Nairobi time, UTC+3)",
    "days": 11,
    "done": 7,
    "total": 22,
    "questions": 5,
    "minutes": 4,
    "score": 8,
    "maximum": 10,
    "before": 6,
    "maximum_before": 10,
    "changed": True,
    "passed": True,
    "one_more": False,
    "to_email": "wanjiru@example.org",
    "token": "token",
    "uid": "1",
    "key": "set-password",
}
# What a message says in other cases; each template is shown as it is, too.
CASES = {
    "delivery/account/second_step_changed": [
        {"what": what}
        for what in ("totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed", "reset", "")
    ],
    "delivery/account/email_changed": [{"to_email": ""}],
    "delivery/account/address_replaced": [{"to_email": ""}],
    "learning/mail/regraded": [
        {"changed": False, "one_more": True},
        {"passed": False, "no_longer_passed": True},
    ],
    "cohorts/mail/invitation": [{"opens": "", "due": "", "contact": ""}],
    "reminders/mail/inactivity": [{"name": "", "due": "", "days": 1, "done": 1, "total": 1}],
    "reminders/mail/review": [{"name": "", "questions": 1, "minutes": 1}],
}


def templates() -> list[str]:
    found = PLATFORM.glob("*/templates/**/*.subject.txt")
    names = sorted(path.as_posix().partition("/templates/")[2].removesuffix(".subject.txt") for path in found)
    assert names
    return names


class Recipient:
    username = "wanjiru"
    email = "wanjiru@example.org"


def messages(language):
    """Name, and subject, text and html, of every message in every case."""
    for template in templates():
        for number, case in enumerate(({}, *CASES.get(template, ()))):
            shown = {
                "site_url": HERE,
                "site_name": "Maarifa",
                "site_contact": "help@example.org",
                "language": language,
                "direction": direction(language),
                "recipient": Recipient(),
                "address": Recipient.email,
                "unsubscribe_url": f"{HERE}/{language}/unsubscribe/token/",
                **SHOWN,
                **case,
            }
            with override(language):
                yield f"{template.replace('/', '_')}-{number}", words_of(template, shown)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_message_is_without_faults(open_page, language):
    page = open_page(language=language, width=PHONE)
    faults = []
    for name, words in messages(language):
        keep_text(name, language, words)
        page.set_content(words["html"])
        faults += [f"{name}: {fault}" for fault in looked_at(page, words, language)]
        if LOOK:
            page.screenshot(path=f"{LOOK}/{name}-{language}.png", full_page=True)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_no_sentence_of_a_message_is_left_in_english(language):
    english = {name: sentences(words) for name, words in messages("en")}
    left = {name: found for name, words in messages(language) if (found := english[name] & sentences(words))}
    assert left == {}


def sentences(words) -> set[str]:
    """Lines of at least two words that are no value from outside."""
    lines = {line.strip() for line in f"{words['subject']}\n{words['text']}".splitlines()}
    given = {str(value) for value in SHOWN.values()}
    return {line for line in lines - given if len(re.findall(r"[A-Za-z]{2,}", line)) > 1 and HERE not in line}


def looked_at(page, words, language) -> list[str]:
    found = []
    said = page.evaluate("[document.documentElement.lang, document.documentElement.dir || 'ltr']")
    if said != [language, direction(language)]:
        found.append(f"its language and direction are {said}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > PHONE:
        found.append(f"it is {wide} pixels wide on a screen of {PHONE}")
    if len(words["subject"]) > 90:
        found.append(f"its subject has {len(words['subject'])} letters")
    if left := re.findall(r"%\(\w+\)s|\{\{|\}\}|None", words["subject"] + words["text"]):
        found.append(f"gaps that nothing filled: {left}")
    return found + [fault for fault in accessibility_faults(page) if not fault.startswith(OF_WEB_PAGES)]


def keep_text(name, language, words):
    if LOOK:
        Path(LOOK).mkdir(parents=True, exist_ok=True)
        Path(f"{LOOK}/{name}-{language}.txt").write_text(f"{words['subject']}\n\n{words['text']}")
