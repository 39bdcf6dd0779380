"""The governance course grew from one module to two: nobody's records changed, and nobody queues more than before."""

import shutil
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import yaml

from maarifa.coursefiles.actions import load_course
from maarifa.coursefiles.checking import check
from maarifa.coursefiles.reading import read_folder
from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import Course
from maarifa.learning.actions import enrol, record_event
from maarifa.learning.models import CourseCompletion, LessonCompletion
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.services import ROOT

pytestmark = pytest.mark.django_db

KEY = "ai-governance-foundations"
FIRST = ["what-governance-is-for", "the-full-cycle", "reading-what-binds"]
THEN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
NOW = THEN + timedelta(days=30)


def publish(root, *, at):
    folder = read_folder(root)
    check(folder)
    assert [str(found) for found in folder.problems] == []
    load_course(folder=folder, by=None, at=at)
    course = Course.objects.get(key=KEY)
    publish_course(course=course, by=None, at=at)
    return Course.objects.get(key=KEY)


def first_module_of(tmp_path):
    """The course as it was when it had one module, cut from the files of today."""
    root = tmp_path / KEY
    shutil.copytree(ROOT / "courses" / KEY, root)
    plan = yaml.safe_load((root / "course.yaml").read_text())
    for module in plan["modules"][1:]:
        for lesson in module["lessons"]:
            shutil.rmtree(root / lesson["key"])
        for path in [
            *root.glob(f"banks/{module['quiz']['bank']}.*"),
            *root.glob(f"worksheets/{module['worksheet']}.*"),
        ]:
            path.unlink()
    gone = [
        key for module in plan["modules"][1:] for lesson in module["lessons"] for key in lesson["outcomes"]
    ]
    del plan["modules"][1:]
    plan["outcomes"] = [key for key in plan["outcomes"] if key not in gone]
    plan["requirements"]["quizzes"] = [plan["modules"][0]["quiz"]["key"]]
    write(root / "course.yaml", plan)
    for path in root.glob("course.??.yaml"):
        words = yaml.safe_load(path.read_text())
        kept = {"outcomes": plan["outcomes"], "modules": ["foundations"], "quizzes": ["foundations-quiz"]}
        write(path, words | {name: {key: words[name][key] for key in keys} for name, keys in kept.items()})
    return root


def write(path, content):
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10**6))
    read = read_folder(path.parent).files[path.name]
    path.write_text(read.canonical)


def step(enrolment, kind, at, **payload):
    return record_event(learner=enrolment.learner, client_id=uuid4(), kind=kind, payload=payload, at=at)


def read_lessons(enrolment, lessons, *, at):
    for lesson in lessons:
        step(enrolment, "lesson-read", at, course=KEY, lesson=lesson, language="en")


def pass_quiz(enrolment, quiz, *, at):
    started = step(enrolment, "quiz-started", at, course=KEY, quiz=quiz, language="en")
    attempt = Attempt.objects.get(public_id=started["attempt"])
    answers = {}
    for row in attempt.questions.select_related("question_version"):
        structure = row.question_version.structure
        right = structure["answer"] if "answer" in structure else structure["correct"]
        answers[str(row.position)] = [str(one).lower() for one in right] if isinstance(right, list) else right
    step(enrolment, "quiz-submitted", at, attempt=str(attempt.public_id), responses=answers)
    return Attempt.objects.get(pk=attempt.pk)


def is_complete(enrolment):
    return CourseCompletion.objects.filter(enrolment=enrolment).exists()


def test_learners_keep_what_they_did_and_queue_no_more_when_the_course_grows(tmp_path):
    course = publish(first_module_of(tmp_path), at=THEN)
    finished, begun = (
        enrol(learner=UserFactory(username=name), course=course, language="en", at=THEN)
        for name in ("finished", "begun")
    )
    read_lessons(finished, FIRST, at=THEN)
    passed = pass_quiz(finished, "foundations-quiz", at=THEN)
    read_lessons(begun, FIRST[:1], at=THEN)
    assert (is_complete(finished), is_complete(begun)) == (True, False)
    was = CourseCompletion.objects.values().get(enrolment=finished)
    answered = list(passed.questions.order_by("position").values("question_version", "response"))

    grown = publish(ROOT / "courses" / KEY, at=NOW)
    assert (grown.pk, grown.modules.count()) == (course.pk, 2)
    late = enrol(learner=UserFactory(username="late"), course=grown, language="en", at=NOW)

    assert CourseCompletion.objects.values().get(enrolment=finished) == was
    assert list(passed.questions.order_by("position").values("question_version", "response")) == answered
    assert LessonCompletion.objects.filter(enrolment=finished).count() == len(FIRST)
    for enrolment, lessons in ((begun, FIRST[1:]), (late, FIRST)):
        read_lessons(enrolment, lessons, at=NOW)
        pass_quiz(enrolment, "foundations-quiz", at=NOW)
    assert (is_complete(begun), is_complete(late)) == (True, False)
