"""Thousands of learners from a spreadsheet, against a bare COPY (or executemany) of the rows that came of it."""

import io
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from tests.bench import measuring, people, places

SIZES = {"full": {"small": 1_000, "list": 10_000, "lists": 5}, "tiny": {"small": 5, "list": 20, "lists": 2}}
# In an order in which each finds what it points to.
TABLES = (
    *("cohorts_rosterimport", "accounts_user", "account_emailaddress", "learning_enrolment"),
    *("cohorts_cohortmember", "cohorts_rosterrow", "delivery_delivery", "accounts_auditentry"),
)
BARE = "bench_roster_bare"


def measure(size) -> measuring.Result:
    # A day's lists of one institution are more than an operator lets it invite.
    settings.MOST_INVITATIONS = 10 * size["list"] * size["lists"]
    cohort, coordinator = people.new_cohort("A large one")
    database = os.environ["BENCH_DATABASE"]
    run_import(cohort, coordinator, list_of(3, "warm"))
    close()
    own = os.path.basename(str(connection.settings_dict["NAME"])).removesuffix(".sqlite3")
    places.drop_database(database, BARE)
    if database == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        close()
    places.copy_database(database, own, BARE)
    try:
        return compare(size, cohort, coordinator, database)
    finally:
        places.drop_database(database, BARE)


def compare(size, cohort, coordinator, database) -> measuring.Result:
    bare = copy_into if database == "postgres" else insert_into
    rounds, memory = [], []
    for number in range(size["lists"] + 1):
        count = size["list"] if number else size["small"]
        content = list_of(count, f"list{number}")
        before = newest_ids()
        measuring.forget_peak()
        watch = run_import(cohort, coordinator, content)
        memory.append(measuring.peak_memory())
        made = newest_ids()
        assert made["cohorts_cohortmember"] - before["cohorts_cohortmember"] == count
        cpu, wall = apart(bare, before)
        rounds.append({"count": count, "cpu": watch.cpu, "wall": watch.wall, "bare": wall, "bare cpu": cpu})
    small, lists = rounds[0], rounds[1:]
    said = f"{size['list']:,} learners from XLSX ÷ bare " + (
        "COPY" if database == "postgres" else "executemany"
    )
    found = measuring.Result()
    named = f"{size['list']:,} learners from XLSX ÷ the same rows bare"
    found.add(f"{named}, waiting", "×", measuring.ratios(lists, "wall", "bare"), budget=8, note=said)
    found.add(f"{named}, CPU", "×", measuring.ratios(lists, "cpu", "bare cpu"), budget=8)
    found.add("a learner from XLSX, CPU", "ms", [1000 * one["cpu"] / one["count"] for one in lists])
    found.add(f"{size['list']:,} rows bare", "s", [one["bare"] for one in lists])
    found.add("memory while importing, at most", "MB", memory[1:], budget=150)
    per = [one["cpu"] / one["count"] for one in rounds]
    all_of_them = sum(one["cpu"] for one in lists) / sum(one["count"] for one in lists)
    found.add(
        f"a learner of {size['list'] * size['lists']:,} ÷ a learner of {size['small']:,}, CPU",
        "×",
        [all_of_them / per[0]],
        note="1 would be exactly linear.",
    )
    curve = measuring.Curve("Learners from spreadsheets", "learners", "CPU seconds")
    curve.add(places_name(database), small["count"], small["cpu"])
    so_far = seconds = 0
    for one in lists:
        so_far, seconds = so_far + one["count"], seconds + one["cpu"]
        curve.add(places_name(database), so_far, seconds)
    found.curves.append(curve)
    return found


def places_name(database) -> str:
    return {"sqlite": "SQLite", "postgres": "PostgreSQL"}[database]


def list_of(count: int, prefix: str) -> bytes:
    """Written by a process of its own: what a coordinator's spreadsheet program needs is not our memory."""
    command = [sys.executable, "-m", "tests.bench.parts.roster", str(count), prefix]
    return subprocess.run(command, capture_output=True, check=True).stdout


def written(count: int, prefix: str) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Learners")
    sheet.append(["Name", "E-mail", "Staff number", "Language"])
    for number in range(count):
        sheet.append(
            [f"Learner {prefix} Nº {number}", f"{prefix}.{number}@example.org", f"{prefix}-{number}", "en"]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def run_import(cohort, by, content) -> measuring.Stopwatch:
    """What a coordinator and a worker do with a list, from the file to invitations that wait to be sent. In one turn:
    nobody else has work here.
    """
    from maarifa.cohorts.actions import apply_roster, confirm_roster, plan_roster

    with measuring.Stopwatch(people.backend()) as watch:
        roster = plan_roster(cohort=cohort, by=by, file_name="list.xlsx", content=content, language="en")
        confirm_roster(roster=roster, plan_digest=roster.plan_digest, by=by)
        assert apply_roster(roster_id=roster.pk, at=timezone.now(), turn=0)
    return watch


def newest_ids() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
            found[table] = cursor.fetchone()[0]
        return found


def close() -> None:
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()


# The same rows into the same tables, with all their indexes and constraints, of a copy of the database -----


def apart(bare, before) -> tuple[float, float]:
    """In a process of its own: what it holds of the rows is not the import's memory."""
    close()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(bare, (before,))


def copy_into(before) -> tuple[float, float]:
    """CPU and wall seconds of COPY."""
    import psycopg

    parcels = {}
    with psycopg.connect(places.address_of("postgres", connection.settings_dict["NAME"])) as source:
        for table in TABLES:
            asked = f"COPY (SELECT * FROM {table} WHERE id > {before[table]}) TO STDOUT"
            with source.cursor().copy(asked) as copy:
                parcels[table] = b"".join(copy)
    with psycopg.connect(places.address_of("postgres", BARE)) as target:
        backend = target.execute("SELECT pg_backend_pid()").fetchone()[0]
        with measuring.Stopwatch(backend) as watch:
            for table, parcel in parcels.items():
                with target.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(parcel)
            target.commit()
    return watch.cpu, watch.wall


def insert_into(before) -> tuple[float, float]:
    """CPU and wall seconds of executemany."""
    parcels = {}
    with sqlite3.connect(places.address_of("sqlite", "bench_roster")) as source:
        for table in TABLES:
            parcels[table] = source.execute(f"SELECT * FROM {table} WHERE id > ?", [before[table]]).fetchall()
    source.close()
    target = sqlite3.connect(places.address_of("sqlite", BARE))
    target.create_function("REGEXP", 2, matches, deterministic=True)
    target.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;")
    target.execute("PRAGMA foreign_keys=ON")
    began, cpu = time.perf_counter(), time.process_time()
    for table, rows in parcels.items():
        marks = ", ".join("?" * len(rows[0])) if rows else ""
        target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    target.commit()
    spent = time.process_time() - cpu, time.perf_counter() - began
    target.close()
    return spent


def matches(pattern, text) -> bool:
    import re

    return text is not None and re.search(pattern, str(text)) is not None


if __name__ == "__main__":
    sys.stdout.buffer.write(written(int(sys.argv[1]), sys.argv[2]))
