"""Every command has its help; every mistake gets one clear sentence and a code that is not 0."""

from __future__ import annotations

import argparse
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rawabit.cli import build_parser, parse
from tests.ops.conftest import program_environment, rawabit

COMMANDS = {
    *("demo", "serve", "web", "worker", "test", "import", "export", "migrate", "doctor", "backup", "restore", "bench"),
    *("messages", "createadmin"),
}


def subparsers() -> dict[str, argparse.ArgumentParser]:
    actions = build_parser()._actions
    return next(action.choices for action in actions if isinstance(action, argparse._SubParsersAction))


def test_help_lists_every_command():
    assert set(subparsers()) == COMMANDS
    text = build_parser().format_help()
    assert [name for name in sorted(COMMANDS) if f"    {name}" not in text] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_explained(name: str):
    parser = subparsers()[name]
    assert parser.description
    assert [action.dest for action in parser._actions if not action.help] == []


@pytest.mark.parametrize("name", sorted(COMMANDS - {"test", "messages", "bench"}))
def test_every_command_takes_the_data_folder(name: str):
    assert "--data DIR" in subparsers()[name].format_help()


def test_help_does_not_load_django():
    program = (
        "import sys\nfrom rawabit.cli import build_parser\nbuild_parser().format_help()\nprint('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], env=program_environment(), capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_arguments_of_test_go_to_pytest_in_their_order():
    assert parse(["test", "-k", "money", "tests/kit", "-x"]).pytest_args == ["-k", "money", "tests/kit", "-x"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["demo", "--colour"], "unrecognized arguments: --colour"),
        (["demo", "--port", "99999"], "a port is a number from 0 to 65535, not '99999'"),
        (["demo", "--port", "٨٠٠٠"], "a port is a number"),
        (["web", "--workers", "0"], "a number from 1 upwards is needed, not '0'"),
        (["export", "customers", "--format", "pdf"], "invalid choice: 'pdf'"),
        (["backup"], "the following arguments are required: FILE"),
    ],
)
def test_a_wrong_command_line_is_told(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


def refused(*arguments: object, **variables: str) -> str:
    """The one sentence with which a command ends; its code is 1 and it said nothing else."""
    done = rawabit(*arguments, **variables)
    assert done.returncode == 1, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("rawabit: ")
    assert lines[0].endswith(".")
    return lines[0].removeprefix("rawabit: ")


@pytest.mark.parametrize("command", ["demo", "serve", "web"])
def test_a_port_in_use(command: str, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(command, "--port", port, "--data", tmp_path)
    assert said == f"port {port} on 127.0.0.1 is in use; choose another with --port."


def test_an_unknown_address(tmp_path: Path):
    assert "192.0.2.1:0 cannot be listened on" in refused(
        "serve", "--host", "192.0.2.1", "--port", 0, "--data", tmp_path
    )


@pytest.mark.parametrize("command", [["demo", "--prepare-only"], ["export", "customers"]])
def test_a_data_folder_that_is_a_file(command: list[str], tmp_path: Path):
    (tmp_path / "data").write_text("not a folder; root may write into any folder")
    assert str(tmp_path / "data") in refused(*command, "--data", tmp_path / "data")


@pytest.mark.parametrize("command", [["demo", "--prepare-only"], ["serve", "--port", "0"]])
def test_a_file_that_is_no_database(command: list[str], tmp_path: Path):
    (tmp_path / "rawabit.sqlite3").write_bytes(b"this is not a database " * 500)
    said = refused(*command, "--data", tmp_path)
    assert "is damaged" in said
    assert "restore" in said


def test_a_database_with_a_broken_page(data: Path):
    file = data / "rawabit.sqlite3"
    with file.open("r+b") as pages:
        pages.seek(5 * 4096)
        pages.write(b"\xff" * 40 * 4096)
    assert "is damaged" in refused("worker", "--data", data)


@pytest.mark.parametrize("command", [["worker"], ["export", "customers"]])
def test_a_database_that_is_not_prepared(command: list[str], tmp_path: Path):
    assert "run: rawabit migrate." in refused(*command, "--data", tmp_path)


def test_a_database_server_that_does_not_answer(tmp_path: Path):
    said = refused("migrate", "--data", tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:9/nothing")
    assert "the database does not answer" in said
    assert "DATABASE_URL" in said


def test_a_wrong_setting(tmp_path: Path):
    said = refused("migrate", "--data", tmp_path, DATABASE_URL="nonsense://x")
    assert said.startswith("a setting in the environment is wrong")


def test_import_says_what_it_needs(tmp_path: Path):
    assert "needs FILE and --map" in refused("import", tmp_path / "a.csv", "--data", tmp_path)
    missing = refused("import", tmp_path / "a.csv", "--map", tmp_path / "m.toml", "--data", tmp_path)
    assert missing == f"{tmp_path}/a.csv does not exist."


def test_two_preparations_at_once_do_not_meet(tmp_path: Path):
    command = [sys.executable, "-P", "-m", "rawabit", "migrate", "--data", str(tmp_path / "data")]
    options = {"env": program_environment(), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, **options) for _ in range(2)]  # type: ignore[call-overload]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    applied = sorted(int(out.split()[0]) for out, _err in said)
    assert applied[0] == 0
    assert applied[1] > 20


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["createadmin", "--email", "a@example.com"]])
def test_a_database_of_an_older_version_is_not_touched(command: list[str], data: Path):
    with closing(sqlite3.connect(data / "rawabit.sqlite3")) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'kit_jobs'")
        connection.commit()
    assert "not applied yet; run: rawabit migrate." in refused(*command, "--data", data)


def test_an_empty_database_is_begun(tmp_path: Path):
    done = rawabit("createadmin", "--email", "a@example.com", "--data", tmp_path)
    assert (done.returncode, "a@example.com is an administrator" in done.stdout) == (0, True), done.stderr
