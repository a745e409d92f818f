"""What the field says of itself, each beside the company's own figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from leadloop.kernel.values import dataclass

Figure = int | float | None
Own = Callable[[Mapping[str, Figure]], float | None]
SOURCE = "Quoted in the literature on sales lead management"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A figure of the field as a share, or a span of shares, 0 to 1. `own` is None where it is not measured here.

    `own` works the company's own figure out from measures by name.
    """

    name: str
    says: str
    low: float
    high: float
    source: str
    own: Own | None
    own_says: str = ""

    @property
    def is_share(self) -> bool:
        """False for the one figure that is a factor."""
        return self.high <= 1


@dataclass(frozen=True, slots=True)
class Compared:
    """A benchmark with the company's own figure; None where it is not measured here, or there is nothing to divide."""

    benchmark: Benchmark
    own: float | None


def _divided(above: str, below: str) -> Own:
    def own(figures: Mapping[str, Figure]) -> float | None:
        part, whole = figures.get(above), figures.get(below)
        return part / whole if part is not None and whole else None

    return own


def _untouched(figures: Mapping[str, Figure]) -> float | None:
    rate = figures.get("follow_up.rate")
    return None if rate is None else 1 - rate


BENCHMARKS = (
    Benchmark(
        "rule_of_45",
        "Inquiries that turn into a sale for someone",
        0.45,
        0.45,
        f"{SOURCE}: the rule of 45",
        None,
        "What they bought from others is not known here",
    ),
    Benchmark(
        "never_followed_up",
        "Inquiries that salespeople never follow up",
        0.75,
        0.90,
        SOURCE,
        _untouched,
        "Hand-overs without any contact, divided by all hand-overs",
    ),
    Benchmark(
        "followed_up",
        "Inquiries that salespeople follow up; the aim is 90 to 100 %",
        0.10,
        0.25,
        SOURCE,
        lambda figures: figures.get("follow_up.rate"),
        "Hand-overs with a contact, divided by all hand-overs",
    ),
    Benchmark(
        "become_a_sale",
        "Raw inquiries that ever become a sale for the company",
        0.02,
        0.05,
        SOURCE,
        _divided("funnel.cohort.won", "funnel.cohort.inquiries"),
        "Leads opened in the period that were won, divided by all opened in it",
    ),
    Benchmark(
        "handed_to_sales_directly",
        "Leads handed to sales directly",
        0.67,
        0.67,
        SOURCE,
        _divided("funnel.cohort.handed_over", "funnel.cohort.inquiries"),
        "Leads opened in the period that were handed over, divided by all opened in it",
    ),
    Benchmark(
        "truly_qualified",
        "Of the leads handed to sales, truly qualified",
        0.27,
        0.27,
        SOURCE,
        _divided("funnel.cohort.accepted", "funnel.cohort.handed_over"),
        "Leads that sales accepted, divided by those handed over",
    ),
    Benchmark(
        "can_not_tell_the_funnels_apart",
        "People in sales and marketing who can't tell the sales funnel from the marketing funnel",
        0.68,
        0.68,
        SOURCE,
        None,
        "Nobody is asked here",
    ),
    Benchmark(
        "spent_on_demand",
        "Share of revenue spent on demand generation, mostly unaccounted for",
        0.03,
        0.20,
        SOURCE,
        _divided("cost.total", "won.revenue"),
        "Cost of the period divided by its won revenue; revenue that came without leads is not known here",
    ),
    Benchmark(
        "growth_in_market_share",
        "Growth in market share of companies that manage leads better than their rivals, as a factor",
        2.0,
        3.0,
        SOURCE,
        None,
        "The market is not known here",
    ),
)


def compared(figures: Mapping[str, Figure]) -> list[Compared]:
    """Every benchmark with the own figure worked out from these measures."""
    return [Compared(one, one.own(figures) if one.own else None) for one in BENCHMARKS]
