"""Measurements of whole pages; started by ``rawabit bench``."""
