import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def move_to_their_people(apps, schema_editor):
    """Whoever had stopped reminders to an address of theirs had meant themselves."""
    Suppression, OptOut = apps.get_model("delivery", "Suppression"), apps.get_model("delivery", "OptOut")
    stopped = {
        row.address_key: row for row in Suppression.objects.filter(kind="reminder", reason="unsubscribed")
    }
    people = apps.get_model("accounts", "User").objects.exclude(email=None)
    moved = [(user, stopped[user.email]) for user in people.iterator() if user.email in stopped]
    OptOut.objects.bulk_create([OptOut(user=user, kind="reminder", at=row.at) for user, row in moved])
    Suppression.objects.filter(pk__in=[row.pk for _user, row in moved]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0003_messages_about_a_course"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OptOut",
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
                        choices=[
                            ("sign-in", "sign-in code"),
                            ("account", "about the account"),
                            ("invitation", "invitation"),
                            ("certificate", "certificate"),
                            ("reminder", "reminder"),
                            ("learning", "about a course that the person takes"),
                        ],
                        max_length=12,
                    ),
                ),
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
                "verbose_name": "unwanted kind of message",
                "verbose_name_plural": "unwanted kinds of message",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind"), name="delivery_optout_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invitation", "reminder"])),
                        name="delivery_optout_can_be_stopped",
                    ),
                ],
            },
        ),
        migrations.RunPython(move_to_their_people, migrations.RunPython.noop),
    ]
