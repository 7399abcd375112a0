"""Notices on devices: encrypted as the standard says, once per device, and gone when the device is."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client
from py_vapid import Vapid02

from rawabit.kit.outbox.actions import queue
from rawabit.kit.outbox.letters import Recipient
from rawabit.kit.outbox.models import Message, PushSubscription
from rawabit.kit.outbox.push import _expand, _mac, _point, decode, encode, encrypt, public_key
from tests import makers
from tests.laws.world import client_of
from tests.makers import NOW
from tests.outbox.test_sending import put, state_of


def test_the_example_of_rfc_8291():
    own = ec.derive_private_key(
        int.from_bytes(decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    made = encrypt(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
        own=own,
    )
    assert encode(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


class Browser:
    """A browser's side: its keys, and what it reads."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    @property
    def public(self) -> str:
        return encode(_point(self.key.public_key()))

    def read(self, body: bytes) -> dict[str, str]:
        salt, size = body[:16], body[20]
        theirs = body[21 : 21 + size]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        info = b"WebPush: info\0" + _point(self.key.public_key()) + theirs
        base = _mac(salt, _expand(_mac(self.auth, shared), info, 32))
        key = _expand(base, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _expand(base, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, body[21 + size :], None)
        assert plain.endswith(b"\x02")
        return json.loads(plain[:-1])


class PushService:
    def __init__(self) -> None:
        self.status, self.seen = 201, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/push/abc"


@pytest.fixture
def service(settings):
    settings.OUTBOUND_PRIVATE_ALLOWED = True
    made = PushService()
    yield made
    made.server.shutdown()


@pytest.fixture
def device(db, service, amina):
    browser = Browser()
    kept = PushSubscription.objects.create(
        user=amina.user, endpoint=service.url, p256dh=browser.public, auth=encode(browser.auth), at=NOW
    )
    kept.browser = browser
    return kept


def notice(device, amina) -> Message:
    invoice = makers.posted_invoice(amina.customer)
    to = Recipient("أمينة", amina.user.email, "ar", amina.user.pk, device.pk)
    return queue("told.invoice_posted", "push", to, invoice, event=None, key="n", owner_key=amina.customer.pk, at=NOW)


def test_the_browser_reads_it_and_the_service_knows_us(service, device, amina):
    message = notice(device, amina)
    put(message)

    [(headers, body)] = service.seen
    told = device.browser.read(body)
    assert "الفاتورة" in told["title"] and told["dir"] == "rtl" and told["tag"] == message.uid.hex
    assert told["url"].endswith(f"/portal/invoices/{message.subject.uid}/") and "/l/" not in told["url"]
    assert headers["Content-Encoding"] == "aes128gcm" and int(headers["TTL"]) > 0
    signed = headers["Authorization"]
    assert Vapid02.verify(signed) and f"k={public_key()}" in signed
    assert state_of(message) == ("sent", 1)


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(service, device, amina, status):
    service.status = status
    message = notice(device, amina)
    put(message)
    assert state_of(message) == ("failed", 1) and not PushSubscription.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_later(service, device, amina, status):
    service.status = status
    message = notice(device, amina)
    put(message)
    assert state_of(message) == ("waiting", 1) and PushSubscription.objects.exists()


def test_a_service_that_does_not_know_our_key_is_asked_with_the_one_before(service, device, amina, settings):
    settings.SECRET_KEY_FALLBACKS = ["another secret of long ago"]
    service.status = 403
    put(notice(device, amina))
    keys = [headers["Authorization"].rpartition("k=")[2] for headers, _body in service.seen]
    assert len(set(keys)) == 2 and keys[0] == public_key()


def test_a_place_inside_is_never_reached(device, amina, settings):
    settings.OUTBOUND_PRIVATE_ALLOWED = False
    message = notice(device, amina)
    put(message)
    assert state_of(message)[0] == "failed" and not PushSubscription.objects.exists()


def test_subscribing_and_unsubscribing_is_for_oneself(amina, babak):
    client, other = client_of(amina.user), client_of(babak.user)
    form = {"endpoint": "https://push.example/1", "p256dh": Browser().public, "auth": "AAAA"}
    assert client.post("/portal/account/messages/device/", form).status_code == 302
    assert client.post("/portal/account/messages/device/", form).status_code == 302
    kept = PushSubscription.objects.get()
    assert kept.user == amina.user
    assert other.post(f"/portal/account/messages/device/{kept.pk}/end/").status_code == 302
    assert PushSubscription.objects.count() == 1
    client.post(f"/portal/account/messages/device/{kept.pk}/end/")
    assert PushSubscription.objects.count() == 0
    for bad in (
        {**form, "endpoint": "javascript:x"},
        {**form, "auth": ""},
        {**form, "endpoint": "https://" + "a" * 2000},
    ):
        assert client.post("/portal/account/messages/device/", bad).status_code == 409


@pytest.mark.django_db
def test_the_service_worker_stands_at_the_top_for_everybody():
    answer = Client().get("/worker.js")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/" and "no-cache" in answer.headers["Cache-Control"]
    assert b"showNotification" in answer.content
