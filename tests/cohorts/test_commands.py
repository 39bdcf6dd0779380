"""`manage.py import_roster`: what it prints, what it writes, and how it ends."""

import io
import os
import pty
import re
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from maarifa.accounts.models import AuditEntry
from maarifa.cohorts import actions
from maarifa.cohorts.models import CohortMember, RosterImport, RosterRow
from maarifa.delivery.models import Delivery
from tests import services
from tests.factories.cohorts import CohortFactory, accepted_member, csv_of

FATOU = ["Fatou Diop", "fatou@example.org", "00042", "fr"]
CARD = ["Rakoto", "", "00043", ""]
BAD = ["Ngozi", "ngozi.example.org", "", ""]


@pytest.fixture
def file(tmp_path):
    def write(rows, name="list.csv", **more):
        path = tmp_path / name
        path.write_bytes(rows if isinstance(rows, bytes) else csv_of(rows, **more))
        return str(path)

    return write


@pytest.fixture
def run(cohort):
    """Runs the command: what it printed, and what it failed with, if it did."""

    def run(file, *options):
        out = io.StringIO()
        try:
            call_command("import_roster", str(cohort.public_id), file, *options, stdout=out)
        except CommandError as error:
            return out.getvalue().splitlines(), str(error)
        return out.getvalue().splitlines(), None

    return run


def test_dry_run_shows_each_row_and_writes_nothing_at_all(run, file, changed):
    printed, failed = run(file([FATOU, CARD]), "--dry-run")
    assert failed is None
    assert printed == [
        "Row 2, Fatou Diop, fatou@example.org, 00042: invite by e-mail",
        "Row 3, Rakoto, 00043: create an account with an access card",
        "This was a dry run. Nothing was written.",
    ]
    assert changed() == {}


def test_dry_run_names_row_cell_value_and_what_would_be_right(run, file, changed):
    printed, failed = run(file([FATOU, BAD]), "--dry-run")
    assert printed[1:3] == [
        "Row 3, Ngozi: cannot be used",
        "    column “E-mail” (cell B3), “ngozi.example.org”: “ngozi.example.org” has no @. An address looks like "
        "name@example.org.",
    ]
    assert failed == "1 row was left out. See the reason above."
    assert changed() == {}


def test_list_that_leaves_something_out_is_applied_only_with_a_flag(run, file, changed):
    path = file([["KABORÉ", "Issa", "A-1"]], header=["Nom", "Prénoms de l’agent", "Matricule"])
    printed, failed = run(path)
    assert "Column B, “Prénoms de l’agent”, will not be used" in printed[-1]
    assert failed.endswith("To apply the list anyway, run the command again with --known.")
    assert changed() == {}
    printed, failed = run(path, "--known")
    assert (failed, printed[-1]) == (None, "1 access card was created.")


def test_plan_is_applied_exactly_and_what_it_leaves_out_makes_it_fail(run, file, cohort):
    printed, failed = run(file([FATOU, BAD, CARD]), "--known")
    assert printed[-2:] == ["1 person was invited.", "1 access card was created."]
    assert failed == "1 row was left out. See the reason above."
    roster = RosterImport.objects.get()
    assert (roster.stage, roster.state, roster.uploaded_by) == ("applied", "done", None)
    assert [row.outcome for row in roster.rows.order_by("number")] == ["done", "refused", "done"]
    assert set(CohortMember.objects.values_list("given_name", "cohort")) == {
        ("Fatou Diop", cohort.pk),
        ("Rakoto", cohort.pk),
    }
    assert Delivery.objects.get().address == "fatou@example.org"


def test_list_that_was_applied_already_is_no_failure_and_leaves_nothing_behind(run, file, changed):
    path = file([FATOU, CARD])
    run(path)
    first = changed()
    printed, failed = run(path)
    assert (printed[-1], failed) == ("There is nothing in this list to apply.", None)
    assert "already added to the cohort" in printed[0]
    assert changed() == first


def test_file_that_cannot_be_read_says_what_to_fix_and_writes_nothing(run, file, changed):
    printed, failed = run(file(b"Ville,Pays\nDakar,SN\n", name="villes.csv"), "--language", "en")
    assert [line.split(" ")[:4] for line in printed] == [["villes.csv", "has", "no", "column"]] * 2
    assert failed == "The list cannot be used as it is. Nothing was written."
    printed, _failed = run(file(b"x" * 5_000_001, name="huge.csv"))
    assert printed == [
        "huge.csv is too large: a file may have at most 5,000 kB. Split the list into two files, or delete the "
        "sheets and pictures that are not part of it."
    ]
    assert changed() == {}


