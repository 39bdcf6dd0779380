"""What a spreadsheet would do to a cohort. Nothing is written but the plan itself."""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.cohorts.actions.problems import RosterNote, RosterProblem, stored
from maarifa.cohorts.actions.refusals import RosterRefusal, why_nothing_begins
from maarifa.cohorts.actions.vocabulary import (
    FAMILY_NAME_BESIDE_FIRST,
    language_of,
    language_words,
    vocabulary,
)
from maarifa.cohorts.models import RosterImport, RosterRow, Seat
from maarifa.lib.digests import digest, digest_of
from maarifa.lib.emails import AddressProblem, normalise_address, suggest_address
from maarifa.lib.spreadsheets import TableProblem, header_key, match_columns, read_table
from maarifa.lib.text import casefold_key

Action = RosterRow.Action
BATCH = 500
CHOICES = ("encoding", "delimiter", "sheet")


def plan_roster(*, cohort, by, file_name, content, language, reading=None, at=None) -> RosterImport:
    """Keeps the file and what it would do to the cohort, row by row; writes no person, seat, enrolment or message.

    A file that cannot be read gives a plan without rows whose `reading["problems"]` say what to mend. `language` is
    the uploader's: it names the code page of a file that does not say how its letters are written. `reading` is what
    a person picked instead of what was guessed: encoding, delimiter, sheet. Refuses RETIRED, INSTITUTION_RETIRED and
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
    rows = _plan(roster, reading or {})
    with transaction.atomic():
        roster.save()
        _keep(roster, rows)
        record_audit(
            actor=by,
            action="roster.planned",
            institution=cohort.unit.institution.public_id,
            details={"cohort": str(cohort.public_id), "roster": str(roster.public_id)},
            at=at,
        )
    return roster


def plan_again(*, roster, by, reading, at=None) -> RosterImport:
    """Plans the same stored file once more, read another way. Refuses NOT_PLANNED once it is confirmed or put aside."""
    at = at or timezone.now()
    roster = RosterImport.objects.select_related("cohort__unit__institution", "cohort__course").get(
        pk=roster.pk
    )
    _refuse_where_nothing_begins(roster.cohort)
    rows = _plan(roster, reading)
    with transaction.atomic():
        # Whoever confirms at this moment confirms the other plan, or none.
        taken = RosterImport.objects.filter(pk=roster.pk, stage=RosterImport.Stage.PLANNED).update(
            plan_digest=""
        )
        if not taken:
            raise RosterRefusal("NOT_PLANNED")
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


def discard_roster(*, roster, by, at=None) -> bool:
    """Puts a plan aside and forgets its file and rows. False where it was confirmed already. Never refuses."""
    with transaction.atomic():
        discarded = RosterImport.objects.filter(pk=roster.pk, stage=RosterImport.Stage.PLANNED).update(
            stage=RosterImport.Stage.DISCARDED, file=b""
        )
        if discarded:
            roster.rows.all().delete()
    return bool(discarded)


def _refuse_where_nothing_begins(cohort) -> None:
    refusal = why_nothing_begins(cohort, RosterRefusal)
    if refusal:
        raise refusal


def _keep(roster, rows) -> None:
    for row in rows:
        row.roster = roster
    RosterRow.objects.bulk_create(rows, batch_size=BATCH)


# From a file to rows --------------------------------------------------------------------------------------


def _plan(roster, chosen) -> list[RosterRow]:
    """The rows; `roster.reading` and its digest are set."""
    chosen = {name: chosen[name] for name in CHOICES if chosen.get(name)}
    reading = {"chosen": chosen, "problems": [], "notes": []}
    words = vocabulary()
    rows = []
    try:
        table = read_table(
            bytes(roster.file),
            filename=roster.file_name,
            language=roster.language,
            vocabulary=words,
            **chosen,
        )
    except TableProblem as problem:
        reading["problems"] = [stored(one) for one in problem.all]
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
        reading["notes"] = [stored(note) for note in table.notes]
        columns = _columns(table, words, reading)
        if not reading["problems"]:
            rows = _Rows(roster.cohort, table, columns).planned()
    reading["counts"] = dict(Counter(row.action for row in rows))
    reading["noted"] = sum(1 for row in rows if row.problems and row.action != Action.ERROR)
    roster.reading = reading
    roster.plan_digest = digest_of(
        {
            "file": roster.file_digest,
            "chosen": chosen,
            "problems": reading["problems"],
            "rows": [[row.number, row.values, row.action, row.problems, row.found] for row in rows],
        }
    )
    return rows


def _columns(table, words, reading) -> dict[str, int]:
    """Which column holds what; problems and notes about the columns go into `reading`."""
    match = match_columns(table.columns, words)
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
    named = bool({"name", "first_name", "last_name"} & columns.keys())
    # What goes unread without a word would cost people half their name, or their invitation.
    needed = {
        "name": not named,
        "first_name": not whole,
        "last_name": not whole,
        "email": True,
        "staff_number": True,
    }
    twice = match.duplicates.keys()
    unused = []
    for column in match.unmatched:
        if not column.suggestion:
            if column.header:
                unused.append(column.header)
            continue
        about = {"letter": table.letters[column.index], "value": column.header, "right": column.suggestion}
        if needed.get(column.field):
            problems.append(RosterProblem("misspelt_column", filename=table.filename, **about))
        else:
            reading["notes"].append(stored(RosterNote("misspelt_column", **about)))
    suggested = {column.field for column in match.unmatched if column.suggestion}
    names = {"name", "first_name", "last_name"}
    if not named and not twice & names and not suggested & names:
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
    if not ways & columns.keys() and not twice & ways and not suggested & ways:
        problems.append(
            RosterProblem(
                "no_way_column",
                filename=table.filename,
                email="heading:email",
                staff_number="heading:staff_number",
            )
        )
    if unused:
        reading["notes"].append(stored(RosterNote("unused_columns", value=", ".join(unused))))
    reading["problems"] += [stored(problem) for problem in problems]
    reading["understood"] = columns
    return columns


class _Rows:
    """The rows of a table, each with what it would do."""

    def __init__(self, cohort, table, columns):
        self.cohort = cohort
        self.table = table
        self.columns = columns
        self.languages = language_words()
        self.addresses: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.seats_by_address, self.seats_by_number = {}, {}
        for seat in Seat.objects.filter(cohort=cohort).values_list(
            "pk", "public_id", "email", "staff_number_key", "state"
        ):
            if seat[2]:
                self.seats_by_address[seat[2]] = seat
            if seat[3]:
                self.seats_by_number[seat[3]] = seat

    def planned(self) -> list[RosterRow]:
        return [self._row(row) for row in self.table.rows]

    def _row(self, read) -> RosterRow:
        problems: list[dict] = []
        values = {
            "name": self._name(read, problems),
            "email": self._email(read, problems),
            "staff_number": self._staff_number(read, problems),
            "language": self._language(read, problems),
        }
        has_way = any(self._cell(read, field) for field in ("email", "staff_number"))
        if not has_way:
            problems.append(stored(RosterProblem("no_way"), column="", cell="", value=""))
        seat = None
        if not problems:
            self._twice(read, values, problems)
        if not problems:
            seat = self._seat(read, values, problems)
        action, found = self._action(read, values, seat, problems)
        return RosterRow(
            number=read.number,
            cells=list(read.cells),
            values=values,
            action=action,
            problems=problems,
            found=found,
            seat_id=seat[0] if seat and action == Action.NOTHING else None,
        )

    def _action(self, read, values, seat, problems):
        if problems:
            return Action.ERROR, {}
        if seat:
            if seat[4] == Seat.State.LEFT:
                problems.append(stored(RosterNote("has_left"), column="", cell="", value=""))
            return Action.NOTHING, {"seat": str(seat[1])}
        if not values["email"]:
            return Action.CARD, {"seat": ""}
        meant = suggest_address(values["email"])
        if meant:
            problems.append(self._problem(read, "email", RosterNote("maybe_misspelt_address", right=meant)))
        return Action.INVITE, {"seat": ""}

    def _cell(self, read, field) -> str:
        return read.cells[self.columns[field]] if field in self.columns else ""

    def _where(self, read, field) -> dict:
        """Column, cell and value, to point at."""
        place = self.columns.get(field)
        if place is None:
            return {"column": "", "cell": "", "value": ""}
        return {
            "column": self.table.columns[place],
            "cell": f"{self.table.letters[place]}{read.number}",
            "value": read.cells[place][:80],
        }

    def _problem(self, read, field, problem) -> dict:
        return stored(problem, **self._where(read, field))

    def _name(self, read, problems) -> str:
        whole = self._cell(read, "name")
        name = whole or " ".join(
            filter(None, [self._cell(read, "first_name"), self._cell(read, "last_name")])
        )
        field = (
            "name" if "name" in self.columns else "last_name" if "last_name" in self.columns else "first_name"
        )
        name = name.replace("\n", " ")
        if not name:
            problems.append(self._problem(read, field, RosterProblem("no_name")))
        elif "@" in name:
            problems.append(self._problem(read, field, RosterProblem("name_is_address", value=name[:80])))
        else:
            self._check_length(read, field, name, "given_name", problems)
        return name

    def _email(self, read, problems) -> str:
        cell = self._cell(read, "email")
        if not cell:
            return ""
        try:
            return User.normalise_address(normalise_address(cell))
        except AddressProblem as problem:
            problems.append(self._problem(read, "email", problem))
            return ""

    def _staff_number(self, read, problems) -> str:
        number = self._cell(read, "staff_number").replace("\n", " ")
        self._check_length(read, "staff_number", number, "staff_number", problems)
        return number

    def _language(self, read, problems) -> str:
        cell = self._cell(read, "language")
        if not cell:
            return ""
        code = language_of(cell, self.languages)
        if code is None:
            right = ", ".join(sorted(set(self.languages.values())))
            problem = RosterProblem("language_unknown", value=cell[:80], right=right)
            problems.append(self._problem(read, "language", problem))
        return code or ""

    def _check_length(self, read, field, text, column, problems) -> None:
        limit = Seat._meta.get_field(column).max_length
        if len(text) > limit:
            problem = RosterProblem("too_long", value=f"{text[:40]}…", limit=limit)
            problems.append(self._problem(read, field, problem))

    def _twice(self, read, values, problems) -> None:
        """The same person in two rows: told by the address or the number, whatever the case of the letters."""
        email, number = values["email"], values["staff_number"]
        if email:
            first = self.addresses.setdefault(email, read.number)
            if first != read.number:
                problem = RosterProblem("same_address", value=email, row=first)
                problems.append(self._problem(read, "email", problem))
                return
        if number:
            first = self.numbers.setdefault(casefold_key(number), read.number)
            if first != read.number:
                problem = RosterProblem("same_staff_number", value=number[:80], row=first)
                problems.append(self._problem(read, "staff_number", problem))

    def _seat(self, read, values, problems):
        """The seat of this person in the cohort, or None."""
        by_address = self.seats_by_address.get(values["email"]) if values["email"] else None
        key = casefold_key(values["staff_number"])
        by_number = self.seats_by_number.get(key) if key else None
        if by_address and by_number and by_address != by_number:
            problems.append(self._problem(read, "staff_number", RosterProblem("two_people")))
        elif by_number and values["email"] and not by_address and by_number[2]:
            problem = RosterProblem("staff_number_held", value=values["staff_number"][:80])
            problems.append(self._problem(read, "staff_number", problem))
        return by_address or by_number
