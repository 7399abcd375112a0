"""One server, two sides: pages go to WSGI, event streams to ASGI, and nothing else is let in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

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
    assert asyncio.run(talk(application, {"type": "http", "path": path})) == [{"side": expected}]


def test_a_start_and_a_stop_are_answered(application: Application):
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = asyncio.run(talk(application, {"type": "lifespan"}, *messages))
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_websocket_is_closed(application: Application):
    sent = asyncio.run(talk(application, {"type": "websocket", "path": "/"}, {"type": "websocket.connect"}))
    assert sent == [{"type": "websocket.close", "code": 1000}]
