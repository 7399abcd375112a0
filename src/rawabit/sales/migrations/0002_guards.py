"""What was promised stays as it was promised."""

from django.db import migrations

from rawabit.kit.records.guards import Keep

PROMISED = "(SELECT state FROM sales_order WHERE id = OLD.document_id) <> 'draft'"
PROMISED_NEW = "(SELECT state FROM sales_order WHERE id = NEW.document_id) <> 'draft'"


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial")]
    operations = [
        Keep(
            "sales_order_is_kept",
            "sales_order",
            ["number", "customer_id", "currency", "date", "net", "discount", "tax", "total", "seller", "buyer"],
            "OLD.state <> 'draft'",
        ),
        Keep(
            "sales_orderline_is_kept",
            "sales_orderline",
            ["document_id", "item_id", "title", "quantity", "unit_price", "discount_percent", "tax_percent", "net", "tax"],
            PROMISED,
            PROMISED_NEW,
        ),
    ]
