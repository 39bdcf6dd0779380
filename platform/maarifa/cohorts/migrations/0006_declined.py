from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0005_names_are_cleaned_and_folded_anew")]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="declined_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("declined_at__isnull", True),
                    models.Q(("accepted_at__isnull", True), ("state", "left")),
                    _connector="OR",
                ),
                name="cohorts_seat_declined_has_left",
            ),
        ),
    ]
