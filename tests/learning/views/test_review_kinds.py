"""Reviews with questions of every kind: asked in the order of their page, read, judged and explained."""

from uuid import UUID, uuid4

import pytest
import time_machine

from maarifa.learning.models import (
    EnrolmentAttempt,
    ReviewCard,
)
from maarifa.learning.reviewing import questions_of
from maarifa.quizzes.kinds import KINDS, kind_named
from tests.factories.learning import (
    answer_card,
    enrolled,
    read_lesson,
    refresh_all,
)
from tests.factories.practice import BLOCKS, practice_course
from tests.factories.quizzes import STRUCTURES, make_attempt, make_version, right_responses, submit
from tests.learning.events import DAY
from tests.learning.reading import heading, words
from tests.learning.reviewing import ANSWERS, LATER, REVIEW, form_of

ASKED = set(KINDS) - {"case"}
"""A case takes several pages."""


@pytest.fixture(autouse=True)
def now():
    """Ten days after everything was learned; sessions last."""
    with time_machine.travel(LATER, tick=False):
        yield LATER


@pytest.mark.parametrize("right", [True, False])
def test_every_kind_of_question_is_asked_and_explained(browser, enrolment, right):
    """By what the registry says of a kind, and nothing else."""
    enrolment_of_every_kind(enrolment)
    refresh_all()
    cards = ReviewCard.objects.select_related("question").order_by("pk")
    assert {card.question.kind for card in cards} == set(KINDS)
    shown = set()
    for card in cards.filter(question__kind__in=ASKED):
        # One after another, for a page has five.
        ReviewCard.objects.exclude(pk=card.pk).update(due_at=LATER + DAY)
        ReviewCard.objects.filter(pk=card.pk).update(due_at=LATER)
        page = browser.get(REVIEW)
        assert form_of(page)["card"] == [str(card.public_id)]
        assert "SECRET" not in page.content.decode()
        version = card.question.versions.get()
        form_id = str(uuid4())
        response = kind_named(version.kind).sample(version.structure, version.texts, right=right)
        outcome = answer_card(card, response, at=LATER, payload={"form": form_id})
        assert outcome["right"] is right
        page = browser.get(f"{REVIEW}{form_id}/")
        assert heading(page) == f"{int(right)} of 1 answer correct"
        assert "Next review on" in words(page)
        shown.add(version.kind)
    assert shown == ASKED


def test_question_of_every_kind_is_answered_as_its_page_shows_it(browser, enrolment):
    """Where keys would tell what is right, the form has other names in their place."""
    enrolment_of_every_kind(enrolment)
    refresh_all()
    kinds = set()
    for _page in range(3):
        form = form_of(browser.get(REVIEW))
        kinds |= fill_right(form)
        page = browser.post(ANSWERS, form, follow=True)
        asked = len(form["card"])
        assert f"{asked} of {asked} answers correct" in heading(page)
        if kinds == ASKED:
            break
    assert kinds == ASKED
    assert 'name="card"' not in browser.get(REVIEW).text


def test_two_tabs_are_each_read_as_they_were_shown(browser, enrolment):
    """What is answered in one gives the questions of the other no other order."""
    enrolment_of_every_kind(enrolment)
    refresh_all()
    hidden = ("matching", "ordering")
    ReviewCard.objects.exclude(question__kind__in=hidden).update(due_at=LATER + DAY)
    tabs = [form_of(browser.get(REVIEW)) for _number in range(4)]
    # All are filled in as they were shown, before anything is answered.
    assert all(fill_right(form) == set(hidden) for form in tabs)
    for form in tabs:
        page = browser.post(ANSWERS, form, follow=True)
        assert heading(page) == "2 of 2 answers correct"


def fill_right(form) -> set[str]:
    """Answers every question of this form as its page shows it; the kinds of question."""
    cards = {str(card.public_id): card for card in ReviewCard.objects.filter(public_id__in=form["card"])}
    questions = questions_of([cards[public_id] for public_id in form["card"]])
    for position, question in enumerate(questions, 1):
        right = question.kind.sample(question.structure, question.all_texts, right=True)
        order = question.order_on(UUID(form["event"][0]))
        masked = question.kind.masked(question.structure, order, right)
        if isinstance(masked, dict):
            form |= {f"q{position}_{part}": value for part, value in masked.items()}
        else:
            form[f"q{position}"] = masked
    return {question.kind.name for question in questions}


def enrolment_of_every_kind(enrolment):
    """A passed attempt at a quiz with a question of each kind, which counts for this enrolment."""
    attempt = make_attempt(learner=enrolment.learner, quiz_version=make_version(kinds=tuple(KINDS)))
    EnrolmentAttempt.objects.create(enrolment=enrolment, attempt=attempt, edition_id=enrolment.edition_id)
    submit(attempt, right_responses(attempt))


def test_practice_of_every_kind_is_asked_and_judged_as_in_its_lesson(browser, learner):
    """Where keys would tell what is right, the form has other names in their place."""
    enrolment = enrolled(course=practice_course(), learner=learner)
    read_lesson(enrolment, "first")
    refresh_all()
    stems = set()
    for _page in range(3):
        form = form_of(browser.get(REVIEW))
        cards = [ReviewCard.objects.get(public_id=public_id) for public_id in form["card"]]
        stems |= {question.texts.texts["stem"] for question in questions_of(cards)}
        fill_right(form)
        page = browser.post(ANSWERS, form, follow=True)
        assert f"{len(cards)} of {len(cards)} answers correct" in heading(page)
        if len(stems) == len(BLOCKS):
            break
    assert len(stems) == len(BLOCKS)


def test_page_says_what_a_question_takes_and_brings_its_script(browser, enrolment):
    enrolment_of_every_kind(enrolment)
    refresh_all()
    ReviewCard.objects.exclude(question__kind__in=("numeric", "ordering")).update(due_at=LATER + DAY)
    page = browser.get(REVIEW)
    assert "quizzes/ordering" in page.text
    ordering = next(one for one in page.context["review_form"].questions if one.kind.name == "ordering")
    assert ordering.help == ordering.kind.help_for(STRUCTURES["ordering"])
    assert str(ordering.help) in words(page)
