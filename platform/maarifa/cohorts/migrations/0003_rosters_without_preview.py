from django.db import migrations


def drop_previews(apps, schema_editor):
    """The first rows of each list were kept beside it, past the lists' own end, and shown nowhere."""
    rosters = apps.get_model("cohorts", "RosterImport").objects
    for pk, reading in rosters.values_list("pk", "reading").iterator():
        if reading.pop("preview", None) is not None:
            rosters.filter(pk=pk).update(reading=reading)


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0002_seats_and_rosters")]

    operations = [migrations.RunPython(drop_previews, migrations.RunPython.noop)]
