"""Entries are never changed, except for what of them is open."""

from django.db import migrations

from rawabit.kit.records.guards import Keep


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        Keep(
            "ledger_entry_is_kept",
            "ledger_entry",
            ["customer_id", "currency", "date", "due_date", "kind", "number", "document_uid", "debit", "credit", "at"],
        )
    ]
