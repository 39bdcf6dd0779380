"""The pictures of the README, taken where the walk passes: see docs/how/pictures.md."""

import os
import subprocess

from tests import services

ASKED_FOR = os.environ.get("MAARIFA_PICTURES") == "1"
FOLDER = services.ROOT / "docs" / "pictures"
# The walk passes each page in every language and offers it; these are kept.
KEPT = {
    "authoring-en-1280",
    "certificate-ar",
    "certificate-en",
    "cohort-en-1280",
    "course-en-360",
    "lesson-ar-360",
    "lesson-en-360",
    "quiz-ar-360",
    "result-en-360",
    "verify-en-360",
}
MOST_BYTES = 120_000


def wanted(name) -> bool:
    return ASKED_FOR and name in KEPT


def keep(name, picture: bytes):
    FOLDER.mkdir(exist_ok=True)
    assert len(picture) < MOST_BYTES, f"{name}.png weighs {len(picture)} bytes"
    (FOLDER / f"{name}.png").write_bytes(picture)


def of_paper(name, pdf: bytes):
    """The first page of a PDF, as poppler draws it."""
    if wanted(name):
        command = ["pdftoppm", "-png", "-r", "72", "-f", "1", "-singlefile", "-"]
        keep(name, subprocess.run(command, input=pdf, capture_output=True, check=True).stdout)
