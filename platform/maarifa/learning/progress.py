"""How far a learner is, and what comes next."""

from dataclasses import dataclass, field

from maarifa.learning.models import Enrolment, LessonCompletion
from maarifa.quizzes.models import Attempt


@dataclass(frozen=True)
class Step:
    """A lesson or a quiz in the order of the course."""

    kind: str  # "lesson" or "quiz"
    key: str
    module: str


@dataclass
class QuizState:
    """What a learner has done of one quiz. `open_attempt` and `last` are attempts or None."""

    made: int = 0
    passed: bool = False
    awaiting: bool = False
    open_attempt: Attempt | None = None
    last: Attempt | None = None
    best: Attempt | None = None


@dataclass
class Progress:
    enrolment: Enrolment
    outline: object
    done: dict[str, str]
    quizzes: dict[str, QuizState] | None = field(default=None)

    @classmethod
    def of(cls, enrolment, outline, *, with_quizzes=True) -> "Progress":
        """One query for lessons and, unless told otherwise, one for quizzes, whatever the size of the course."""
        done = dict(
            LessonCompletion.objects.filter(enrolment_id=enrolment.pk).values_list("lesson__key", "late")
        )
        return cls(enrolment, outline, done, cls._quizzes(enrolment, outline) if with_quizzes else None)

    @staticmethod
    def _quizzes(enrolment, outline) -> dict[str, QuizState]:
        states = {key: QuizState() for key in outline.quiz_keys}
        attempts = (
            Attempt.objects.filter(
                learner_id=enrolment.learner_id,
                quiz__key__in=[f"{outline.course}/{key}" for key in outline.quiz_keys],
            )
            .select_related("quiz")
            .order_by("number")
        )
        for attempt in attempts:
            state = states[attempt.quiz.own_key]
            state.made += 1
            if attempt.is_open:
                state.open_attempt = attempt
                continue
            state.last = attempt
            if state.best is None or attempt.score > state.best.score:
                state.best = attempt
            if attempt.passed and attempt.late in (Attempt.Late.NO, Attempt.Late.ACCEPTED):
                state.passed = True
            if attempt.late == Attempt.Late.AWAITING:
                state.awaiting = True
        return states

    @property
    def lessons_total(self) -> int:
        return len(self.outline.lesson_keys)

    @property
    def lessons_done(self) -> int:
        return len(self.outline.lesson_keys & self.done.keys())

    @property
    def awaiting(self) -> bool:
        """Something came late, and nobody has decided yet."""
        return Attempt.Late.AWAITING in self.done.values() or any(
            q.awaiting for q in (self.quizzes or {}).values()
        )

    def is_done(self, step: Step) -> bool:
        """A quiz counts as not done where quizzes were not asked for: its page then says how it stands."""
        if step.kind == "lesson":
            return step.key in self.done
        return self.quizzes is not None and self.quizzes[step.key].passed

    def next_step(self, after: Step | None = None) -> Step | None:
        """The first step not done behind `after`, else the first one anywhere; None when all is done."""
        steps = list(steps_of(self.outline))
        if after in steps:
            position = steps.index(after)
            steps = steps[position + 1 :] + steps[:position]
        return next((step for step in steps if not self.is_done(step)), None)

    def previous_step(self, step: Step) -> Step | None:
        steps = list(steps_of(self.outline))
        position = steps.index(step)
        return steps[position - 1] if position else None


def steps_of(outline):
    """Every lesson and quiz in order."""
    for module in outline.modules:
        for lesson in module.lessons:
            yield Step("lesson", lesson.key, module.key)
        if module.quiz:
            yield Step("quiz", module.quiz.key, module.key)
