"""How far a learner is, and what comes next."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.urls import reverse

from maarifa.curriculum.editions import outline
from maarifa.learning.models import Enrolment, LessonCompletion
from maarifa.lib.prepared import Prepared
from maarifa.quizzes.models import Attempt


@dataclass(frozen=True)
class Step:
    """A lesson or a quiz in the order of the course."""

    kind: str  # "lesson" or "quiz"
    key: str
    module: str


@dataclass
class QuizState:
    """What a learner has done of one quiz: `made` counts the attempts sent, `last` is the latest of them.

    `pass_percent` is the mark that holds for the learner, as in `quizzes.reviews.Terms`.
    """

    pass_percent: int = 0
    made: int = 0
    passed: bool = False
    awaiting: bool = False
    open_attempt: Attempt | None = None
    last: Attempt | None = None


@dataclass
class Progress:
    """`done` says of each finished lesson whether it came late; `passed` are the keys of the passed quizzes."""

    enrolment: Enrolment
    outline: object
    done: dict[str, str]
    passed: frozenset[str]
    quizzes: dict[str, QuizState] | None = field(default=None)

    @classmethod
    def of(cls, enrolment, read, *, with_quizzes=True) -> "Progress":
        """One query, whatever the size of the course; a second one for `quizzes`, unless told otherwise."""
        if with_quizzes:
            done = dict(_lessons(enrolment.pk))
            states = _quiz_states(enrolment, read)
            passed = frozenset(key for key, state in states.items() if state.passed)
            return cls(enrolment, read, done, passed, states)
        # Keys of lessons have no slash; those of quizzes begin with the course's.
        prefix = f"{read.course}/"
        rows = _finished(tuple(sorted(read.quiz_keys)), read.course).rows(
            enrolment=enrolment.pk, learner=enrolment.learner_id
        )
        done, passed = {}, set()
        for key, late in rows:
            if key.startswith(prefix):
                passed.add(key.removeprefix(prefix))
            else:
                done[key] = late
        return cls(enrolment, read, done, frozenset(passed))

    @classmethod
    def of_all(cls, enrolments) -> "list[Progress]":
        """Of all courses that one learner takes, in two queries."""
        done: dict[int, dict[str, str]] = {enrolment.pk: {} for enrolment in enrolments}
        finished = LessonCompletion.objects.filter(enrolment__in=done).order_by()
        for pk, key, late in finished.values_list("enrolment_id", "lesson__key", "late"):
            done[pk][key] = late
        learners = {enrolment.learner_id for enrolment in enrolments}
        passed = set(
            Attempt.objects.passed()
            .filter(learner__in=learners)
            .order_by()
            .values_list("learner_id", "quiz__key")
        )
        made = []
        for enrolment in enrolments:
            read = outline(enrolment.edition_id)
            keys = {k for k in read.quiz_keys if (enrolment.learner_id, f"{read.course}/{k}") in passed}
            made.append(cls(enrolment, read, done[enrolment.pk], frozenset(keys)))
        return made

    @property
    def lessons_total(self) -> int:
        return len(self.outline.lesson_keys)

    @property
    def lessons_done(self) -> int:
        return len(self.outline.lesson_keys & self.done.keys())

    @property
    def counted(self) -> frozenset[str]:
        """The finished lessons that count: done in time, or late and accepted."""
        counts = (Attempt.Late.NO, Attempt.Late.ACCEPTED)
        return frozenset(key for key, late in self.done.items() if late in counts)

    @property
    def awaiting(self) -> bool:
        """Something came late, and nobody has decided yet."""
        return Attempt.Late.AWAITING in self.done.values() or any(
            q.awaiting for q in (self.quizzes or {}).values()
        )

    def is_done(self, step: Step) -> bool:
        return step.key in (self.done if step.kind == "lesson" else self.passed)

    def next_step(self, after: Step | None = None) -> Step | None:
        """The first step not done behind `after`, else the first one anywhere; None when all is done."""
        steps = list(steps_of(self.outline))
        if after in steps:
            position = steps.index(after)
            steps = steps[position + 1 :] + steps[:position]
        return next((step for step in steps if not self.is_done(step)), None)

    def previous_step(self, step: Step) -> Step | None:
        """The step before in the order of the course; None before the first, and for a step it has no more."""
        steps = list(steps_of(self.outline))
        position = steps.index(step) if step in steps else 0
        return steps[position - 1] if position else None


def _lessons(enrolment_id):
    done = LessonCompletion.objects.filter(enrolment_id=enrolment_id)
    return done.order_by().values_list("lesson__key", "late")


def _attempts(learner_id, course, quiz_keys):
    keys = [f"{course}/{key}" for key in quiz_keys]
    return Attempt.objects.filter(learner_id=learner_id, quiz__key__in=keys)


@lru_cache(maxsize=500)
def _finished(quiz_keys: tuple, course: str) -> Prepared:
    """The keys of the lessons done and of the quizzes passed, and what came late: on the hot path."""

    def make(enrolment, learner):
        passed = _attempts(learner, course, quiz_keys).passed().order_by().values_list("quiz__key", "late")
        return _lessons(enrolment).union(passed, all=True)

    return Prepared(make, enrolment=int, learner=int)


def _quiz_states(enrolment, read) -> dict[str, QuizState]:
    states = {key: QuizState(read.quiz(key).pass_percent) for key in read.quiz_keys}
    attempts = _attempts(enrolment.learner_id, read.course, read.quiz_keys)
    for attempt in attempts.select_related("quiz").order_by("number"):
        state = states[attempt.quiz.own_key]
        state.pass_percent = min(state.pass_percent, attempt.terms["pass_percent"])
        if attempt.is_open:
            state.open_attempt = attempt
            continue
        state.made += 1
        state.last = attempt
        state.passed = state.passed or attempt.counts_as_passed
        state.awaiting = state.awaiting or attempt.late == Attempt.Late.AWAITING
    return states


def steps_of(read):
    """Every lesson and quiz in order."""
    for module in read.modules:
        for lesson in module.lessons:
            yield Step("lesson", lesson.key, module.key)
        if module.quiz:
            yield Step("quiz", module.quiz.key, module.key)


def step_url(course: str, step, enrolment=None, language: str = "") -> str:
    """Where a step is; the course where there is none. A lesson keeps the language that was asked for."""
    if step is None:
        return reverse("course", args=[course])
    url = reverse("lesson" if step.kind == "lesson" else "quiz", args=[course, step.key])
    return f"{url}?in={language}" if language and language != enrolment.language else url


def step_words(read, step, language) -> dict:
    """The title of a step and the language that it is in; empty where there is no step."""
    if step is None:
        return {}
    if step.kind == "quiz":
        return read.quiz_words(step.key, language)
    lesson = read.lesson(step.key)
    return {"title": lesson.words(language)["title"], "language": lesson.language(language)}
