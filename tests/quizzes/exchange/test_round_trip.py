"""Written, read and written again: the same bytes, for every kind and format; or a refusal by name."""

import re

import pytest
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st

from maarifa.lib.text import nfc
from maarifa.quizzes.actions import import_questions
from maarifa.quizzes.exchange.exporting import plan_export
from maarifa.quizzes.exchange.formats import FORMATS, read_file
from maarifa.quizzes.exchange.mapping import MAPPINGS
from maarifa.quizzes.exchange.model import ExchangeQuestion
from maarifa.quizzes.exchange.planning import mapped_question, plan_import
from maarifa.quizzes.exchange.problems import Refused
from maarifa.quizzes.kinds import KINDS
from maarifa.quizzes.models import Question
from tests.factories.quizzes import BankFactory, make_question
from tests.quizzes.exchange.test_any_text import is_told

LOSSLESS = ("gift", "moodle-xml", "csv", "xlsx")


def exported(bank, name, language="en"):
    plan = plan_export(bank=bank, file_format=FORMATS[name], language=language)
    return plan, plan.format.write(plan.questions)


def imported(bank, content, name):
    plan = plan_import(
        bank=bank, content=content, file=f"q.{name}", reader_language="en", language="en", format_name=name
    )
    assert [problem.message for problem in plan.problems] == []
    import_questions(bank=bank, questions=plan.questions, file="q", format_name=name, language="en", by=None)
    return plan


@pytest.fixture
def full_bank(db):
    bank = BankFactory(key="water-rules/full")
    for position, kind in enumerate(KINDS):
        make_question(
            kind,
            bank=bank,
            key=f"{kind}-{position}",
            position=position,
            points=position + 1,
            lesson_key="rivers",
            outcome_key="knows-rivers",
            level="recall",
        )
    return bank


@pytest.mark.parametrize("name", LOSSLESS)
def test_bank_comes_back_as_the_same_bytes(full_bank, name):
    plan, content = exported(full_bank, name)
    assert len(plan.questions) + len(plan.problems) == len(KINDS)
    assert plan.questions
    other = BankFactory(key="water-rules/other")
    imported(other, content, name)
    again, same = exported(other, name)
    assert again.problems == []
    assert same == content


@pytest.mark.parametrize("kind", sorted(set(KINDS) & set(MAPPINGS)))
def test_moodle_xml_holds_every_kind_that_moodle_has(db, kind):
    question = make_question(kind, arabic=False, points=3, lesson_key="rivers")
    plan, content = exported(question.bank, "moodle-xml")
    assert [problem.message for problem in plan.problems] == []
    other = BankFactory(key="water-rules/other")
    imported(other, content, "moodle-xml")
    back = Question.objects.get(bank=other)
    assert (back.kind, back.points, back.lesson_key, back.key) == (kind, 3, "rivers", question.key)
    assert exported(other, "moodle-xml")[1] == content


@pytest.mark.parametrize("kind", ["single", "multiple", "truefalse", "numeric"])
def test_nothing_of_a_question_is_lost(db, kind):
    question = make_question(kind, arabic=False)
    other = BankFactory(key="water-rules/other")
    imported(other, exported(question.bank, "moodle-xml")[1], "moodle-xml")
    back = Question.objects.get(bank=other)
    shown = KINDS[kind].structure
    assert shown.model_validate(back.structure) == shown.model_validate(question.structure)
    assert back.texts.get().texts == question.texts.get().texts


def test_what_a_format_cannot_hold_is_refused_by_name(full_bank):
    plan, _content = exported(full_bank, "aiken")
    assert plan.questions == []
    assert {problem.where for problem in plan.problems} == set(
        full_bank.questions.values_list("key", flat=True)
    )
    plan, _content = exported(full_bank, "gift")
    assert (
        "numeric-3: The question has a unit, and GIFT has no place for it. Export it as Moodle XML."
        in map(str, plan.problems)
    )


