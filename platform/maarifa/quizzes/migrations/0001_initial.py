import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import maarifa.lib.constraints
import maarifa.lib.fields
import maarifa.quizzes.kinds


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("seed", models.BigIntegerField()),
                ("language", models.CharField(max_length=15, verbose_name="language")),
                ("rules", models.JSONField()),
                ("started_at", models.DateTimeField(verbose_name="started on")),
                ("saved_at", models.DateTimeField(null=True, verbose_name="last answers received on")),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="submitted on")),
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
                        verbose_name="on time or late",
                    ),
                ),
                ("score", models.BigIntegerField(help_text="In hundred-thousandths of a point.", null=True)),
                ("maximum", models.BigIntegerField(help_text="In hundred-thousandths of a point.")),
                ("passed", models.BooleanField(null=True, verbose_name="passed")),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="learner",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["learner", "quiz", "number"],
            },
        ),
        migrations.CreateModel(
            name="Bank",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=121, unique=True, verbose_name="key")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("practice", "practice: answers are public"),
                            ("module", "module quiz"),
                            ("sample", "sample exam: public, not used in any quiz"),
                            ("exam", "exam: secret, never in files or exports"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired on"),
                ),
            ],
            options={
                "verbose_name": "question bank",
                "verbose_name_plural": "question banks",
                "ordering": ["key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z0-9-]{1,60}/[a-z0-9-]{1,60}$")),
                        name="quizzes_bank_key_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["practice", "module", "sample", "exam"])),
                        name="quizzes_bank_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalQuestion",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, verbose_name="key")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=maarifa.quizzes.kinds.kind_choices, max_length=10, verbose_name="kind"
                    ),
                ),
                (
                    "points",
                    models.PositiveIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="points",
                    ),
                ),
                (
                    "lesson_key",
                    models.CharField(blank=True, max_length=60, verbose_name="lesson to read again"),
                ),
                (
                    "outcome_key",
                    models.CharField(blank=True, max_length=60, verbose_name="outcome tested"),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recall", "recall"),
                            ("application", "application"),
                            ("judgement", "judgement"),
                        ],
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
                ("structure", models.JSONField(default=dict, verbose_name="structure")),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired on"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="quizzes.bank",
                        verbose_name="question bank",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical question",
                "verbose_name_plural": "historical questions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalQuiz",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("key", models.CharField(db_index=True, max_length=121, verbose_name="key")),
                (
                    "draw",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="questions per attempt",
                    ),
                ),
                (
                    "cells",
                    models.JSONField(
                        blank=True, default=list, verbose_name="questions for each outcome and level"
                    ),
                ),
                (
                    "pass_percent",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="pass mark in percent",
                    ),
                ),
                (
                    "attempts",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Leave this empty for no limit. Without a limit, the wait doubles after each failed attempt, up to one day. With a limit, a coordinator can grant one more attempt.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="attempts",
                    ),
                ),
                (
                    "wait_minutes",
                    models.PositiveIntegerField(default=0, verbose_name="minutes between attempts"),
                ),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        default=10,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="estimated time in minutes",
                    ),
                ),
                (
                    "review",
                    models.CharField(
                        choices=[
                            (
                                "all",
                                "the answers given at once, and the correct ones once passed or no attempt is left",
                            ),
                            ("score", "only the score and the lessons to read again"),
                            (
                                "after-close",
                                "only the score, until passed, no attempt is left or the deadline is over",
                            ),
                        ],
                        default="all",
                        help_text="After an exam, learners see only the score and the lessons to read again.",
                        max_length=11,
                        verbose_name="what learners see after submitting",
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired on"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        limit_choices_to=models.Q(("kind", "sample"), _negated=True),
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="quizzes.bank",
                        verbose_name="question bank",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical quiz",
                "verbose_name_plural": "historical quizzes",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, verbose_name="key")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=maarifa.quizzes.kinds.kind_choices, max_length=10, verbose_name="kind"
                    ),
                ),
                (
                    "points",
                    models.PositiveIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="points",
                    ),
                ),
                (
                    "lesson_key",
                    models.CharField(blank=True, max_length=60, verbose_name="lesson to read again"),
                ),
                (
                    "outcome_key",
                    models.CharField(blank=True, max_length=60, verbose_name="outcome tested"),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recall", "recall"),
                            ("application", "application"),
                            ("judgement", "judgement"),
                        ],
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
                ("structure", models.JSONField(default=dict, verbose_name="structure")),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired on"),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="quizzes.bank",
                        verbose_name="question bank",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["bank", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalQuestionText",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("language", models.CharField(max_length=15, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("source", "source text"),
                            ("machine", "machine translation, not yet reviewed"),
                            ("reviewed", "reviewed translation"),
                        ],
                        default="source",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("source_digest", models.CharField(blank=True, editable=False, max_length=16)),
                ("changed_at", models.DateTimeField(blank=True, editable=False)),
                (
                    "reviewed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="reviewed on"),
                ),
                ("texts", models.JSONField(default=dict, verbose_name="texts")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="quizzes.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical question text",
                "verbose_name_plural": "historical question texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="QuestionText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=15, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("source", "source text"),
                            ("machine", "machine translation, not yet reviewed"),
                            ("reviewed", "reviewed translation"),
                        ],
                        default="source",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("source_digest", models.CharField(blank=True, editable=False, max_length=16)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "reviewed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="reviewed on"),
                ),
                ("texts", models.JSONField(default=dict, verbose_name="texts")),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="quizzes.question",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "question text",
                "verbose_name_plural": "question texts",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="QuestionVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(choices=maarifa.quizzes.kinds.kind_choices, max_length=10)),
                ("points", models.PositiveIntegerField()),
                ("lesson_key", models.CharField(blank=True, max_length=60)),
                ("structure", models.JSONField()),
                ("texts", models.JSONField()),
                ("source_language", models.CharField(max_length=15)),
                ("states", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="quizzes.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "question version",
                "verbose_name_plural": "question versions",
                "ordering": ["question", "number"],
            },
        ),
        migrations.CreateModel(
            name="PoolEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "question_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="quizzes.questionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["quiz_version", "position"],
            },
        ),
        migrations.CreateModel(
            name="AttemptQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("choice_order", models.JSONField(default=list)),
                ("response", models.JSONField(null=True)),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered on")),
                (
                    "form_id",
                    models.UUIDField(
                        help_text="Later answers from the same form do not conflict with this one.", null=True
                    ),
                ),
                ("score", models.BigIntegerField(null=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="quizzes.attempt",
                    ),
                ),
                (
                    "question_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked",
                        to="quizzes.questionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["attempt", "position"],
            },
        ),
        migrations.CreateModel(
            name="Quiz",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=121, unique=True, verbose_name="key")),
                (
                    "draw",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="questions per attempt",
                    ),
                ),
                (
                    "cells",
                    models.JSONField(
                        blank=True, default=list, verbose_name="questions for each outcome and level"
                    ),
                ),
                (
                    "pass_percent",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="pass mark in percent",
                    ),
                ),
                (
                    "attempts",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Leave this empty for no limit. Without a limit, the wait doubles after each failed attempt, up to one day. With a limit, a coordinator can grant one more attempt.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="attempts",
                    ),
                ),
                (
                    "wait_minutes",
                    models.PositiveIntegerField(default=0, verbose_name="minutes between attempts"),
                ),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        default=10,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="estimated time in minutes",
                    ),
                ),
                (
                    "review",
                    models.CharField(
                        choices=[
                            (
                                "all",
                                "the answers given at once, and the correct ones once passed or no attempt is left",
                            ),
                            ("score", "only the score and the lessons to read again"),
                            (
                                "after-close",
                                "only the score, until passed, no attempt is left or the deadline is over",
                            ),
                        ],
                        default="all",
                        help_text="After an exam, learners see only the score and the lessons to read again.",
                        max_length=11,
                        verbose_name="what learners see after submitting",
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired on"),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        limit_choices_to=models.Q(("kind", "sample"), _negated=True),
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quizzes",
                        to="quizzes.bank",
                        verbose_name="question bank",
                    ),
                ),
            ],
            options={
                "verbose_name": "quiz",
                "verbose_name_plural": "quizzes",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="AttemptGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="attempt number")),
                (
                    "granted_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="granted on"),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("reread", "the learner has read the lessons again"),
                            ("fault", "a technical problem: connection, power or device"),
                            ("other", "another reason"),
                        ],
                        default="reread",
                        max_length=8,
                        verbose_name="reason",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="granted by",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempt_grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="learner",
                    ),
                ),
                (
                    "quiz",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempt_grants",
                        to="quizzes.quiz",
                        verbose_name="quiz",
                    ),
                ),
            ],
            options={
                "verbose_name": "granted attempt",
                "verbose_name_plural": "granted attempts",
                "ordering": ["-granted_at", "-id"],
            },
        ),
        migrations.AddField(
            model_name="attempt",
            name="quiz",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts_made",
                to="quizzes.quiz",
                verbose_name="quiz",
            ),
        ),
        migrations.CreateModel(
            name="QuizVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("rules", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "pool",
                    models.ManyToManyField(
                        related_name="quiz_versions",
                        through="quizzes.PoolEntry",
                        to="quizzes.questionversion",
                    ),
                ),
                (
                    "quiz",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="quizzes.quiz",
                    ),
                ),
            ],
            options={
                "verbose_name": "quiz version",
                "verbose_name_plural": "quiz versions",
                "ordering": ["quiz", "number"],
            },
        ),
        migrations.AddField(
            model_name="poolentry",
            name="quiz_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="quizzes.quizversion"
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="quiz_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="quizzes.quizversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("bank", "key"), name="quizzes_question_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gte", 1), ("points__lte", 100)), name="quizzes_question_points"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[a-z0-9-]{1,60}$")), name="quizzes_question_key_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="questiontext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "source"), ("source_digest", "")),
                    models.Q(
                        ("state__in", ["machine", "reviewed"]), models.Q(("source_digest", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="quizzes_questiontext_translation_has_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="questiontext",
            constraint=models.UniqueConstraint(
                fields=("question", "language"), name="quizzes_questiontext_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="questiontext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "source")),
                fields=("question",),
                name="quizzes_questiontext_one_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionversion",
            constraint=models.UniqueConstraint(
                fields=("question", "number"), name="quizzes_questionversion_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionversion",
            constraint=models.UniqueConstraint(
                fields=("question", "digest"), name="quizzes_questionversion_digest_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="quizzes_questionversion_number_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="questionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gte", 1), ("points__lte", 100)),
                name="quizzes_questionversion_points",
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptquestion",
            constraint=models.UniqueConstraint(
                fields=("attempt", "position"), name="quizzes_attemptquestion_position_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptquestion",
            constraint=models.UniqueConstraint(
                fields=("attempt", "question_version"), name="quizzes_attemptquestion_question_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("response__isnull", True), ("answered_at__isnull", False), _connector="OR"
                ),
                name="quizzes_attemptquestion_answered_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__isnull", True), ("score__gte", 0), _connector="OR"),
                name="quizzes_attemptquestion_score_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[a-z0-9-]{1,60}/[a-z0-9-]{1,60}$")),
                name="quizzes_quiz_key_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("draw__gte", 1),
                    ("minutes__gte", 1),
                    ("pass_percent__gte", 1),
                    ("pass_percent__lte", 100),
                    models.Q(("attempts__gte", 1), ("attempts__isnull", True), _connector="OR"),
                ),
                name="quizzes_quiz_rules",
            ),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.CheckConstraint(
                condition=models.Q(("review__in", ["all", "score", "after-close"])),
                name="quizzes_quiz_review_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempts__isnull", False), ("wait_minutes__gte", 1), _connector="OR"),
                name="quizzes_quiz_unlimited_waits",
                violation_error_message="A quiz with no limit on attempts needs a wait between them. Write at least 1 minute.",
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptgrant",
            constraint=models.UniqueConstraint(
                fields=("learner", "quiz", "number"), name="quizzes_attemptgrant_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 2)), name="quizzes_attemptgrant_number_from_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["reread", "fault", "other"])),
                name="quizzes_attemptgrant_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="quizversion",
            constraint=models.UniqueConstraint(
                fields=("quiz", "number"), name="quizzes_quizversion_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="quizversion",
            constraint=models.UniqueConstraint(
                fields=("quiz", "digest"), name="quizzes_quizversion_digest_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="quizversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="quizzes_quizversion_number_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="quizversion",
            constraint=models.UniqueConstraint(fields=("quiz", "id"), name="quizzes_quizversion_of_quiz"),
        ),
        migrations.AddConstraint(
            model_name="poolentry",
            constraint=models.UniqueConstraint(
                fields=("quiz_version", "question_version"), name="quizzes_poolentry_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="poolentry",
            constraint=models.UniqueConstraint(
                fields=("quiz_version", "position"), name="quizzes_poolentry_position_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                fields=("learner", "quiz", "number"), name="quizzes_attempt_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("submitted_at__isnull", True)),
                fields=("learner", "quiz"),
                name="quizzes_attempt_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("passed__isnull", True), ("score__isnull", True), ("submitted_at__isnull", True)
                    ),
                    models.Q(
                        ("passed__isnull", False), ("score__isnull", False), ("submitted_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="quizzes_attempt_submitted_has_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__isnull", True),
                    models.Q(("score__gte", 0), ("score__lte", models.F("maximum"))),
                    _connector="OR",
                ),
                name="quizzes_attempt_score_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="quizzes_attempt_number_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True),
                    ("submitted_at__gte", models.F("started_at")),
                    _connector="OR",
                ),
                name="quizzes_attempt_submitted_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("late", ""), ("submitted_at__isnull", False), _connector="OR"),
                name="quizzes_attempt_late_is_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("late__in", ["", "awaiting", "accepted", "refused"])),
                name="quizzes_attempt_late_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("maximum__gte", 1)), name="quizzes_attempt_maximum_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=maarifa.lib.constraints.CompositeForeignKey(
                field="quiz_version", mine="quiz", name="quizzes_attempt_version_of_its_quiz", theirs="quiz"
            ),
        ),
    ]
