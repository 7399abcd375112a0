"""A real IMAP server on this machine: its own configuration, port, certificate and mail, ended by its own process."""

from __future__ import annotations

import datetime
import grp
import imaplib
import ipaddress
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.outbox.postoffice import free_port

USER, PASSWORD = "sales", 'كلمة-سر 1\\"'
CONF = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {inner}
default_login_user = {outer}
default_internal_group = {group}
auth_mechanisms = plain
disable_plaintext_auth = yes
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
ssl_min_protocol = TLSv1.2
mail_location = maildir:{home}/mail/%u
first_valid_uid = 0
first_valid_gid = 0
mail_uid = {uid}
mail_gid = {gid}
mail_max_userip_connections = 50
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def require_dovecot() -> None:
    """Without the server the test is skipped, or fails where RAWABIT_REQUIRE_DOVECOT=1."""
    if shutil.which("dovecot") is None:
        if os.environ.get("RAWABIT_REQUIRE_DOVECOT") == "1":
            pytest.fail("dovecot is missing, and RAWABIT_REQUIRE_DOVECOT=1 demands it", pytrace=False)
        pytest.skip("dovecot is not installed (package dovecot-imapd)")


class Dovecot:
    """``put`` lays a message into a folder; ``seen`` tells which numbers are marked as read."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="dove-"))
        self.port, self.plain = free_port(), free_port()
        _certificate(self.home)
        # It refuses to do its work as root; its package brings the two users for that.
        own, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        inner, outer, group = ("dovecot", "dovenull", "dovecot") if os.getuid() == 0 else (own, own, group)
        self.home.chmod(0o755)
        mail, who = self.home / "mail", pwd.getpwnam(inner)
        mail.mkdir()
        os.chown(mail, who.pw_uid, who.pw_gid)
        (self.home / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n", "utf-8")
        (self.home / "dovecot.conf").write_text(CONF.format(
            home=self.home, inner=inner, outer=outer, group=group, uid=who.pw_uid, gid=who.pw_gid, port=self.port, plain=self.plain,  # noqa: E501
        ))  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Dovecot:
        self._process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.home / "dovecot.conf")], stdout=subprocess.DEVNULL,
            stderr=(self.home / "err").open("wb"), start_new_session=True,
        )  # fmt: skip
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.home / "err").read_text() + (self.home / "log").read_text()[-2000:])

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
            self._process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def ca(self) -> str:
        return str(self.home / "cert.pem")

    def link(self) -> imaplib.IMAP4_SSL:
        link = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=ssl.create_default_context(cafile=self.ca))
        link.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        return link

    def put(self, *raws: bytes, folder: str = "INBOX") -> None:
        link = self.link()
        for raw in raws:
            assert link.append(folder, "", imaplib.Time2Internaldate(time.time()), raw)[0] == "OK"
        link.logout()

    def make_anew(self, folder: str) -> None:
        """The folder is deleted and made again: its numbers begin anew under another validity."""
        link = self.link()
        link.delete(folder)
        time.sleep(1.1)  # a validity is a moment in seconds
        assert link.create(folder)[0] == "OK"
        link.logout()

    def create(self, folder: str) -> None:
        link = self.link()
        link.create(folder)
        link.logout()

    def seen(self, folder: str = "INBOX") -> list[int]:
        link = self.link()
        link.select(folder, readonly=True)
        found = link.uid("SEARCH", None, "SEEN")[1][0]
        link.logout()
        return [int(uid) for uid in (found or b"").split()]


def _certificate(home: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=9))
        .add_extension(names, False).add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    )  # fmt: skip
    (home / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (home / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
