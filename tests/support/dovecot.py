"""A real IMAP server of one's own: Debian's dovecot on the loopback, with its files in a folder that goes away."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
PASSWORD = "Gänse & Füchse"  # beyond ASCII, as people choose them
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
auth_mechanisms = plain
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_location = maildir:{folder}/mail/%n
ssl = {ssl}
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%n
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""


@dataclass
class Server:
    """Where it listens, and what a second mail program would do to its mailbox."""

    folder: Path
    port: int
    tls_port: int
    process: subprocess.Popen[bytes]

    def client(self, user: str = "sales", folder: str = "INBOX") -> imaplib.IMAP4:
        made = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        made.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
        if made.select(folder)[0] != "OK":
            made.create(folder)
            made.select(folder)
        return made

    def deliver(self, *raw: bytes, folder: str = "INBOX", seen: bool = False) -> None:
        """Put messages into a folder, as a mail server does."""
        client = self.client(folder=folder)
        for one in raw:
            status, told = client.append(folder, r"(\Seen)" if seen else "", "", one)
            assert status == "OK", told
        client.logout()

    def uids(self, criteria: str = "ALL", folder: str = "INBOX") -> list[int]:
        client = self.client(folder=folder)
        _, found = client.uid("SEARCH", criteria)
        client.logout()
        return [int(one) for one in found[0].split()]

    def flag(self, uid: int, flag: str, sign: str = "+") -> None:
        client = self.client()
        client.uid("STORE", str(uid), f"{sign}FLAGS", f"({flag})")
        client.logout()

    def number_anew(self) -> None:
        """Lose the numbers of the folder, as after a restore: the next look gives all messages new ones."""
        for one in (self.folder / "mail" / "sales").glob("dovecot*"):
            one.unlink()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


@contextmanager
def dovecot() -> Iterator[Server]:
    """A server that runs while the block does, as nobody in particular where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="ll-imap-", dir="/tmp"))
    user = "nobody" if os.getuid() == 0 else getpass.getuser()
    known = pwd.getpwnam(user)
    server = None
    try:
        ports = _free_ports(2)
        _certificate(folder)
        for name in ("run", "state", "mail", "home"):
            (folder / name).mkdir()
        names = {"folder": folder, "user": user, "group": grp.getgrgid(known.pw_gid).gr_name, "ssl": "yes"}
        names |= {"uid": known.pw_uid, "gid": known.pw_gid, "port": ports[0], "tls_port": ports[1]}
        (folder / "dovecot.conf").write_text(_CONFIG.format(**names))
        (folder / "users").write_text(f"sales:{{PLAIN}}{PASSWORD}\n")
        _belongs_to(folder, known)
        server = Server(folder, *ports, _start(folder, known))
        _wait(server)
        yield server
    finally:
        if server:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, known: pwd.struct_passwd) -> subprocess.Popen[bytes]:
    as_other = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    command = [str(DOVECOT), "-F", "-c", str(folder / "dovecot.conf")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_other)


def _belongs_to(folder: Path, known: pwd.struct_passwd) -> None:
    if os.getuid() == 0:
        for one in (folder, *folder.rglob("*")):
            os.chown(one, known.pw_uid, known.pw_gid)


def _certificate(folder: Path) -> None:
    """A certificate that nobody trusts, for the tests that must refuse it."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *files], check=True, capture_output=True)


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for one in probes:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in probes]
    finally:
        for one in probes:
            one.close()


def _wait(server: Server) -> None:
    """Return once it greets."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            server.client().logout()
        except (OSError, imaplib.IMAP4.error, ssl.SSLError):
            time.sleep(0.05)
        else:
            return
    log = server.folder / "dovecot.log"
    raise RuntimeError(f"dovecot did not start:\n{log.read_text() if log.exists() else ''}")
