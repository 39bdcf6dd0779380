"""One factory per model of the app, and helpers for what belongs together: a quiz with questions, an attempt."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from maarifa.lib.digests import short_digest
from maarifa.quizzes import actions, models
from maarifa.quizzes.enums import BankKind

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A moment to begin at."""

STRUCTURES = {
    "single": {"choices": ["a", "b", "c"], "correct": ["b"]},
    "multiple": {"choices": ["a", "b", "c", "d"], "correct": ["a", "c"]},
    "truefalse": {"correct": ["false"]},
    "numeric": {"answer": "12.5", "tolerance": "0.5"},
    "shorttext": {},
    "gaps": {"gaps": {"1": {"choices": ["a", "b", "c"], "correct": "b"}, "2": {"typed": True}}},
    "matching": {
        "items": ["kenya", "mali", "peru"],
        "choices": ["nairobi", "bamako", "lima", "quito"],
        "pairs": {"kenya": "nairobi", "mali": "bamako", "peru": "lima"},
    },
    "extended": {
        "items": ["fever", "cough"],
        "choices": ["dengue", "flu", "malaria", "typhoid"],
        "pairs": {"fever": "malaria", "cough": "flu"},
        "also": {"fever": {"typhoid": 40}},
    },
    "ordering": {"items": ["sow", "water", "reap", "store"]},
    "case": {
        "first": "triage",
        "steps": {
            "triage": {
                "kind": "single",
                "choices": ["a", "b", "c"],
                "correct": ["b"],
                "credit": {"c": 50},
                "weight": 2,
                "next": {"a": "late", "b": "check", "c": "check"},
            },
            "check": {
                "kind": "multiple",
                "choices": ["a", "b", "c"],
                "correct": ["a", "c"],
                "last": ["b"],
                "next": "report",
            },
            "late": {"kind": "truefalse", "correct": ["false"], "next": {"true": "end", "false": "report"}},
            "report": {"kind": "shorttext", "next": "end"},
        },
    },
}
RIGHT = {
    "single": ["b"],
    "multiple": ["a", "c"],
    "truefalse": ["false"],
    "numeric": "12.5",
    "shorttext": "secret word",
    "gaps": {"1": "b", "2": "secret gap"},
    "matching": {"kenya": "nairobi", "mali": "bamako", "peru": "lima"},
    "extended": {"fever": "malaria", "cough": "flu"},
    "ordering": {"sow": "1", "water": "2", "reap": "3", "store": "4"},
    "case": {"triage": "b", "check": "a,c", "report": "secret report"},
}
"""The right response to a question with the structure above."""
WRONG = {
    "single": ["a"],
    "multiple": ["b"],
    "truefalse": ["true"],
    "numeric": "99",
    "shorttext": "something else",
    "gaps": {"1": "a", "2": "something else"},
    "matching": {"kenya": "quito", "mali": "quito"},
    "extended": {"fever": "dengue", "cough": "malaria"},
    "ordering": {"sow": "4", "water": "3", "reap": "2", "store": "1"},
    "case": {"triage": "a", "late": "true"},
}

# What no page may show before submission has SECRET in it.
CHOICES = {
    "en": {"text": "Choice {key} of {question}", "feedback": "SECRET feedback on {key} of {question}"},
    "ar": {"text": "الخيار {key} من {question}", "feedback": "SECRET تعليق على {key} من {question}"},
}
ITEMS = {
    "en": {"text": "Item {key} of {question}", "feedback": "SECRET feedback on {key} of {question}"},
    "ar": {"text": "البند {key} من {question}", "feedback": "SECRET تعليق على {key} من {question}"},
}
STEMS = {"en": "What is {question}?", "ar": "ما هو {question}؟"}


PASSAGES = {
    "en": "In {question} the first is [[1]], and then comes [[2]].",
    "ar": "في {question} يأتي [[2]] بعد [[1]].",
}


def typed_words(question: str, accepted: str) -> dict:
    feedback = {name: f"SECRET {name} feedback of {question}" for name in ("correct", "wrong")}
    return {"accepted": [accepted], "feedback": feedback}


def _of_keys(texts: dict, names: tuple[str, ...], keys: list[str], question: str) -> dict:
    return {key: {name: texts[name].format(key=key, question=question) for name in names} for key in keys}


def _item_words(kind: str, structure: dict, question: str, language: str) -> dict:
    items, choices = structure["items"], structure.get("choices", [])
    if kind == "ordering":
        feedback = {name: f"SECRET {name} feedback of {question}" for name in ("correct", "wrong")}
        return {"items": _of_keys(ITEMS[language], ("text",), items, question), "feedback": feedback}
    theme = {"theme": f"Theme of {question}"} if kind == "extended" else {}
    return theme | {
        "items": _of_keys(ITEMS[language], ("text", "feedback"), items, question),
        "choices": _of_keys(CHOICES[language], ("text",), choices, question),
    }


def _case_words(structure: dict, question: str, language: str) -> dict:
    """Of each step facts and a stem, which only those read who reach it."""
    steps = {}
    for key, step in structure["steps"].items():
        here = f"{key} in {question}"
        text = {"facts": f"Facts of {here}."}
        if step["kind"] == "shorttext":
            text |= {"stem": f"What of {here}?", **typed_words(here, f"SECRET {key}")}
        else:
            text |= words_of(step["kind"], step, here, language)
        steps[key] = text
    return {"stem": STEMS[language].format(question=question), "steps": steps}


