"""The document editor that quotations, orders and invoices share, and the paper on which they are shown."""
