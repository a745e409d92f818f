"""How far the search for duplicates in the whole base has come."""

from __future__ import annotations

from leadloop.identity.contracts import Passed
from leadloop.ledger.sql import run

_INSERT = """
insert into identity_batchpass (began_at, ended_at, people, fresh, compared, pairs, merged)
values (%s, %s, %s, %s, %s, %s, %s)
"""


def keep_pass(done: Passed) -> None:
    """Keep that a pass went through. One that broke off keeps nothing, and the next one does it all again."""
    run(
        _INSERT,
        [done.began_at, done.ended_at, done.people, done.fresh, done.compared, done.pairs, done.merged],
    )
