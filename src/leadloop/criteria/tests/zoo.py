"""A small vocabulary of its own: animals in enclosures, with sightings. Every type of facet is in it."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection

from leadloop.criteria.contracts import Column, FacetView
from leadloop.criteria.models import CustomField
from leadloop.criteria.registry import register, register_values

COLOURS = ("red", "green", "Red")

ANIMAL = FacetView(
    view="zoo_animal",
    subject="animal",
    prefix="animal",
    key="animal_id",
    columns=(
        Column("name", "Name", "text"),
        Column("weight", "Weight", "number"),
        Column("legs", "Legs", "number"),
        Column("worth", "Worth", "money"),
        Column("is_wild", "Wild", "boolean"),
        Column("born", "Born", "date"),
        Column("fed_at", "Fed", "datetime"),
        Column("colour", "Colour", "choice", COLOURS),
        Column("tricks", "Tricks", "list"),
        Column("keeper_id", "Keeper", "id"),
        Column("chip", "Chip", "text", personal=True),
    ),
    links=(("enclosure", "enclosure_id"), ("nowhere", "keeper_id")),
    attributes="attributes",
)
ENCLOSURE = FacetView(
    view="zoo_enclosure",
    subject="enclosure",
    prefix="enclosure",
    key="enclosure_id",
    columns=(Column("country", "Country", "text"), Column("area", "Area", "number")),
    attributes="attributes",
)
SIGHTING = FacetView(
    view="zoo_sighting",
    subject="animal",
    prefix="sighting",
    key="animal_id",
    columns=(Column("channel", "Channel", "choice", ("eye", "camera")), Column("seen_at", "Seen", "datetime")),
)
VISIT = FacetView(
    view="zoo_visit",
    subject="enclosure",
    prefix="visit",
    key="enclosure_id",
    columns=(Column("guests", "Guests", "number"),),
)
VIEWS = (ANIMAL, ENCLOSURE, SIGHTING, VISIT)

for view in VIEWS:
    register(view)
register_values("score", (Column("fit", "Fit", "number"),))
register_values("guess", (Column("mood", "Mood", "choice", ("calm", "angry")),), others=True)

TABLES = """
create temp table zoo_animal (
    animal_id bigint primary key, enclosure_id bigint, name text, weight float8, legs int, worth bigint,
    is_wild boolean, born date, fed_at timestamptz, colour text, tricks text[], keeper_id bigint, chip text,
    attributes jsonb not null default '{}');
create temp table zoo_enclosure (
    enclosure_id bigint primary key, country text, area numeric, attributes jsonb not null default '{}');
create temp table zoo_sighting (animal_id bigint, channel text, seen_at timestamptz);
create temp table zoo_visit (enclosure_id bigint, guests int);
"""
OWN = [
    ("animal", "nick", "Nickname", "text", []),
    ("animal", "teeth", "Teeth", "number", []),
    ("animal", "tame", "Tame", "boolean", []),
    ("animal", "weighed", "Weighed", "date", []),
    ("animal", "diet", "Diet", "choice", ["meat", "hay"]),
    ("enclosure", "roof", "Roof", "text", []),
]


def build() -> None:
    """Open the zoo, empty, for one transaction's time."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    CustomField.objects.bulk_create(
        CustomField(subject=subject, key=key, label=label, type=type_, options=options)
        for subject, key, label, type_, options in OWN
    )


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from zoo_animal; delete from zoo_enclosure; delete from zoo_sighting; delete from zoo_visit"
        )


def put(table: str, **row: Any) -> None:
    """Add one row to zoo_<table>."""
    values = [orjson.dumps(value).decode() if key == "attributes" else value for key, value in row.items()]
    with connection.cursor() as cursor:
        cursor.execute(f"insert into zoo_{table} ({', '.join(row)}) values ({', '.join(['%s'] * len(row))})", values)
