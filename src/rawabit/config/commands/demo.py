"""demo: a company full of data on this machine, with sign-ins printed, in one command."""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Sequence

from rawabit.config.commands.environment import (
    check_database,
    collect_static,
    hold_data_folder,
    migrate_database,
    preparing,
    start_django,
)
from rawabit.config.commands.serving import address_of, announce, listen, serve_with_jobs

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 # compared, not bound
HEADINGS = ("Role", "Name", "Sign-in", "Password or code", "Address")


def run(args: argparse.Namespace) -> int:
    sock = None if args.prepare_only else listen(args.host, args.port)
    if sock:
        announce(sock)
        admit(args.host)
    data = start_django()
    with hold_data_folder(data):
        check_database()
        migrate_database()
        collect_static(data)
        from rawabit.config.demo import ensure_demo

        with preparing():
            sign_ins = ensure_demo(data)
        print(table([(s.role_label, s.name, s.login, s.password_or_code_hint, s.url) for s in sign_ins]), flush=True)
        return serve(sock) if sock else 0


def admit(host: str) -> None:
    """Answer to the name under which a demo is reached; on all addresses that may be any."""
    names = "*" if host in EVERYWHERE else f"localhost,127.0.0.1,[::1],{host}"
    os.environ.setdefault("RAWABIT_HOSTS", names)


def serve(sock: socket.socket) -> int:
    print(f"\nServing on {address_of(sock)} (Ctrl-C ends it)", flush=True)
    return serve_with_jobs(sock)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Sign-ins in columns for a terminal."""
    everything = [HEADINGS, *rows]
    widths = [max(len(row[column]) for row in everything) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in everything
    )
