import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import maarifa.cohorts.models.member
import maarifa.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("curriculum", "0001_initial"),
        ("institutions", "0001_initial"),
        ("learning", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cohort",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("language", models.CharField(max_length=15, verbose_name="course language")),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("due_zone", models.CharField(blank=True, max_length=60)),
                ("due_local", models.CharField(blank=True, max_length=19)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohorts",
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohorts",
                        to="institutions.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "cohort",
                "verbose_name_plural": "cohorts",
                "ordering": ["-created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CohortMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("invited", "invited"), ("accepted", "accepted"), ("left", "left")],
                        default="invited",
                        max_length=8,
                    ),
                ),
                ("given_name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "given_name_search",
                    maarifa.lib.fields.SearchKeyField(
                        blank=True, editable=False, max_length=255, source="given_name"
                    ),
                ),
                (
                    "given_name_sort",
                    maarifa.lib.fields.SortKeyField(
                        blank=True, editable=False, max_length=255, source="given_name"
                    ),
                ),
                ("staff_number", models.CharField(blank=True, max_length=60, verbose_name="staff number")),
                (
                    "staff_number_key",
                    maarifa.cohorts.models.member.StaffNumberKeyField(
                        blank=True, editable=False, max_length=255, source="staff_number"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("language", models.CharField(max_length=15, verbose_name="language")),
                ("entry_code", models.CharField(editable=False, max_length=16, null=True, unique=True)),
                ("entry_code_until", models.DateTimeField(editable=False, null=True)),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("contacted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="cohorts.cohort",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="learning.enrolment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "cohort member",
                "verbose_name_plural": "cohort members",
                "ordering": ["given_name_sort", "id"],
            },
        ),
        migrations.CreateModel(
            name="RosterImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting"),
                            ("claimed", "in progress"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "queue",
                    models.CharField(db_default="default", default="default", editable=False, max_length=8),
                ),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="due")),
                ("queued_at", models.DateTimeField(editable=False, null=True)),
                ("claim_token", models.UUIDField(editable=False, null=True)),
                ("claimed_until", models.DateTimeField(editable=False, null=True)),
                ("tries", models.PositiveIntegerField(default=0, editable=False, verbose_name="tries")),
                ("error", models.TextField(blank=True, editable=False, verbose_name="error")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created on"
                    ),
                ),
                ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished on")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("file_name", models.CharField(max_length=255)),
                ("file_digest", models.CharField(max_length=64)),
                ("file", models.BinaryField()),
                ("language", models.CharField(max_length=15)),
                (
                    "reading",
                    models.JSONField(
                        default=dict, help_text="Encoding, delimiter, sheet and columns, as read or chosen."
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("planned", "not applied yet"),
                            ("confirmed", "being applied"),
                            ("applied", "applied"),
                            ("discarded", "discarded"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("plan_digest", models.CharField(blank=True, max_length=64)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="cohorts.cohort",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "roster",
                "verbose_name_plural": "rosters",
                "ordering": ["-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RosterRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="As the spreadsheet program shows it.")),
                ("cells", models.JSONField()),
                ("values", models.JSONField(default=dict)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("invite", "invite by e-mail"),
                            ("card", "create an account with an access card"),
                            ("nothing", "already added to the cohort"),
                            ("error", "cannot be used"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "problems",
                    models.JSONField(default=list, help_text="Dicts of code, column, value and parameters."),
                ),
                ("found", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "waiting"),
                            ("done", "done"),
                            ("nothing", "nothing to do"),
                            ("refused", "left out"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("outcome_code", models.CharField(blank=True, max_length=40)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cohorts.cohortmember",
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="cohorts.rosterimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "roster row",
                "verbose_name_plural": "roster rows",
                "ordering": ["roster", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="cohort",
            constraint=models.UniqueConstraint(fields=("unit", "name"), name="cohorts_cohort_name_unique"),
        ),
        migrations.AddConstraint(
            model_name="cohort",
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
                name="cohorts_cohort_due_has_zone",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohort",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("due_at__isnull", True),
                    ("opens_at__lt", models.F("due_at")),
                    _connector="OR",
                ),
                name="cohorts_cohort_opens_before_due",
            ),
        ),
        migrations.AddIndex(
            model_name="cohortmember",
            index=models.Index(
                condition=models.Q(("state", "invited")),
                fields=["email"],
                name="cohorts_member_invited_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("email", ""), _negated=True),
                fields=("cohort", "email"),
                name="cohorts_member_email_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("staff_number_key", ""), _negated=True),
                fields=("cohort", "staff_number_key"),
                name="cohorts_member_staff_number_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("enrolment__isnull", False)),
                fields=("cohort", "enrolment"),
                name="cohorts_member_enrolment_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), _negated=True),
                    models.Q(("staff_number", ""), _negated=True),
                    ("learner__isnull", False),
                    _connector="OR",
                ),
                name="cohorts_member_reachable",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry_code__isnull", True), ("entry_code_until__isnull", True)),
                    models.Q(
                        ("entry_code__isnull", False),
                        ("entry_code_until__isnull", False),
                        ("learner__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="cohorts_member_code_has_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("enrolment__isnull", True), ("learner__isnull", False), _connector="OR"),
                name="cohorts_member_enrolment_has_learner",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("left_at__isnull", True), ("state", "invited")),
                    models.Q(
                        ("accepted_at__isnull", False),
                        ("enrolment__isnull", False),
                        ("learner__isnull", False),
                        ("left_at__isnull", True),
                        ("state", "accepted"),
                    ),
                    models.Q(("left_at__isnull", False), ("state", "left")),
                    _connector="OR",
                ),
                name="cohorts_member_state_has_moments",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declined_at__isnull", True),
                    models.Q(("accepted_at__isnull", True), ("state", "left")),
                    _connector="OR",
                ),
                name="cohorts_member_declined_has_left",
            ),
        ),
        migrations.AddIndex(
            model_name="rosterimport",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", True)),
                fields=["queue", "due_at"],
                name="cohorts_rosterimport_due",
            ),
        ),
        migrations.AddIndex(
            model_name="rosterimport",
            index=models.Index(
                condition=models.Q(("queued_at__isnull", False)),
                fields=["queue", "queued_at"],
                name="cohorts_rosterimport_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("claim_token__isnull", False), ("claimed_until__isnull", False), ("state", "claimed")
                    ),
                    models.Q(
                        models.Q(("state", "claimed"), _negated=True),
                        ("claim_token__isnull", True),
                        ("claimed_until__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="cohorts_rosterimport_claimed_has_token",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", False), ("state__in", ["done", "failed"])),
                    models.Q(("finished_at__isnull", True), ("state__in", ["pending", "claimed"])),
                    _connector="OR",
                ),
                name="cohorts_rosterimport_finished_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("queue__in", ("urgent", "default", "bulk"))),
                name="cohorts_rosterimport_queue_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage__in", ["confirmed", "applied"]), _negated=True),
                    models.Q(models.Q(("plan_digest", ""), _negated=True), ("confirmed_at__isnull", False)),
                    _connector="OR",
                ),
                name="cohorts_rosterimport_confirmed_has_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "pending"), ("stage__in", ["confirmed", "applied"]), _connector="OR"
                ),
                name="cohorts_rosterimport_work_is_confirmed",
            ),
        ),
        migrations.AddIndex(
            model_name="rosterrow",
            index=models.Index(
                condition=models.Q(("outcome", "")),
                fields=["roster", "number"],
                name="cohorts_rosterrow_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterrow",
            constraint=models.UniqueConstraint(fields=("roster", "number"), name="cohorts_rosterrow_unique"),
        ),
        migrations.AddConstraint(
            model_name="rosterrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "done"), _negated=True), ("member__isnull", False), _connector="OR"
                ),
                name="cohorts_rosterrow_done_has_member",
            ),
        ),
    ]
