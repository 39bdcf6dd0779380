"""What a spreadsheet would do to a cohort. Nothing is written but the plan itself."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.cohorts.actions.errors import RosterImportError, why_nothing_begins
from maarifa.cohorts.actions.problems import RosterNote, RosterProblem, stored
from maarifa.cohorts.actions.questions import (
    question_of_letters,
    questions_of_columns,
    questions_of_common_addresses,
    questions_of_left_out,
    questions_of_notes,
    questions_of_shared_addresses,
)
from maarifa.cohorts.actions.rows import PlannedRow, Rows
from maarifa.cohorts.actions.vocabulary import FAMILY_NAME_BESIDE_FIRST, vocabulary
from maarifa.cohorts.models import Cohort, RosterImport, RosterRow
from maarifa.cohorts.stored import Chosen, Reading
from maarifa.lib.digests import digest, digest_of
from maarifa.lib.spreadsheets import (
    Table,
    TableProblem,
    code_page,
    header_key,
    likelier_encoding,
    match_columns,
    read_table,
)

Action = RosterRow.Action
BATCH = 500
CHOICES: tuple[Literal["encoding", "delimiter", "sheet"], ...] = ("encoding", "delimiter", "sheet")


@dataclass(frozen=True)
class Draft:
    """A plan that is not kept yet."""

    roster: RosterImport
    rows: list[PlannedRow]


def draft_roster(
    *,
    cohort: Cohort,
    by: User | None,
    file_name: str,
    content: bytes,
    language: str,
    reading: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Draft:
    """What the file would do to the cohort, row by row; writes nothing, not even the plan.

    A file that cannot be read gives no rows, and `roster.reading["problems"]` says what to fix. `language` is the
    uploader's: it names the code page of a file that does not say how its letters are written. `reading` is what a
    person picked instead of what was guessed: encoding, delimiter, sheet. Refuses RETIRED, INSTITUTION_RETIRED and
    NOT_PUBLISHED, where nobody could be invited.
    """
    at = at or timezone.now()
    _refuse_where_nothing_begins(cohort)
    roster = RosterImport(
        cohort=cohort,
        uploaded_by=by,
        file_name=file_name[-255:],
        file_digest=digest(content),
        file=content,
        language=language,
        created_at=at,
        due_at=at,
    )
    return Draft(roster, _plan(roster, reading or {}))


def keep_roster(*, draft: Draft) -> RosterImport:
    """Keeps what `draft_roster` made, file and rows, until somebody confirms exactly this plan. Never refuses."""
    roster = draft.roster
    with transaction.atomic():
        roster.save()
        _keep(roster, draft.rows)
        record_audit(
            actor=roster.uploaded_by,
            action="roster.planned",
            institution=roster.cohort.unit.institution.public_id,
            details={"cohort": str(roster.cohort.public_id), "roster": str(roster.public_id)},
            at=roster.created_at,
        )
    return roster


def plan_roster(
    *,
    cohort: Cohort,
    by: User | None,
    file_name: str,
    content: bytes,
    language: str,
    reading: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> RosterImport:
    """Keeps the file and what it would do to the cohort: `draft_roster` and `keep_roster` in one.

    Writes no person, member, enrolment or message. Refuses what `draft_roster` refuses.
    """
    return keep_roster(
        draft=draft_roster(
            cohort=cohort,
            by=by,
            file_name=file_name,
            content=content,
            language=language,
            reading=reading,
            at=at,
        )
    )


def plan_again(
    *, roster: RosterImport, by: User, reading: Mapping[str, str], at: datetime | None = None
) -> RosterImport:
    """Plans the same stored file once more, read another way. Refuses NOT_PLANNED once it is confirmed or put aside."""
    at = at or timezone.now()
    roster = RosterImport.objects.select_related("cohort__unit__institution", "cohort__course").get(
        pk=roster.pk
    )
    _refuse_where_nothing_begins(roster.cohort)
    rows = _plan(roster, reading)
    with transaction.atomic():
        # Whoever confirms at this moment confirms the other plan, or none.
        count = RosterImport.objects.filter(pk=roster.pk, stage=RosterImport.Stage.PLANNED).update(
            plan_digest=""
        )
        if not count:
            raise RosterImportError("NOT_PLANNED")
        roster.rows.all().delete()
        RosterImport.objects.filter(pk=roster.pk).update(
            plan_digest=roster.plan_digest, reading=roster.reading
        )
        _keep(roster, rows)
        record_audit(
            actor=by,
            action="roster.planned",
            institution=roster.cohort.unit.institution.public_id,
            details={"cohort": str(roster.cohort.public_id), "roster": str(roster.public_id)},
            at=at,
        )
    return roster


def discard_roster(*, roster: RosterImport, by: User | None, at: datetime | None = None) -> bool:
    """Puts a plan aside and forgets its file and rows. False where it was confirmed already. Never refuses."""
    with transaction.atomic():
        count = RosterImport.objects.filter(pk=roster.pk, stage=RosterImport.Stage.PLANNED).update(
            stage=RosterImport.Stage.DISCARDED, file=b""
        )
        if count:
            roster.rows.all().delete()
    return bool(count)


def _refuse_where_nothing_begins(cohort: Cohort) -> None:
    refusal = why_nothing_begins(cohort, RosterImportError)
    if refusal:
        raise refusal


def _keep(roster: RosterImport, rows: list[PlannedRow]) -> None:
    for start in range(0, len(rows), BATCH):
        RosterRow.objects.bulk_create([row.as_roster_row(roster) for row in rows[start : start + BATCH]])


# From a file to rows --------------------------------------------------------------------------------------


def _plan(roster: RosterImport, choices: Mapping[str, str]) -> list[PlannedRow]:
    """The rows; `roster.reading` and its digest are set."""
    picks: Chosen = {}
    for name in CHOICES:
        if choices.get(name):
            picks[name] = choices[name]
    reading: Reading = {"chosen": picks, "problems": [], "questions": [], "notes": []}
    headings = vocabulary()
    rows: list[PlannedRow] = []
    try:
        table = read_table(
            bytes(roster.file),
            filename=roster.file_name,
            language=roster.language,
            vocabulary=headings,
            **picks,
        )
    except TableProblem as problem:
        reading["problems"] = [stored(one) for one in problem.all]
        if problem.code == "undecodable" and not picks.get("encoding"):
            _offer_letters(roster, reading, code_page(roster.language), unread=True)
    else:
        reading |= {
            "kind": table.kind,
            "encoding": table.encoding,
            "certain": table.certain,
            "delimiter": table.delimiter,
            "sheet": table.sheet,
            "sheets": table.sheets,
            "header_row": table.header_row,
            "columns": table.columns,
            "letters": table.letters,
        }
        reading["questions"], reading["notes"] = questions_of_notes([stored(note) for note in table.notes])
        if table.encoding and not table.certain:
            _offer_letters(roster, reading, table.encoding)
        columns = _columns(table, headings, reading)
        if not reading["problems"]:
            roster_rows = Rows(roster.cohort, table, columns)
            rows = roster_rows.planned()
            reading["questions"] += [
                *questions_of_shared_addresses(roster_rows.shared),
                *questions_of_common_addresses(roster_rows.common),
                *questions_of_left_out(
                    sum(row.action == Action.ERROR for row in rows) - len(roster_rows.repeats)
                ),
            ]
    reading["counts"] = dict(Counter(row.action for row in rows))
    reading["noted"] = sum(1 for row in rows if row.problems and row.action != Action.ERROR)
    roster.reading = reading
    roster.plan_digest = digest_of(
        {
            "file": roster.file_digest,
            "chosen": picks,
            "problems": reading["problems"],
            "questions": reading["questions"],
            # A digest of digests: the text of ten thousand rows at once would be most of the memory of a plan.
            "rows": [
                digest_of([row.number, row.values, row.action, row.problems, row.found]) for row in rows
            ],
        }
    )
    return rows


def _offer_letters(roster: RosterImport, reading: Reading, encoding: str, *, unread: bool = False) -> None:
    """Where the letters are words in another code page than the one that was guessed, it is named before all else."""
    better_guess = likelier_encoding(bytes(roster.file), encoding)
    if better_guess:
        other, value, right = better_guess
        offer = {
            "encoding": encoding,
            "other": other,
            "value": "" if unread else value[:40],
            "right": right[:40],
        }
        question = question_of_letters(offer)
        reading["offer"] = {"encoding": other, "problem": question}
        reading["questions"].insert(0, question)
        reading["notes"] = [note for note in reading["notes"] if note["code"] != "encoding_guessed"]


def _columns(table: Table, headings: dict[str, list[str]], reading: Reading) -> dict[str, int]:
    """Which column holds what; problems and notes about the columns go into `reading`."""
    match = match_columns(table.columns, headings)
    columns = dict(match.matched)
    whole = "name" in columns and header_key(table.columns[columns["name"]]) not in FAMILY_NAME_BESIDE_FIRST
    if "first_name" in columns and "last_name" not in columns and "name" in columns and not whole:
        # “Nom” beside “Prénom” is the family name, not the whole one.
        columns["last_name"] = columns.pop("name")
    problems = [
        RosterProblem(
            "column_twice",
            filename=table.filename,
            letters=", ".join(table.letters[place] for place in places),
            value=table.columns[places[0]],
        )
        for places in match.duplicates.values()
    ]
    has_name = bool({"name", "first_name", "last_name"} & columns.keys())
    # What goes unread without a word would cost people half their name, or their invitation.
    needs = {
        "name": not has_name,
        "first_name": not whole,
        "last_name": not whole,
        "email": True,
        "staff_number": True,
    }
    twice = match.duplicates.keys()
    unused_headers: list[str] = []
    unread_columns: list[int] = []
    for column in match.unmatched:
        if not column.suggestion:
            unread_columns.append(column.index)
            if column.header:
                unused_headers.append(column.header)
            continue
        about = {"letter": table.letters[column.index], "value": column.header, "right": column.suggestion}
        if column.field and needs.get(column.field):
            problems.append(RosterProblem("misspelt_column", filename=table.filename, **about))
        else:
            reading["notes"].append(stored(RosterNote("misspelt_column", **about)))
    suggested_fields = {column.field for column in match.unmatched if column.suggestion}
    names = {"name", "first_name", "last_name"}
    if not has_name and not twice & names and not suggested_fields & names:
        problems.append(
            RosterProblem(
                "no_name_column",
                filename=table.filename,
                right="heading:name",
                first="heading:first_name",
                last="heading:last_name",
            )
        )
    ways = {"email", "staff_number"}
    if not ways & columns.keys() and not twice & ways and not suggested_fields & ways:
        problems.append(
            RosterProblem(
                "no_way_column",
                filename=table.filename,
                email="heading:email",
                staff_number="heading:staff_number",
            )
        )
    heading_question = next(
        (question for question in reading["questions"] if question["code"] == "header_like_data"), None
    )
    if heading_question and any(problem.code in ("no_name_column", "no_way_column") for problem in problems):
        # Whoever forgot the row of headings is not told of each column in turn.
        problems = [
            RosterProblem(
                "no_heading_row",
                filename=table.filename,
                row=heading_question["params"]["row"],
                right="heading:name",
                email="heading:email",
                staff_number="heading:staff_number",
            )
        ]
    if unused_headers:
        reading["notes"].append(stored(RosterNote("unused_columns", value=", ".join(unused_headers))))
    reading["problems"] += [stored(problem) for problem in problems]
    reading["questions"] += questions_of_columns(table, unread_columns, columns)
    reading["understood"] = columns
    return columns
