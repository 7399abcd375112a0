"""import and export: the command line's side; rows are read and written by the connect module."""

from __future__ import annotations

import argparse

from rawabit.config.commands.environment import begin_database, require_current_database, start_django
from rawabit.config.commands.refusals import Stop


def run(args: argparse.Namespace) -> int:
    if args.command == "import":
        require_what_import_needs(args)
    start_django()
    if args.command == "import":
        begin_database()
    else:
        require_current_database()
    from rawabit.connect import cli

    return cli.run_import(args) if args.command == "import" else cli.run_export(args)


def require_what_import_needs(args: argparse.Namespace) -> None:
    """A file and its map, or the number of the run to take back."""
    if args.undo:
        return
    if args.file is None or args.map is None:
        raise Stop("import needs FILE and --map MAP.toml, or --undo RUN.")
    if not args.file.exists():
        raise Stop(f"{args.file} does not exist.")
    if not args.map.is_file():
        raise Stop(f"{args.map} is not a file.")
