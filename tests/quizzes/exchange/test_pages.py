"""The pages in the admin of a bank: choose a file, see what it holds, import it; and export."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maarifa.accounts.models import AuditEntry
from maarifa.quizzes.models import Question
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import BankFactory, make_question
from tests.quizzes.pages import person, said, signed_in

pytestmark = pytest.mark.django_db

MIXED = "::Long rivers::Is the Nile long? {T}\n\n::Open::How are you? {}\n\n::Half::Is it? {=a ~b\n"


def page(name, bank):
    return reverse(f"admin:quizzes_bank_{name}", args=[bank.pk])


def chosen(text, name="q.gift", **more):
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile(name, content), "format": "", "language": "en", **more}


def sealed(response):
    return re.search(r'name="plan" value="([^"]+)"', response.text)[1]


def test_bank_leads_to_both_pages(desk, bank):
    text = desk.get(reverse("admin:quizzes_bank_change", args=[bank.pk])).text
    assert page("import", bank) in text
    assert page("export", bank) in text


def test_file_is_listed_and_imported_by_a_second_press(desk, instructor, bank):
    response = desk.post(page("import", bank), chosen(MIXED))
    assert not Question.objects.exists()
    assert "1 question can be imported" in response.text
    assert "2 questions cannot be imported" in response.text
    assert 'Line 3, “<bdi dir="auto">Open</bdi>”: “essay” questions cannot be imported' in response.text
    assert 'Line 5, “<bdi dir="auto">Half</bdi>”: The answers begin with {' in response.text
    done = desk.post(page("import", bank), {"plan": sealed(response)}, follow=True)
    assert said(done)[0] == "1 question was imported."
    assert [question.key for question in bank.questions.all()] == ["long-rivers"]
    assert AuditEntry.objects.get(action="questions.imported").actor == instructor
    assert LogEntry.objects.get().change_message == "1 question was imported."


def test_second_import_of_the_same_page_is_refused(desk, bank):
    plan = sealed(desk.post(page("import", bank), chosen(MIXED)))
    desk.post(page("import", bank), {"plan": plan}, follow=True)
    again = desk.post(page("import", bank), {"plan": plan}, follow=True)
    assert said(again) == [
        "The bank has changed since you checked the file. Nothing was imported. Check the file again."
    ]
    assert Question.objects.count() == 1


def test_page_that_was_changed_or_is_of_somebody_else_is_refused(desk, bank):
    plan = sealed(desk.post(page("import", bank), chosen(MIXED)))
    rights = [f"{verb}_{model}" for verb in ("view", "add", "change") for model in ("bank", "question")]
    other = signed_in(person("kofi", *rights, "add_questiontext"))
    for client, where, value in (
        (desk, bank, plan + "x"),
        (desk, BankFactory(), plan),
        (other, bank, plan),
    ):
        answer = client.post(page("import", where), {"plan": value}, follow=True)
        assert said(answer) == [
            "This page is too old, or was changed. Nothing was imported. Choose the file again."
        ]
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ({"language": "en"}, "Choose the file that contains the questions."),
        (chosen(""), "q.gift is empty."),
        (chosen("only words", "q.txt"), "The format of q.txt is unknown."),
        (chosen("<quiz>", "q.xml"), "q.xml, line 1: the XML is not complete"),
        (chosen("x" * 5_000_001), "q.gift is too large."),
        (chosen(MIXED, language="xx"), "Select a valid choice."),
    ],
)
def test_file_that_cannot_be_read_is_told_beside_its_field(desk, bank, file, message):
    response = desk.post(page("import", bank), file)
    assert response.status_code == 200
    assert message in response.text
    assert not Question.objects.exists()


def test_texts_of_a_file_are_escaped(desk, bank):
    response = desk.post(
        page("import", bank), chosen("::<b>x</b>::[plain]Is <script>1</script>? {T}\n\n<i>{")
    )
    assert "<script>1" not in response.text
    assert "&lt;script&gt;1" in response.text


def test_template_is_a_workbook(desk, bank):
    response = desk.get(page("template", bank))
    assert response.content.startswith(b"PK")
    assert 'filename="questions.xlsx"' in response["Content-Disposition"]


def test_export_hands_over_the_file_and_writes_an_audit_entry(desk, instructor, bank):
    make_question(bank=bank, key="long-rivers", arabic=False)
    response = desk.post(page("export", bank), {"format": "gift", "language": "en"})
    assert response["Content-Disposition"] == 'attachment; filename="water-rules-rivers.en.gift"'
    assert b"::long-rivers::[plain]What is long-rivers?{" in response.content
    entry = AuditEntry.objects.get(action="questions.exported")
    assert (entry.actor, entry.details["questions"]) == (instructor, ["long-rivers"])


def test_export_tells_once_what_is_left_out(desk, bank):
    make_question(bank=bank, key="long-rivers")
    make_question("numeric", bank=bank, key="how-long")
    choice = {"format": "gift", "language": "en"}
    response = desk.post(page("export", bank), choice)
    assert "1 question cannot be written as GIFT" in response.text
    assert '“<bdi dir="auto">how-long</bdi>”: The question has a unit' in response.text
    assert "Translations are not in it." in response.text
    assert not AuditEntry.objects.exists()
    told = re.search(r'name="told" value="([^"]+)"', response.text)[1]
    other = desk.post(page("export", bank), {**choice, "format": "csv", "told": told})
    assert "text/html" in other["Content-Type"]
    file = desk.post(page("export", bank), {**choice, "told": told})
    assert file["Content-Type"].startswith("text/plain")


def test_exam_bank_takes_questions_and_gives_none(desk):
    bank = BankFactory(kind="exam")
    make_question(bank=bank)
    assert page("export", bank) not in desk.get(reverse("admin:quizzes_bank_change", args=[bank.pk])).text
    for method in (desk.get, desk.post):
        assert method(page("export", bank), {"format": "gift", "language": "en"}).status_code == 403
    assert desk.get(page("import", bank)).status_code == 200


@pytest.mark.parametrize("name", ["import", "export", "template"])
def test_strangers_and_staff_without_the_right_get_nothing(name, bank):
    make_question(bank=bank)
    reader = signed_in(person("amina", "view_bank", "view_question"))
    learner = signed_in(UserFactory())
    assert reader.get(page(name, bank)).status_code == 403
    assert reader.post(page(name, bank), {"format": "gift", "language": "en"}).status_code == 403
    for client in (learner, Client()):
        assert client.get(page(name, bank)).status_code == 302
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("name", ["import", "export", "template"])
def test_bank_that_is_not_there(desk, name):
    assert desk.get(reverse(f"admin:quizzes_bank_{name}", args=[4711])).status_code == 404
