"""What this room's tables hold of people."""

from django.db.models import Q

from maarifa.lib.personal_data import Held

_ROSTER = "until 90 days after the roster was uploaded"


def _rows_about(user) -> Q:
    """Rows of rosters that led to a seat of this person."""
    return Q(seat__learner=user.pk)


PERSONAL_DATA = [
    Held(
        model="cohorts.Seat",
        fields={
            "given_name": "the name that the institution gave",
            "given_name_search": "the same, for searching",
            "given_name_sort": "the same, for sorting",
            "staff_number": "the number that the institution gave",
            "staff_number_key": "the same, for comparing",
            "email": "the address that the institution invited",
            "entry_code": "the code on their card",
            "entry_code_until": "how long it is good",
        },
        purpose="so that an institution knows its learners by the names and numbers it uses itself",
        retention="until the account is erased",
        person="learner",
        on_erasure="blank",
        why="the seat keeps its place in the cohort's figures; empty, it names nobody",
    ),
    Held(
        model="cohorts.Seat",
        fields={
            "learner": "whose seat it is",
            "enrolment": "which course they take there",
            "state": "whether they accepted or left",
            "language": "in which language they were invited",
            "invited_at": "when they were invited",
            "accepted_at": "when they accepted",
            "left_at": "when they left",
            "contacted_at": "when a coordinator wrote to them or rang them up",
        },
        purpose="so that an institution sees the progress of those who agreed to it",
        retention="for good",
        person="learner",
        on_erasure="keep",
        why="it points at an account that is empty by then",
    ),
    Held(
        model="cohorts.RosterRow",
        fields={
            "cells": "the row of the spreadsheet as it came",
            "values": "what was understood of it",
            "problems": "what was wrong with it",
        },
        purpose="to apply exactly what a coordinator was shown, and to tell them what became of each row",
        retention=_ROSTER,
        person=_rows_about,
        on_erasure="delete",
        why="nothing points at it",
    ),
    Held(
        model="cohorts.RosterImport",
        fields={"uploaded_by": "who uploaded the spreadsheet"},
        purpose="to know who put whom into a cohort",
        retention="for good",
        person="uploaded_by",
        on_erasure="keep",
        why="whoever works with other people's data answers for it after leaving, too",
    ),
    Held.nothing("cohorts.Cohort", why="a group's name and terms, not who is in it"),
]
