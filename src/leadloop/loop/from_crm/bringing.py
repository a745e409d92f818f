"""An export from its first file to the last activity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.imports import run as importing
from leadloop.capture.imports import saved
from leadloop.capture.imports.contracts import Options
from leadloop.capture.queries import import_runs, portals
from leadloop.capture.services import PortalIn, save_portal
from leadloop.catalogue.queries import families
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import Actor, Lane
from leadloop.ledger.services import lane
from leadloop.loop.enriching import keep_accounts
from leadloop.loop.from_crm import around, deals, hubspot, hubspot_tables, people_in, salesforce
from leadloop.loop.from_crm.files import kind_of, shown, unpacked
from leadloop.loop.from_crm.humans import COLUMNS, write
from leadloop.loop.from_crm.shapes import Brought, Export, Left
from leadloop.platform.queries import company

SYSTEMS = {"salesforce": "Salesforce", "hubspot": "HubSpot"}
_READERS: Mapping[str, Callable[[list[tuple[str, Path, str]], Export], None]] = {
    "salesforce": salesforce.read,
    "hubspot": hubspot.read,
}
_KINDS = {"salesforce": salesforce.KINDS, "hubspot": hubspot_tables.KINDS}
_AS_THEY_STAND = (
    "", "nurturing", "qualified", "assigned", "accepted", "working", "opportunity", "won/imported_won",
    "lost/imported_lost", "disqualified/junk", "disqualified/not_a_fit", "disqualified/bad_data",
    "disqualified/competitor",
)  # fmt: skip


def look(path: Path, system: str) -> Export:
    """Read an export without storing anything. Raises Invalid for a system that we don't know, or no tables."""
    if system not in _READERS:
        raise Invalid(f"exports of {system} are not known", field="from", mend=f"Say one of: {', '.join(SYSTEMS)}")
    export = Export(system)
    with unpacked(path) as files:
        known = []
        for one in files:
            kind, name = kind_of(one, _KINDS[system]), shown(one)
            if kind is None:
                export.left.append(Left(name, "", "its name says nothing of what is in it"))
            else:
                known.append((kind.name, one, name))
        _READERS[system](known, export)
    return export


def bring_in(path: Path, system: str, *, actor: Actor, now: datetime) -> Brought:
    """Bring an export in with its links and its history; the same export twice changes nothing.

    Facts travel on the bulk lane, with the moments they had. Broken off, it can be done again.
    """
    export = look(path, system)
    brought = Brought(system, read=export.read, left=export.left)
    with lane(Lane.BULK):
        door = _door(system, actor, now)
        firms = around.companies(export, brought, actor=actor, now=now)
        keep_accounts(export, label=f"{SYSTEMS[system]} export", actor=actor, now=now)
        around.programmes(export, door.owner_id, brought, actor=actor, now=now)
        _people(export, door, brought, actor=actor, now=now)
        users = around.owners(export, door.owner_id)
        found = deals.persons_of(export, door.key)
        ids = deals.bring_deals(export, firms, users, found, brought, actor=actor, now=now)
        deals.bring_doings(export, ids, users, found, brought, actor=actor, now=now)
        importing.finish(actor=actor, now=now)
    return brought


def _people(export: Export, door: PortalRow, brought: Brought, *, actor: Actor, now: datetime) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{export.system}.csv"
        written = write(file, export)
        options = Options(
            encoding="utf-8",
            delimiter=",",
            has_header=True,
            fields={str(one): str(one) for one in COLUMNS},
            date_style="iso",
            zone="UTC",
            fallback_owner=door.owner_id,
            statuses={text: text for text in _AS_THEY_STAND},
        )
        reading = saved.understand(path=file, portal=door, options=options, name=f"{SYSTEMS[export.system]} export")
        brought.run_id = importing.begin(reading=reading, portal=door, actor=actor, now=now)
        counts = people_in.take_in(brought.run_id, file, now=now)
    brought.new["rows"], brought.known["rows"] = counts.rows - counts.known, counts.known
    brought.read = {**brought.read, "all": {"people": written.people, "touches": written.touches}}
    (run,) = import_runs([brought.run_id])
    brought.quarantined = run.quarantined
    brought.new["leads"], brought.new["touches"] = run.new, run.joined


def _door(system: str, actor: Actor, now: datetime) -> PortalRow:
    """The portal through which a system's people come; their numbers there are told apart by it."""
    standing = {portal.key: portal for portal in portals().values()}
    if system not in standing:
        keeper = in_force().clauses.stages["inquiry"].keeper_id
        interest = next(iter(families().values()))
        save_portal(
            portal=PortalIn(
                key=system,
                name=SYSTEMS[system],
                kind=PortalKind.STAFF,
                owner_id=keeper,
                interest_id=interest.id,
                country=company().country,
                acknowledge=False,
            ),
            actor=actor,
            now=now,
        )
        standing = {portal.key: portal for portal in portals().values()}
    return standing[system]
