"""A tiny course: two lessons and a quiz of three questions, in English and Arabic."""

import itertools
from dataclasses import dataclass

from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import Activity, Course, CourseText, Edition, Lesson, LessonText, Module
from maarifa.lib.digests import short_digest
from maarifa.lib.models import TranslatedText
from maarifa.quizzes.models import Bank, Question, QuestionText, Quiz

_numbers = itertools.count(1)
State = TranslatedText.State

BODY = """## What a rule is for

A rule that nobody can **find** protects nobody. See [the register](https://rules.example.org/).

| Office | Rules |
|---|---:|
| Water | 3 |

```practice
key: first-check
kind: single
stem: Whom does a rule that nobody can find protect?
choices:
- text: Nobody
  correct: true
  feedback: 'Yes: it has to be read first.'
- text: Everybody
  correct: false
  feedback: Not before they can read it.
```"""
BODY_AR = """## لماذا القاعدة

القاعدة التي لا يجدها أحد **لا تحمي** أحدا. انظر [السجل](https://rules.example.org/).

| المكتب | القواعد |
|---|---:|
| المياه | 3 |

```practice
key: first-check
kind: single
stem: من تحمي قاعدة لا يجدها أحد؟
choices:
- text: لا أحد
  correct: true
  feedback: نعم، لا بد أن تقرأ أولا.
- text: الجميع
  correct: false
  feedback: ليس قبل أن يقرؤوها.
```"""
SOURCE = {
    "title": "Register of rules",
    "publisher": "Ministry of Water, Kilele",
    "date": "2024-03",
    "url": "https://rules.example.org/",
}
COURSE_WORDS = {
    "en": {
        "title": "Rules that work",
        "summary": "How an office writes a rule that people can find and use.",
        "outcomes": {"find-a-rule": "Find the rule that binds your office."},
        "modules": {"basics": {"title": "Basics", "summary": "Two lessons and a quiz."}},
        "quizzes": {"basics-quiz": {"title": "Basics: quiz"}},
    },
    "ar": {
        "title": "قواعد نافعة",
        "summary": "كيف يكتب المكتب قاعدة يجدها الناس ويستعملونها.",
        "outcomes": {"find-a-rule": "أن تجد القاعدة التي تلزم مكتبك."},
        "modules": {"basics": {"title": "الأساسيات", "summary": "درسان واختبار."}},
        "quizzes": {"basics-quiz": {"title": "الأساسيات: اختبار"}},
    },
}
LESSON_WORDS = {
    "first": {
        "en": {
            "title": "Rules that can be found",
            "summary": "Where rules stand.",
            "objectives": ["Name where a rule stands."],
            "body": BODY,
        },
        "ar": {
            "title": "قواعد يمكن إيجادها",
            "summary": "أين توجد القواعد.",
            "objectives": ["أن تذكر أين توجد القاعدة."],
            "body": BODY_AR,
        },
    },
    "second": {
        "en": {
            "title": "Rules that can be used",
            "summary": "What a rule needs.",
            "objectives": ["Say what a rule needs to be used."],
            "body": "## Who does what\n\nA rule names who does what, and by when.",
        },
        "ar": {
            "title": "قواعد يمكن استعمالها",
            "summary": "ما تحتاجه القاعدة.",
            "objectives": ["أن تقول ما تحتاجه القاعدة كي تستعمل."],
            "body": "## من يفعل ماذا\n\nالقاعدة تسمي من يفعل ماذا ومتى.",
        },
    },
}
# key, kind, lesson, structure, words by language; the right answers are "a", "true" and 193.
QUESTIONS = [
    (
        "where",
        "single",
        "first",
        {"choices": ["a", "b", "c"], "correct": ["a"]},
        {
            "en": {
                "stem": "Where must a rule stand?",
                "choices": {
                    "a": {"text": "Where people look", "feedback": "Right."},
                    "b": {"text": "In a drawer", "feedback": "Nobody looks there."},
                    "c": {"text": "Nowhere", "feedback": "Then it is none."},
                },
            },
            "ar": {
                "stem": "أين يجب أن تكون القاعدة؟",
                "choices": {
                    "a": {"text": "حيث يبحث الناس", "feedback": "صحيح."},
                    "b": {"text": "في درج", "feedback": "لا أحد يبحث هناك."},
                    "c": {"text": "لا مكان", "feedback": "إذن ليست قاعدة."},
                },
            },
        },
    ),
    (
        "named",
        "truefalse",
        "second",
        {"correct": ["true"]},
        {
            "en": {
                "stem": "A rule names who does what.",
                "choices": {
                    "true": {"feedback": "Right."},
                    "false": {"feedback": "Without a name nobody acts."},
                },
            },
            "ar": {
                "stem": "القاعدة تسمي من يفعل ماذا.",
                "choices": {"true": {"feedback": "صحيح."}, "false": {"feedback": "دون اسم لا يعمل أحد."}},
            },
        },
    ),
    (
        "how-many",
        "numeric",
        "second",
        {"answer": "193", "tolerance": "0"},
        {
            "en": {
                "stem": "How many members has the United Nations?",
                "unit": "countries",
                "feedback": {"correct": "Right.", "wrong": "Look it up: the list is public."},
            },
            "ar": {
                "stem": "كم عدد أعضاء الأمم المتحدة؟",
                "unit": "دولة",
                "feedback": {"correct": "صحيح.", "wrong": "ابحث عنه، القائمة منشورة."},
            },
        },
    ),
]


