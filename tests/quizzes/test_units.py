"""Numbers that are typed with their unit."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from maarifa.accounts.models import User
from maarifa.quizzes.answerforms import answer_form
from maarifa.quizzes.errors import AnswerError, QuizError
from maarifa.quizzes.kinds import POINT, kind_named
from maarifa.quizzes.kinds.numeric.readings import number_and_unit, readings, unit_key
from maarifa.quizzes.models import Question
from maarifa.quizzes.reviews import review
from tests.factories.quizzes import kept, make_attempt, make_question, make_quiz, make_version, save, submit
from tests.quizzes.pages import change_url, form_of, said

STORAGE = {"answer": "1.5", "tolerance": "0.01", "units": {"MB": "1000", "Mo": "1000"}}
TEXTS = {
    "en": {"stem": "How much?", "unit": "GB"},
    "fr": {"stem": "Combien ?", "unit": "Go"},
    "ar": {"stem": "كم؟", "unit": "غيغابايت"},
}
PERCENT = {"answer": "12", "tolerance": "0"}
NUMERIC = kind_named("numeric")


@pytest.mark.parametrize(
    "typed",
    [
        *("1.5", "1.5 GB", "1.5GB", "1,5 Go", "1.5 gb", "1.5\u00a0GB", "GB 1.5", "١٫٥ غيغابايت", "1.5 GB."),
        *("1500 MB", "1 500 Mo", "1,500 MB", "1500mb", "1.505 GB", "1510 MB", "\u200f1.5 GB\u200f"),
    ],
)
def test_number_is_right_in_every_unit_that_the_question_knows(typed):
    read = NUMERIC.read(STORAGE, typed, TEXTS)
    assert read == " ".join(typed.split())
    assert NUMERIC.grade(STORAGE, 1, read, TEXTS) == POINT


@pytest.mark.parametrize("typed", ["1500 GB", "1.5 MB", "1500", "1520 MB", "-1500 MB"])
def test_number_in_the_wrong_unit_is_wrong(typed):
    assert NUMERIC.grade(STORAGE, 1, NUMERIC.read(STORAGE, typed, TEXTS), TEXTS) == 0


@pytest.mark.parametrize("typed", ["12 %", "12%", "12٪", "١٢ ٪", "12％", "% 12", "%12", "٪١٢", "12 ﹪"])
def test_percent_sign_is_read_in_every_script(typed):
    texts = {"en": {"stem": "How many?", "unit": "%"}}
    assert NUMERIC.grade(PERCENT, 1, NUMERIC.read(PERCENT, typed, texts), texts) == POINT
    texts = {"ar": {"stem": "كم؟", "unit": "٪"}}
    assert NUMERIC.read(PERCENT, typed, texts)


@pytest.mark.parametrize(
    ("unit", "typed"),
    [
        ("m²", "12 m2"),
        ("m2", "12m²"),
        ("km/h", "12 km/h"),
        ("km / h", "12km/h"),
        ("€", "€12"),
        ("°C", "12 °C"),
    ],
)
def test_unit_is_the_same_however_it_is_written(unit, typed):
    assert NUMERIC.read(PERCENT, typed, {"en": {"unit": unit}}) == typed


@pytest.mark.parametrize(
    ("typed", "texts", "code", "sentence"),
    [
        (
            "12 TB",
            TEXTS,
            "UNKNOWN_UNIT",
            "We do not know the unit in “12 TB”. Write the number alone, or with one of these units: GB, MB, Mo.",
        ),
        ("12 %", TEXTS, "UNKNOWN_UNIT", ""),
        ("12 mm", {"en": {"unit": "m"}}, "UNKNOWN_UNIT", ""),
        ("12 m²", {"en": {"unit": "m"}}, "UNKNOWN_UNIT", ""),
        ("a dozen", TEXTS, "NOT_A_NUMBER", ""),
        ("1e3", TEXTS, "NOT_A_NUMBER", ""),
        ("1/2", TEXTS, "NOT_A_NUMBER", ""),
        ("GB", TEXTS, "NOT_A_NUMBER", ""),
        ("12 50 GB", TEXTS, "NOT_A_NUMBER", ""),
        ("", {"en": {"unit": "."}}, "", ""),
        ("twelve", {"en": {"unit": "."}}, "NOT_A_NUMBER", ""),
        ("1" * 41 + " GB", TEXTS, "NOT_A_NUMBER", ""),
        ("1 GB" + "B" * 100_000, TEXTS, "NOT_A_NUMBER", ""),
    ],
)
def test_what_is_no_number_in_a_known_unit_is_refused_with_the_units(typed, texts, code, sentence):
    if not code:
        assert NUMERIC.read(STORAGE, typed, texts) is None
        return
    with pytest.raises(AnswerError) as caught:
        NUMERIC.read(STORAGE, typed, texts)
    assert caught.value.code == code
    if sentence:
        assert str(caught.value) == sentence


def test_refusal_names_units_in_the_language_of_the_page():
    with override("fr"), pytest.raises(AnswerError) as caught:
        NUMERIC.read(STORAGE, "12 TB", TEXTS)
    assert caught.value.params["units"] == "Go, MB, Mo"
    assert caught.value.at("3").params == {"value": "12 TB", "position": "3", "units": "Go, MB, Mo"}


def test_question_without_a_unit_asks_for_the_number_alone():
    with pytest.raises(AnswerError) as caught:
        NUMERIC.read(PERCENT, "12 GB", {"en": {"stem": "How many?"}})
    assert str(caught.value) == "This question has no unit. Instead of “12 GB”, write only the number."


@given(st.text(max_size=120))
def test_what_can_be_read_alone_is_read_whatever_the_units(text):
    number, unit = number_and_unit(text)
    assert bool(number) == bool(readings(number))
    assert bool(unit) <= bool(number)
    assert unit_key(unit_key(unit)) == unit_key(unit)
    if readings(text):
        plain = NUMERIC.read(PERCENT, text)
        assert NUMERIC.read(STORAGE, text, TEXTS) == plain


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9),
    unit=st.sampled_from(["GB", "%", "km/h", "نقطة", "m²", "个"]),
    space=st.sampled_from(["", " ", "\u00a0", "\u202f"]),
    zero=st.sampled_from("0٠۰०０"),
)
def test_number_and_unit_come_apart_as_they_were_put_together(number, unit, space, zero):
    plain = format(number, "f")
    written = "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in plain)
    for text in (f"{written}{space}{unit}", f"{unit} {written}"):
        apart, its_unit = number_and_unit(text)
        assert its_unit == unit
        assert number in readings(apart)


# What an author may write


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        (
            {"MB": "0"},
            "“0” cannot be used for the unit “MB”. Write how many of it make one of the question’s unit: a "
            'number above 0 in quotation marks, for example "1000".',
        ),
        ({"MB": 1000}, "“1000” cannot be used for the unit “MB”. "),
        ({"5MB": "1"}, "“5MB” cannot be used as a unit. Write 1 to 60 characters, with a letter or a sign"),
        ({"": "1"}, "“” cannot be used as a unit."),
        ({"-": "1"}, "“-” cannot be used as a unit."),
        ({"M" * 61: "1"}, "cannot be used as a unit."),
        (
            {"MB": "1000", "mb": "1"},
            "The unit “mb” appears twice, perhaps in capital and small letters. Keep one.",
        ),
    ],
)
def test_units_that_could_not_be_told_apart_are_refused(units, sentence):
    (found,) = NUMERIC.structure_problems({**PERCENT, "units": units})
    assert found.where == "units"
    assert sentence in found.message


@pytest.mark.parametrize(
    ("words", "where", "sentence"),
    [
        ({}, "unit", "This field is empty. Fill it in."),
        (
            {"unit": "mb"},
            "unit",
            "This unit is also one of the other units of the question. Remove one of them.",
        ),
        (
            {"unit": "GB", "feedback": {"near": "Close."}},
            "feedback.near",
            "There are no points for nearly correct answers here, so no one would read this. Remove it, or set "
            "points for them.",
        ),
    ],
)
def test_words_that_do_not_fit_the_units_are_refused(words, where, sentence):
    (found,) = NUMERIC.texts_problems(STORAGE, {"stem": "How much?", **words})
    assert (found.where, found.message) == (where, sentence)


@pytest.mark.django_db
def test_author_writes_units_as_rows(desk):
    question = make_question("numeric")
    rows = {
        "units-0-unit": "MB",
        "units-0-factor": "1 000",
        "units-1-unit": "kB",
        "units-1-factor": "1000000",
    }
    form = form_of(desk, change_url(question))
    answer = desk.post(change_url(question), form | rows, follow=True)
    assert "This question is not complete yet" not in " ".join(said(answer))
    question.refresh_from_db()
    assert question.structure["units"] == {"MB": "1000", "kB": "1000000"}
    for wrong, sentence in (
        (
            {"units-0-factor": "0"},
            "“0” cannot be used in “How many make one of the question’s unit”. Write a number above 0.",
        ),
        ({"units-0-unit": "12"}, "“12” cannot be used in “Unit”."),
        ({"units-1-unit": "MB"}, "Rows 1 and 2 both have “MB”. Keep one of them."),
    ):
        answer = desk.post(change_url(question), form | rows | wrong)
        assert sentence in answer.content.decode()


# What a learner meets


@pytest.fixture
def attempt(db):
    quiz = make_quiz(["numeric"])
    Question.objects.update(structure={**STORAGE})
    return make_attempt(learner=User.objects.create_user("amina"), quiz_version=make_version(quiz))


def page(form, language="en"):
    with override(language):
        return render_to_string("quizzes/questions.html", {"answer_form": form})


def test_field_takes_letters_only_where_a_unit_may_be_typed(attempt):
    assert 'inputmode="text" dir="auto"' in page(answer_form(attempt))
    Question.objects.update(structure=PERCENT)
    plain = make_attempt(learner=User.objects.create_user("kofi"), quiz_version=make_version(attempt.quiz))
    assert 'inputmode="decimal"' in page(answer_form(plain))


def test_unit_is_kept_graded_and_shown_once(attempt):
    assert save(attempt, {"1": "1500 MB"}) == ["1"]
    assert kept(attempt) == {"1": "1500 MB"}
    graded = submit(attempt, {})
    assert graded.score == POINT
    reviewed = review(graded, "en")
    html = render_to_string("quizzes/review.html", {"review": reviewed})
    assert '<bdi dir="auto">1500 MB</bdi></p>' in html
    assert "MB</bdi> <span" not in html


def test_unknown_unit_keeps_the_rest_and_names_the_question(attempt):
    with pytest.raises(AnswerError) as caught:
        save(attempt, {"1": "1500 parsec"})
    assert (caught.value.code, caught.value.position) == ("UNKNOWN_UNIT", "1")
    assert caught.value.as_data() == {"code": "UNKNOWN_UNIT", "position": "1", "value": "1500 parsec"}
    assert kept(attempt) == {"1": None}
    assert not isinstance(caught.value, QuizError)
