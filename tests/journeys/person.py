"""Somebody who answers a quiz on a phone, in as many windows as they like."""

import contextlib

from django.test import Client
from django.utils import timezone

from maarifa.learning.models import Event
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.learning import RIGHT, enrolled, start_quiz
from tests.learning.answering import field_of, kept_of
from tests.learning.reading import attempt_page

PHONE = 360


class Person:
    """Somebody with an open attempt at a device, which may have several windows."""

    def __init__(self, site, course, username, open_page, **window):
        self.site = site
        self.user = UserFactory(username=username)
        self.attempt = start_quiz(enrolled(course=course, learner=self.user), at=timezone.now())
        self.url = site.url + attempt_page(self.attempt)
        self.single, self.truth, self.number = (field_of(self.attempt, kind) for kind in RIGHT)
        self.page = open_page(width=PHONE, **window)
        self.device = self.page.context
        self.enter()

    def enter(self):
        browser = Client()
        browser.force_login(self.user)
        self.device.add_cookies(
            [{"name": n, "value": m.value, "url": self.site.url} for n, m in browser.cookies.items()]
        )

    def leave(self):
        """The session is over, in whichever way."""
        self.device.clear_cookies(name="sessionid")

    def window(self):
        page = self.device.new_page()
        page.complaints = self.page.complaints
        page.goto(self.url)
        return page

    def is_kept(self, **answers):
        now = kept_of(self.attempt)
        assert {kind: now[kind] for kind in answers} == answers

    def is_open(self):
        return Attempt.objects.get(pk=self.attempt.pk).submitted_at is None

    def sent(self) -> list[str]:
        """What became of each submission."""
        events = Event.objects.filter(kind="quiz-submitted", learner=self.user).order_by("pk")
        return [event.outcome["status"] for event in events]

    @contextlib.contextmanager
    def line_down(self):
        self.device.set_offline(True)
        yield
        self.device.set_offline(False)

    def sign_in(self, page):
        assert "/account/login/" in page.url
        assert "You are signed out. We kept what you sent. Sign in to continue." in page.inner_text("main")
        page.fill("[name=login]", self.user.username)
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation(url=f"{self.url}*"):
            page.press("[name=password]", "Enter")
