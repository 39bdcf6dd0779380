"""A quiz through a lost line, an expired session, two windows and a reload: with a script and without."""

import contextlib

import pytest
from playwright.sync_api import Error

from tests.browsing import accessibility_faults
from tests.factories.accounts import PASSWORD
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY
from tests.journeys.person import PHONE, Person
from tests.learning.reading import QUIZ, result_page

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SAVED = "Saved."
KEPT = "No connection. Your answers are kept on this device. They are not sent yet."
LOST = "No connection. Your answers are not saved yet. Do not close this page."
FOUND = "These answers were kept on this device. They are being sent now."
UNSENT = "Your answers are not submitted yet. When you are online, press “Submit answers” again."
OUT = "You are signed out. Open another tab and sign in there. Then come back and press “Save”."
OTHER = "Another answer was saved from a different page or device. Press “Save” to see both answers."
# What a browser says by itself of a line that is down, or of an answer that is no page.
EXPECTED = ("net::ERR_", "status of 401", "status of 403")


@pytest.fixture
def course(transactional_db):
    return published_course(key="rules-that-work", at=MONDAY)


def choose(page, name, key):
    page.check(f'[name="{name}"][value="{key}"]')


def write(page, name, typed):
    page.fill(f'[name="{name}"]', typed)
    page.dispatch_event(f'[name="{name}"]', "change")


def press(page, name):
    with page.expect_navigation():
        page.click(f'[name="{name}"]')


def says(page, words):
    page.locator("#answers [role=status]", has_text=words).wait_for()


def go_on_when_found(route):
    """Holds what a window sends until it has said that it found answers."""
    says(route.request.frame.page, FOUND)
    route.continue_()


def at_hand(page) -> bool:
    """The live line is in the window, also while the first question is."""
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("#answers [role=status]").bounding_box()
    return box["y"] + box["height"] <= page.viewport_size["height"] + 1


def stored(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage)")


