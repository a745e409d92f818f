"""Which system user the server runs as: ourselves, or, since PostgreSQL refuses root, one of its own."""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from leadloop.kernel.errors import Refused
from leadloop.platform.database.run import run

NAME = "leadloop"
STATE = Path("/var/lib/leadloop")  # for what the server's user could not reach below the home folder


@dataclass(frozen=True)
class Account:
    """A system user. ``other`` is True when it is not the user we run as."""

    uid: int
    gid: int
    other: bool

    def can_enter(self, path: Path) -> bool:
        """Ask the system itself whether this user may enter a folder or run a file."""
        if not self.other:
            return os.access(path, os.X_OK)
        command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return run(command, user=self.uid, group=self.gid, extra_groups=[]).returncode == 0

    def give(self, path: Path) -> None:
        """Hand a file or folder over to this user."""
        if self.other:
            os.chown(path, self.uid, self.gid)


def of(folder: Path) -> Account:
    """Return the user who owns an existing server folder: whoever started first stays the server's user."""
    owner, me = folder.stat(), os.geteuid()
    if owner.st_uid != me and me != 0:
        raise Refused(
            f"The database in {folder} belongs to another user ({_name(owner.st_uid)}).",
            mend="Run Leadloop as that user, or set LEADLOOP_HOME to a folder of your own.",
        )
    return Account(owner.st_uid, owner.st_gid, other=owner.st_uid != me)


def choose() -> Account:
    """Return ourselves, or as root the user ``leadloop`` (made when missing), else ``nobody``."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), other=False)
    found = _find(NAME) or _make() or _find("nobody")
    if found is None:
        raise Refused(
            "PostgreSQL does not run as root, and no other user could be made.",
            mend="Add a system user named leadloop, or run Leadloop as an ordinary user.",
        )
    return Account(found.pw_uid, found.pw_gid, other=True)


def _make() -> pwd.struct_passwd | None:
    """Add the system user; None when this system has no useradd or refuses."""
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return None
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    run([program, *options, "--shell", "/usr/sbin/nologin", NAME])
    return _find(NAME)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
