"""Notices on a device: Web Push, encrypted for the browser alone (RFC 8291), signed by us (RFC 8292)."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings
from py_vapid import Vapid02  # type: ignore[import-untyped]

from rawabit.kit.outbox.client import Unreachable, request
from rawabit.kit.outbox.letters import Written, one_line
from rawabit.kit.outbox.models import Message, PushSubscription
from rawabit.kit.outbox.posting import Permanent, Temporary

RECORD = 4096
MOST_TEXT = 300
DAY = 24 * 60 * 60
GONE, NOT_KNOWN = (404, 410), (401, 403)
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _mac(key: bytes, data: bytes) -> bytes:
    made = HMAC(key, hashes.SHA256())
    made.update(data)
    return made.finalize()


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(hashes.SHA256(), length, info).derive(key)


def encrypt(
    text: bytes, p256dh: str, auth: str, *, salt: bytes = b"", own: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """The body of a push message (aes128gcm, one record). ``salt`` and ``own`` are new each time, but for proofs."""
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(p256dh))
    shared = own.exchange(ec.ECDH(), theirs)
    public = _point(own.public_key())
    ikm = _expand(_mac(decode(auth), shared), b"WebPush: info\x00" + _point(theirs) + public, 32)
    base = _mac(salt, ikm)
    key = _expand(base, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _expand(base, b"Content-Encoding: nonce\x00", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(public)]) + public
    return head + AESGCM(key).encrypt(nonce, text + b"\x02", None)


def own_keys() -> list[Vapid02]:
    """The keys by which push services know this installation, reckoned from its secrets, the present one first: nothing
    to keep, the same on every node. A browser that subscribed under an older secret is still reached."""
    return [Vapid02(private_key=_own(str(secret))) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@lru_cache(maxsize=8)
def _own(secret: str) -> ec.EllipticCurvePrivateKey:
    drawn = _expand(_mac(b"rawabit.push", secret.encode()), b"vapid", 48)
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (P256_ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """What browsers are told when they subscribe."""
    return encode(_point(_own(str(settings.SECRET_KEY)).public_key()))


def post_push(message: Message, written: Written, handing_over: Callable[[], None]) -> None:
    """Send a notice to one device. Sent twice it is shown once: both carry the same tag."""
    del handing_over
    device = PushSubscription.objects.filter(pk=message.subscription_id or 0).first()
    if device is None:
        raise Permanent("the device wants no notices any more")
    try:
        body = encrypt(payload(message, written), device.p256dh, device.auth)
    except ValueError as error:
        raise Permanent(f"the browser's key is none: {error}")
    try:
        status = _sent(message, device, body)
    except Unreachable as error:
        if error.code in ("address", "forbidden"):
            device.delete()
            raise Permanent(str(error))
        raise Temporary(str(error))
    _judge(status, device)


def _sent(message: Message, device: PushSubscription, body: bytes) -> int:
    """The push service's answer; where it does not know our key, an older one is tried."""
    status = 0
    for key in own_keys():
        headers = _headers(message, device.endpoint, key)
        status = request("POST", device.endpoint, body=body, headers=headers, most_bytes=65536).status
        if status not in NOT_KNOWN:
            break
    return status


def _judge(status: int, device: PushSubscription) -> None:
    if status in GONE:
        device.delete()
        raise Permanent(f"{status}: the device is gone")
    if status == 429 or status >= 500:
        raise Temporary(str(status))
    if not 200 <= status < 300:
        raise Permanent(str(status))


def payload(message: Message, written: Written) -> bytes:
    """What the service worker shows: short, and to be shown right to left where it must be."""
    shown: dict[str, Any] = {
        "title": one_line(written.headline, 120), "body": one_line(written.text, MOST_TEXT), "url": written.url,
        "tag": message.uid.hex, "lang": message.language, "dir": "ltr" if message.language == "en" else "rtl",
    }  # fmt: skip
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def _headers(message: Message, endpoint: str, key: Vapid02) -> dict[str, str]:
    parts = urlsplit(endpoint)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    signed: dict[str, str] = key.sign({"aud": f"{parts.scheme}://{parts.netloc}", "sub": f"mailto:push@{host}"})
    return {
        **signed, "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "TTL": str(DAY),
        "Urgency": "normal", "Topic": message.uid.hex,
    }  # fmt: skip
