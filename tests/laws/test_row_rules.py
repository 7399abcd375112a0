"""No row rule is missing, also in a process that has opened no page yet."""

from __future__ import annotations

import os
import subprocess
import sys

from django.apps import apps

from rawabit.kit.records.actor import rule_of
from rawabit.kit.records.models import RecordQuerySet

# Kept by the kit for one person or hung on a record: their doors ask for the person or the record first.
LIST_RULES = """
import django
django.setup()
from django.apps import apps
from rawabit.kit.records.actor import rule_of
print(*sorted(m._meta.label for m in apps.get_models() if rule_of(m)), sep="\\n")
"""


def with_rows() -> list[str]:
    """Models whose manager answers ``visible_to``."""
    models = [model for model in apps.get_models() if model.__module__.startswith("rawabit.")]
    return sorted(m._meta.label for m in models if isinstance(m._default_manager.all(), RecordQuerySet))


def test_every_model_with_rows_has_a_rule():
    missing = [label for label in with_rows() if rule_of(apps.get_model(label)) is None]

    assert missing == []
    assert len(with_rows()) > 30


def test_the_rules_are_there_as_soon_as_the_program_has_started():
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run([sys.executable, "-c", LIST_RULES], capture_output=True, text=True, env=env, check=True)

    assert [label for label in with_rows() if label not in run.stdout.split()] == []
