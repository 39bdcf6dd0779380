"""The rows of a roster, each with what it would do."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import CharField

from maarifa.accounts.models import User
from maarifa.cohorts.actions.inviting import language_for
from maarifa.cohorts.actions.problems import RosterNote, RosterProblem, stored
from maarifa.cohorts.actions.vocabulary import language_of, language_words
from maarifa.cohorts.models import Cohort, CohortMember, RosterImport, RosterRow
from maarifa.cohorts.models.member import CohortMemberQuerySet
from maarifa.cohorts.stored import FoundBefore, RowValues, StoredProblem, Where
from maarifa.lib.emails import AddressProblem, normalise_address, suggest_address
from maarifa.lib.errors import DomainError
from maarifa.lib.names import NameProblem, check_name
from maarifa.lib.spreadsheets import Row, Table, is_boolean, is_error, is_shortened_number, means_nothing
from maarifa.lib.text import casefold_key, clean_name

Action = RosterRow.Action
# So many values are asked for at once, and SQLite takes 999.
PART = 500
NO_MEMBER: FoundBefore = {"member": ""}


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What `RosterRow` keeps of a row, in a tenth of its memory: a plan holds all of them at once."""

    number: int
    cells: tuple[str, ...]
    values: RowValues
    action: str
    problems: list[StoredProblem]
    found: FoundBefore
    member_id: int | None

    def as_roster_row(self, roster: RosterImport) -> RosterRow:
        return RosterRow(roster=roster, **{name: getattr(self, name) for name in self.__slots__})


class Known(NamedTuple):
    """A member that the cohort has."""

    id: int
    public_id: UUID
    email: str
    staff_number_key: str
    state: str


