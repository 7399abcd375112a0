"""``kill -9`` while mail is taken over: afterwards everything is here, once, and marked on the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mailroom.posts import post

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.kill
PROGRAM = """
import importlib, json, os, signal, sys
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from datetime import timedelta
from tests import makers
from tests.mailroom.posts import make_box
from tests.outbox.working import work
from rawabit.mailroom.actions import fetch_due
from rawabit.mailroom.models import Mailbox, ReceivedMail
order = json.loads(sys.argv[1])
settings.OUTBOUND_PRIVATE_ALLOWED, settings.MAILBOX_CA_FILE = True, order["ca"]
if order["do"] == "set up":
    call_command("migrate", verbosity=0)
    make_box(port=order["port"], address="sales@seller.example")
if order.get("die"):
    path, name, when = order["die"]
    module = importlib.import_module(path)
    real = getattr(module, name)
    def deadly(*args, **kwargs):
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
        return answer
    setattr(module, name, deadly)
at = makers.NOW + timedelta(minutes=order.get("minutes", 0))
if order["do"] == "work":
    fetch_due(at)
    work(at)
print(json.dumps(sorted(ReceivedMail.objects.values_list("text", "place"))))
"""
F, R = "rawabit.mailroom.actions.fetching", "rawabit.mailroom.actions.reading"
MOMENTS = [(F, "store", "before"), (F, "store", "after"), (F, "enqueue", "before"), (F, "_mark", "before"),
           (F, "_mark", "after"), (R, "_keep", "before"), (R, "file_mail", "after"), (R, "_keep", "after")]  # fmt: skip


@pytest.fixture(scope="module")
def home(dovecot, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fetch-kills")
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL" and not key.startswith("PYTEST_")}
    environment = {
        **kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "RAWABIT_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "rawabit.config.settings",
    }  # fmt: skip

    def run(**order) -> tuple[int, list[list[str]]]:
        order |= {"ca": dovecot.ca, "port": dovecot.port}
        done = subprocess.run([sys.executable, "-c", PROGRAM, json.dumps(order)], cwd=ROOT, env=environment, text=True,
                              capture_output=True, timeout=300)  # fmt: skip
        assert done.returncode in (0, -9), done.stderr[-3000:]
        return done.returncode, json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else []

    assert run(do="set up")[0] == 0
    return run


def test_no_moment_to_die_loses_or_doubles(home, imap, dovecot):
    sent = 0
    for round_, moment in enumerate(MOMENTS):
        dovecot.put(post(f"n{sent}"), post(f"n{sent + 1}"))
        sent += 2
        assert home(do="work", die=moment, minutes=60 * round_)[0] == -9, moment
        _code, rows = home(do="work", minutes=60 * round_ + 30)
        assert rows == sorted([f"n{n}", "filed"] for n in range(sent)), moment
    assert len(dovecot.seen()) == sent
