"""One server, two sides: pages go to WSGI, event streams to ASGI, and nothing else is let in."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from a2wsgi import WSGIMiddleware

from rawabit.config.asgi import Application


async def talk(application: Any, scope: dict[str, Any], *received: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    waiting = list(received)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    return sent


def answered(talking: Coroutine[Any, Any, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """In a thread of its own: where a browser's tests ran before, the main one has a loop that still runs."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, talking).result(30)


def side(name: str) -> Any:
    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await send({"side": name})

    return answer


@pytest.fixture
def application() -> Application:
    made = Application()
    made.pages, made.__dict__["streams"] = side("pages"), side("streams")
    return made


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "pages"),
        ("/desk/orders/", "pages"),
        ("/events", "pages"),
        ("/events/", "streams"),
        ("/events/x", "streams"),
    ],
)
def test_each_address_goes_to_its_side(application: Application, path: str, expected: str):
    assert answered(talk(application, {"type": "http", "path": path})) == [{"side": expected}]


def test_a_start_and_a_stop_are_answered(application: Application):
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = answered(talk(application, {"type": "lifespan"}, *messages))
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_websocket_is_closed(application: Application):
    sent = answered(talk(application, {"type": "websocket", "path": "/"}, {"type": "websocket.connect"}))
    assert sent == [{"type": "websocket.close", "code": 1000}]


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    path = environ["PATH_INFO"].encode("latin-1").decode()
    head = f"{environ['REQUEST_METHOD']} {path}?{environ['QUERY_STRING']} {environ['wsgi.url_scheme']} "
    return [head.encode(), environ["wsgi.input"].read()]


def test_a_request_reaches_the_pages_as_it_was_sent():
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/desk/عقد/",
        "raw_path": b"",
        "query_string": b"q=%D8%B9",
        "root_path": "",
        "headers": [(b"content-type", b"text/plain"), (b"content-length", b"9")],
        "client": ("127.0.0.1", 5),
        "server": ("127.0.0.1", 80),
    }
    parts = [{"type": "http.request", "body": b"first", "more_body": True}, {"type": "http.request", "body": b"last"}]
    application = Application()
    application.pages = WSGIMiddleware(echo, workers=1)
    sent = answered(talk(application, scope, *parts))
    assert [value for name, value in sent[0]["headers"] if name == b"set-cookie"] == [b"a=1", b"b=2"]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    assert body.decode() == "POST /desk/عقد/?q=%D8%B9 https firstlast"
