"""The sign-ins of the demo: made at its first start, kept below the home folder for its owner's eyes, shown again."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "demo-sign-ins.json"
SHARE = "demo-share"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person of the demo. `role` in words."""

    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Kept:
    """All of them; `built` tells that the demo was built to its end."""

    built: bool
    people: tuple[SignIn, ...]


def read(home: Path) -> Kept | None:
    """What is kept; None when there is no demo here."""
    try:
        found = json.loads((home / NAME).read_text())
    except FileNotFoundError:
        return None
    return Kept(found["built"], tuple(SignIn(**one) for one in found["people"]))


def write(home: Path, kept: Kept) -> None:
    """Keep them (mode 0600), in one step."""
    draft = home / f".{NAME}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(asdict(kept), file, ensure_ascii=False, indent=1)
    draft.replace(home / NAME)


def say_share(home: Path, share: float) -> None:
    """Keep how much is built, from 0 to 1, for who waits for it elsewhere."""
    (home / SHARE).write_text(f"{share:.2f}")


def share(home: Path) -> float:
    """How much is built; 0 where nobody has said it yet."""
    try:
        return float((home / SHARE).read_text())
    except (FileNotFoundError, ValueError):
        return 0.0


def forget(home: Path) -> None:
    """Keep nothing any more."""
    (home / NAME).unlink(missing_ok=True)


def lines(kept: Kept) -> tuple[str, ...]:
    """One line for each, in columns."""
    widths = [max(len(getattr(one, part)) for one in kept.people) for part in ("role", "email")]
    return tuple(f"  {one.role:{widths[0]}}  {one.email:{widths[1]}}  {one.password}" for one in kept.people)
