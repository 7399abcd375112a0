"""serve: pages and background work in one process."""

from __future__ import annotations

import argparse

from rawabit.config.commands.environment import begin_database, collect_static, hold_data_folder, start_django
from rawabit.config.commands.serving import address_of, announce, listen, serve_with_jobs


def run(args: argparse.Namespace) -> int:
    sock = listen(args.host, args.port)
    announce(sock)
    data = start_django()
    with hold_data_folder(data):
        begin_database()
        collect_static(data)
        print(f"Serving on {address_of(sock)} (Ctrl-C ends it)", flush=True)
        return serve_with_jobs(sock)
