"""What an import would do: keys, lessons, points, and what it notes; and the import itself."""

import pytest

from maarifa.accounts.models import AuditEntry, User
from maarifa.lib.text import search_key
from maarifa.quizzes import courses
from maarifa.quizzes.actions import import_questions
from maarifa.quizzes.courses import CourseFacts
from maarifa.quizzes.exchange import planning
from maarifa.quizzes.exchange.exporting import plan_export
from maarifa.quizzes.exchange.formats import FORMATS
from maarifa.quizzes.exchange.keys import key_for, slug
from maarifa.quizzes.exchange.model import ExchangeQuestion
from maarifa.quizzes.exchange.planning import plan_import
from maarifa.quizzes.exchange.problems import ExchangeError
from maarifa.quizzes.models import Question, QuestionText
from tests.factories.curriculum import draft_course
from tests.factories.quizzes import BankFactory, make_question
from tests.quizzes.exchange.test_sheet import table

pytestmark = pytest.mark.django_db

TWO = "::Long rivers::Is the Nile long? {T}\n\nIs it wide? {F}\n"


def plan_of(bank, text, name="q.gift", **more):
    content = text if isinstance(text, bytes) else text.encode()
    return plan_import(bank=bank, content=content, file=name, reader_language="en", **more)


def done(plan, **more):
    values = {"file": plan.file, "format_name": plan.format.name, "language": plan.language, "by": None}
    return import_questions(bank=plan.bank, questions=plan.questions, **(values | more))


def notes(plan):
    return [note.code for question in plan.questions for note in question.notes]


def test_plan_writes_nothing(bank):
    plan = plan_of(bank, TWO)
    assert [(question.key, question.line) for question in plan.questions] == [
        ("long-rivers", 1),
        ("is-it-wide", 3),
    ]
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Où est le Nil ?", "ou-est-le-nil"),
        ("ما هو النيل؟", ""),
        ("GPU: ما هو", ""),
        ("a" * 80, "a" * 50),
        (
            "one two three four five six seven eight nine ten eleven",
            "one-two-three-four-five-six-seven-eight-nine-ten",
        ),
        ("?!", ""),
    ],
)
def test_slug(text, key):
    assert slug(text) == key


def test_keys_are_never_used_twice():
    question = ExchangeQuestion(type="single", name="Rivers", stem="Which?")
    assert key_for(question, set()) == "rivers"
    assert key_for(question, {"rivers"}) == "rivers-2"
    assert key_for(question, {"rivers", "rivers-2"}) == "rivers-3"
    assert key_for(ExchangeQuestion(type="single", stem="ما؟"), {"question"}) == "question-2"
    assert key_for(ExchangeQuestion(type="single", key="Nile 1", stem="Which?"), set()) == "which"


def test_key_of_a_retired_question_is_not_used_again(bank):
    make_question(bank=bank, key="long-rivers", retired_at="2026-11-23T08:00:00Z")
    assert plan_of(bank, TWO).questions[0].key == "long-rivers-2"


def test_same_text_is_noted(bank):
    done(plan_of(bank, TWO))
    assert notes(plan_of(bank, TWO)) == ["SAME_TEXT", "SAME_TEXT"]
    assert notes(plan_of(BankFactory(), f"{TWO}\n{TWO}")) == ["SAME_IN_FILE", "SAME_IN_FILE"]


def test_lesson_is_known_by_its_key_or_title(bank):
    draft_course(key="water-rules")
    text = "// [tag:maarifa:lesson:{}]\nIs it? {{T}}\n"
    known = plan_of(bank, text.format("first")).questions[0]
    assert (known.lesson, known.notes) == ("first", ())
    unknown = plan_of(bank, text.format("no-such")).questions[0]
    assert (unknown.lesson, [note.code for note in unknown.notes]) == ("", ["LESSON"])


def test_lesson_that_an_author_typed_wrongly_is_refused(bank):
    draft_course(key="water-rules")
    row = {"Kind": "truefalse", "Question": "x", "Correct answer": "true", "Lesson to read again": "No such"}
    plan = plan_of(bank, table(row, headings=list(row)), "q.csv")
    assert [problem.message for problem in plan.problems] == [
        "“No such” is not a lesson of this course. Write the title or the key of one."
    ]


@pytest.mark.parametrize(("points", "whole"), [("0.5", 1), ("0", 1), ("2.4", 2), ("400", 100)])
def test_points_become_whole(bank, points, whole):
    xml = (
        '<quiz><question type="truefalse"><questiontext><text>x</text></questiontext>'
        f"<defaultgrade>{points}</defaultgrade>"
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        "</question></quiz>"
    )
    plan = plan_of(bank, xml, "q.xml")
    assert (plan.questions[0].points, notes(plan)) == (whole, ["POINTS"])


