"""How two records would become one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from leadloop.ledger.sql import fetch
from leadloop.people.queries.companies import companies
from leadloop.people.rules.merging import MAIN_PLACE
from leadloop.people.rules.survivorship import USUAL, Offer, offers
from leadloop.people.services.merging import holdings

_TOLD = """
select distinct on (subject_id, field) subject_id, field, at, source from people_fieldhistory
 where subject = %s and subject_id = any(%s) order by subject_id, field, at desc, id desc
"""


def told_last(ids: Collection[int], subject: str = "person") -> dict[tuple[int, str], tuple[datetime, str]]:
    """When a field of a person or company was said last, and from where; what stands since the first is left out."""
    return {(i, field): (at, source) for i, field, at, source in fetch(_TOLD, [subject, list(ids)])}


def merge_offers(
    survivor_id: int, loser_id: int, *, rule: str = USUAL, chosen: Mapping[str, str] | None = None
) -> list[Offer]:
    """Every field of two records with the value that would stay, and why; see `rules.survivorship`. Three queries.

    Both ids stand for themselves.
    """
    held = holdings([survivor_id, loser_id])
    found = offers(held[survivor_id], held[loser_id], told_last([survivor_id, loser_id]), rule=rule, chosen=chosen)
    names = {row.id: row.name for row in companies(_firms(found)).values()}
    return [_named(one, names) if one.field == MAIN_PLACE else one for one in found]


def _firms(found: Collection[Offer]) -> set[int]:
    values = [said.value for one in found if one.field == MAIN_PLACE for said in (one.survivor, one.loser)]
    return {int(firm) for value in values if (firm := value.rpartition("|")[2])}


def _named(one: Offer, names: Mapping[int, str]) -> Offer:
    return replace(
        one,
        survivor=one.survivor._replace(value=_words(one.survivor.value, names)),
        loser=one.loser._replace(value=_words(one.loser.value, names)),
    )


def _words(value: str, names: Mapping[int, str]) -> str:
    title, _, firm = value.rpartition("|")
    return ", ".join(part for part in (title, names.get(int(firm), "") if firm else "") if part)
