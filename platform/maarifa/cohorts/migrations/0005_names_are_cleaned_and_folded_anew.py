from django.db import migrations

from maarifa.lib.refolding import refold


def fold_anew(apps, schema_editor):
    seats = apps.get_model("cohorts", "Seat").objects

    def taken(row):
        others = seats.filter(cohort=row.cohort_id, staff_number_key=row.staff_number_key).exclude(pk=row.pk)
        return bool(row.staff_number_key) and others.exists()

    refold(seats.model, names=["given_name"], taken=taken)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cohorts", "0004_waiting_rows_are_found_at_once")]
    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop, elidable=True)]