@dataclass
class MadeCourse:
    """What `draft_course()` and `published_course()` made; `edition` is None before publication."""

    course: Course
    module: Module
    lessons: list[Lesson]
    quiz: Quiz
    edition: Edition | None = None


def draft_course(
    *, key: str = "", languages=("en", "ar"), draw: int = 3, questions=QUESTIONS, **quiz_rules
) -> MadeCourse:
    """A course that can be published. The first language is the source."""
    key = key or f"rules-that-work-{next(_numbers)}"
    languages = list(languages)
    course = Course.objects.create(
        key=key,
        source_language=languages[0],
        languages=languages,
        licence="CC-BY-4.0",
        authors=["Water office of Kilele"],
        outcomes=["find-a-rule"],
        requirements={"lessons": "all", "quizzes": ["basics-quiz"]},
    )
    source = None
    for language in languages:
        text = CourseText(course=course, language=language, **COURSE_WORDS[language])
        _save(text, source)
        source = source or text
    module = Module.objects.create(course=course, key="basics", position=1)
    lessons = []
    for position, (lesson_key, words) in enumerate(LESSON_WORDS.items(), 1):
        lesson = Lesson.objects.create(course=course, key=lesson_key, activity_minutes=5)
        Activity.objects.create(course=course, module=module, lesson=lesson, position=position)
        source = None
        for language in languages:
            text = LessonText(
                lesson=lesson, language=language, sources=[SOURCE], checked="2026-11-01", **words[language]
            )
            _save(text, source)
            source = source or text
        lessons.append(lesson)
    bank = Bank.objects.create(key=f"{key}/basics", kind="module")
    for position, (question_key, kind, lesson_key, structure, words) in enumerate(questions, 1):
        question = Question.objects.create(
            bank=bank,
            key=question_key,
            position=position,
            kind=kind,
            lesson_key=lesson_key,
            structure=structure,
        )
        for language in languages:
            translated = language != languages[0]
            QuestionText.objects.create(
                question=question,
                language=language,
                texts=words[language],
                state=State.MACHINE if translated else State.SOURCE,
                source_digest=short_digest(words[languages[0]]) if translated else "",
            )
    rules = {"draw": draw, "pass_percent": 60, "attempts": 3, "wait_minutes": 60, "minutes": 10, **quiz_rules}
    quiz = Quiz.objects.create(key=f"{key}/basics-quiz", bank=bank, **rules)
    Activity.objects.create(course=course, module=module, quiz=quiz, position=len(lessons) + 1)
    return MadeCourse(course, module, lessons, quiz)


def published_course(*, by=None, at=None, note="", **kwargs) -> MadeCourse:
    """The course of `draft_course()` with its first edition, as learners read it."""
    made = draft_course(**kwargs)
    made.edition = publish_course(course=made.course, by=by, note=note, at=at)
    made.course.refresh_from_db()
    return made


MIXED = [("basics", ["start-quiz", "first", "middle-quiz", "second", "basics-quiz"]), ("end", ["final-quiz"])]
"""The modules of `mixed_course()`, each with what stands in it."""


def mixed_course() -> MadeCourse:
    """As `published_course()`, with quizzes before, between and after the lessons, and a last one alone in a module."""
    made = draft_course()
    end = Module.objects.create(course=made.course, key="end", position=2)
    modules = {"basics": made.module, "end": end}
    quizzes = {"basics-quiz": made.quiz}
    for key in ("start-quiz", "middle-quiz", "final-quiz"):
        rules = {"draw": 3, "pass_percent": 60, "attempts": 3, "wait_minutes": 60, "minutes": 10}
        quizzes[key] = Quiz.objects.create(key=f"{made.course.key}/{key}", bank=made.quiz.bank, **rules)
    for text in made.course.texts.order_by("-state"):
        text.modules = {**text.modules, "end": {"title": "The end"}}
        text.quizzes = {key: {"title": f"About {key}"} for key in quizzes}
        text.save()
    Activity.objects.filter(course=made.course).delete()
    content = {lesson.key: {"lesson": lesson} for lesson in made.lessons}
    content |= {key: {"quiz": quiz} for key, quiz in quizzes.items()}
    for module, keys in MIXED:
        for position, key in enumerate(keys, 1):
            place = {"course": made.course, "module": modules[module], "position": position}
            Activity.objects.create(**place, **content[key])
    made.course.requirements = {"lessons": "all", "quizzes": ["basics-quiz", "final-quiz"]}
    made.course.save()
    made.edition = publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    return made


def _save(text: TranslatedText, source) -> None:
    if source:
        text.state, text.source_digest = State.MACHINE, source.digest()
    text.save()
