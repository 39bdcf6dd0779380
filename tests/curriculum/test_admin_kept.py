"""A form of the admin that came after a sign-out: nothing that was typed is lost, without a script, too."""

import html
import re

import pytest
from django.test import Client

from maarifa.accounts.actions import keep_post
from maarifa.accounts.actions.keeping import MOST_CHARACTERS_OF_ADMIN, MOST_OF_ADMIN
from maarifa.accounts.models import KeptPost
from maarifa.curriculum.models import LessonText
from tests.curriculum.pages import fields_of, row_of, url
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course

pytestmark = pytest.mark.django_db

LONG = "## New\n\nA text that took an afternoon to write, and that nobody wants to write again."
KEPT = "This is what you typed before you signed in again. It is not saved yet."
LOGIN = "/en/account/login/"
ORIGIN = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def made():
    return published_course(key="rules")


def typed(desk, page, words=LONG):
    """The form as a browser would send it, with other words in English."""
    shown = desk.get(page)
    data = fields_of(shown)
    data[f"{row_of(data, 'en')}body"] = words
    data["keep"] = html.unescape(re.search(r'name="keep" value="([^"]+)"', shown.text)[1])
    return data


def test_form_sent_after_a_sign_out_stands_on_the_page_again_and_is_saved_when_sent(desk, made, instructor):
    page = url("lesson_change", made.lessons[0].pk)
    data = typed(desk, page)
    desk.logout()
    response = desk.post(page, data)
    assert (
        response["Location"]
        == f"{LOGIN}?next=%2Fadmin%2Fcurriculum%2Flesson%2F{made.lessons[0].pk}%2Fchange%2F"
    )
    assert (
        "We kept what you typed. Sign in to find it in the form again." in desk.get(response["Location"]).text
    )
    desk.force_login(instructor)
    shown = desk.get(page)
    assert KEPT in shown.text
    again = fields_of(shown)
    assert again[f"{row_of(again, 'en')}body"].replace("\r\n", "\n") == LONG
    assert LessonText.objects.get(lesson=made.lessons[0], language="en").body != LONG
    assert KEPT not in desk.get(f"{page}?saved").text
    assert desk.post(page, again).status_code == 302
    assert LessonText.objects.get(lesson=made.lessons[0], language="en").body == LONG
    assert not KeptPost.objects.exists()
    assert KEPT not in desk.get(page).text


def test_what_is_kept_does_not_undo_what_somebody_else_has_saved_since(desk, made, instructor):
    page = url("lesson_change", made.lessons[0].pk)
    data = typed(desk, page)
    desk.logout()
    desk.post(page, data)
    text = LessonText.objects.get(lesson=made.lessons[0], language="en")
    text.body = "## Theirs\n\nBy somebody else."
    text.save()
    desk.force_login(instructor)
    assert "Someone else has changed this since you opened the page." in desk.get(page).text


def test_nobody_else_gets_to_see_or_save_it(desk, made, instructor):
    page = url("lesson_change", made.lessons[0].pk)
    data = typed(desk, page)
    other = UserFactory(is_staff=True, is_superuser=True)
    desk.force_login(other)
    assert desk.post(page, data)["Location"] != page
    assert LessonText.objects.get(lesson=made.lessons[0], language="en").body != LONG
    assert LONG[:20] not in desk.get(page).text.replace("\r", "")
    assert KeptPost.objects.get().person == instructor


def test_form_that_cannot_be_kept_gives_its_texts_back(desk, made):
    page = url("lesson_change", made.lessons[0].pk)
    data = typed(desk, page, LONG + "x" * MOST_CHARACTERS_OF_ADMIN)
    desk.logout()
    answer = desk.post(page, data, **ORIGIN)
    assert answer.status_code == 403
    assert "Nothing was saved, but what you wrote is below. Copy it, sign in and paste it." in answer.text
    assert LONG in answer.text
    assert f'href="{LOGIN}?next=' in answer.text
    del data["keep"]
    assert LONG in desk.post(page, data, **ORIGIN).text
    assert not KeptPost.objects.exists()


def test_other_site_cannot_put_words_on_the_page(made):
    page = url("lesson_change", made.lessons[0].pk)
    answer = Client().post(page, {"body": LONG}, HTTP_ORIGIN="https://elsewhere.example")
    assert answer.status_code in (302, 403)
    assert LONG not in answer.text


def test_few_large_forms_are_kept_of_a_person_beside_their_answers(instructor):
    keep_post(person=instructor, page="/courses/x/", fields={"a": ["1"]})
    for number in range(MOST_OF_ADMIN + 2):
        keep_post(person=instructor, page="/admin/x/", fields={"a": [str(number)]})
    assert KeptPost.objects.of_page(instructor, "/admin/x/").count() == MOST_OF_ADMIN
    assert KeptPost.objects.of_page(instructor, "/courses/x/").count() == 1
