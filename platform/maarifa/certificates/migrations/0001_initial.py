import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import maarifa.lib.codes


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("learning", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
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
                (
                    "code",
                    models.CharField(
                        default=maarifa.lib.codes.new_code,
                        editable=False,
                        max_length=32,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "earned_on",
                    models.DateField(
                        editable=False,
                        help_text="The day in the learner's time zone when the course was finished. Empty if the zone was not known.",
                        null=True,
                        verbose_name="earned on",
                    ),
                ),
                (
                    "completion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="learning.coursecompletion",
                        verbose_name="completion",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="learner",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
                "ordering": ["-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CertificateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("language", models.CharField(max_length=15, verbose_name="language")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "name_latin",
                    models.CharField(blank=True, max_length=200, verbose_name="name in Latin letters"),
                ),
                (
                    "name_check",
                    models.CharField(
                        choices=[
                            ("stated", "Name as stated by the holder."),
                            ("institution", "Name confirmed by %(institution)s."),
                            (
                                "institution-name",
                                "Name confirmed by %(institution)s; spelling in Latin letters as stated by the holder.",
                            ),
                            (
                                "institution-latin",
                                "Name in Latin letters confirmed by %(institution)s; name in the holder’s own script as stated by the holder.",
                            ),
                            ("issuer", "Name checked against an official document by Maarifa."),
                        ],
                        default="stated",
                        max_length=20,
                    ),
                ),
                ("course_key", models.CharField(max_length=60)),
                ("course_title", models.CharField(max_length=200)),
                (
                    "title_language",
                    models.CharField(
                        blank=True,
                        help_text="Language of the title and the outcomes. Empty if it is not known.",
                        max_length=15,
                    ),
                ),
                ("institution", models.CharField(blank=True, max_length=200, verbose_name="institution")),
                ("minutes", models.PositiveIntegerField()),
                ("outcomes", models.JSONField(default=list)),
                (
                    "texts",
                    models.JSONField(
                        default=dict,
                        help_text="Title and outcomes in every language of the course, by language code, for the public page.",
                    ),
                ),
                ("edition_number", models.PositiveIntegerField()),
                (
                    "earned",
                    models.CharField(
                        choices=[
                            ("completed", "course completed"),
                            ("open-exam", "unsupervised examination"),
                            ("supervised-exam", "supervised examination"),
                        ],
                        max_length=16,
                    ),
                ),
                ("earned_place", models.CharField(blank=True, max_length=200)),
                ("earned_on", models.DateField()),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "reason",
                    models.CharField(blank=True, max_length=500, verbose_name="reason for the correction"),
                ),
                ("by_holder", models.BooleanField(default=False)),
                ("pdf", models.BinaryField()),
                ("pdf_digest", models.CharField(max_length=64)),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="certificates.certificate",
                        verbose_name="certificate",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="corrected by",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate version",
                "verbose_name_plural": "certificate versions",
                "ordering": ["certificate", "number"],
            },
        ),
        migrations.CreateModel(
            name="Revocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="certificates.certificate",
                    ),
                ),
            ],
            options={
                "verbose_name": "revocation",
                "verbose_name_plural": "revocations",
            },
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", True)),
                fields=["queue", "due_at"],
                name="certificates_certificate_due",
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("queued_at__isnull", False)),
                fields=["queue", "queued_at"],
                name="certificates_certificate_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
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
                name="certificates_certificate_claimed_has_token",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", False), ("state__in", ["done", "failed"])),
                    models.Q(("finished_at__isnull", True), ("state__in", ["pending", "claimed"])),
                    _connector="OR",
                ),
                name="certificates_certificate_finished_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("queue__in", ("urgent", "default", "bulk"))),
                name="certificates_certificate_queue_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9A-HJKMNP-TV-Z]{16,32}$")),
                name="certificates_certificate_code_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificateversion",
            constraint=models.UniqueConstraint(
                fields=("certificate", "number"), name="certificates_version_number_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number", 1),
                    models.Q(
                        ("number__gt", 1),
                        models.Q(
                            models.Q(("reason", ""), _negated=True), ("by_holder", True), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="certificates_version_correction_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificateversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("by_holder", True)),
                fields=("certificate",),
                name="certificates_version_by_holder_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name_check__in",
                        ["stated", "institution", "institution-name", "institution-latin", "issuer"],
                    )
                ),
                name="certificates_version_name_check_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="certificates_version_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("earned", "supervised-exam"), _negated=True),
                    models.Q(("earned_place", ""), _negated=True),
                    _connector="OR",
                ),
                name="certificates_version_supervised_has_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificateversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("earned__in", ["completed", "open-exam", "supervised-exam"])),
                name="certificates_version_earned_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="revocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="certificates_revocation_has_reason"
            ),
        ),
    ]
