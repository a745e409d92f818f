"""How the company is set up, and whether its processes live."""

from __future__ import annotations

from django.db import connection

from leadloop.kernel.errors import Unavailable
from leadloop.ledger.kept import Kept
from leadloop.ledger.reads import Read, ask
from leadloop.platform.contracts import BeatRow, Company
from leadloop.platform.models import Beat, Setting

_SETTING = """
select company_name, zone, currency, country, fiscal_year_start, calendar_id, sending_held_since, sending_held_why
  from platform_setting order by id limit 1
"""


def company() -> Company:
    """The company's settings, as they stood within the last seconds. At most one query.

    Raises Unavailable before the installation is complete. What may stop something asks `company_now`.
    """
    return _complete(COMPANY())


def company_now() -> Company:
    """The company's settings at this moment. One query; raises as `company` does."""
    return _complete(ask(_READ))


def _complete(found: Company | None) -> Company:
    if found is None:
        raise Unavailable("This company is not set up yet", mend="Run leadloop up, which installs what is missing")
    return found


_READ: Read[Company | None] = Read(_SETTING, (), lambda rows: Company(*rows[0]) if rows else None)
COMPANY = Kept(_READ)


def installed() -> bool:
    """True when the company's settings stand. One query."""
    return Setting.objects.exists()


def beats() -> list[BeatRow]:
    """The last sign of life of every process, by name. One query."""
    rows = Beat.objects.order_by("process").values_list("process", "pid", "host", "at", "detail")
    return [BeatRow(*row) for row in rows]


def database_size() -> int:
    """How many bytes the database takes on its disk. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
