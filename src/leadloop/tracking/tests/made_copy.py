"""A columnar copy of an invented past, written without a database: what is true of it is known beforehand."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from leadloop.tracking.columnar import manifest as manifests
from leadloop.tracking.columnar import stages
from leadloop.tracking.columnar.files import Workshop
from leadloop.tracking.columnar.manifest import Manifest
from leadloop.tracking.columnar.place import Folder
from leadloop.tracking.columnar.tables import ARRIVAL, STAGE_ENTRY, TABLES

BEGIN = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # as the copy has moments: UTC without a zone
NOW = datetime(2026, 7, 1, tzinfo=UTC).replace(tzinfo=None)
STAGES = ("inquiry", "qualified", "assigned", "accepted", "working", "opportunity", "won")

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def write(place: Folder, rows: Rows) -> None:
    """Publish these rows as a copy; columns that are left out are null."""
    with TemporaryDirectory() as folder:
        shop = Workshop(place, Path(folder), 1)
        files = {}
        for table in TABLES.values():
            columns = ", ".join(f'"{column.name}" {column.kind}' for column in table.columns)
            shop.duck.execute(f"create or replace temp table made ({columns})")
            if table is ARRIVAL:  # follows from the entries, which come before it
                shop.duck.execute("insert into made " + stages.arrivals("entries"))
            given = [[row.get(column.name) for column in table.columns] for row in rows.get(table.name, ())]
            if given:
                marks = ", ".join("?" for _ in table.columns)
                shop.duck.executemany(f"insert into made values ({marks})", given)
            if table is STAGE_ENTRY:
                shop.duck.execute(
                    f"create temp table entries as select * replace ({stages.LEFT_AT} as left_at) from made"
                )
                shop.duck.execute("create or replace temp table made as from entries")
            if shop.duck.execute("select exists (from made)").fetchone() == (True,):
                files[table.name] = tuple(shop.write(table, "made"))
        manifests.publish(place, Manifest(1, NOW.replace(tzinfo=UTC), "made", "1:1:", files))


def company(seed: int, leads: int = 250) -> dict[str, list[dict[str, Any]]]:
    """Half a year of an invented company: leads that go various ways, calls, deals in three currencies, costs."""
    dice = random.Random(seed)
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for lead_id in range(1, leads + 1):
        _lead(dice, rows, lead_id)
    for cost_id in range(1, 60):
        programme = dice.choice([None, 1, 2, 3, 4])
        rows["cost"].append(
            {
                "cost_id": cost_id,
                "programme_id": programme,
                "kind": dice.choice(["media", "event", "people"]),
                "base_minor": dice.randint(1_00, 90_000_00) * dice.choice([1, 1, 1, -1]),
                "booked_on": date(2026, 1, 1) + timedelta(days=dice.randint(0, 180)),
                "allocation": "" if programme else dice.choice(["by_inquiries", "by_spend", "evenly"]),
            }
        )
    return rows


def _lead(dice: random.Random, rows: dict[str, list[dict[str, Any]]], lead_id: int) -> None:
    opened = BEGIN + timedelta(minutes=dice.randint(0, 170 * 1440), microseconds=dice.randint(0, 10**6))
    programme, owner = dice.choice([None, 1, 2, 3, 4]), dice.randint(10, 14)
    far = dice.choices(range(len(STAGES)), [30, 15, 20, 8, 8, 7, 12])[0]
    at, stage = opened, "inquiry"
    for number, name in enumerate(STAGES[: far + 1]):
        if number == 3 and dice.random() < 0.2:
            continue  # accepted is left out now and then
        rows["stage_entry"].append(
            {
                "lead_id": lead_id,
                "event_id": lead_id * 100 + number,
                "stage": name,
                "before": stage if number else "",
                "entered_at": at,
                "owner_id": owner,
            }
        )
        if name == "assigned" and dice.random() < 0.7:
            rows["activity"].append(_activity(dice, lead_id, owner, at))
        stage, at = name, at + timedelta(minutes=dice.randint(1, 9 * 1440))
    lost = stage != "won" and dice.random() < 0.4
    for number in range(dice.randint(1, 5)):
        rows["inquiry"].append(
            {
                "lead_id": lead_id,
                "inquiry_id": lead_id * 10 + number,
                "portal_id": dice.randint(1, 3),
                "kind": dice.choice(["sales"] * 9 + ["support"]),
                "programme_id": programme if number == 0 else dice.choice([None, 1, 2, 3, 4]),
                "happened_at": opened + timedelta(minutes=dice.randint(0, 60 * 1440) if number else 0),
            }
        )
    if stage == "won":
        _won(dice, rows, lead_id, owner, at)
    rows["lead"].append(
        {
            "lead_id": lead_id,
            "stage": "lost" if lost else stage,
            "is_open": not lost and stage != "won",
            "owner_id": owner,
            "programme_id": programme,
            "opened_at": opened,
            "stage_since": at,
            "closed_at": at if lost or stage == "won" else None,
            "due_at": None if lost or stage == "won" else NOW + timedelta(hours=dice.randint(-200, 200)),
            "due_kind": "next_step",
        }
    )


def _activity(dice: random.Random, lead_id: int, owner: int, after: datetime) -> dict[str, Any]:
    seconds = dice.choice([60, 290, 1800, 3600, 40_000, 86_400, 400_000]) + dice.random()
    return {
        "lead_id": lead_id,
        "activity_id": lead_id,
        "user_id": owner,
        "kind": "call",
        "contacted": dice.random() < 0.8,
        "happened_at": after + timedelta(seconds=seconds),
    }


def _won(dice: random.Random, rows: dict[str, list[dict[str, Any]]], lead_id: int, owner: int, at: datetime) -> None:
    currency, rate = dice.choice([("EUR", 1.0), ("USD", 0.9), ("JPY", 0.6)])
    minor = dice.randint(1_000, 9_000_000)
    company = dice.choice([None, dice.randint(1, 20)])
    deal = {
        "opportunity_id": lead_id + 5000,
        "state": "won",
        "owner_id": owner,
        "company_id": company,
        "person_id": lead_id,
        "minor": minor,
        "currency": currency,
        "base_minor": round(minor * rate),
        "opened_at": at - timedelta(days=3),
        "closed_at": at,
    }
    rows["opportunity"].append(deal)
    rows["win"].append(
        {
            "opportunity_id": deal["opportunity_id"],
            "lead_id": lead_id if dice.random() < 0.9 else None,
            "base_minor": deal["base_minor"],
            "won_at": at,
            "is_primary": True,
        }
    )
