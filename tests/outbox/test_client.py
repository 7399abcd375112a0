"""The one way out: nothing that is not a public place is ever reached, by whatever spelling."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rawabit.kit.outbox.client import Unreachable, request, resolve_name

PUBLIC = "93.184.215.14"
REFUSED = """
https://127.0.0.1/ https://localhost/ https://localhost./ https://127.1/ https://127.0.1/ https://0177.0.0.1/
https://0177.1/ https://0x7f.0.0.1/ https://0x7f000001/ https://2130706433/ https://017700000001/
https://127.000.000.001/ https://0.0.0.0/ https://0/ https://[::]/ https://[::1]/ https://[::ffff:127.0.0.1]/
https://[::ffff:7f00:1]/ https://[fe80::1%25eth0]/ https://[fe80::1]/ https://169.254.169.254/latest/meta-data/
https://2852039166/ https://0xa9fea9fe/ https://100.64.0.1/ https://10.0.0.1/ https://10.255.255.255/
https://172.16.0.1/ https://172.31.255.255/ https://192.168.0.1/ https://198.18.0.1/ https://198.19.255.255/
https://224.0.0.1/ https://239.255.255.255/ https://240.0.0.1/ https://255.255.255.255/ https://[64:ff9b::7f00:1]/
https://[64:ff9b::a00:1]/ https://[2002:7f00:1::]/ https://[2002:c0a8:1::1]/ https://[fc00::1]/ https://[fd12::1]/
https://[ff02::1]/ https://[::127.0.0.1]/ https://[2001::1]/ https://[2001:db8::1]/ https://ok@127.0.0.1/
https://user:pw@example.com/ https://127.0.0.1:443/ https://example.com:22/ https://example.com:25/
https://example.com:6379/ https://example.com:5432/ https://example.com:11211/ https://example.com:99999/
https://example.com:x/ https://①②⑦.0.0.1/ https://ex\u00e4mple.com/ http://example.com/ file:///etc/passwd
gopher://example.com/ dict://example.com/ ftp://example.com/ ldap://example.com/ data:text/plain,x jar:https://example.com/
https:///x https://example.com\\@127.0.0.1/ https://intranet/ https://metadata/ https://example.com./ https://-a.com/
https://a..com/ https://192.0.0.1/ https://192.0.2.1/ https://203.0.113.1/ https://[64:ff9b:1::1]/ //example.com/
example.com javascript:alert(1)
""".split()  # fmt: skip


def nowhere(host: str, port: int) -> list[str]:
    """As the operating system would: odd spellings of addresses are addresses."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return [PUBLIC]


@pytest.fixture(autouse=True)
def no_connection(monkeypatch):
    """Whoever connects has failed."""
    asked = []

    def connect(self, address):
        asked.append(address)
        raise AssertionError(f"connected to {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    yield asked


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_public_place_is_refused_before_anything_leaves(url, no_connection):
    with pytest.raises(Unreachable) as told:
        request("POST", url, resolve=nowhere)
    assert told.value.code in ("address", "forbidden") and told.value.sent is False
    assert no_connection == []


@pytest.mark.parametrize(
    "url", ["https://example.com/\r\nX: y", "https://example.com/ a", "https://e.com/" + "a" * 3000]
)
def test_addresses_that_carry_more_than_an_address(url, no_connection):
    with pytest.raises(Unreachable):
        request("GET", url, resolve=nowhere)
    assert no_connection == []


@pytest.mark.parametrize("found", [
    ["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::1"], ["fe80::1%eth0"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], [],
    ["not an address"],
])  # fmt: skip
def test_a_name_that_leads_inside_is_refused_also_when_one_of_its_addresses_is_public(found, no_connection):
    with pytest.raises(Unreachable):
        request("GET", "https://rebind.example.com/", resolve=lambda host, port: found)
    assert no_connection == []


def test_a_name_is_asked_for_once_and_the_connection_goes_to_that_answer(monkeypatch):
    """A resolver that tells the truth once and leads inside ever after gets nobody inside."""
    answers, asked, connected = [PUBLIC], [], []

    def rebinding(host, port):
        asked.append(host)
        return [answers.pop(0) if answers else "127.0.0.1"]

    def create(address, *args, **options):
        connected.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "create_connection", create)
    with pytest.raises(Unreachable) as told:
        request("GET", "https://rebind.example.com/", resolve=rebinding)
    assert asked == ["rebind.example.com"] and connected == [PUBLIC] and told.value.sent is False


