"""The bare page as a process: makes its table in the file given, then serves it until it is ended.

``python -m bench.calibrator.server FILE PORT``
"""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta

from bench.calibrator import ROWS


def fill() -> None:
    """The table and its rows, always the same."""
    from django.db import connection

    from bench.calibrator.models import Row

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    first = date(2026, 1, 1)
    Row.objects.bulk_create(
        Row(
            number=f"R-{n:05}",
            name=f"Name {n * 7919 % ROWS}",
            date=first + timedelta(n % 365),
            total=n * 37,
            state="open",
        )
        for n in range(ROWS)
    )


def main(file: str, port: int) -> None:
    os.environ["BENCH_CALIBRATOR"] = file
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.calibrator.settings"
    import uvicorn
    from a2wsgi import WSGIMiddleware
    from django.core.wsgi import get_wsgi_application

    pages = get_wsgi_application()
    fill()
    # As rawabit.config.asgi serves pages: one process, WSGI in four threads behind uvicorn.
    server = WSGIMiddleware(pages, workers=4)  # type: ignore[arg-type]
    uvicorn.run(
        server, host="127.0.0.1", port=port, log_config=None, access_log=False, server_header=False, lifespan="off"
    )  # type: ignore[arg-type]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
