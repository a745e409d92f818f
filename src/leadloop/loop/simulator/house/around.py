"""What stands around pursuits and doesn't change while the story is told: terms, people, rules, texts and rates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from leadloop.agreement.contracts import Terms
from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import PortalRow
from leadloop.capture.queries import portals
from leadloop.catalogue.contracts import FamilyRow
from leadloop.catalogue.queries import families, products
from leadloop.catalogue.queries import terms as payment_terms
from leadloop.content import queries as content
from leadloop.content import standard as texts
from leadloop.content.contracts import AssetRow, TemplateRow
from leadloop.distribution.contracts import MemberRow, PoolRow
from leadloop.distribution.queries import Routing, members, pools, routing
from leadloop.kernel.clock import WorkCalendar, is_open, time_zone
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money, convert
from leadloop.loop.simulator.words import COUNTRIES
from leadloop.nurture.contracts import JourneyRow
from leadloop.nurture.queries import journeys
from leadloop.nurture.standard import QUESTION, USEFUL
from leadloop.outreach.contracts import Limits
from leadloop.outreach.queries import limits
from leadloop.outreach.zones import candidates
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import calendars, company, rates, users
from leadloop.qualification.queries import scorer
from leadloop.qualification.rules import Scorer
from leadloop.selling.contracts import StageRow
from leadloop.selling.queries.stages import pipeline_stages

LETTERS = (texts.ACKNOWLEDGEMENT, texts.ACKNOWLEDGEMENT_WITH_ASSET, texts.NEW_LEAD, USEFUL, QUESTION)


@dataclass(frozen=True)
class Around:
    """Everything, read once. `rates` by currency: ascending days and what one unit costs from there on."""

    terms: Terms
    us: str
    currency: str
    zone: ZoneInfo
    country: str
    zones: Sequence[tzinfo]  # held so that the few in use are not read from disk over and over
    users: Mapping[int, UserRow]
    calendars: Mapping[int, WorkCalendar]
    portals: Mapping[str, PortalRow]
    interests: Mapping[int, FamilyRow]
    assets: Mapping[int, AssetRow]
    products: Mapping[str, int]
    payment: Mapping[str, int]
    routing: Routing
    pools: Mapping[str, PoolRow]
    members: Mapping[str, Sequence[MemberRow]]
    rules_version: int
    scorer: Scorer
    journeys: Mapping[str, JourneyRow]
    templates: Mapping[tuple[str, str], TemplateRow]
    board: Mapping[str, StageRow]
    limits: Limits
    rates: Mapping[str, tuple[Sequence[date], Sequence[Decimal]]]

    def is_open(self, user_id: int, moment: datetime) -> bool:
        """Whether it is office hours for somebody."""
        return is_open(moment, self.calendars[user_id])

    def base(self, minor: int, currency: str, day: date) -> int:
        """Minor units of the company's currency at the newest rate on or before a day, as `platform` has it."""
        if currency == self.currency:
            return minor
        days, dated = self.rates.get(currency, ((), ()))
        place = bisect_right(days, day)
        if not place:
            raise Invalid(f"There is no rate for {currency} on or before {day.isoformat()}", field="rate")
        return convert(Money(minor, currency), dated[place - 1], self.currency).minor


def look_around() -> Around:
    """Read what stands in the database. A constant number of queries."""
    firm, everybody = company(), users(active=True)
    version, scoring = scorer()
    known = pools()
    languages = {"en", "de", *(one.language for one in everybody.values())}
    return Around(
        terms=in_force(),
        us=firm.name,
        currency=firm.currency,
        zone=ZoneInfo(firm.zone),
        country=firm.country,
        zones=[time_zone(zone) for country in COUNTRIES for zone in candidates("", country, firm.zone, firm.country)],
        users=everybody,
        calendars=calendars(list(everybody)),
        portals={row.key: row for row in portals().values()},
        interests=families(),
        assets=content.assets(),
        products={row.sku: row.id for row in products().values()},
        payment={row.key: row.id for row in payment_terms().values()},
        routing=routing(),
        pools={pool.key: pool for pool in known.values()},
        members={pool.key: members(pool.id) for pool in known.values()},
        rules_version=version,
        scorer=scoring,
        journeys={row.key: row for row in journeys() if row.published_at and not row.retired_at},
        templates=content.templates([(key, language) for key in LETTERS for language in languages]),
        board={row.key: row for row in pipeline_stages()},
        limits=limits(),
        rates=_dated(),
    )


def _dated() -> dict[str, tuple[list[date], list[Decimal]]]:
    found: dict[str, tuple[list[date], list[Decimal]]] = {}
    for row in reversed(rates()):
        days, dated = found.setdefault(row.currency, ([], []))
        days.append(row.day)
        dated.append(row.rate)
    return found