def test_file_that_is_not_there_is_named(run, tmp_path, changed):
    _printed, failed = run(str(tmp_path / "none.csv"))
    assert failed == f"{tmp_path / 'none.csv'} cannot be opened: No such file or directory."
    _printed, failed = run(str(tmp_path))
    assert failed == f"{tmp_path} cannot be opened: Is a directory."
    assert changed() == {}


@pytest.mark.parametrize("name", ["autumn", "", "00000000-0000-0000-0000-000000000000"])
def test_cohort_that_is_not_there_is_named(file, cohort, name):
    with pytest.raises(CommandError, match=f"There is no cohort with the ID “{name}”"):
        call_command("import_roster", name, file([FATOU]))


def test_cohort_that_is_closed_refuses(run, file, cohort, changed):
    actions.retire_cohort(cohort=cohort, by=None)
    before = changed()
    _printed, failed = run(file([FATOU]))
    assert failed == "This cohort is closed. No one can be invited to it or join it."
    assert changed() == before


def test_language_is_the_institutions_and_names_the_code_page(run, file, institution):
    content = csv_of([["Léopold", "leopold@example.org", "", ""]], delimiter=";", encoding="cp1252")
    type(institution).objects.filter(pk=institution.pk).update(language="fr")
    printed, _failed = run(file(content), "--dry-run")
    assert printed[1:] == [
        "Ligne 2, Léopold, leopold@example.org\u00a0: inviter par e-mail",
        "C’était un essai à blanc. Rien n’a été écrit.",
    ]
    printed, failed = run(file([BAD]), "--dry-run", "--language=ar")
    assert printed[1] == (
        "    العمود «E-mail» (الخلية B2)، «ngozi.example.org»: ليس في «ngozi.example.org» العلامة @. يكون العنوان "
        "بهذا الشكل: name@example.org."
    )
    assert failed == "استُبعد صف واحد. انظر السبب أعلاه."
    assert run(file(content), "--dry-run", "--language=tlh")[1].startswith(
        "Error: argument --language: invalid choice: 'tlh'"
    )
    assert RosterImport.objects.count() == 0


def test_who_does_it_stands_in_the_audit(run, file, coordinator):
    run(file([FATOU, CARD]), "--by", "COORDINATOR")
    entries = AuditEntry.objects.order_by("pk")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("roster.planned", coordinator),
        ("roster.confirmed", coordinator),
        ("accounts.made", coordinator),
    ]
    assert RosterImport.objects.get().uploaded_by == coordinator
    _printed, failed = run(file([FATOU]), "--by", "nobody")
    assert failed == "There is no open account with the user name “nobody”."


class Onlooker(io.StringIO):
    """Reads along, and does something as soon as the plan is shown."""

    def __init__(self, then):
        super().__init__()
        self.then = then

    def write(self, words):
        if words.startswith("Row 2"):
            then, self.then = self.then, lambda: None
            then()
        return super().write(words)


def test_row_whose_ground_changes_while_it_is_applied_is_left_out_and_named(file, cohort):
    out = Onlooker(lambda: accepted_member(cohort=cohort, email="fatou@example.org"))
    with pytest.raises(CommandError, match=r"1 row was left out\. See the reason above\."):
        call_command("import_roster", str(cohort.public_id), file([FATOU, CARD]), stdout=out)
    assert (
        "Row 2, Fatou Diop, fatou@example.org, 00042: left out. This person was added to the cohort in "
        "another way before the list was applied.\n"
    ) in out.getvalue()
    assert RosterRow.objects.filter(outcome="done").count() == 1


@pytest.mark.django_db(transaction=True)
def test_terminal_shows_a_bar_and_the_process_ends_as_it_should(environment, postbox, file):
    cohort = CohortFactory()
    rows = [*([f"Learner {n}", "", f"N-{n}", ""] for n in range(450)), BAD]
    ours, theirs = pty.openpty()
    command = [sys.executable, "manage.py", "import_roster", str(cohort.public_id), file(rows), "--known"]
    done = subprocess.Popen(command, cwd=services.ROOT, env=environment, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = _all_of(ours)
    assert done.wait() == 1, shown
    # How often it is drawn between depends on who applies the list, the command or a worker that is quicker.
    drawn = re.findall(r"\[(#*)(\.*)\] (\d+) of 450 rows done", shown)
    assert [len(full) for full, _rest, _done in drawn] == [
        30 * int(done) // 450 for _full, _rest, done in drawn
    ]
    assert {len(full) + len(rest) for full, rest, _done in drawn} == {30}
    assert (drawn[0][2], drawn[-1][2]) == ("0", "450")
    assert "CommandError: 1 row was left out. See the reason above." in shown
    assert CohortMember.objects.count() == 450


def _all_of(terminal) -> str:
    read = b""
    try:
        while piece := os.read(terminal, 65536):
            read += piece
    except OSError:
        pass  # how a terminal says that nobody writes to it any more
    os.close(terminal)
    return read.decode()
