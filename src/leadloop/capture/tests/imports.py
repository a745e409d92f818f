"""Writing files and doing what intake does with their rows, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from leadloop.capture import imports, services
from leadloop.capture.contracts import Parsed, PortalRow, Settled
from leadloop.capture.tests.conftest import NOW
from leadloop.ledger.contracts import Lane, by_system

TOOL = by_system("import")


def leads(folder: Path, count: int, name: str = "leads.csv", head: str = "id,name,email,company") -> Path:
    """Write a file of leads, all different."""
    path = folder / name
    rows = (f"{n},Ann Berg{n},ann{n}@berg.example,Berg {n}" for n in range(count))
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def bring(path: Path, portal: PortalRow, **options: Any) -> tuple[int, imports.Counts]:
    """Bring a file in."""
    return imports.bring_in(path=path, portal=portal, actor=TOOL, now=NOW, options=imports.Options(**options))


def processed() -> list[Parsed]:
    """Do what intake does, without persons and leads."""
    found: list[Parsed] = []
    while True:
        with transaction.atomic():
            claimed = services.claim(lane=Lane.BULK, limit=1000, now=NOW)
            if not claimed:
                return found
            parsed, unreadable = services.read(claimed, now=NOW)
            pairs = [(one, Settled(one.ref, one.ref, one.ref, "new")) for one in parsed]
            services.settle(pairs, actor=by_system("intake"), now=NOW)
            services.quarantine(unreadable, actor=by_system("intake"), now=NOW)
            found += parsed
