"""The installation from beginning to end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadloop.catalogue.contracts import NewFamily
from leadloop.ledger.contracts import Actor, by_system
from leadloop.loop.install import doors, flow, staff, vocabulary
from leadloop.loop.install.contracts import Colleague, Firm, Installed, Squad
from leadloop.programmes.contracts import NewSource

INSTALLER = by_system("installation")
FIRST_USER = "admin@leadloop.example"
FIRST_NAME = "My company"  # until somebody says how it is called
EVERYTHING = ("admin", "head_of_sales", "head_of_marketing", "head_of_lead_management")


@transaction.atomic
def install(
    firm: Firm,
    people: Sequence[Colleague],
    *,
    squads: Sequence[Squad] = (),
    interests: Sequence[NewFamily] = (),
    sources: Sequence[NewSource] = (),
    actor: Actor = INSTALLER,
    now: datetime,
) -> Installed:
    """Set a company up so that the loop goes round from the first inquiry, and return what stands now.

    All of it or nothing; and whatever is there already stays as it is, so it may be done again.
    """
    staff.settle(firm, actor=actor, now=now)
    users = staff.hire(people, squads, actor=actor, now=now)
    keepers = staff.keepers(people, users)
    families = vocabulary.name_interests(interests, actor=actor, now=now)
    origins = vocabulary.name_sources(sources, actor=actor, now=now)
    vocabulary.draw_pipeline()
    vocabulary.agree(keepers, firm.leadership, actor=actor, now=now)
    flow.judge(actor=actor, now=now)
    flow.share_out(staff.sellers(people), users, keepers, actor=actor, now=now)
    flow.keep_warm(keepers["nurturing"], actor=actor, now=now)
    standard = doors.standard(keepers["capture"], families[vocabulary.GENERAL.key], origins)
    portals = doors.open_doors(standard, actor=actor, now=now)
    return Installed(users=users, interests=families, sources=origins, portals=portals)


def bare(firm: Firm, *, password: str, now: datetime) -> str:
    """Set up an empty company with one user who holds every responsibility; returns the address to sign in with."""
    first = Colleague(FIRST_USER, "First user", EVERYTHING, password=password)
    install(firm, [first], now=now)
    return FIRST_USER
