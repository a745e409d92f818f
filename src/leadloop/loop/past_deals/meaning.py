"""What the texts of a file mean here. Everything that is taken to mean something is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from leadloop.catalogue.contracts import ProductRow
from leadloop.kernel.errors import Invalid
from leadloop.kernel.values import dataclass
from leadloop.selling.contracts import StageRow, State

ENDED = {"won": State.WON, "closedwon": State.WON, "lost": State.LOST, "closedlost": State.LOST}
# What other systems call the first columns of a board; the place in ours, as far as it has so many.
PLACES = {"prospecting": 0, "new": 0, "engaging": 1, "qualification": 1, "proposal": 2, "negotiation": 3}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text of the file is taken to mean: `means` in words, `how` it was found, in so many rows."""

    text: str
    means: str
    how: str
    rows: int


def match_products(
    texts: Mapping[str, int], known: Mapping[int, ProductRow], said: Mapping[str, str]
) -> tuple[dict[str, ProductRow | None], list[Meaning]]:
    """The product that each text means: as was said, by its name or number, or by its letters and digits alone."""
    exact = {name: row for row in known.values() for name in (row.sku, row.name)}
    loose = {squeezed(name): row for name, row in exact.items()}
    found: dict[str, ProductRow | None] = {}
    shown = []
    for text, rows in sorted(texts.items()):
        if text in said:
            row, how = exact.get(said[text]) or loose.get(squeezed(said[text])), "as you said"
        elif text in exact:
            row, how = exact[text], "same name"
        else:
            row, how = loose.get(squeezed(text)), "same but for spaces and case"
        found[text] = row
        shown.append(Meaning(text or "(empty)", row.name if row else "", how if row else "not in the catalogue", rows))
    return found, shown


def match_stages(
    texts: Mapping[str, int], board: Sequence[StageRow], said: Mapping[str, str]
) -> tuple[dict[str, tuple[State, str]], list[Meaning]]:
    """Whether a text means won, lost or a column of the board: as was said, by name, or as other systems call it."""
    by_name = {squeezed(name): stage for stage in board for name in (stage.key, stage.label)}
    found: dict[str, tuple[State, str]] = {}
    shown = []
    for text, rows in sorted(texts.items()):
        name = squeezed(said.get(text, text))
        if name in ENDED:
            found[text], words = (ENDED[name], board[-1 if ENDED[name] is State.WON else 0].key), str(ENDED[name])
        else:
            place = PLACES.get(name)
            stage = by_name.get(name) or (board[min(place, len(board) - 1)] if place is not None else None)
            if stage is None:
                raise Invalid(
                    f"“{text}” is no column of the board",
                    field="status",
                    mend=f"Say --status “{text}=COLUMN”, one of: {', '.join(one.key for one in board)}, won, lost",
                )
            found[text], words = (State.OPEN, stage.key), stage.label
        shown.append(Meaning(text, words, "as you said" if text in said else "by name", rows))
    return found, shown


def squeezed(text: str) -> str:
    """Letters and digits alone, in small letters."""
    return re.sub(r"[\W_]+", "", text.casefold())