def words_of(kind: str, structure: dict, question: str, language: str) -> dict:
    stem = STEMS[language].format(question=question)
    if kind == "case":
        return _case_words(structure, question, language)
    if kind in ("matching", "extended", "ordering"):
        return {"stem": stem, **_item_words(kind, structure, question, language)}
    if kind == "numeric":
        feedback = {name: f"SECRET {name} feedback of {question}" for name in ("correct", "wrong")}
        return {"stem": stem, "unit": "GB", "feedback": feedback}
    if kind == "shorttext":
        return {"stem": stem, **typed_words(question, "SECRET word")}
    if kind == "gaps":
        return {
            "stem": stem,
            "passage": PASSAGES[language].format(question=question),
            "gaps": {
                "1": {
                    "choices": {key: f"{key} of {question}" for key in structure["gaps"]["1"]["choices"]},
                    "feedback": {"wrong": f"SECRET feedback on gap 1 of {question}"},
                },
                "2": typed_words(question, "SECRET gap"),
            },
        }
    keys = structure.get("choices", ["true", "false"])
    fields = ("feedback",) if kind == "truefalse" else ("text", "feedback")
    return {
        "stem": stem,
        "choices": {
            key: {name: CHOICES[language][name].format(key=key, question=question) for name in fields}
            for key in keys
        },
    }


class BankFactory(DjangoModelFactory):
    class Meta:
        model = models.Bank

    key = factory.Sequence(lambda n: f"course-{n}/bank-{n}")
    kind = BankKind.MODULE


class QuestionFactory(DjangoModelFactory):
    """A draft without words: see `make_question`."""

    class Meta:
        model = models.Question

    bank = factory.SubFactory(BankFactory)
    key = factory.Sequence(lambda n: f"question-{n}")
    position = factory.Sequence(lambda n: n)
    kind = "single"
    structure = factory.LazyAttribute(lambda question: STRUCTURES[question.kind])
    lesson_key = factory.LazyAttribute(lambda question: f"lesson-of-{question.key}"[:60])


class QuestionTextFactory(DjangoModelFactory):
    """English words, the source."""

    class Meta:
        model = models.QuestionText

    question = factory.SubFactory(QuestionFactory)
    language = "en"
    texts = factory.LazyAttribute(
        lambda text: words_of(text.question.kind, text.question.structure, text.question.key, "en")
    )


class QuizFactory(DjangoModelFactory):
    """Its bank is empty: see `make_quiz`."""

    class Meta:
        model = models.Quiz

    key = factory.Sequence(lambda n: f"course-{n}/quiz-{n}")
    bank = factory.SubFactory(BankFactory)
    draw = 4
    pass_percent = 70
    attempts = 3
    wait_minutes = 60


FOUR = ("single", "multiple", "truefalse", "numeric")
"""The kinds of the quizzes that tests have who need any."""


def make_question(kind="single", *, arabic=True, **fields) -> models.Question:
    """A question with English words and, unless told otherwise, an Arabic translation that nobody has reviewed."""
    question = QuestionFactory(kind=kind, **fields)
    source = QuestionTextFactory(question=question)
    if arabic:
        models.QuestionText.objects.create(
            question=question,
            language="ar",
            state=models.QuestionText.State.MACHINE,
            source_digest=short_digest(source.texts),
            texts=words_of(kind, question.structure, question.key, "ar"),
        )
    return question


def make_quiz(kinds=FOUR, *, bank_kind=BankKind.MODULE, **fields) -> models.Quiz:
    """A quiz over a bank with one question of each of these kinds; it draws all of them unless told otherwise."""
    bank = BankFactory(kind=bank_kind)
    for position, kind in enumerate(kinds, start=1):
        make_question(kind, bank=bank, position=position, key=f"{kind}-{position}")
    return QuizFactory(bank=bank, **{"draw": len(kinds), **fields})


def make_version(quiz=None, **fields) -> models.QuizVersion:
    return actions.version_quiz(quiz=quiz or make_quiz(**fields), at=MONDAY)


def make_attempt(*, learner, quiz_version=None, language="en", at=MONDAY, **fields) -> models.Attempt:
    """An open attempt at a quiz."""
    version = quiz_version or make_version()
    return actions.start_attempt(learner=learner, quiz_version=version, language=language, at=at, **fields)


def right_responses(attempt) -> dict:
    """What a learner answers who knows everything."""
    return _responses(attempt, RIGHT)


def wrong_responses(attempt) -> dict:
    return _responses(attempt, WRONG)


def _responses(attempt, answers) -> dict:
    rows = attempt.questions.select_related("question_version")
    return {str(row.position): answers[row.question_version.kind] for row in rows}


def save(attempt, responses, *, at=MONDAY, **more) -> list[str]:
    """The positions that changed."""
    return actions.save_answers(attempt=attempt, responses=responses, happened_at=at, at=at, **more).changed


def submit(attempt, responses, *, at=MONDAY, **more) -> models.Attempt:
    return actions.submit_attempt(attempt=attempt, responses=responses, happened_at=at, at=at, **more)


def kept(attempt) -> dict:
    """The answers of an attempt as the database has them."""
    return {str(row.position): row.response for row in attempt.questions.order_by("position")}
