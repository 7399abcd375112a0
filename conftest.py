"""Loaded before every test, wherever pytest is started."""

pytest_plugins = ["tests.proofs"]
