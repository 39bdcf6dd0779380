from django.db import migrations

from maarifa.lib.refolding import refold


def fold_anew(apps, schema_editor):
    refold(apps.get_model("accounts", "User"), names=["name", "certificate_name", "certificate_name_latin"])


class Migration(migrations.Migration):
    # Batch by batch: a long table is not held for the whole of it, and what was stopped goes on.
    atomic = False
    dependencies = [("accounts", "0005_user_names_of_any_script")]
    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop, elidable=True)]
