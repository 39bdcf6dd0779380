from django.db import migrations, models


def ask_those_who_never_said(apps, schema_editor):
    """UTC was what everybody got who had not said: they are asked now. What they see stays, and says that it is UTC."""
    apps.get_model("accounts", "User").objects.filter(time_zone="UTC").update(time_zone="")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_address_changes")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="time_zone",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="time zone"),
        ),
        migrations.RunPython(ask_those_who_never_said, migrations.RunPython.noop),
    ]
