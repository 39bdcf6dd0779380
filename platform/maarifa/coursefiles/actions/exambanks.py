"""Banks of secret questions, from a private folder."""

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.coursefiles.actions.banks import BankLoad
from maarifa.coursefiles.actions.loading import LoadingError
from maarifa.coursefiles.checking import check_exam_banks
from maarifa.coursefiles.planning import Change, Plan
from maarifa.coursefiles.reading import CourseFolder, read_folder
from maarifa.coursefiles.shapes import BankFile
from maarifa.coursefiles.writing import course_file
from maarifa.curriculum.models import Course
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.models import Bank


def read_exam_banks(root: Path, course: Course) -> CourseFolder:
    """The banks in a folder, laid out as in that of a course, with all that is wrong with them.

    A bank whose key one of another kind has already is refused: its answers are public.
    """
    folder = read_folder(root)
    check_exam_banks(folder, course_file(course))
    public = set(Bank.objects.exclude(kind=BankKind.EXAM).values_list("key", flat=True))
    for file in folder.of_kind(BankFile):
        if f"{course.key}/{file.shape.bank}" in public:
            raise LoadingError("PUBLIC_BANK", bank=file.shape.bank, paths=[file.path])
    return folder


def load_exam_banks(
    *, course: Course, folder: CourseFolder, by: User | None, at: datetime | None = None
) -> dict[str, int]:
    """Brings the drafts of these banks to what their files say, in one transaction: the number of questions of each, by
    its key in the course. What was changed in the admin is written over; questions that a file no longer has are
    retired. A second load of the same files writes nothing. Nothing is published. Refuses BROKEN where the folder,
    checked before, has problems.
    """
    at = at or timezone.now()
    if folder.problems:
        raise LoadingError("BROKEN_BANKS", folder=str(folder.root))
    plan = Plan(course.key, is_new=False, changes=dict.fromkeys(folder.files, Change.UPDATE))
    with transaction.atomic():
        load = BankLoad(course, folder, plan, by, at)
        load.save_banks()
        load.save_texts()
    keys = [file.shape.bank for file in folder.of_kind(BankFile)]
    banks = Bank.objects.filter(key__in=[f"{course.key}/{key}" for key in keys])
    asked = Count("questions", filter=Q(questions__retired_at__isnull=True))
    counts = banks.annotate(asked=asked).values_list("key", "asked")
    return {key.partition("/")[2]: count for key, count in counts}
