import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("delivery", "0001_initial"),
        ("learning", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("inactivity", "no activity for some days")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("occasion", models.DateTimeField(verbose_name="last activity before the reminder")),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "delivery",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminder",
                        to="delivery.delivery",
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="learning.enrolment",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["id"],
                        name="reminders_unsettled",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enrolment", "kind", "occasion"), name="reminders_reminder_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivery__isnull", True), ("settled_at__isnull", False), _connector="OR"
                        ),
                        name="reminders_reminder_delivered_is_settled",
                    ),
                ],
            },
        ),
    ]