def test_aiken_comes_back_as_the_same_bytes(bank):
    question = make_question("single", bank=bank, arabic=False, lesson_key="")
    text = question.texts.get()
    for choice in text.texts["choices"].values():
        del choice["feedback"]
    text.save()
    plan, content = exported(bank, "aiken")
    assert (plan.problems, plan.notes) == ([], [])
    other = BankFactory(key="water-rules/other")
    imported(other, content, "aiken")
    assert exported(other, "aiken")[1] == content


def test_translation_is_exported_by_itself(full_bank):
    plan, content = exported(full_bank, "moodle-xml", "ar")
    assert "ما هو" in content.decode()
    assert "OUT_LANGUAGES" in {note.code for note in plan.notes}
    plan, content = exported(full_bank, "moodle-xml", "fr")
    assert {problem.code for problem in plan.problems} == {"LANGUAGE_MISSING"}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_spreadsheet_of_a_reader_of_another_language_comes_back(full_bank, language):
    with override(language):
        content = exported(full_bank, "csv")[1]
    other = BankFactory(key="water-rules/other")
    imported(other, content, "csv")
    with override(language):
        assert exported(other, "csv")[1] == content


@pytest.mark.parametrize(
    "passage", ["Kenya: [[1]] is it.", "([[1]])", "Is it x[[1]]y?\nOr not?", "[[1]] is it"]
)
def test_passage_with_one_gap_comes_back_as_a_missing_word(passage):
    kind = KINDS["gaps"]
    structure = {"gaps": {"1": {"choices": ["a", "b"], "correct": "b"}}}
    texts = {
        "stem": "Choose.",
        "passage": passage,
        "gaps": {
            "1": {"choices": {"a": "No", "b": "Yes"}, "feedback": {"correct": "Well.", "wrong": "Ill."}}
        },
    }
    original = ExchangeQuestion(**{**vars(kind.to_exchange(structure, texts)), "name": "a-key"})
    content = FORMATS["gift"].write([original])
    (read,) = read_file(content, name="q.gift", language="en")[1].questions
    back, mapped = mapped_question(read)
    assert (back, mapped.structure, mapped.texts) == (kind, structure, texts)
    FORMATS["gift"].check(original)


ABC = {"choices": {key: {"text": f"Choice {key}"} for key in "abc"}}
RICH = {
    "credit": ("single", {"choices": ["a", "b", "c"], "correct": ["b"], "credit": {"a": 50}}, ABC),
    "last": ("single", {"choices": ["a", "b", "c"], "correct": ["b"], "last": ["c"]}, ABC),
    "fixed order": ("single", {"choices": ["a", "b", "c"], "correct": ["b"], "last": ["a", "b", "c"]}, ABC),
    "all or nothing": (
        "multiple",
        {"choices": ["a", "b", "c"], "correct": ["a", "b"], "grading": "all-or-nothing"},
        ABC,
    ),
    "near": (
        "numeric",
        {"answer": "200", "tolerance": "10", "near": {"tolerance": "20", "percent": 50}},
        {"feedback": {"correct": "Yes.", "wrong": "No."}},
    ),
    "units": ("numeric", {"answer": "2", "tolerance": "0", "units": {"MB": "1000"}}, {"unit": "GB"}),
    "case": ("shorttext", {"case": True}, {"accepted": ["Bamako", "Bamakou"]}),
    "wrong text": (
        "shorttext",
        {},
        {"accepted": ["Bamako"], "expected_wrong": [{"text": "Lagos", "feedback": "In Nigeria."}]},
    ),
}
HELD = {
    "gift": {"credit", "last", "near", "wrong text"},
    "moodle-xml": set(RICH),
    "csv": set(),
    "aiken": set(),
}


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("what", RICH)
def test_what_a_question_has_beside_the_usual_comes_back_or_is_refused(what, name):
    kind_name, structure, words = RICH[what]
    kind, file_format = KINDS[kind_name], FORMATS[name]
    texts = {"stem": "Which?", "explanation": "Because.", **words}
    original = ExchangeQuestion(**{**vars(kind.to_exchange(structure, texts)), "name": "a-key"})
    if what not in HELD[name]:
        with pytest.raises(Refused):
            file_format.check(original)
        return
    file_format.check(original)
    content = file_format.write([original])
    (read,) = read_file(content, name="q.txt", language="en", format_name=name)[1].questions
    back, mapped = mapped_question(read)
    assert (back, mapped.structure, mapped.texts, mapped.notes) == (kind, structure, texts, ())