def test_texts_are_in_the_source_language_of_the_course_unless_told(bank):
    draft_course(key="water-rules", languages=["ar", "en"])
    assert plan_of(bank, TWO).language == "ar"
    done(plan_of(bank, TWO, language="en"))
    texts = QuestionText.objects.filter(question__bank=bank)
    assert set(texts.values_list("language", "state")) == {("en", "source")}


@pytest.mark.parametrize("language", ["fr", "no such"])
def test_language_that_the_course_does_not_have(bank, language):
    draft_course(key="water-rules")
    with pytest.raises(ExchangeError) as refusal:
        plan_of(bank, TWO, language=language)
    assert (
        refusal.value.message == f"“{language}” is not a language of this course. Write one of these: en, ar."
    )


def test_import_adds_behind_what_is_there_and_writes_history_and_audit(bank):
    person = User.objects.create_user("fatou", is_staff=True)
    make_question(bank=bank, position=7)
    done(plan_of(bank, TWO), by=person)
    first, second = bank.questions.exclude(position=7)
    assert [first.position, second.position] == [8, 9]
    for row in (first, second, first.texts.get()):
        (line,) = row.history.all()
        assert (line.history_user, line.history_type) == (person, "+")
    entry = AuditEntry.objects.get(action="questions.imported")
    assert (entry.actor, entry.on_user) == (person, None)
    assert entry.details == {
        "bank": "water-rules/rivers",
        "file": "q.gift",
        "format": "gift",
        "language": "en",
        "questions": ["long-rivers", "is-it-wide"],
    }


def test_import_is_one_transaction_and_a_second_one_is_refused(bank):
    plan = plan_of(bank, TWO)
    make_question(bank=bank, key="is-it-wide")
    with pytest.raises(ExchangeError) as refusal:
        done(plan)
    assert refusal.value.code == "STALE"
    assert [question.key for question in bank.questions.all()] == ["is-it-wide"]
    assert not AuditEntry.objects.exists()


def test_import_of_nothing_is_refused(bank):
    with pytest.raises(ExchangeError) as refusal:
        done(plan_of(bank, "How are you? {}\n"))
    assert refusal.value.code == "NOTHING"


def test_number_of_queries_does_not_grow_with_the_file(bank, django_assert_max_num_queries):
    text = "".join(f"Is {number} even? {{T}}\n\n" for number in range(60))
    with django_assert_max_num_queries(20):
        assert len(done(plan_of(bank, text))) == 60


def test_exam_bank_is_never_exported():
    question = make_question(bank=BankFactory(kind="exam"))
    for file_format in FORMATS.values():
        with pytest.raises(ExchangeError) as refusal:
            plan_export(bank=question.bank, file_format=file_format)
        assert refusal.value.code == "EXAM"


def test_question_that_is_not_complete_is_not_exported(bank):
    question = make_question(bank=bank, arabic=False)
    question.texts.all().delete()
    plan = plan_export(bank=bank, file_format=FORMATS["gift"])
    assert [problem.where for problem in plan.problems] == [question.key]


def test_retired_questions_are_not_exported(bank):
    make_question(bank=bank, retired_at="2026-11-23T08:00:00Z")
    assert plan_export(bank=bank, file_format=FORMATS["gift"]).questions == []


def test_course_is_read_once_and_its_titles_too(bank, monkeypatch):
    read, compared = [], []
    lessons = [(f"lesson-{number}", f"Lesson {number}") for number in range(50)]

    def facts(key):
        read.append(key)
        return CourseFacts(key, languages=["en"], lessons=lessons)

    def counted(text):
        compared.append(text)
        return search_key(text)

    monkeypatch.setattr(courses, "_readers", [(facts, courses.Titles)])
    monkeypatch.setattr(planning, "search_key", counted)
    rows = [
        {
            "Question": f"Is it {n}?",
            "Kind": "truefalse",
            "Correct answer": "true",
            "Lesson to read again": title,
        }
        for n, (_key, title) in enumerate(lessons)
    ]
    content = table(*rows, headings=["Question", "Kind", "Correct answer", "Lesson to read again"])
    plan = plan_import(bank=bank, content=content, file="q.csv", reader_language="en")
    assert [question.lesson for question in plan.questions] == [key for key, _title in lessons]
    assert len(read) == 1
    assert len(compared) < 300
    plan_export(bank=bank, file_format=FORMATS["gift"])
    assert len(read) == 2
