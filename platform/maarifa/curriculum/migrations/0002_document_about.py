from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0001_initial")]

    operations = [
        migrations.AddField(model_name="document", name="about", field=models.JSONField(default=dict)),
    ]
