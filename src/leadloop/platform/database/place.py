"""The folders of the built-in database.

::

    home/                 0711, so that the server's own user can pass
      secret-key          0600
      log/                0700  postgres.log
      pg/                 0711  lock
        passwords/        0700  one file per role
        server/           0700  the server user's own; a link when that user can't reach home
          data/                 the cluster
          run/                  the socket

As root the server runs as a system user. Where that user can't reach ``home`` (say, below /root),
``server`` is made below /var/lib/leadloop and linked, so ``home`` still leads to everything. The data
folder appears by a rename when it is complete: a start that was killed half-way leaves only a draft, which
the next start removes.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from leadloop.kernel.errors import Refused
from leadloop.platform.config import HOME_MODE
from leadloop.platform.database import account
from leadloop.platform.database.account import STATE, Account

LONGEST_SOCKET = 103  # bytes: the shortest limit of the systems we run on, less the closing zero
DRAFT = "draft-"


class Place:
    """Where the parts of one built-in database lie. Reading the paths creates nothing."""

    def __init__(self, home: Path) -> None:
        self.home = home.expanduser().absolute()
        self.folder = self.home / "pg"
        self.lock = self.folder / "lock"
        self.passwords = self.folder / "passwords"
        self.log = self.home / "log" / "postgres.log"
        self._server = self.folder / "server"

    @property
    def server(self) -> Path:
        """The server's own folder, links resolved."""
        return self._server.resolve()

    @property
    def data(self) -> Path:
        """The data folder, as PostgreSQL itself names it."""
        return self.server / "data"

    @property
    def made(self) -> bool:
        """True when the cluster stands."""
        return (self.data / "PG_VERSION").exists()

    @property
    def socket_dir(self) -> Path:
        """The folder of the socket: below the server's, or a short one in /tmp when the path won't do.

        Systems take only about 100 bytes, and clients and server read a comma as the start of another host.
        """
        own = self.server / "run"
        socket = os.fsencode(own / ".s.PGSQL.65535")
        if len(socket) <= LONGEST_SOCKET and not {b",", b'"'} & {bytes([byte]) for byte in socket}:
            return own
        name = sha256(os.fsencode(self.server)).hexdigest()[:20]
        return Path("/tmp") / f"leadloop-{name}"  # noqa: S108 - checked for its owner and mode before use

    def open_home(self) -> None:
        """Make the folders that are ours, closed to others."""
        for folder, mode in ((self.home, HOME_MODE), (self.folder, HOME_MODE), (self.log.parent, 0o700)):
            if not folder.exists():
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(mode)

    def open_server(self) -> Account:
        """Make the server's folder when it is missing, and return the user that it belongs to."""
        if self._server.is_symlink() and not self._server.exists():
            raise Refused(
                f"The database folder {os.readlink(self._server)} is gone.",
                mend=f"Put it back, or remove {self._server} and restore a backup.",
            )
        if not self._server.exists():
            self._make_server(account.choose())
        owner = account.of(self.server)
        for draft in (*self.folder.glob(f"{DRAFT}*"), *self.server.glob(f"{DRAFT}*")):
            shutil.rmtree(draft)
        return owner

    def draft(self, owner: Account) -> Path:
        """Return a new empty folder of the server's user, to be renamed when it is complete."""
        return _folder_for(owner, self.server)

    def open_socket_dir(self, owner: Account) -> Path:
        """Make the folder of the socket; Refused when somebody else made it first."""
        folder = self.socket_dir
        if not folder.exists():
            folder.mkdir(mode=0o700)
            owner.give(folder)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.uid or found.st_mode & 0o077:
            raise Refused(f"{folder} is not ours alone.", mend=f"Remove {folder} and start Leadloop again.")
        return folder

    def _make_server(self, owner: Account) -> None:
        if owner.can_enter(self.folder):
            _folder_for(owner, self.folder).rename(self._server)
            return
        STATE.mkdir(mode=HOME_MODE, parents=True, exist_ok=True)
        name = sha256(os.fsencode(self.home)).hexdigest()[:12]
        outside = _folder_for(owner, STATE, f"{name}-")
        self._server.symlink_to(outside)


def _folder_for(owner: Account, parent: Path, prefix: str = DRAFT) -> Path:
    """Make a folder with a new name, open to ``owner`` alone."""
    made = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    owner.give(made)
    return made
