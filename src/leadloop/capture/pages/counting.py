"""How often a landing page was read: a number per day, and nothing about by whom."""

from __future__ import annotations

from datetime import datetime

from leadloop.kernel.clock import time_zone
from leadloop.ledger.sql import run
from leadloop.platform.queries import company

_COUNT = """
insert into capture_pageday as d (page_id, day, views) values (%s, %s, 1)
    on conflict (page_id, day) do update set views = d.views + 1
"""


def count_view(*, page_id: int, now: datetime) -> None:
    """Count one view on the day it is by the company's clock."""
    run(_COUNT, [page_id, now.astimezone(time_zone(company().zone)).date()])
