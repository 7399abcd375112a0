"""Posted papers, their lines, and recorded payments are never changed; only what of them is open moves.

Lines of imported papers are written after their paper, in bulk."""

from django.db import migrations

from rawabit.kit.records.guards import Keep

INVOICE = [
    "number", "kind", "state", "customer_id", "contact_id", "order_id", "corrects_id", "date", "supply_date",
    "due_date", "currency", "language", "customer_reference", "reason", "note", "terms", "seller", "buyer", "net",
    "discount", "tax", "total", "tax_summary", "posted_at", "origin", "source", "uid",
]  # fmt: skip
LINE = [
    "document_id", "order_line_id", "corrects_id", "position", "item_id", "sku", "title", "details", "kind", "unit",
    "quantity", "taken_back", "unit_price", "discount_percent", "tax_category", "tax_percent", "tax_reason",
    "tax_reason_code", "net", "tax",
]  # fmt: skip
PAYMENT = [
    "number", "direction", "customer_id", "date", "currency", "amount", "method", "reference", "posted_at", "origin",
    "source", "uid", "refund_of_id", "refund_note_id",
]  # fmt: skip
POSTED = "(SELECT state FROM billing_invoice WHERE id = OLD.document_id) = 'posted'"
POSTED_HERE = "EXISTS (SELECT 1 FROM billing_invoice WHERE id = NEW.document_id AND state = 'posted' AND origin = 'own')"


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [
        Keep("billing_invoice_is_kept", "billing_invoice", INVOICE, "OLD.state = 'posted'"),
        Keep("billing_invoiceline_is_kept", "billing_invoiceline", LINE, POSTED, POSTED_HERE),
        Keep("billing_payment_is_kept", "billing_payment", PAYMENT, "OLD.state <> 'draft'"),
    ]
