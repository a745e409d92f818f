"""What everything else is said in: interests, sources, the pipeline and the agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.agreement import services as agreement
from leadloop.agreement.contracts import Leadership
from leadloop.agreement.queries import history
from leadloop.agreement.standard import Keepers, clauses
from leadloop.catalogue import services as catalogue
from leadloop.catalogue.contracts import NewFamily
from leadloop.ledger.contracts import Actor
from leadloop.programmes import services as programmes
from leadloop.programmes.contracts import NewSource
from leadloop.selling.queries.stages import pipeline_stages
from leadloop.selling.services import install_pipeline
from leadloop.selling.standard import PIPELINE

GENERAL = NewFamily("general", "General")
SOURCES = (
    NewSource("web", "Website", "web"),
    NewSource("partner-system", "Another system", "other"),
    NewSource("fair", "Trade show", "event"),
    NewSource("phone", "Phone", "other"),
    NewSource("referral", "Referral", "referral"),
    NewSource("prospecting", "Found by sales", "other"),
)


def name_interests(more: Sequence[NewFamily], *, actor: Actor, now: datetime) -> dict[str, int]:
    """Product families, the general one first; ids by key."""
    return catalogue.add_family(families=[GENERAL, *more], actor=actor, now=now)


def name_sources(more: Sequence[NewSource], *, actor: Actor, now: datetime) -> dict[str, int]:
    """Where inquiries come from; ids by key."""
    return programmes.add_source(sources=[*SOURCES, *more], actor=actor, now=now)


def draw_pipeline() -> None:
    """The columns of the board, where there are none."""
    if not pipeline_stages():
        install_pipeline(PIPELINE)


def agree(keepers: Mapping[str, int], leadership: Leadership, *, actor: Actor, now: datetime) -> None:
    """The standard agreement with these keepers, where none is in force."""
    if not history():
        text = clauses(Keepers(**keepers), leadership=leadership)
        agreement.install(clauses=text, actor=actor, now=now)