def look(page):
    """Nothing that axe finds, nothing wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert accessibility_faults(page) == []


def forgive(page):
    page.complaints[:] = [said for said in page.complaints if not any(one in said for one in EXPECTED)]


def test_quiz_with_a_script(site, course, open_page):
    amina = Person(site, course, "amina", open_page, bypass_csp=True)
    page = amina.page
    page.goto(amina.url)

    # An answer is saved as it is given, without a button; Enter in a field saves and stays there.
    choose(page, amina.single, "a")
    says(page, SAVED)
    amina.is_kept(single=["a"])
    page.type(f'[name="{amina.number}"]', "7")
    page.keyboard.press("Enter")
    page.wait_for_function("!Object.keys(localStorage).length")
    amina.is_kept(single=["a"], numeric="7")
    assert page.evaluate("document.activeElement.name") == amina.number
    assert page.url == amina.url

    # A number that cannot be read holds nothing else up.
    write(page, amina.number, "5 %")
    says(page, f"Question {amina.number[1:]}: We do not know the unit in “5 %”.")
    assert at_hand(page)
    assert "We do not know the unit in “5 %”." in page.inner_text(".wrong .error")
    look(page)
    choose(page, amina.truth, "true")
    says(page, SAVED)
    amina.is_kept(single=["a"], truefalse=["true"], numeric="7")

    # The line goes: the answer is kept here, sending stays on this page, and the line brings it in.
    with amina.line_down():
        write(page, amina.number, "193")
        says(page, KEPT)
        page.click("[name=send]")
        page.wait_for_timeout(300)
        assert page.url == amina.url
        says(page, f"{KEPT} {UNSENT}")
        assert at_hand(page)
        amina.is_kept(numeric="7")
    says(page, f"{SAVED} {UNSENT}")
    assert "3 of 3 questions answered and saved." in page.inner_text("#answers")
    amina.is_kept(numeric="193")
    assert stored(page) == []
    assert amina.is_open()

    # The line goes and the phone with it; the next window has the answer, and sends it.
    with amina.line_down():
        choose(page, amina.single, "b")
        says(page, KEPT)
        page.close()
    amina.device.route("**/learn/events/", go_on_when_found)
    page = amina.window()
    says(page, SAVED)
    amina.device.unroute("**/learn/events/")
    assert page.is_checked(f'[name="{amina.single}"][value="b"]')
    amina.is_kept(single=["b"])
    assert stored(page) == []

    # Another person at this device sees nothing of what is not sent yet, and does not send it.
    with amina.line_down():
        choose(page, amina.single, "c")
        says(page, KEPT)
        page.close()
    amina.leave()
    joao = Person(site, course, "joao", open_page)
    joao.device, mine = amina.device, joao.device
    joao.enter()
    other = joao.window()
    other.wait_for_timeout(500)
    assert other.locator("#answers :checked").count() == 0
    choose(other, joao.truth, "false")
    says(other, SAVED)
    joao.is_kept(single=None, truefalse=["false"], numeric=None)
    amina.is_kept(single=["b"])
    assert len(stored(other)) == 1
    other.close()
    mine.close()
    amina.enter()
    page = amina.window()
    says(page, SAVED)
    amina.is_kept(single=["c"])

    # Two windows: one's answer to the other's question is asked about, and never sent.
    second = amina.window()
    choose(second, amina.single, "a")
    says(second, SAVED)
    choose(page, amina.single, "b")
    says(page, f"Question {amina.single[1:]}: {OTHER}")
    amina.is_kept(single=["a"])
    press(page, "send")
    page.wait_for_url(amina.url)
    assert amina.is_open()
    assert "This question has two different answers." in page.inner_text("main")
    assert page.is_checked(f'[name="{amina.single}"][value="b"]')
    page.wait_for_timeout(1000)
    amina.is_kept(single=["a"])
    look(page)
    choose(page, amina.single, "a")
    press(page, "save")
    second.close()

    # The session ends: said at once; what is sent then waits for the person, over the sign-in.
    amina.leave()
    write(page, amina.number, "8")
    says(page, OUT)
    press(page, "save")
    amina.sign_in(page)
    # What a session did not vouch for replaces no saved answer by itself: both are shown.
    assert "Already saved: 193 countries" in page.inner_text("main")
    assert page.input_value(f'[name="{amina.number}"]') == "8"
    press(page, "save")
    amina.is_kept(single=["a"], numeric="8")

    # Signed in again in another window: the token is another, and answers are saved all the same.
    page.fill(f'[name="{amina.number}"]', "")
    amina.device.clear_cookies(name="csrftoken")
    page.dispatch_event(f'[name="{amina.number}"]', "change")
    says(page, SAVED)
    amina.is_kept(numeric=None)

    # What is empty is named before anything is sent.
    press(page, "send")
    assert page.url == f"{amina.url}send/"
    assert f"You have not answered question {amina.number[1:]}." in page.inner_text("h1")
    look(page)
    page.click("main a.button")
    write(page, amina.number, "193")
    press(page, "send")
    page.wait_for_url(site.url + result_page(amina.attempt))
    assert stored(page) == []
    assert amina.sent() == ["refused", "accepted"]
    forgive(page)


def test_error_goes_where_it_stands_once_the_answer_is_right(site, course, open_page):
    amina = Person(site, course, "amina", open_page, bypass_csp=True)
    page = amina.page
    page.goto(amina.url)
    page.fill(f'[name="{amina.number}"]', "deux")
    press(page, "send")
    page.locator(".errors").wait_for()
    for typed, kept in (("12,0", "12,0"), ("", None)):
        page.fill(f'[name="{amina.number}"]', typed)
        page.keyboard.press("Enter")
        says(page, SAVED)
        page.wait_for_function(f"document.getElementById('answered').textContent == {int(bool(kept))}")
        assert page.locator(".errors, .error, .wrong, [aria-invalid=true]").count() == 0
        amina.is_kept(numeric=kept)
    # And it does not come back.
    page.reload()
    assert page.input_value(f'[name="{amina.number}"]') == ""
    assert page.locator(".error").count() == 0
    # Where the line stands, the focused field does not.
    page.fill(f'[name="{amina.number}"]', "x")
    page.keyboard.press("Enter")
    says(page, "is not a number")
    page.evaluate("scrollTo(0, 0)")
    field = page.locator("#answers input[type=radio]").last
    field.focus()
    line = page.locator("#answers [role=status]").bounding_box()
    where = field.bounding_box()
    assert where["y"] + where["height"] <= line["y"]
    forgive(page)


def test_quiz_with_a_script_but_nowhere_to_keep_anything(site, course, open_page):
    amina = Person(site, course, "amina", open_page)
    page = amina.page
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    page.goto(amina.url)
    with amina.line_down():
        write(page, amina.number, "193")
        says(page, LOST)
    says(page, SAVED)
    amina.is_kept(numeric="193")
    choose(page, amina.single, "a")
    says(page, SAVED)
    # Signed out in another tab: nothing is kept here, and it says how the answer is saved after all.
    sign_out_in_another_tab(amina)
    choose(page, amina.truth, "true")
    says(page, OUT)
    amina.is_kept(truefalse=None)
    amina.enter()
    press(page, "save")
    amina.is_kept(truefalse=["true"])
    press(page, "send")
    page.wait_for_url(site.url + result_page(amina.attempt))
    forgive(page)


def sign_out_in_another_tab(person):
    page = person.device.new_page()
    page.goto(f"{person.site.url}/en/account/logout/")
    with page.expect_navigation():
        page.click("main form button")
    page.close()
    assert not [cookie for cookie in person.device.cookies() if cookie["name"] == "sessionid"]


def test_answers_given_after_a_sign_out_in_another_tab_are_kept_on_the_device_as_the_page_says(
    site, course, open_page
):
    """The seal of the page ends with the sign-out: what is sent with it is kept nowhere else."""
    amina = Person(site, course, "amina", open_page)
    page = amina.page
    page.goto(amina.url)
    sign_out_in_another_tab(amina)
    choose(page, amina.single, "a")
    says(page, OUT)
    press(page, "save")
    assert "/account/login/" in page.url
    page.fill("[name=login]", amina.user.username)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation(url=f"{amina.url}*"):
        page.press("[name=password]", "Enter")
    says(page, SAVED)
    amina.is_kept(single=["a"])
    assert stored(page) == []
    forgive(page)


def test_quiz_without_a_script(site, course, open_page):
    amina = Person(site, course, "amina", open_page, javascript=False)
    page = amina.page
    # From the page before, which leaves the cookies that this one is kept under.
    page.goto(site.url + QUIZ)
    page.goto(amina.url)

    # The line goes in the middle: back is the page with what was ticked, and it is sent again.
    page.check(f'[name="{amina.single}"][value="a"]')
    page.fill(f'[name="{amina.number}"]', "two")
    with amina.line_down():
        with contextlib.suppress(Error):
            page.click("[name=save]")
        page.wait_for_url("chrome-error:**")
        page.go_back()
    assert page.url == amina.url
    assert page.is_checked(f'[name="{amina.single}"][value="a"]')
    assert page.input_value(f'[name="{amina.number}"]') == "two"

    # Enter in a field saves, and stays; one unreadable number keeps the rest.
    with page.expect_navigation():
        page.press(f'[name="{amina.number}"]', "Enter")
    assert page.url == amina.url
    amina.is_kept(single=["a"], numeric=None)
    assert f"Question {amina.number[1:]}: “two” is not a number." in page.inner_text(".errors")
    page.reload()
    assert page.input_value(f'[name="{amina.number}"]') == "two"

    # The session ends: the form outlives it.
    amina.leave()
    page.fill(f'[name="{amina.number}"]', "7")
    press(page, "send")
    amina.sign_in(page)
    amina.is_kept(single=["a"], numeric="7")
    assert amina.is_open()

    # An old window does not blank what a newer one saved; of two answers both are shown.
    second = amina.window()
    choose(second, amina.truth, "true")
    second.fill(f'[name="{amina.number}"]', "193")
    press(second, "save")
    page.fill(f'[name="{amina.number}"]', "8")
    press(page, "send")
    amina.is_kept(single=["a"], truefalse=["true"], numeric="193")
    assert amina.is_open()
    assert "Already saved: 193" in page.inner_text("main")
    assert page.input_value(f'[name="{amina.number}"]') == "8"
    page.fill(f'[name="{amina.number}"]', "")
    press(page, "send")
    assert page.url == f"{amina.url}send/"
    with page.expect_navigation():
        page.click("main a.button")
    assert page.url == f"{amina.url}#id_{amina.number}"
    page.fill(f'[name="{amina.number}"]', "193")
    press(page, "send")
    assert page.url == site.url + result_page(amina.attempt)

    # Back and reload send nothing twice.
    page.go_back()
    page.reload()
    assert page.url.partition("#")[0] == site.url + result_page(amina.attempt)
    assert amina.sent() == ["refused", "accepted"]
    forgive(page)
