import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import maarifa.lib.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("curriculum", "0001_initial"),
        ("institutions", "0001_initial"),
        ("quizzes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("language", models.CharField(max_length=15, verbose_name="course language")),
                ("requirements", models.JSONField()),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("due_zone", models.CharField(blank=True, max_length=60)),
                ("due_local", models.CharField(blank=True, max_length=19)),
                ("grace_minutes", models.PositiveIntegerField(default=60)),
                ("enrolled_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_activity_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="curriculum.course",
                    ),
                ),
                (
                    "held_edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="curriculum.edition",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "enrolment",
                "verbose_name_plural": "enrolments",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CourseCompletion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("completed_at", models.DateTimeField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.edition"
                    ),
                ),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completion",
                        to="learning.enrolment",
                    ),
                ),
            ],
            options={
                "verbose_name": "finished course",
                "verbose_name_plural": "finished courses",
            },
        ),
        migrations.CreateModel(
            name="EnrolmentAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolment_attempt",
                        to="quizzes.attempt",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.edition"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolment_attempts",
                        to="learning.enrolment",
                    ),
                ),
            ],
            options={
                "verbose_name": "enrolment attempt",
                "verbose_name_plural": "enrolment attempts",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lesson-read", "lesson read"),
                            ("answer-saved", "answer saved"),
                            ("quiz-started", "quiz started"),
                            ("quiz-submitted", "quiz submitted"),
                        ],
                        max_length=14,
                    ),
                ),
                ("payload_digest", models.CharField(max_length=64)),
                ("outcome", models.JSONField()),
                ("client_time", models.CharField(blank=True, max_length=40)),
                ("clock_offset_ms", models.BigIntegerField(null=True)),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
            },
        ),
        migrations.CreateModel(
            name="LessonCompletion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=15)),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                (
                    "late",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "on time"),
                            ("awaiting", "late, waiting for a decision"),
                            ("accepted", "late, accepted"),
                            ("refused", "late, not accepted"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.edition"
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lesson_completions",
                        to="learning.enrolment",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completions",
                        to="curriculum.lesson",
                    ),
                ),
            ],
            options={
                "verbose_name": "finished lesson",
                "verbose_name_plural": "finished lessons",
            },
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["last_activity_at"],
                name="learning_enrolment_activity",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("learner", "course"), name="learning_enrolment_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", True), ("due_local", ""), ("due_zone", "")),
                    models.Q(
                        ("due_at__isnull", False),
                        models.Q(("due_zone", ""), _negated=True),
                        models.Q(("due_local", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="learning_enrolment_due_has_zone",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("due_at__isnull", True),
                    ("opens_at__lt", models.F("due_at")),
                    _connector="OR",
                ),
                name="learning_enrolment_opens_before_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("enrolled_at")), _connector="OR"
                ),
                name="learning_enrolment_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=maarifa.lib.constraints.CompositeForeignKey(
                field="held_edition",
                mine="course",
                name="learning_enrolment_held_edition_of_its_course",
                theirs="course",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.UniqueConstraint(fields=("learner", "client_id"), name="learning_event_unique"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(("happened_at__lte", models.F("received_at"))),
                name="learning_event_not_after_arrival",
            ),
        ),
        migrations.AddConstraint(
            model_name="lessoncompletion",
            constraint=models.UniqueConstraint(
                fields=("enrolment", "lesson"), name="learning_lessoncompletion_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="lessoncompletion",
            constraint=models.CheckConstraint(
                condition=models.Q(("happened_at__lte", models.F("received_at"))),
                name="learning_lessoncompletion_not_after_arrival",
            ),
        ),
        migrations.AddConstraint(
            model_name="lessoncompletion",
            constraint=models.CheckConstraint(
                condition=models.Q(("late__in", ["", "awaiting", "accepted", "refused"])),
                name="learning_lessoncompletion_late_known",
            ),
        ),
    ]
