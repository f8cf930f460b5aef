from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="once",
            name="digest",
            field=models.CharField(default="", max_length=64),
        ),
    ]
