"""Practice questions of every kind that lessons use, as authors write them, in English and Arabic."""

from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import LessonText
from maarifa.curriculum.text.blocks import blocks
from maarifa.quizzes.kinds import Practice
from maarifa.quizzes.practice import StoredPractice, stored
from tests.factories.curriculum import MadeCourse, draft_course

SINGLE = """key: which-one
kind: single
stem: Who answers for a system?
choices:
- text: Nobody
  correct: false
  feedback: Then nobody acts.
- text: An office
  correct: true
  feedback: Somebody can be asked."""
MULTIPLE = """key: which-some
kind: multiple
stem: Which of these belong on the card?
choices:
- text: Who stops it
  correct: true
  feedback: It names a role.
- text: Who built it
  correct: false
  feedback: The builder does not stop it.
- text: When it was stopped
  correct: true
  feedback: The date is evidence."""
TRUTH = """key: is-it-so
kind: truefalse
stem: A near miss is worth a review.
choices:
- text: 'True'
  correct: true
  feedback: Near misses teach the same.
- text: 'False'
  correct: false
  feedback: Nobody was hurt, and it teaches the same."""
NUMBER = """key: how-many
kind: numeric
stem: How much memory do the weights take?
answer: '3.5'
tolerance: '0.1'
unit: GB
units:
  MB: '1000'
feedback:
  correct: Half a byte for each weight.
  wrong: Multiply the weights by half a byte."""
TEXT = """key: which-word
kind: shorttext
stem: What is the memory of a context called?
accepted:
- KV cache
- cache
expected_wrong:
- text: RAM
  feedback: That is where it lies.
feedback:
  correct: It grows with the context.
  wrong: Read about the context again."""
GAPS = """key: fill-in
kind: gaps
stem: Complete the sentence.
passage: The [[1]] are loaded once. The [[2]] grows.
gaps:
  '1':
    choices:
    - text: weights
      correct: true
    - text: answers
      correct: false
    feedback:
      wrong: What is read from the disk?
  '2':
    accepted:
    - cache
    feedback:
      correct: With each word.
      wrong: What holds the context?"""
PAIRS = """key: which-pairs
kind: matching
stem: Which part does what?
pairs:
- item: The weights
  choice: are loaded once
  feedback: They do not change.
- item: The cache
  choice: grows with the context
  feedback: Each word adds to it.
- item: The office
  choice: answers for the system
  feedback: Somebody can be asked.
others:
- is never needed"""
SITUATIONS = """key: which-family
kind: extended
theme: Families of risk
stem: Which family does each situation belong to?
choices:
- Bias
- Misuse
- Failure
pairs:
- item: A camera is used to follow a journalist.
  choice: Misuse
  feedback: It does what it was not bought for.
- item: The tool finds fewer cases in one district.
  choice: Bias
  feedback: One group pays."""
ORDER = """key: which-order
kind: ordering
stem: Put the four moments in order.
items:
- Design
- Deployment
- Watching
- Stopping
feedback:
  correct: The cycle has four moments.
  wrong: Begin before you buy."""

BLOCKS = (SINGLE, MULTIPLE, TRUTH, NUMBER, TEXT, GAPS, PAIRS, SITUATIONS, ORDER)
KEYS = [block.split("\n")[0].removeprefix("key: ") for block in BLOCKS]
ARABIC = {
    "Who answers for a system?": "من يُسأل عن النظام؟",
    "An office": "مكتب",
    "Nobody": "لا أحد",
    "Put the four moments in order.": "رتّب اللحظات الأربع.",
    "Design": "التصميم",
    "Deployment": "النشر",
    "Watching": "المراقبة",
    "Stopping": "الإيقاف",
}


def fenced(block: str) -> str:
    return f"```practice\n{block}\n```"


def body(*, arabic: bool = False) -> str:
    """The text of a lesson with a question of every kind below a heading with a paragraph."""
    text = "\n\n".join(
        ["## What to read", "A paragraph that says it.", "## Try it", *(fenced(one) for one in BLOCKS)]
    )
    for english, translated in ARABIC.items() if arabic else ():
        text = text.replace(english, translated)
    return text


def practice(block: str, position: int = 1) -> StoredPractice:
    """As a document in English has it."""
    (found,) = blocks(fenced(block))
    read, problems = found.read()
    assert isinstance(read, Practice), problems
    return stored(read, position)


def practice_course(*, key: str = "practice") -> MadeCourse:
    """A published course of which the first lesson has a question of every kind."""
    made = draft_course(key=key)
    for language in ("en", "ar"):
        LessonText.objects.filter(lesson=made.lessons[0], language=language).update(
            body=body(arabic=language == "ar")
        )
    made.edition = publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    return made


def rendered_before_forms(text: str, **_options: object) -> tuple[str, list[StoredPractice]]:
    """A document as it was made before practice had forms, in the place of `rendered`."""
    read = [block.read()[0] for block in blocks(text)]
    return "\n".join(one.former_html() for one in read if isinstance(one, Practice)), []
