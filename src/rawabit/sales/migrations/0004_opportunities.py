"""Offers and orders know the opportunity they come from. A column that may be empty is added in place, on SQLite too:
the guards of the orders stay."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0001_opportunities'),
        ('sales', '0003_rooms'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='opportunity',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='pipeline.opportunity', verbose_name='Opportunity'),
        ),
        migrations.AddField(
            model_name='quotation',
            name='opportunity',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quotations', to='pipeline.opportunity', verbose_name='Opportunity'),
        ),
    ]
