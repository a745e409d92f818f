"""What a forecast is made of in words: categories, fiscal months, what may be submitted and adjusted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from leadloop.kernel.errors import Invalid
from leadloop.kernel.values import dataclass

# As salespeople say it of an open deal; the place in this order is the code in columns. What is won is closed.
CATEGORIES = ("omitted", "pipeline", "best_case", "commit")
MONTHS = 12
QUARTER = 3
LONGEST_NOTE = 1000
DAY = 86_400.0
MOST = 2**62


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_after(month: date, count: int = 1) -> date:
    """The month so many months later, or earlier for a negative count."""
    number = month.year * MONTHS + month.month - 1 + count
    return date(number // MONTHS, number % MONTHS + 1, 1)


def months_from(month: date, count: int) -> list[date]:
    """So many months in a row."""
    return [month_after(month, place) for place in range(count)]


def months_between(first: date, last: date) -> int:
    """How many months `last` lies after `first`; negative when it lies before."""
    return (last.year - first.year) * MONTHS + last.month - first.month


def quarter_of(month: date, fiscal_start: int) -> list[date]:
    """The months of the fiscal quarter in which a month lies; `fiscal_start` is the first month of the fiscal year."""
    first = month_after(month_of(month), -((month.month - fiscal_start) % QUARTER))
    return months_from(first, QUARTER)


def fiscal_label(month: date, fiscal_start: int) -> str:
    """Such as "FY2026 Q3", the year named after the one in which it ends."""
    since = (month.month - fiscal_start) % MONTHS
    year = month_after(month, MONTHS - 1 - since).year
    return f"FY{year} Q{since // QUARTER + 1}"


def edge_moments(months: Sequence[date], zone: str) -> list[datetime]:
    """Where these months, which follow each other, begin and the last one ends; the zone cuts the days."""
    ends = [*months, month_after(months[-1])]
    return [datetime.combine(month, time.min, ZoneInfo(zone)) for month in ends]


def edges(months: Sequence[date], zone: str) -> list[float]:
    """The same as days since 1970 in UTC."""
    return [moment_of(at) for at in edge_moments(months, zone)]


def moment_of(at: datetime) -> float:
    """A moment as days since 1970."""
    return at.timestamp() / DAY


def month_at(moment: float, zone: str) -> date:
    """The month in which a moment (days since 1970) lies, where the zone is."""
    return month_of(datetime.fromtimestamp(moment * DAY, ZoneInfo(zone)).date())


def gap(plan: int | None, expected: int) -> int | None:
    """What is expected minus what is planned: negative when it falls short; None without a plan."""
    return None if plan is None else expected - plan


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody submits for a month, minor units of the company's currency: best case includes the commit."""

    commit: int
    best: int


def check_submission(said: Said, month: date, today: date) -> None:
    """Raise Invalid for a month that is over, or amounts that can't be."""
    _check_month(month, today)
    for name, minor in (("commit", said.commit), ("best", said.best)):
        if not 0 <= minor <= MOST:
            raise Invalid("This is no amount", field=name, mend="Give nought or more")
    if said.best < said.commit:
        raise Invalid(
            "The best case is less than what is committed", field="best", mend="The best case includes the commit"
        )


def check_adjustment(note: str, month: date, today: date) -> str:
    """The note without blanks around it; Invalid when it says nothing, is too long, or the month is over."""
    _check_month(month, today)
    told = note.strip()
    if not told:
        raise Invalid("Why it is adjusted is missing", field="note", mend="Say what you know that the others don't")
    if len(told) > LONGEST_NOTE:
        raise Invalid(f"A note has at most {LONGEST_NOTE} characters", field="note", mend="Shorten it")
    return told


def check_month(month: date) -> None:
    """Raise Invalid for a day that does not begin a month."""
    if month.day != 1:
        raise Invalid("A forecast is for a whole month", field="month", mend="Give the first day of a month")


def _check_month(month: date, today: date) -> None:
    check_month(month)
    if month < month_of(today):
        raise Invalid("This month is over", field="month", mend="Choose the running month or a later one")
