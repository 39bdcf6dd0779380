import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import maarifa.delivery.kinds


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institutions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address_key", models.CharField(max_length=254, verbose_name="address")),
                (
                    "kind",
                    models.CharField(
                        blank=True, choices=maarifa.delivery.kinds.choices, max_length=12, verbose_name="kind"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "unsubscribed"),
                            ("refused", "refused by its mail server"),
                            ("by-hand", "added by staff"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
            ],
            options={
                "verbose_name": "suppressed address",
                "verbose_name_plural": "suppressed addresses",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("address_key", "kind"), name="delivery_suppression_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address_key", ""), _negated=True),
                        name="delivery_suppression_address_not_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                    "key",
                    models.CharField(editable=False, max_length=120, unique=True, verbose_name="message key"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=maarifa.delivery.kinds.choices, max_length=12, verbose_name="kind"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        db_default="mail",
                        default="mail",
                        editable=False,
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("address", models.CharField(max_length=254, verbose_name="address")),
                ("language", models.CharField(max_length=15, verbose_name="language")),
                ("subject", models.CharField(max_length=255, verbose_name="subject")),
                ("text", models.TextField(verbose_name="plain text")),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                (
                    "message_id",
                    models.CharField(editable=False, max_length=255, unique=True, verbose_name="message ID"),
                ),
                ("turn", models.PositiveBigIntegerField(editable=False, null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=["queue", "due_at"],
                        name="delivery_delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("queued_at__isnull", False)),
                        fields=["queue", "queued_at"],
                        name="delivery_delivery_line",
                    ),
                    models.Index(
                        condition=models.Q(("queue", "bulk")),
                        fields=["finished_at"],
                        name="delivery_delivery_bulk_done",
                    ),
                    models.Index(
                        condition=models.Q(("text", ""), _negated=True),
                        fields=["finished_at"],
                        name="delivery_delivery_worded",
                    ),
                    models.Index(
                        condition=models.Q(("turn__isnull", False)),
                        fields=["turn", "id"],
                        name="delivery_delivery_turn",
                    ),
                    models.Index(
                        condition=models.Q(("turn__isnull", False)),
                        fields=["institution", "turn"],
                        name="delivery_delivery_turns",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("claim_token__isnull", False),
                                ("claimed_until__isnull", False),
                                ("state", "claimed"),
                            ),
                            models.Q(
                                models.Q(("state", "claimed"), _negated=True),
                                ("claim_token__isnull", True),
                                ("claimed_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_delivery_claimed_has_token",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state__in", ["done", "failed"])),
                            models.Q(("finished_at__isnull", True), ("state__in", ["pending", "claimed"])),
                            _connector="OR",
                        ),
                        name="delivery_delivery_finished_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("queue__in", ("urgent", "default", "bulk"))),
                        name="delivery_delivery_queue_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="delivery_delivery_key_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("address", ""), _negated=True),
                        name="delivery_delivery_address_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", True), ("queue", "bulk"), ("turn__isnull", False)
                            ),
                            models.Q(
                                models.Q(("finished_at__isnull", True), ("queue", "bulk"), _negated=True),
                                ("turn__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_delivery_turn_in_bulk",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OptOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=maarifa.delivery.kinds.choices, max_length=12)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opt_outs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "opt-out",
                "verbose_name_plural": "opt-outs",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind"), name="delivery_optout_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("kind", ""), _negated=True), name="delivery_optout_kind_not_empty"
                    ),
                ],
            },
        ),
    ]
