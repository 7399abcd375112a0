"""Changes told to open pages."""
