"""manage.py import_questions and export_questions."""

import pytest
from django.core.management import CommandError, call_command

from maarifa.accounts.models import AuditEntry
from maarifa.quizzes.models import Question
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import BankFactory, make_question

pytestmark = pytest.mark.django_db

GOOD = "::Long rivers::Is the Nile long? {T}\n"
MIXED = f"{GOOD}\n::Open::How are you? {{}}\n"


@pytest.fixture
def file(tmp_path):
    def write(content, name="q.gift"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


@pytest.fixture
def ran(capsys):
    def run(*arguments):
        try:
            call_command(*arguments)
        except CommandError as error:
            return False, capsys.readouterr().out + str(error)
        return True, capsys.readouterr().out

    return run


def test_dry_run_lists_and_writes_nothing(bank, file, ran):
    well, output = ran("import_questions", bank.key, file(MIXED), "--dry-run")
    assert well
    assert output.splitlines() == [
        "long-rivers, true or false: Is the Nile long?",
        "Line 3, “Open”: “essay” questions cannot be imported: Maarifa grades every answer itself.",
        "1 question cannot be imported. See the reason above.",
        "This was a dry run. Nothing was written.",
    ]
    assert not Question.objects.exists()


def test_import_with_problems_needs_to_be_told_to_skip_them(bank, file, ran):
    path = file(MIXED)
    well, output = ran("import_questions", bank.key, path)
    assert not well
    assert "Nothing was written. Correct the file, or run the command again with --skip." in output
    assert not Question.objects.exists()
    person = UserFactory(username="fatou")
    well, output = ran("import_questions", bank.key, path, "--skip", "--by", "fatou")
    assert well
    assert output.endswith("1 question was imported.\n")
    assert AuditEntry.objects.get().actor == person


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no/bank", "q"], "There is no question bank “no/bank”."),
        (["water-rules/rivers", "no-such-file"], "no-such-file cannot be opened: No such file or directory."),
        (
            ["water-rules/rivers", "q", "--by", "nobody"],
            "There is no open account with the user name “nobody”.",
        ),
    ],
)
def test_import_that_cannot_begin(bank, ran, arguments, message):
    well, output = ran("import_questions", *arguments)
    assert not well
    assert message in output


def test_file_that_cannot_be_read(bank, file, ran):
    well, output = ran("import_questions", bank.key, file(b"\x89PNG and more"))
    assert not well
    assert output == "q.gift is not a text file. Choose a GIFT, Moodle XML, Aiken or spreadsheet file."


def test_export_and_import_again(bank, file, ran, tmp_path):
    make_question(bank=bank, key="long-rivers", arabic=False)
    target = tmp_path / "out.xml"
    well, output = ran("export_questions", bank.key, str(target))
    assert (well, output) == (True, "1 question was exported.\n")
    assert AuditEntry.objects.get().action == "questions.exported"
    other = BankFactory(key="water-rules/other")
    assert ran("import_questions", other.key, str(target))[0]
    assert other.questions.get().key == "long-rivers"


def test_export_that_leaves_questions_out_needs_to_be_told(bank, ran, tmp_path):
    make_question(bank=bank, key="long-rivers", arabic=False)
    make_question("numeric", bank=bank, key="how-long", arabic=False)
    target = tmp_path / "out.gift"
    well, output = ran("export_questions", bank.key, str(target))
    assert not well
    assert "“how-long”: The question has a unit, and GIFT has no place for it." in output
    assert not target.exists()
    assert ran("export_questions", bank.key, str(target), "--skip")[0]
    assert b"::long-rivers::" in target.read_bytes()


def test_exam_bank_is_never_exported(ran, tmp_path):
    make_question(bank=BankFactory(key="water-rules/exam", kind="exam"))
    target = tmp_path / "out.xml"
    well, output = ran("export_questions", "water-rules/exam", str(target), "--skip")
    assert (well, output) == (False, "Exam banks are secret. Their questions are never exported.")
    assert not target.exists()


def test_format_that_the_name_does_not_say(bank, ran, tmp_path):
    well, output = ran("export_questions", bank.key, str(tmp_path / "out.txt"))
    assert not well
    assert "Write --format with one of these: gift, moodle-xml, aiken, xlsx, csv." in output