class Rows:
    """The rows of a table, each with what it would do."""

    def __init__(self, cohort: Cohort, table: Table, columns: dict[str, int]) -> None:
        self.cohort = cohort
        self.table = table
        self.columns = columns
        self.languages = language_words()
        self.addresses: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.members_by_address: dict[str, Known] = {}
        self.members_by_number: dict[str, Known] = {}
        self.names_by_address: dict[str, str] = {}
        self.shared, self.common = self._shared_addresses()
        # The numbers of rows that say of somebody what an earlier row said.
        self.repeats: set[int] = set()

    def _shared_addresses(self) -> tuple[dict[str, int], dict[str, tuple[int, str]]]:
        """Addresses that several people of the list have, told by their names and staff numbers, with how many rows;
        and those of several people without numbers, with the first one's name.
        """
        counts = Counter(self._cell(row, "email").casefold() for row in self.table.rows if not row.problem)
        several = {address: count for address, count in counts.items() if count > 1 and "@" in address}
        if not several:
            return {}, {}
        people: dict[str, set[tuple[str, str]]] = {address: set() for address in several}
        names: dict[str, dict[str, str]] = {address: {} for address in several}
        for row in self.table.rows:
            address, number = self._cell(row, "email").casefold(), self._cell(row, "staff_number")
            if address not in people or row.problem:
                continue
            name = self._whole_name(row)
            names[address].setdefault(casefold_key(name), name)
            if number and not means_nothing(number):
                people[address].add((casefold_key(number), casefold_key(name)))
        shared = {
            address: several[address]
            for address, who in people.items()
            if len({number for number, _name in who}) > 1 and len({name for _number, name in who}) > 1
        }
        common = {
            address: (several[address], next(iter(who.values())))
            for address, who in names.items()
            if len(who) > 1 and address not in shared
        }
        return shared, common

    def planned(self) -> list[PlannedRow]:
        """In parts, so that no more members of a large cohort are in memory than a part of the file may mean."""
        planned_rows = []
        for start in range(0, len(self.table.rows), PART):
            part = [(row, *self._values(row)) for row in self.table.rows[start : start + PART]]
            self._look_up_members([values for _row, values, *_problems in part])
            planned_rows += [self._row(row, values, problems, notes) for row, values, problems, notes in part]
        return planned_rows

    def _values(self, row: Row) -> tuple[RowValues, list[StoredProblem], list[StoredProblem]]:
        """What was understood of a row, what stands in its way, and what is only to be known."""
        problems: list[StoredProblem] = []
        notes: list[StoredProblem] = []
        if row.problem:
            # Its cells may stand under other columns than their own: nothing is understood of them.
            problems.append(stored(row.problem, column="", cell="", value=""))
            # The name is shown, so that somebody finds the person.
            name = self._whole_name(row)[:80]
            return {"name": name, "email": "", "staff_number": "", "language": ""}, problems, notes
        values: RowValues = {
            "name": self._name(row, problems),
            "email": self._email(row, problems, notes),
            "staff_number": self._staff_number(row, problems, notes),
            "language": self._language(row, notes),
        }
        has_way = any(
            (cell := self._cell(row, field)) and not means_nothing(cell)
            for field in ("email", "staff_number")
        )
        if not has_way:
            problems.append(stored(RosterProblem("no_way"), column="", cell="", value=""))
        return values, problems, notes

    def _look_up_members(self, rows: list[RowValues]) -> None:
        emails = {values["email"] for values in rows} - {""}
        numbers = {casefold_key(values["staff_number"]) for values in rows} - {""}
        members = CohortMember.objects.filter(cohort=self.cohort)
        self.members_by_address = {member.email: member for member in _known(members.with_emails(emails))}
        self.members_by_number = {
            member.staff_number_key: member for member in _known(members.with_staff_numbers(numbers))
        }

    def _row(
        self, row: Row, values: RowValues, problems: list[StoredProblem], notes: list[StoredProblem]
    ) -> PlannedRow:
        member = None
        if not problems:
            self._twice(row, values, problems)
        if not problems:
            member = self._known_member(row, values, problems)
        action, basis = self._action(row, values, member, problems)
        if action != Action.ERROR:
            problems += notes
        return PlannedRow(
            number=row.number,
            cells=row.cells,
            values=values,
            action=action,
            problems=problems,
            found=basis,
            member_id=member.id if member and action == Action.NOTHING else None,
        )

    def _action(
        self, row: Row, values: RowValues, member: Known | None, problems: list[StoredProblem]
    ) -> tuple[str, FoundBefore]:
        if problems:
            return Action.ERROR, {}
        if member:
            if member.state == CohortMember.State.LEFT:
                problems.append(stored(RosterNote("has_left"), column="", cell="", value=""))
            return Action.NOTHING, {"member": str(member.public_id)}
        if not values["email"]:
            return Action.CARD, NO_MEMBER
        suggestion = suggest_address(values["email"])
        if suggestion:
            problems.append(
                self._problem(row, "email", RosterNote("maybe_misspelt_address", right=suggestion))
            )
        return Action.INVITE, NO_MEMBER

    def _cell(self, row: Row, field: str) -> str:
        return row.cells[self.columns[field]] if field in self.columns else ""

    def _whole_name(self, row: Row) -> str:
        parts = self._cell(row, "first_name"), self._cell(row, "last_name")
        return clean_name(self._cell(row, "name") or " ".join(filter(None, parts)))

    def _where(self, row: Row, field: str) -> Where:
        """Column, cell and value, to point at."""
        place = self.columns.get(field)
        if place is None:
            return {"column": "", "cell": "", "value": ""}
        return {
            "column": self.table.columns[place],
            "cell": f"{self.table.letters[place]}{row.number}",
            "value": row.cells[place][:80],
        }

    def _problem(self, row: Row, field: str, problem: DomainError) -> StoredProblem:
        return stored(problem, **self._where(row, field))

    def _name(self, row: Row, problems: list[StoredProblem]) -> str:
        name = self._whole_name(row)
        field = (
            "name" if "name" in self.columns else "last_name" if "last_name" in self.columns else "first_name"
        )
        damage = self._damaged(row, ("name", "first_name", "last_name"))
        if damage:
            problems.append(damage)
        elif not name:
            problems.append(self._problem(row, field, RosterProblem("no_name")))
        elif "@" in name:
            problems.append(self._problem(row, field, RosterProblem("name_is_address", value=name[:80])))
        else:
            self._check_length(row, field, name, "given_name", problems)
            self._check_name(row, field, name, problems)
        return name

    def _check_name(self, row: Row, field: str, name: str, problems: list[StoredProblem]) -> None:
        try:
            check_name(name, most=len(name))
        except NameProblem as problem:
            problems.append(self._problem(row, field, problem))

    def _damaged(self, row: Row, fields: Iterable[str]) -> StoredProblem | None:
        """What a spreadsheet program has put into one of these cells in the place of what was typed."""
        for field in fields:
            cell = self._cell(row, field)
            if is_error(cell):
                return self._problem(row, field, RosterProblem("cell_error", value=cell[:80]))
            if is_boolean(cell) and field != "staff_number":
                return self._problem(row, field, RosterProblem("cell_boolean", value=cell[:80]))
            if is_shortened_number(cell):
                return self._problem(row, field, RosterProblem("number_shortened", value=cell[:80]))
        return None

    def _email(self, row: Row, problems: list[StoredProblem], notes: list[StoredProblem]) -> str:
        cell = self._cell(row, "email")
        if not cell:
            return ""
        if means_nothing(cell):
            notes.append(self._problem(row, "email", RosterNote("no_address", value=cell[:80])))
            return ""
        number = self._cell(row, "staff_number")
        if cell.casefold() in self.shared:
            if not number or means_nothing(number):
                problems.append(
                    self._problem(row, "email", RosterProblem("shared_needs_number", value=cell[:80]))
                )
                return ""
            notes.append(self._problem(row, "email", RosterNote("address_shared", value=cell[:80])))
            return ""
        try:
            return User.normalise_address(normalise_address(cell)) or ""
        except AddressProblem as problem:
            problems.append(self._problem(row, "email", problem))
            return ""

    def _staff_number(self, row: Row, problems: list[StoredProblem], notes: list[StoredProblem]) -> str:
        number = self._cell(row, "staff_number").replace("\n", " ")
        if number and means_nothing(number):
            notes.append(self._problem(row, "staff_number", RosterNote("no_number", value=number[:80])))
            return ""
        damage = self._damaged(row, ("staff_number",))
        if damage:
            problems.append(damage)
            return ""
        self._check_length(row, "staff_number", number, "staff_number", problems)
        return number

    def _language(self, row: Row, notes: list[StoredProblem]) -> str:
        cell = self._cell(row, "language")
        if not cell:
            return ""
        code = language_of(cell, self.languages)
        if code is None:
            right = ", ".join(sorted(set(self.languages.values())))
            language_name = dict(settings.LANGUAGES)[language_for(self.cohort)]
            note = RosterNote("language_unknown", value=cell[:80], used=language_name, right=right)
            notes.append(self._problem(row, "language", note))
        return code or ""

    def _check_length(
        self, row: Row, field: str, text: str, column: str, problems: list[StoredProblem]
    ) -> None:
        model_field = CohortMember._meta.get_field(column)
        limit = model_field.max_length if isinstance(model_field, CharField) else None
        if limit is not None and len(text) > limit:
            problem = RosterProblem("too_long", value=f"{text[:40]}…", limit=limit)
            problems.append(self._problem(row, field, problem))

    def _twice(self, row: Row, values: RowValues, problems: list[StoredProblem]) -> None:
        """The same person in two rows: told by the address or the number, whatever the case of the letters."""
        email, number = values["email"], values["staff_number"]
        if email:
            first = self.addresses.setdefault(email, row.number)
            key = casefold_key(values["name"])
            if first != row.number:
                same = self.names_by_address[email] == key
                if same and (not number or self.numbers.get(casefold_key(number)) == first):
                    self.repeats.add(row.number)
                code = "same_address" if same else "address_of_another"
                problem = RosterProblem(code, value=email, row=first)
                problems.append(self._problem(row, "email", problem))
                return
            self.names_by_address[email] = key
        if number:
            first = self.numbers.setdefault(casefold_key(number), row.number)
            if first != row.number:
                problem = RosterProblem("same_staff_number", value=number[:80], row=first)
                problems.append(self._problem(row, "staff_number", problem))

    def _known_member(self, row: Row, values: RowValues, problems: list[StoredProblem]) -> Known | None:
        """Who this person is among the members of the cohort, or None."""
        by_address = self.members_by_address.get(values["email"]) if values["email"] else None
        key = casefold_key(values["staff_number"])
        by_number = self.members_by_number.get(key) if key else None
        if by_address and by_number and by_address != by_number:
            problems.append(self._problem(row, "staff_number", RosterProblem("two_people")))
        elif by_number and values["email"] and not by_address and by_number.email:
            problem = RosterProblem("staff_number_held", value=values["staff_number"][:80])
            problems.append(self._problem(row, "staff_number", problem))
        return by_address or by_number


def _known(members: CohortMemberQuerySet) -> Iterator[Known]:
    rows = members.values_list("pk", "public_id", "email", "staff_number_key", "state")
    return (Known(*row) for row in rows)
