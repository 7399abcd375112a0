"""The command line: its words, options and help. What a command does stands in ``config/commands/<name>.py``.

Nothing here imports Django: help and a wrong option are answered at once, even before anything is installed.
"""

from __future__ import annotations

import argparse
import importlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

Maker = Callable[..., argparse.ArgumentParser]

DESCRIPTION = "Rawabit: a customer portal and the desk behind it."
EPILOG = """\
Environment: RAWABIT_DATA (data folder), DATABASE_URL (postgres://…; without it SQLite in the data folder),
REDIS_URL, RAWABIT_HOSTS, RAWABIT_ORIGINS, RAWABIT_URL, RAWABIT_HTTPS=1, FORWARDED_ALLOW_IPS (the proxy that is
believed), RAWABIT_SMTP_HOST, RAWABIT_SMTP_PORT, RAWABIT_SMTP_USER, RAWABIT_SMTP_PASSWORD,
RAWABIT_SMTP_TLS=1, RAWABIT_MAIL_FROM."""


def main(argv: Sequence[str]) -> int:
    """Run one command and return the exit code: 0 done, 1 refused or failed, 2 the command line was wrong."""
    args = parse(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rawabit.config.settings")
    if getattr(args, "data", None):
        os.environ["RAWABIT_DATA"] = str(args.data.absolute())
    from rawabit.config.commands.refusals import in_one_sentence

    body = importlib.import_module(f"rawabit.config.commands.{args.body}")
    return in_one_sentence(lambda: int(body.run(args)))


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The command and its options; help and mistakes end the process (SystemExit), as argparse does."""
    if argv[:1] == ["test"] and not {"-h", "--help"} & set(argv):
        return argparse.Namespace(command="test", body="test", pytest_args=list(argv[1:]))
    return build_parser().parse_args(argv)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rawabit",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument("--data", type=Path, metavar="DIR", help="data folder (default: RAWABIT_DATA, else var)")

    def command(name: str, words: str, *, body: str = "", with_data: bool = True) -> argparse.ArgumentParser:
        parents = [data] if with_data else []
        made = commands.add_parser(name, help=words, description=words, parents=parents, allow_abbrev=False)
        made.set_defaults(body=body or name)
        return made

    _serving(command)
    _keeping(command)
    _exchanging(command)
    _developing(command)
    return parser


def _serving(command: Maker) -> None:
    demo = command("demo", "prepare a company full of data, print the sign-ins, and serve it")
    _address(demo)
    demo.add_argument("--prepare-only", action="store_true", help="stop when everything is ready to be served")
    _address(command("serve", "serve pages and do background work, all in one process"))
    web = command("web", "serve pages only; background work is done by 'worker'")
    _address(web)
    web.add_argument("--workers", type=_positive, default=2, metavar="N", help="processes (default: 2)")
    command("worker", "do background work only")


def _keeping(command: Maker) -> None:
    command("migrate", "bring the database and the static files to this version")
    admin = command("createadmin", "create the first administrator, who signs in by code or password")
    admin.add_argument("--email", required=True, help="address that signs in")
    admin.add_argument("--name", help="name to show (default: the address)")
    admin.add_argument("--password-stdin", action="store_true", help="read a password from standard input")
    doctor = command("doctor", "look at everything that must be right, and say what is not")
    doctor.add_argument("--json", action="store_true", help="answer with one JSON object")
    backup = command("backup", "write one file with the database, the files and the key; safe while serving")
    backup.add_argument("file", type=Path, metavar="FILE", help="archive to write, for example backup.tar.gz")
    restore = command("restore", "put a backup into the data folder and check it")
    restore.add_argument("file", type=Path, metavar="FILE", help="archive written by 'backup'")
    restore.add_argument("--force", action="store_true", help="replace what the data folder holds")


def _exchanging(command: Maker) -> None:
    load = command(
        "import", "read customers, items, prices, invoices or payments from a CSV or XLSX file", body="exchange"
    )
    load.add_argument("file", type=Path, nargs="?", metavar="FILE", help="CSV or XLSX; any common encoding")
    load.add_argument("--map", type=Path, metavar="MAP.toml", help="which column means what")
    load.add_argument("--dry-run", action="store_true", help="check every row, write nothing")
    load.add_argument("--as-of", metavar="DATE", help="the day on which the import is said to happen (YYYY-MM-DD)")
    load.add_argument("--json", action="store_true", help="end with one JSON object of counts and totals")
    load.add_argument("--undo", metavar="RUN", help="take a whole import back, by its number")
    out = command("export", "write the rows of one entity to a file", body="exchange")
    out.add_argument("entity", metavar="ENTITY", help="for example customers, items, orders, invoices, payments")
    out.add_argument("--format", choices=["csv", "xlsx", "json"], default="csv", help="default: csv")
    out.add_argument("--output", type=Path, metavar="FILE", help="default: standard output")


def _developing(command: Maker) -> None:
    test = command("test", "run the tests; every further argument goes to pytest", with_data=False)
    test.add_argument("pytest_args", nargs="*", metavar="PYTEST_ARG", help="for example tests/kit -x -k money")
    bench = command(
        "bench", "measure pages of a synthetic company against a bare page of the same server", with_data=False
    )
    bench.add_argument(
        "what", choices=["portal", "papers", "link"], help="what to measure: pages, PDF, or a link on a slow phone"
    )
    bench.add_argument("--customers", type=_positive, default=1_000, metavar="N", help="default: 1000")
    bench.add_argument("--invoices", type=_positive, default=10_000, metavar="M", help="default: 10000")
    bench.add_argument("--keep", type=Path, metavar="DIR", help="build in this folder and keep it")
    bench.add_argument("--json", action="store_true", help="answer with one JSON object")
    messages = command("messages", "bring the message catalogues to the sources and compile them", with_data=False)
    messages.add_argument("--check", action="store_true", help="write nothing; fail when a catalogue is behind")


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8000, help="default: 8000")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")


def _positive(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"a number from 1 upwards is needed, not {text!r}")
