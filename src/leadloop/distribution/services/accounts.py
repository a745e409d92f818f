"""The accounts that leads belong to, and the owners who can take them, for a whole batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from leadloop.distribution.account_rules import Account, choose_account, may_take
from leadloop.distribution.queries import refusals
from leadloop.distribution.services import seats
from leadloop.kernel.decision import Reason
from leadloop.kernel.text import registrable
from leadloop.leads.contracts import LeadRow
from leadloop.leads.services import write_now
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import NamesakeRow
from leadloop.people.queries import accounts_among
from leadloop.platform.queries import absent, users

_TOLD = """
select 'domain', p.person_id, p.email_domain, null::timestamptz
  from people_facet_person p where p.person_id = any(%s)
 union all
select 'deal', o.company_id, '', null from selling_facet_opportunity o
 where o.company_id = any(%s) and o.state = 'open' group by 2
 union all
select 'touch', l.company_id, '', max(l.last_touch_at) from leads_facet_lead l where l.company_id = any(%s) group by 2
"""


class Owned(NamedTuple):
    """Who looks after a lead's account, None where they can't take it now, and why."""

    user_id: int | None
    reasons: tuple[Reason, ...]


NOBODY = Owned(None, ())


def owners(ready: Sequence[LeadRow], now: datetime) -> dict[int, Owned]:
    """The owner of the account by lead; leads without an account that somebody looks after are left out.

    One query where no account has an owner, and a constant number where some have.
    """
    found = accounts_among({row.company_id for row in ready if row.company_id})
    leads = [row for row in ready if row.company_id in found]
    if not leads:
        return {}
    chosen = _chosen(leads, found)
    user_ids = {one.owner_id for one, _ in chosen.values() if one.owner_id is not None}
    here = {user.id for user in users(user_ids, active=True).values()} - absent(user_ids, now)
    refused, places = refusals([row.id for row in leads]), seats.of_users(user_ids, now)
    owned = {}
    for lead_id, (account, why) in chosen.items():
        if (owner_id := account.owner_id) is None:
            continue
        decision = may_take(
            owner_id,
            is_here=owner_id in here,
            gave_back=owner_id in refused.get(lead_id, ()),
            seats=places.get(owner_id, ()),
        )
        owned[lead_id] = Owned(owner_id if decision.outcome else None, (*why, *decision.reasons))
    return owned


def _chosen(
    leads: Sequence[LeadRow], found: Mapping[int, Sequence[NamesakeRow]]
) -> dict[int, tuple[Account, tuple[Reason, ...]]]:
    domains, deals, touched = _asked(leads, found)
    chosen = {}
    for row in leads:
        own = row.company_id or 0
        decision = choose_account(
            Account(
                company_id=one.company_id,
                by_domain=one.domain is not None and domains.get(row.person_id) == one.domain,
                owner_id=one.owner_id,
                has_open_deal=one.company_id in deals,
                last_touch_at=touched.get(one.company_id),
            )
            for one in found[own]
        )
        if decision.outcome is not None:
            chosen[row.id] = (decision.outcome, decision.reasons)
    return chosen


def _asked(
    leads: Sequence[LeadRow], found: Mapping[int, Sequence[NamesakeRow]]
) -> tuple[dict[int, str | None], set[int], dict[int, datetime]]:
    """What tells candidates apart: domains by person, companies with an open deal, and when each was heard of."""
    domains: dict[int, str | None] = {}
    deals: set[int] = set()
    touched: dict[int, datetime] = {}
    write_now()  # views show what is written
    firms = sorted({one.company_id for row in leads for one in found[row.company_id or 0]})
    for kind, key, domain, at in fetch(_TOLD, [[row.person_id for row in leads], firms, firms]):
        if kind == "domain":
            domains[key] = registrable(domain)
        elif kind == "deal":
            deals.add(key)
        elif at is not None:
            touched[key] = at
    return domains, deals, touched
