import uuid

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import maarifa.lib.constraints
import maarifa.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("quizzes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, unique=True, verbose_name="key")),
                ("source_language", models.CharField(max_length=15, verbose_name="source language")),
                ("languages", models.JSONField(default=list, verbose_name="languages")),
                ("licence", models.CharField(max_length=40, verbose_name="licence")),
                ("authors", models.JSONField(default=list, verbose_name="authors")),
                ("outcomes", models.JSONField(blank=True, default=list, verbose_name="outcome keys")),
                ("requirements", models.JSONField(default=dict, verbose_name="requirements for completion")),
                (
                    "profile",
                    models.CharField(
                        blank=True,
                        choices=[("maarifa", "Maarifa"), ("partner", "Partner")],
                        max_length=10,
                        verbose_name="profile",
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired on"),
                ),
            ],
            options={
                "verbose_name": "course",
                "verbose_name_plural": "courses",
                "ordering": ["key"],
                "permissions": [("publish_course", "Can publish course")],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("svg", models.TextField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=15)),
                ("html", models.TextField()),
                ("about", models.JSONField(default=dict)),
                ("deflated", models.BinaryField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                        name="curriculum_document_digest_valid",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("structure", models.JSONField(editable=False)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="what changed")),
                ("published_at", models.DateTimeField(editable=False)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="curriculum.course",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["course", "-number"],
            },
        ),
        migrations.AddField(
            model_name="course",
            name="current_edition",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="curriculum.edition",
                verbose_name="current edition",
            ),
        ),
        migrations.CreateModel(
            name="EditionQuiz",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quizzes",
                        to="curriculum.edition",
                    ),
                ),
                (
                    "quiz",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="quizzes.quiz"
                    ),
                ),
                (
                    "quiz_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edition_quizzes",
                        to="quizzes.quizversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HistoricalCourse",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("key", maarifa.lib.fields.KeyField(db_index=True, max_length=60, verbose_name="key")),
                ("source_language", models.CharField(max_length=15, verbose_name="source language")),
                ("languages", models.JSONField(default=list, verbose_name="languages")),
                ("licence", models.CharField(max_length=40, verbose_name="licence")),
                ("authors", models.JSONField(default=list, verbose_name="authors")),
                ("outcomes", models.JSONField(blank=True, default=list, verbose_name="outcome keys")),
                ("requirements", models.JSONField(default=dict, verbose_name="requirements for completion")),
                (
                    "profile",
                    models.CharField(
                        blank=True,
                        choices=[("maarifa", "Maarifa"), ("partner", "Partner")],
                        max_length=10,
                        verbose_name="profile",
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
                    "current_edition",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.edition",
                        verbose_name="current edition",
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
                "verbose_name": "historical course",
                "verbose_name_plural": "historical courses",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCourseText",
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
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("summary", models.TextField(verbose_name="summary")),
                ("outcomes", models.JSONField(blank=True, default=dict, verbose_name="outcomes")),
                ("modules", models.JSONField(blank=True, default=dict, verbose_name="modules")),
                ("quizzes", models.JSONField(blank=True, default=dict, verbose_name="quizzes")),
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
                    "course",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.course",
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
            ],
            options={
                "verbose_name": "historical course text",
                "verbose_name_plural": "historical course texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLesson",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, verbose_name="key")),
                (
                    "activity_minutes",
                    models.PositiveIntegerField(
                        default=0, verbose_name="practice time in minutes, not including reading"
                    ),
                ),
                (
                    "outcomes",
                    models.JSONField(blank=True, default=list, verbose_name="outcome keys of the lesson"),
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
                    "course",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.course",
                        verbose_name="course",
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
                "verbose_name": "historical lesson",
                "verbose_name_plural": "historical lessons",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalMaterial",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("glossary", "glossary"), ("worksheet", "worksheet"), ("figure", "figure")],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, verbose_name="key")),
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
                    "course",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.course",
                        verbose_name="course",
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
            ],
            options={
                "verbose_name": "historical material",
                "verbose_name_plural": "historical materials",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalModule",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, verbose_name="key")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "worksheet",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="worksheet at the end of the module"
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
                    "course",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.course",
                        verbose_name="course",
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
                "verbose_name": "historical module",
                "verbose_name_plural": "historical modules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, verbose_name="key")),
                (
                    "activity_minutes",
                    models.PositiveIntegerField(
                        default=0, verbose_name="practice time in minutes, not including reading"
                    ),
                ),
                (
                    "outcomes",
                    models.JSONField(blank=True, default=list, verbose_name="outcome keys of the lesson"),
                ),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired on"),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lessons",
                        to="curriculum.course",
                        verbose_name="course",
                    ),
                ),
            ],
            options={
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
                "ordering": ["course", "activity__module__position", "activity__position", "id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalLessonText",
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
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                (
                    "objectives",
                    models.JSONField(blank=True, default=list, verbose_name="after this lesson you can"),
                ),
                ("body", models.TextField(verbose_name="text")),
                ("sources", models.JSONField(blank=True, default=list, verbose_name="sources")),
                ("checked", models.DateField(blank=True, null=True, verbose_name="facts checked on")),
                ("review_by", models.DateField(blank=True, null=True, verbose_name="next review due")),
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
                    "lesson",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.lesson",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical lesson text",
                "verbose_name_plural": "historical lesson texts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="EditionEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=15)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="curriculum.document",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="curriculum.edition",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curriculum.lesson"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LessonText",
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
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                (
                    "objectives",
                    models.JSONField(blank=True, default=list, verbose_name="after this lesson you can"),
                ),
                ("body", models.TextField(verbose_name="text")),
                ("sources", models.JSONField(blank=True, default=list, verbose_name="sources")),
                ("checked", models.DateField(blank=True, null=True, verbose_name="facts checked on")),
                ("review_by", models.DateField(blank=True, null=True, verbose_name="next review due")),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="curriculum.lesson",
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
                "verbose_name": "lesson text",
                "verbose_name_plural": "lesson texts",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LoadedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="loaded_files",
                        to="curriculum.course",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Material",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("glossary", "glossary"), ("worksheet", "worksheet"), ("figure", "figure")],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, verbose_name="key")),
                ("texts", models.JSONField(default=dict, verbose_name="texts")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="materials",
                        to="curriculum.course",
                        verbose_name="course",
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
                "verbose_name": "material",
                "verbose_name_plural": "materials",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Module",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", maarifa.lib.fields.KeyField(max_length=60, verbose_name="key")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "worksheet",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="worksheet at the end of the module"
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired on"),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="modules",
                        to="curriculum.course",
                        verbose_name="course",
                    ),
                ),
            ],
            options={
                "verbose_name": "module",
                "verbose_name_plural": "modules",
                "ordering": ["course", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalActivity",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
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
                    "course",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.course",
                        verbose_name="course",
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
                    "quiz",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="quizzes.quiz",
                        verbose_name="quiz",
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.lesson",
                        verbose_name="lesson",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="curriculum.module",
                        verbose_name="module",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical activity",
                "verbose_name_plural": "historical activities",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                (
                    "quiz",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activity",
                        to="quizzes.quiz",
                        verbose_name="quiz",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="curriculum.course",
                        verbose_name="course",
                    ),
                ),
                (
                    "lesson",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activity",
                        to="curriculum.lesson",
                        verbose_name="lesson",
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="curriculum.module",
                        verbose_name="module",
                    ),
                ),
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
                "ordering": ["course", "module__position", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="CourseText",
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
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("summary", models.TextField(verbose_name="summary")),
                ("outcomes", models.JSONField(blank=True, default=dict, verbose_name="outcomes")),
                ("modules", models.JSONField(blank=True, default=dict, verbose_name="modules")),
                ("quizzes", models.JSONField(blank=True, default=dict, verbose_name="quizzes")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="curriculum.course",
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
                "verbose_name": "course text",
                "verbose_name_plural": "course texts",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "source"), ("source_digest", "")),
                            models.Q(
                                ("state__in", ["machine", "reviewed"]),
                                models.Q(("source_digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="curriculum_coursetext_translation_has_source",
                    ),
                    models.UniqueConstraint(
                        fields=("course", "language"), name="curriculum_coursetext_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "source")),
                        fields=("course",),
                        name="curriculum_coursetext_one_source",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                fields=("course", "number"), name="curriculum_edition_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="curriculum_edition_number_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("course", "id"), name="curriculum_edition_of_course"),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[a-z0-9-]{1,60}$")), name="curriculum_course_key_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=maarifa.lib.constraints.CompositeForeignKey(
                field="current_edition",
                mine="id",
                name="curriculum_course_current_edition_is_its_own",
                theirs="course",
            ),
        ),
        migrations.AddConstraint(
            model_name="editionquiz",
            constraint=models.UniqueConstraint(
                fields=("edition", "quiz"), name="curriculum_editionquiz_quiz_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="editionquiz",
            constraint=maarifa.lib.constraints.CompositeForeignKey(
                field="quiz_version",
                mine="quiz",
                name="curriculum_editionquiz_version_of_its_quiz",
                theirs="quiz",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.UniqueConstraint(fields=("course", "key"), name="curriculum_lesson_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[a-z0-9-]{1,60}$")), name="curriculum_lesson_key_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.UniqueConstraint(fields=("course", "id"), name="curriculum_lesson_of_course"),
        ),
        migrations.AddConstraint(
            model_name="editionentry",
            constraint=models.UniqueConstraint(
                fields=("edition", "lesson", "language"), name="curriculum_editionentry_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="lessontext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "source"), ("source_digest", "")),
                    models.Q(
                        ("state__in", ["machine", "reviewed"]), models.Q(("source_digest", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="curriculum_lessontext_translation_has_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="lessontext",
            constraint=models.UniqueConstraint(
                fields=("lesson", "language"), name="curriculum_lessontext_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="lessontext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "source")),
                fields=("lesson",),
                name="curriculum_lessontext_one_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="loadedfile",
            constraint=models.UniqueConstraint(
                fields=("course", "path"), name="curriculum_loadedfile_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "source"), ("source_digest", "")),
                    models.Q(
                        ("state__in", ["machine", "reviewed"]), models.Q(("source_digest", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="curriculum_material_translation_has_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="material",
            constraint=models.UniqueConstraint(
                fields=("course", "kind", "key", "language"), name="curriculum_material_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.UniqueConstraint(fields=("course", "key"), name="curriculum_module_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[a-z0-9-]{1,60}$")), name="curriculum_module_key_valid"
            ),
        ),
        migrations.AddConstraint(
            model_name="module",
            constraint=models.UniqueConstraint(fields=("course", "id"), name="curriculum_module_of_course"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lesson__isnull", False), ("quiz__isnull", True)),
                    models.Q(("lesson__isnull", True), ("quiz__isnull", False)),
                    _connector="OR",
                ),
                name="curriculum_activity_one_content",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=maarifa.lib.constraints.CompositeForeignKey(
                field="module",
                mine="course",
                name="curriculum_activity_module_of_its_course",
                theirs="course",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=maarifa.lib.constraints.CompositeForeignKey(
                field="lesson",
                mine="course",
                name="curriculum_activity_lesson_of_its_course",
                theirs="course",
            ),
        ),
    ]
