from django.db import migrations


def empty(apps, schema_editor):
    failed = apps.get_model("delivery", "Delivery").objects.filter(state="failed")
    failed.filter(kind__in=["sign-in", "account", "invitation"]).update(text="", html="")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]
    operations = [migrations.RunPython(empty, migrations.RunPython.noop, elidable=True)]