# A server of our own


@contextmanager
def server(answer: bytes, *, slowly: float = 0, endless: bool = False) -> Iterator[tuple[int, list[bytes]]]:
    seen: list[bytes] = []
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(5)

    def serve() -> None:
        while True:
            try:
                peer, _address = listening.accept()
            except OSError:
                return
            seen.append(peer.recv(65536))
            try:
                if slowly:
                    for byte in answer:
                        peer.sendall(bytes([byte]))
                        time.sleep(slowly)
                else:
                    peer.sendall(answer)
                    while endless:
                        peer.sendall(b"x" * 65536)
            except OSError:
                pass
            peer.close()

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1], seen
    listening.close()


@pytest.fixture
def at_home(monkeypatch, settings):
    """Servers on this machine are allowed, as in no installation."""
    monkeypatch.undo()
    settings.OUTBOUND_PRIVATE_ALLOWED = True


def test_an_answer_with_its_status_and_body(at_home):
    with server(b"HTTP/1.1 201 Created\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nok") as (port, seen):
        answer = request("POST", f"http://localhost:{port}/p?q=1#f", body=b"abc", headers={"X-A": "b"},
                         resolve=lambda host, number: ["127.0.0.1"])  # fmt: skip
    assert (answer.status, answer.body) == (201, b"ok")
    head = seen[0].decode()
    assert head.startswith("POST /p?q=1 HTTP/1.1") and f"Host: localhost:{port}" in head and "X-A: b" in head
    assert "gzip" not in head


def test_a_redirect_is_an_answer_and_is_not_followed(at_home):
    with server(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as (inside, hit):
        location = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{inside}/\r\nContent-Length: 0\r\n\r\n"
        with server(location.encode()) as (port, _seen):
            assert request("GET", f"http://127.0.0.1:{port}/").status == 302
        assert hit == []


def test_a_body_without_end_and_one_without_haste(at_home):
    with server(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n", endless=True) as (port, _seen):
        with pytest.raises(Unreachable) as told:
            request("GET", f"http://127.0.0.1:{port}/", most_bytes=100_000)
        assert told.value.code == "large"
    began = time.monotonic()
    slow = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000
    with server(slow, slowly=0.02) as (port, _seen), pytest.raises(Unreachable) as told:
        request("GET", f"http://127.0.0.1:{port}/", seconds=1.5)
    assert told.value.code == "timeout" and time.monotonic() - began < 3
    began = time.monotonic()
    slow = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000
    with server(slow, slowly=0.02) as (port, _seen), pytest.raises(Unreachable) as told:
        request("GET", f"http://127.0.0.1:{port}/", seconds=1.5)
    assert told.value.code == "timeout" and time.monotonic() - began < 3


def test_a_bomb_stays_packed(at_home):
    import gzip

    bomb = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    with server(head + bomb) as (port, _seen):
        answer = request("GET", f"http://127.0.0.1:{port}/")
    assert len(answer.body) == len(bomb)


def test_the_environment_names_no_proxy(at_home, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with server(b"HTTP/1.1 204 No Content\r\n\r\n") as (port, _seen):
        assert request("GET", f"http://127.0.0.1:{port}/").status == 204


def test_the_systems_resolver_answers_addresses(at_home):
    assert "127.0.0.1" in resolve_name("localhost", 80)
