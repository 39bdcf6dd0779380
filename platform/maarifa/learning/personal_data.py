"""What learning holds of people."""

from maarifa.learning.models import ReviewCard
from maarifa.lib.personal_data import PersonalDataEntry

_WHERE = {"enrolment": lambda row: row.enrolment.course.key, "edition": lambda row: row.edition.number}


def _question_of(card: ReviewCard) -> str:
    """The names of a question, as files of courses have them."""
    if card.question:
        return f"{card.question.bank.key}/{card.question.key}"
    return f"{card.lesson.course.key}/{card.lesson.key}/{card.practice_key}" if card.lesson else ""


PERSONAL_DATA = [
    PersonalDataEntry(
        model="learning.Enrolment",
        fields={
            "learner": "who takes the course",
            "course": "which course",
            "language": "the language it is read in",
            "institution": "with which institution",
            "enrolled_at": "since when",
            "last_activity_at": "when something was last done",
            "quiz_dates": "when the quizzes can be taken",
            "extra_time_percent": "how much longer than others the learner may work on a timed quiz",
            "ended_at": "until when",
        },
        purpose="to show the course, count progress and award the certificate",
        retention="until the account is erased; then without a name",
        on_erasure="keep",
        why="figures of a course stay right; the row points to an account that names nobody any more",
    ),
    PersonalDataEntry(
        model="learning.Event",
        fields={
            "learner": "who",
            "kind": "what was done",
            "client_time": "the clock of the phone",
            "clock_offset_ms": "how far that clock was off",
            "happened_at": "when it was done",
            "received_at": "when it arrived",
            "outcome": "what came of it",
        },
        purpose="to take in every learning event once, however often it is sent",
        retention="until the account is erased",
        on_erasure="delete",
        why="nobody will send it again",
    ),
    PersonalDataEntry(
        model="learning.ReviewAnswer",
        fields={
            "card": "which question",
            "response": "what was answered",
            "right": "whether that was right",
            "happened_at": "when",
            "received_at": "when we heard of it",
        },
        purpose="to ask a question again when it may be forgotten; nobody else sees the answers",
        retention="until the account is erased",
        on_erasure="delete",
        why="nobody will be asked again",
        person="card__enrolment__learner",
        says={"card": lambda row: _question_of(row.card), "response": lambda row: row.response},
        joins=("card__question__bank", "card__lesson__course"),
    ),
    PersonalDataEntry(
        model="learning.ReviewCard",
        fields={
            "enrolment": "in which course",
            "question": "which question",
            "exposed_at": "when it was last answered",
            "due_at": "when it is asked again",
        },
        purpose="to ask a question again when it may be forgotten; nobody else sees this",
        retention="until the account is erased",
        on_erasure="delete",
        why="nobody will be asked again",
        person="enrolment__learner",
        says={"enrolment": lambda row: row.enrolment.course.key, "question": lambda row: _question_of(row)},
        joins=("enrolment__course", "question__bank", "lesson__course"),
    ),
    PersonalDataEntry(
        model="learning.ReviewRefresh",
        fields={"enrolment": "in which course", "refreshed_at": "until when it was looked at"},
        purpose="to look at what was learned once",
        retention="until the account is erased",
        on_erasure="delete",
        why="nobody will be asked again",
        person="enrolment__learner",
        says={"enrolment": lambda row: row.enrolment.course.key},
        joins=("enrolment__course",),
    ),
    PersonalDataEntry(
        model="learning.LessonCompletion",
        fields={
            "enrolment": "in which course",
            "lesson": "the lesson read",
            "edition": "in which edition of the course",
            "language": "in which language",
            "happened_at": "when",
            "received_at": "when we heard of it",
            "late": "whether that was too late",
        },
        purpose="to count progress",
        retention="until the account is erased; then without a name",
        on_erasure="keep",
        why="figures of a course stay right; the enrolment names nobody any more",
        person="enrolment__learner",
        says=_WHERE,
        joins=("enrolment__course", "edition"),
    ),
    PersonalDataEntry(
        model="learning.CourseCompletion",
        fields={
            "enrolment": "which course was finished",
            "edition": "in which edition",
            "completed_at": "when",
        },
        purpose="to award the certificate",
        retention="until the account is erased; then without a name",
        on_erasure="keep",
        why="the code of the certificate goes on answering",
        person="enrolment__learner",
        says=_WHERE,
        joins=("enrolment__course", "edition"),
    ),
    PersonalDataEntry(
        model="learning.PracticeAnswer",
        fields={
            "enrolment": "in which course",
            "lesson": "in which lesson",
            "key": "which practice question",
            "response": "the last answer to it",
            "happened_at": "when",
            "received_at": "when we heard of it",
        },
        purpose="to show learners their own last answer again",
        retention="until the account is erased",
        on_erasure="delete",
        why="nobody else is shown it, and nothing counts it",
        person="enrolment__learner",
        says={"enrolment": _WHERE["enrolment"]},
        joins=("enrolment__course",),
    ),
    PersonalDataEntry.nothing(
        "learning.EnrolmentAttempt", why="links an attempt to an enrolment; both are listed themselves"
    ),
]
