"""Sockets, the page server and the background loop, as demo, serve, web and worker put them together."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

from rawabit.config.commands.refusals import Stop

if TYPE_CHECKING:
    import uvicorn

# Together the three seconds in which a stop is over; event streams never end by themselves.
REQUEST_GRACE, JOBS_GRACE = 2, 1
log = logging.getLogger("rawabit.serving")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before any work is done, so that a port in use is told at once."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, proto)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(128)
    except socket.gaierror as error:
        raise Stop(f"the address {host} is not known ({error.strerror}).") from error
    except OSError as error:
        raise Stop(_refused_socket(host, port, error)) from error
    sock.set_inheritable(True)
    return sock


def _refused_socket(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use; choose another with --port."
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than this user has; choose one from 1024 upwards with --port."
    return f"{host}:{port} cannot be listened on ({error.strerror})."


def address_of(sock: socket.socket) -> str:
    """The address a browser on this machine can open."""
    host, port = sock.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 # compared, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def announce(sock: socket.socket) -> None:
    """Links in mails begin with this address, unless RAWABIT_URL names the public one. Before the settings load."""
    os.environ.setdefault("RAWABIT_URL", address_of(sock))


def page_server(workers: int = 1) -> uvicorn.Config:
    import uvicorn

    return uvicorn.Config(
        "rawabit.config.asgi:application",
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=REQUEST_GRACE,
        # A header names the client only when the operator said which proxy is to be believed.
        proxy_headers=bool(os.environ.get("FORWARDED_ALLOW_IPS")),
    )


def serve_with_jobs(sock: socket.socket) -> int:
    """Pages and background work in this process until SIGTERM or SIGINT; both end within three seconds."""
    import uvicorn

    stop = threading.Event()
    outlive_signals()
    jobs = threading.Thread(target=keep_working, args=(stop,), name="jobs", daemon=True)
    jobs.start()
    server = uvicorn.Server(page_server())
    server.run(sockets=[sock])
    stop.set()
    jobs.join(JOBS_GRACE)
    return leave(0 if server.started else 1)


def leave(code: int) -> int:
    """End now when a request is still at work: Python would wait for its thread. A transaction cut here rolls back."""
    busy = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    if busy:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def serve_pages(sock: socket.socket, workers: int) -> int:
    """Pages only, by several processes that share one socket."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = page_server(workers)
    outlive_signals()
    if workers == 1:
        uvicorn.Server(config).run(sockets=[sock])
    else:
        Multiprocess(config, sockets=[sock]).run()
    return leave(0)


def outlive_signals() -> None:
    """uvicorn stops on a signal, then raises it once more for whoever stood here before; that must not end us early."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)


def work_until_stopped() -> int:
    """Background work only, until SIGTERM or SIGINT."""
    stop = threading.Event()
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, _frame: asked.append(signum))
    jobs = threading.Thread(target=keep_working, args=(stop,), name="jobs", daemon=True)
    jobs.start()
    # Event.wait here could meet its own lock in the handler; a short sleep cannot.
    while jobs.is_alive() and not asked:
        time.sleep(0.2)
    stop.set()
    jobs.join(REQUEST_GRACE + JOBS_GRACE)
    return 0 if asked else 1


def keep_working(stop: threading.Event) -> None:
    """The loop of the background work; when it falls over it is told in the log and started again."""
    from rawabit.kit.jobs import loop

    while not stop.is_set():
        try:
            loop.run(stop)
        except Exception:
            log.exception("the background loop fell over; it starts again")
            stop.wait(5)
