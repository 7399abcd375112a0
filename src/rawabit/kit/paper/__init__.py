"""Papers: documents as PDF. Knows how a sheet looks, not what is sold."""