def test_tolerance_as_a_share_becomes_a_number():
    texts = {"stem": "How many?"}
    question = KINDS["numeric"].to_exchange({"answer": "-200", "tolerance": "5%"}, texts)
    assert [answer.tolerance for answer in question.answers] == [10]


def test_feedback_on_pairs_is_noted_or_refused(db):
    question = make_question("matching", arabic=False)
    plan, _content = exported(question.bank, "moodle-xml")
    assert [note.code for note in plan.notes] == ["OUT_PAIR_FEEDBACK"]
    plan, _content = exported(question.bank, "gift")
    assert [(problem.where, problem.code) for problem in plan.problems] == [(question.key, "OUT_FEEDBACK")]


def test_extended_matching_is_refused_by_name(db):
    question = make_question("extended", arabic=False)
    plan, _content = exported(question.bank, "moodle-xml")
    assert [(problem.where, problem.code) for problem in plan.problems] == [(question.key, "KIND_OUT")]


# Any texts ------------------------------------------------------------------------------------------------

SPECIAL = "{}=~#:\\%[]<>&\"'*|/-_.,;\n ABtrue123é你ا"
WORDS = (
    st.one_of(st.text(st.sampled_from(SPECIAL), min_size=1, max_size=12), st.text(min_size=1, max_size=12))
    .map(lambda text: nfc(text).replace("\r\n", "\n").strip())
    .filter(lambda text: text and not re.search(r"[\ud800-\udfff]", text))
)


@st.composite
def questions(draw):
    kind = draw(st.sampled_from(["single", "multiple", "truefalse", "numeric"]))
    texts = {"stem": draw(WORDS)}
    if draw(st.booleans()):
        texts["explanation"] = draw(WORDS)
    if kind == "numeric":
        number = st.decimals(-(10**6), 10**6, places=3, allow_nan=False)
        structure = {
            "answer": format(draw(number), "f"),
            "tolerance": format(abs(draw(number)), "f"),
        }
        if feedback := draw(st.dictionaries(st.sampled_from(["correct", "wrong"]), WORDS)):
            texts["feedback"] = feedback
        return kind, structure, texts
    keys = ["true", "false"] if kind == "truefalse" else list("abcdef"[: draw(st.integers(2, 6))])
    most = len(keys) if kind == "multiple" else 1
    right = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=most, unique=True))
    structure = {"correct": [key for key in keys if key in right]}
    choices = {key: {} for key in keys}
    if kind != "truefalse":
        structure["choices"] = keys
        choices = {key: {"text": draw(WORDS)} for key in keys}
    for choice in choices.values():
        if draw(st.booleans()):
            choice["feedback"] = draw(WORDS)
    choices = {key: choice for key, choice in choices.items() if choice}
    return kind, structure, {**texts, **({"choices": choices} if choices else {})}


@pytest.mark.parametrize("name", [*LOSSLESS[:3], "aiken"])
@given(question=questions())
def test_any_question_comes_back_as_the_same_bytes(name, question):
    kind_name, structure, texts = question
    kind, file_format = KINDS[kind_name], FORMATS[name]
    assume(not kind.structure_problems(structure) and not kind.texts_problems(structure, texts))
    original = ExchangeQuestion(**{**vars(kind.to_exchange(structure, texts)), "name": "a-key"})
    try:
        file_format.check(original)
    except Refused as refusal:
        is_told(refusal.problem().message)
        return
    content = file_format.write([original])
    _format, reading = read_file(content, name="q.txt", language="en", format_name=name)
    assert [problem.message for problem in reading.problems] == []
    (read,) = reading.questions
    back_kind, mapped = mapped_question(read)
    assert back_kind is kind
    again = ExchangeQuestion(**{**vars(kind.to_exchange(mapped.structure, mapped.texts)), "name": "a-key"})
    assert file_format.write([again]) == content
    if name in ("gift", "moodle-xml"):
        assert mapped.texts == kind.texts.model_validate(texts).model_dump(exclude_none=True)
