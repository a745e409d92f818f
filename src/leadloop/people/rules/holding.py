"""The rows of one person in memory: what inquiries and changes by hand make of them, as `fill_in` and others would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from leadloop.people.contracts import NewPerson
from leadloop.people.rules.changing import ATTRIBUTE, poses
from leadloop.people.rules.filling import TEXTS, UNKNOWN_ROLE, Known, News, Place, missing
from leadloop.people.rules.merging import CONSENT, EXTERNAL, POINT, POSITION, Holdings, Row
from leadloop.people.rules.names import search_text

Key = tuple[Any, ...]
PLACE_FIELDS = ("title", "buying_role")
_PLACE = {"company_id": None, "title": "", "buying_role": UNKNOWN_ROLE, "since": None, "until": None}


class Held:
    """What one person has. Rows that are new here have negative ids; consents are kept as they are given."""

    def __init__(self, held: Holdings) -> None:
        self.person: dict[str, Any] = {**held.person, "attributes": dict(held.person["attributes"])}
        self.tables = {table: [dict(row) for row in held.rows(table)] for table in (POINT, POSITION, EXTERNAL, CONSENT)}
        self.history: list[tuple[str, str, str, datetime]] = []
        self._new = 0

    @property
    def consents(self) -> list[dict[str, Any]]:
        """Their words, as rows."""
        return self.tables[CONSENT]

    def hear(self, one: NewPerson, at: datetime) -> None:
        """Fill gaps with what an inquiry tells."""
        news = missing(self._known(), [one])
        self.person |= news.texts
        self.person["attributes"] |= news.attributes
        self.person["lookalike"] = self.person["lookalike"] or news.lookalike
        self._take_rows(news)
        self.history += [(*entry, at) for entry in news.history]

    def value(self, field: str) -> Any:
        """Return what a field says; `field` as for `change_fields`."""
        if field.startswith(ATTRIBUTE):
            return self.person["attributes"].get(field.removeprefix(ATTRIBUTE))
        if field in PLACE_FIELDS:
            place = self._main()
            return place[field] if place else _PLACE[field]
        return self.person[field]

    def change(self, field: str, value: Any) -> None:
        """Set a field, as somebody did by hand."""
        if field.startswith(ATTRIBUTE):
            key = field.removeprefix(ATTRIBUTE)
            self.person["attributes"].pop(key, None)
            if value is not None:
                self.person["attributes"][key] = value
        elif field in PLACE_FIELDS:
            place = self._main() or self._append(POSITION, {**_PLACE, "is_primary": True})
            place[field] = value
        else:
            self.person[field] = value
            self.person["lookalike"] = poses(self.person["given_name"], self.person["family_name"])

    def add(self, table: str, row: Row) -> None:
        """Take over a row as it stands; it is the main one of its kind only where there is none."""
        taken = dict(row)
        if "is_primary" in taken:
            rivals = [one for one in self.tables[table] if one["is_primary"] and one.get("kind") == row.get("kind")]
            taken["is_primary"] = not rivals
        self.tables[table].append(taken)

    def take_ids(self, table: str, fresh: dict[Key, Row], key: Callable[[str, Row], Key]) -> None:
        """Give new rows the ids of those that stand today for the same, which are taken out of `fresh`."""
        for row in self.tables[table]:
            if row["id"] < 0 and (stands := fresh.pop(key(table, row), None)) is not None:
                row["id"] = stands["id"]

    def mark(self, address: Key, since: Any, why: str) -> None:
        """Note that an address fails, or works again."""
        for row in self.tables[POINT]:
            if (row["kind"], row["norm"]) == address:
                row["bad_since"], row["bad_why"] = since, why

    def as_rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rows to be written, by table; new ones have no id."""
        person_id = self.person["id"]
        return {
            table: [{**row, "id": _id(row), "person_id": person_id} for row in rows]
            for table, rows in self.tables.items()
        }

    def as_person(self) -> dict[str, Any]:
        """Return the person's own row, with what they are found by."""
        norms = dict.fromkeys(point["norm"] for point in self.tables[POINT])
        found_by = search_text(self.person["given_name"], self.person["family_name"], norms)
        return {**self.person, "search": found_by, "merged_into_id": None}

    def _known(self) -> Known:
        points, places = self.tables[POINT], self.tables[POSITION]
        return Known(
            id=self.person["id"],
            texts={column: self.person[column] for column in TEXTS},
            attributes=self.person["attributes"],
            lookalike=self.person["lookalike"],
            addresses=tuple([(row["kind"], row["norm"]) for row in points]),
            with_primary=frozenset([row["kind"] for row in points if row["is_primary"]]),
            places=tuple([Place(*(row[name] for name in Place._fields)) for row in places]),
            external=frozenset([(row["system"], row["external_id"]) for row in self.tables[EXTERNAL]]),
        )

    def _take_rows(self, news: News) -> None:
        for new in news.addresses:
            self._append(
                POINT,
                {
                    "kind": str(new.kind),
                    "value": new.contact.value,
                    "norm": new.contact.norm,
                    "is_primary": new.is_primary,
                    "disposable": new.contact.disposable,
                    "bad_since": None,
                    "bad_why": "",
                },
            )
        by_id = {row["id"]: row for row in self.tables[POSITION]}
        for place in news.places:
            row = by_id[place.id] if place.id is not None else self._append(POSITION, dict(_PLACE))
            row |= {name: value for name, value in place._asdict().items() if name != "id"}
        for system, external_id in news.external:
            self._append(EXTERNAL, {"system": system, "kind": "person", "external_id": external_id, "company_id": None})

    def _append(self, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
        self._new -= 1
        new = {**row, "id": self._new}
        self.tables[table].append(new)
        return new

    def _main(self) -> dict[str, Any] | None:
        return next((row for row in self.tables[POSITION] if row["is_primary"]), None)


def _id(row: Row) -> int | None:
    known = row.get("id")
    return None if known is None or known < 0 else int(known)
