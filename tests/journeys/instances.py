"""An instance to walk through: `make run`'s own, and what a test may do to its data that time would do."""

import os
import subprocess
import sys

from tests import instances, services


def in_instance(instance, code) -> str:
    """Run a few lines in the instance, as `manage.py shell` would; what they printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(instances.OURS)}
    environment |= {
        "PYTHONPATH": "platform",
        "VAR_DIR": str(instance.var),
        "DATABASE_URL": f"sqlite:///{instance.var / 'maarifa.sqlite3'}",
        "SECRET_KEY_FILE": str(instance.var / "secret_key"),
        "SITE_URL": instance.address,
        "LOG_LEVEL": "ERROR",
    }
    ran = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code],
        cwd=services.ROOT,
        env=environment | instance.given,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def let_time_pass(instance, *, email, hours):
    """All that this person has done happened so much earlier."""
    in_instance(
        instance,
        f"""
from datetime import timedelta
from django.db.models import F
from maarifa.accounts.models import User
from maarifa.learning.models import CourseCompletion, Enrolment, Event, LessonCompletion
from maarifa.quizzes.models import Attempt
person = User.objects.get(email={email!r})
ago = timedelta(hours={hours})
def earlier(rows, *fields):
    rows.update(**{{field: F(field) - ago for field in fields}})
earlier(Enrolment.objects.filter(learner=person), "enrolled_at", "last_activity_at")
earlier(Event.objects.filter(learner=person), "happened_at", "received_at")
earlier(LessonCompletion.objects.filter(enrolment__learner=person), "happened_at", "received_at")
earlier(Attempt.objects.filter(learner=person), "started_at", "saved_at", "submitted_at")
""",
    )
