import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import maarifa.accounts.models
import maarifa.lib.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public ID"
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "This user name is taken. Choose another one."},
                        max_length=150,
                        unique=True,
                        validators=[maarifa.accounts.models.validate_username_letters],
                        verbose_name="user name",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, null=True, verbose_name="e-mail address"),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="As you usually write it, in any script.",
                        max_length=200,
                        verbose_name="name",
                    ),
                ),
                (
                    "name_search",
                    maarifa.lib.fields.SearchKeyField(
                        blank=True, editable=False, max_length=255, source="name"
                    ),
                ),
                (
                    "name_sort",
                    maarifa.lib.fields.SortKeyField(
                        blank=True, editable=False, max_length=255, source="name"
                    ),
                ),
                (
                    "certificate_name",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        verbose_name="name on certificates, in the person’s own alphabet",
                    ),
                ),
                (
                    "certificate_name_latin",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="name on certificates, in Latin letters"
                    ),
                ),
                (
                    "names_confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="names confirmed on"
                    ),
                ),
                ("language", models.CharField(default="en", max_length=15, verbose_name="language")),
                (
                    "time_zone",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="time zone"),
                ),
                ("is_staff", models.BooleanField(default=False, verbose_name="access to the admin site")),
                ("is_active", models.BooleanField(default=True, verbose_name="sign-in allowed")),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="account created on"
                    ),
                ),
                ("session_epoch", models.PositiveIntegerField(default=0, editable=False)),
                ("signed_out_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed on"),
                ),
                (
                    "erased_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="erased on"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["name_sort", "id"],
            },
        ),
        migrations.CreateModel(
            name="AddressChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("old", models.EmailField(max_length=254)),
                ("new", models.EmailField(blank=True, max_length=254)),
                ("changed_at", models.DateTimeField(db_index=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="address_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "change of e-mail address",
                "verbose_name_plural": "changes of e-mail address",
                "ordering": ["-changed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="date"
                    ),
                ),
                ("action", models.CharField(max_length=60, verbose_name="action")),
                ("institution", models.UUIDField(db_index=True, null=True, verbose_name="institution")),
                (
                    "request_id",
                    models.CharField(blank=True, max_length=64, verbose_name="request ID"),
                ),
                ("details", models.JSONField(default=dict, verbose_name="details")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "on_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person concerned",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("terms", "keeping of personal data for learning and certificates"),
                            ("sharing", "sharing of progress and results with an institution"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "subject",
                    models.UUIDField(
                        help_text="The public id of what was agreed to, a cohort member for sharing.",
                        null=True,
                    ),
                ),
                ("words", models.TextField(verbose_name="text")),
                ("language", models.CharField(max_length=15, verbose_name="language")),
                ("given_at", models.DateTimeField(verbose_name="given on")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn on")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ["-given_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="KeptPost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("page", models.CharField(max_length=300)),
                ("fields", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("kept_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_posts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "kept form",
                "verbose_name_plural": "kept forms",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=128)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("used_at", models.DateTimeField(null=True)),
                ("replaced_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recovery code",
                "verbose_name_plural": "recovery codes",
            },
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["name_sort"], name="accounts_user_name_sort"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["email"], name="accounts_user_email"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"), name="accounts_user_email_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"), name="accounts_user_username_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), _negated=True), name="accounts_user_email_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("username", ""), _negated=True), name="accounts_user_username_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("username__contains", "@"), _negated=True),
                name="accounts_user_username_no_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("username__regex", "[A-ZÀ-ÖØ-ÞΑ-ΩЀ-Я！-～]"), _negated=True),
                name="accounts_user_username_folded",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True), ("closed_at__isnull", False), _connector="OR"
                ),
                name="accounts_user_erased_is_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("names_confirmed_at__isnull", True),
                    models.Q(("certificate_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="accounts_user_confirmed_has_names",
            ),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.CheckConstraint(
                condition=models.Q(("old", ""), _negated=True), name="accounts_addresschange_old_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="addresschange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undone_at__isnull", True), ("undone_at__gte", models.F("changed_at")), _connector="OR"
                ),
                name="accounts_addresschange_undone_after",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("purpose", "terms")),
                fields=["given_at"],
                name="accounts_consent_terms_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("subject__isnull", False), ("withdrawn_at__isnull", True)),
                fields=("user", "purpose", "subject"),
                name="accounts_consent_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("subject__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("user", "purpose"),
                name="accounts_consent_one_general_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True),
                    ("withdrawn_at__gte", models.F("given_at")),
                    _connector="OR",
                ),
                name="accounts_consent_withdrawn_after_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose", "sharing"), _negated=True),
                    ("subject__isnull", False),
                    _connector="OR",
                ),
                name="accounts_consent_sharing_has_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="keptpost",
            constraint=models.UniqueConstraint(
                fields=("person", "page", "digest"), name="accounts_keptpost_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True), ("used_at__isnull", True)),
                fields=("user",),
                name="accounts_recoverycode_one_unused",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_at__isnull", True), ("replaced_at__isnull", True), _connector="OR"),
                name="accounts_recoverycode_used_or_replaced",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest", ""), _negated=True),
                name="accounts_recoverycode_digest_not_empty",
            ),
        ),
    ]
