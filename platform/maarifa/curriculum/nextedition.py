"""What publishing now would make of a course: what keeps it back, what changes, and the digest of all that."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from maarifa.curriculum.activities import HeldText, Place
from maarifa.curriculum.activities.lesson import LessonKind
from maarifa.curriculum.changes import TEXT_CODES, Change, Snapshot, changes_between
from maarifa.curriculum.checking import held_back, notices_of, problems_of
from maarifa.curriculum.compiled import CompiledCourse
from maarifa.curriculum.compiling import Compilation, compile_course
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Course, Edition
from maarifa.lib.digests import digest_of
from maarifa.lib.problems import Problem
from maarifa.quizzes.compiling import compile_quiz, described
from maarifa.quizzes.models import QuizVersion


@dataclass
class NextEdition:
    """`problems` keep the course from being published; `compiled` is None where there are any. `held`: texts that stay
    as learners read them now, with what is wrong with them; nothing, where somebody chose to leave them out.
    """

    draft: Draft
    current: Edition | None
    # What the current edition says.
    former: CompiledCourse | None
    problems: list[Problem]
    notices: list[Problem] = field(default_factory=list)
    held: dict[HeldText, list[Problem]] = field(default_factory=dict)
    compiled: Compilation | None = None

    @cached_property
    def changes(self) -> list[Change]:
        """Since the edition that learners read now. Nothing where there is none yet."""
        if self.current is None or self.compiled is None:
            return []
        keys = {pk: quiz.own_key for pk, quiz in self.draft.quizzes.items()}
        after = {keys[pk]: quiz for pk, quiz in self.compiled.quizzes.items()}
        return changes_between(snapshot_of(self.current, self.former), Snapshot(self.compiled.course, after))

    @property
    def differs(self) -> bool:
        """Whether there is anything to publish."""
        if self.compiled is None:
            return False
        # Both as they are read: an edition from before a field was added says what a new one would.
        return self.former is None or self.former.digest != self.compiled.digest

    @cached_property
    def digest(self) -> str:
        """Of all that this says: another one means that somebody has changed the draft or the edition meanwhile."""
        if self.compiled is None:
            return ""
        quizzes = {str(pk): quiz.digest for pk, quiz in self.compiled.quizzes.items()}
        return digest_of([self.compiled.digest, quizzes, self.current.pk if self.current else None])

    @property
    def texts_that_change(self) -> list[HeldText]:
        """Texts of lessons that learners would read otherwise than now, and that may stay as they are."""
        former = _places(self.former)
        source = self.draft.source_language
        return [
            (change.params["key"], change.params["language"])
            for change in self.changes
            if change.code in TEXT_CODES
            and (
                Place(LessonKind.name, change.params["key"]) in former or change.params["language"] != source
            )
        ]


def next_edition(course: Course, *, leave_out: Iterable[HeldText] = ()) -> NextEdition:
    """Reads the draft and the current edition at once; writes nothing."""
    draft = Draft.read(course)
    current = Edition.objects.get(pk=course.current_edition_id) if course.current_edition_id else None
    former = compiled_of(current) if current else None
    places = _places(former)
    chosen = {
        one
        for one in leave_out
        if one[1] != draft.source_language or Place(LessonKind.name, one[0]) in places
    }
    held = {**held_back(draft), **{one: [] for one in sorted(chosen)}}
    upcoming_edition = NextEdition(
        draft, current, former, problems_of(draft, chosen), notices_of(draft), held
    )
    if not upcoming_edition.problems:
        upcoming_edition.compiled = _compiled(draft, former, held)
    return upcoming_edition


def compiled_of(edition: Edition) -> CompiledCourse:
    """What an edition says."""
    return CompiledCourse.model_validate(edition.structure)


def _places(course: CompiledCourse | None) -> set[Place]:
    return set(course.activities()) if course else set()


def _compiled(draft: Draft, former: CompiledCourse | None, held: Iterable[HeldText]) -> Compilation:
    quizzes = {pk: compile_quiz(quiz) for pk, quiz in draft.quizzes.items()}
    compiled = compile_course(draft, quizzes, before=former, held=held)
    versions = QuizVersion.objects.filter(digest__in=[quiz.digest for quiz in quizzes.values()])
    known = {(version.quiz_id, version.digest): version.pk for version in versions.only("quiz_id", "digest")}
    return compiled.pinned({pk: known.get((pk, quiz.digest)) for pk, quiz in quizzes.items()})


def snapshot_of(edition: Edition, course: CompiledCourse | None = None) -> Snapshot:
    """`course` is what it says, for whoever has read that already."""
    pinned = edition.quizzes.select_related("quiz_version__quiz")
    return Snapshot(
        course or compiled_of(edition),
        {one.quiz_version.quiz.own_key: described(one.quiz_version) for one in pinned},
    )
