"""``kill -9`` of the worker at each moment of sending: the server never gets a message twice, and none is forgotten."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.outbox.postoffice import PostOffice

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("mail-kills")]
S, P = "rawabit.kit.outbox.sending", "rawabit.kit.outbox.posting"
# Until the mail is handed over another worker sends it; after that a person decides; after the mark it is done.
MOMENTS = [
    (("rawabit.telling.actions.telling", "queue", "before"), "sent"),
    (("rawabit.telling.actions.telling", "queue", "after"), "sent"),
    ((S, "claim", "before"), "sent"),
    ((S, "claim", "after"), "sent"),
    ((S, "write", "after"), "sent"),
    ((S, "_keep", "after"), "sent"),
    ((P, "mail_of", "after"), "sent"),
    ((P, "get_connection", "after"), "sent"),
    ((P, "_close", "before"), "held"),
    ((P, "_close", "after"), "held"),
    ((S, "_done", "before"), "held"),
    ((S, "_done", "after"), "sent"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    office = PostOffice().start()
    folder = tmp_path_factory.mktemp("mail-kills")
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL" and not key.startswith("PYTEST_")}
    environment = {
        **kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "RAWABIT_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "rawabit.config.settings", "RAWABIT_SMTP_HOST": "127.0.0.1",
        "RAWABIT_SMTP_PORT": str(office.port),
    }  # fmt: skip
    with (folder / "errors").open("w+") as errors:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.outbox.mortal"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip

        def answer():
            for line in program.stdout:
                if line.startswith(("{", '"')):
                    return json.loads(line)
            raise AssertionError((folder / "errors").read_text()[-3000:])

        def run(**order):
            program.stdin.write(json.dumps(order) + "\n")
            program.stdin.flush()
            return answer()

        assert answer() == "ready"
        yield run, office
        program.stdin.close()
        program.wait(30)
    office.stop()


@pytest.mark.parametrize(("die", "ends"), MOMENTS, ids=[f"{when} {name}" for (_p, name, when), _e in MOMENTS])
def test_no_moment_to_die_sends_twice_or_forgets(home, die, ends):
    run, office = home
    before = len(office.mails)
    assert run(do="post", die=die)["ended"] == -9
    later = run(do="work", minutes=12)

    assert later["ended"] == 0 and later["states"][-1] == ends
    assert len(office.mails) - before == 1
    ids = [mail["Message-ID"] for mail in office.mails]
    assert len(set(ids)) == len(ids)


def test_without_a_kill_nothing_is_sent_again(home):
    """The control: the same order, alive."""
    run, office = home
    before = len(office.mails)
    lived = run(do="post")
    assert lived["ended"] == 0 and lived["states"][-1] == "sent"
    run(do="work", minutes=12)
    assert len(office.mails) - before == 1
