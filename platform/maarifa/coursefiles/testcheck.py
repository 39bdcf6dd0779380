"""The tests that the questions of a bank carry, run in every language of the course."""

from dataclasses import replace

from maarifa.coursefiles.courseplan import CourseFile
from maarifa.coursefiles.reading import CourseFileRead, CourseFolder
from maarifa.coursefiles.shapes import BankFile, BankTextsFile, QuestionEntry
from maarifa.quizzes.kinds import TextsData, kind_named
from maarifa.quizzes.questiontests import failed_tests


def check_tests(folder: CourseFolder, course: CourseFile) -> None:
    """Adds to the folder's problems the tests that fail, each at its line in the file of the bank.

    Texts that are not complete are problems of their own, and no test is run with them.
    """
    for file in folder.of_kind(BankFile):
        for number, question in enumerate(file.shape.questions):
            if question.tests:
                _check(folder, course, file, number, question)


def _check(
    folder: CourseFolder,
    course: CourseFile,
    file: CourseFileRead[BankFile],
    number: int,
    question: QuestionEntry,
) -> None:
    kind, structure = kind_named(question.kind), question.structure.stored()
    texts: dict[str, TextsData] = {}
    for language in course.languages:
        in_language = folder.find(BankTextsFile, bank=file.names["bank"], language=language)
        words = in_language.shape.questions.get(question.key) if in_language else None
        if words and not kind.texts_problems(structure, words.texts()):
            texts[language] = words.texts()
    if course.source_language not in texts:
        return
    tests = question.stored_tests
    for failed in failed_tests(kind, structure, question.points, texts, tests, source=course.source_language):
        path = ("questions", number, "tests", failed.number - 1)
        where = " → ".join(one for one in (question.key, failed.language) if one)
        folder.refuse(file.path, replace(failed.problem, line=file.line(*path), where=where))
