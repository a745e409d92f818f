"""The one file that says what the copy consists of. Replacing it is what makes a refresh visible, all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from leadloop.tracking.columnar.place import Place

NAME = "manifest.json"
FORMAT = 2


@dataclass(frozen=True, slots=True)
class File:
    """One Parquet file: its month as "2026-03", its rows, and the sums of its whole-number columns."""

    path: str
    month: str
    rows: int
    sums: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The copy as it stands: files by table, and how far it goes.

    `database` names the life of the database it was taken from; `snapshot` is everything that is in it, as PostgreSQL
    writes a snapshot; `as_of` the moment of that, aware UTC. `retired` are files of the generation before, kept for
    those who still read them.
    """

    generation: int
    as_of: datetime
    database: str
    snapshot: str
    tables: Mapping[str, tuple[File, ...]] = field(default_factory=dict)
    retired: tuple[str, ...] = ()

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        return sum(file.rows for file in self.tables.get(table, ()))

    def sums(self, table: str) -> dict[str, int]:
        """The sums of a table's whole-number columns."""
        found: Counter[str] = Counter()
        for file in self.tables.get(table, ()):
            found.update(file.sums)
        return dict(found)

    @property
    def paths(self) -> set[str]:
        """Every file that is part of the copy."""
        return {file.path for files in self.tables.values() for file in files}


def load(place: Place) -> Manifest | None:
    """The manifest that stands there; None where nothing was copied yet, or by a version that wrote other tables."""
    content = place.read(NAME)
    if content is None:
        return None
    found = orjson.loads(content)
    if found.pop("format") != FORMAT:
        return None
    tables = {name: tuple(File(**one) for one in files) for name, files in found.pop("tables").items()}
    as_of = datetime.fromisoformat(found.pop("as_of"))
    return Manifest(**{**found, "retired": tuple(found["retired"])}, as_of=as_of, tables=tables)


def publish(place: Place, manifest: Manifest) -> None:
    """Make it the one in force. Readers see the copy before or after, nothing in between."""
    content = orjson.dumps({"format": FORMAT, **asdict(manifest)}, option=orjson.OPT_INDENT_2)
    with TemporaryDirectory() as folder:
        draft = Path(folder) / NAME
        draft.write_bytes(content)
        place.put(draft, NAME)
