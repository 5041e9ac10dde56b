import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("console", "0002_shared_site"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeviceTransfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("device", models.CharField(db_index=True, max_length=200, verbose_name="设备")),
                ("reason", models.TextField(verbose_name="理由")),
                ("settled_at", models.DateTimeField(verbose_name="划转时间")),
                ("settled_by", models.CharField(max_length=200, verbose_name="办理人")),
                (
                    "giver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices_given",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices_taken",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
    ]
