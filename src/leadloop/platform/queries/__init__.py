"""Named reads of the room."""

from leadloop.platform.queries.company import beats, company, company_now, database_size, installed
from leadloop.platform.queries.hours import (
    absences,
    absent,
    calendar_rows,
    calendars,
    company_calendar,
)
from leadloop.platform.queries.rates import base_amounts, missing_rates, rates
from leadloop.platform.queries.users import (
    names,
    teams,
    tokens,
    user_by_email,
    user_by_name,
    users,
    viewer,
)

__all__ = [
    "absences",
    "absent",
    "base_amounts",
    "beats",
    "calendar_rows",
    "calendars",
    "company",
    "company_calendar",
    "company_now",
    "database_size",
    "installed",
    "missing_rates",
    "names",
    "rates",
    "teams",
    "tokens",
    "user_by_email",
    "user_by_name",
    "users",
    "viewer",
]
