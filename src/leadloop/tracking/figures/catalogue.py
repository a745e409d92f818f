"""Every measure by name, with its unit, its formula and the rows behind it. `docs/measures.md` is written from here."""

from __future__ import annotations

from collections.abc import Callable

import ibis.expr.types as ir

from leadloop.kernel.errors import NotFound
from leadloop.tracking.figures import sources
from leadloop.tracking.figures.contracts import Measure, Ratio
from leadloop.tracking.measures import STEPS

MINUTE, HOUR, DAY = 60, 3_600, 86_400
WITHIN = (("5_min", "five minutes", 5 * MINUTE), ("1_h", "an hour", HOUR), ("1_day", "a day", DAY))


def _came(key: str) -> Callable[[ir.Table], ir.BooleanValue]:
    return lambda rows: rows[f"in_{key}"]


def _count_of(holds: Callable[[ir.Table], ir.BooleanValue]) -> Callable[[ir.Table], ir.Value]:
    return lambda rows: holds(rows).fill_null(False).cast("int64").sum().fill_null(0)  # noqa: FBT003 - Ibis's signature


def _quick(seconds: int) -> Callable[[ir.Table], ir.BooleanValue]:
    return lambda rows: rows.contacted & (rows.seconds <= seconds)


def _share_of(holds: Callable[[ir.Table], ir.BooleanValue]) -> Callable[[ir.Table], ir.Value]:
    return lambda rows: holds(rows).fill_null(False).cast("float64").mean()  # noqa: FBT003 - Ibis's signature


def _contacted(rows: ir.Table) -> ir.BooleanValue:
    return rows.contacted


def _quantile(share: float) -> Callable[[ir.Table], ir.Value]:
    return lambda rows: rows.seconds.quantile(share)


def _sum(rows: ir.Table) -> ir.Value:
    return rows.minor.sum().fill_null(0)


def _shared(rows: ir.Table) -> ir.BooleanValue:
    return rows.programme_id.isnull()


_FUNNEL = tuple(
    measure
    for key, label, *_ in STEPS
    for measure in (
        Measure(
            f"funnel.cohort.{key}",
            f"{label}, of those opened",
            "leads",
            "Leads opened in the period that ever came at least this far",
            sources.COHORT,
            _count_of(_came(key)),
            _came(key),
        ),
        Measure(
            f"funnel.event.{key}",
            f"{label}, as it happened",
            "leads",
            "Leads that came at least this far for the first time in the period, whenever they were opened",
            sources.ARRIVALS,
            _count_of(_came(key)),
            _came(key),
        ),
    )
)
_FOLLOW_UP = (
    Measure(
        "follow_up.handed_over",
        "Handed over",
        "leads",
        "Hand-overs in the period; a lead handed over twice counts twice",
        sources.HANDOVERS,
        lambda rows: rows.count(),
    ),
    Measure(
        "follow_up.contacted",
        "Followed up",
        "leads",
        "Hand-overs after which somebody spoke with the person or really wrote",
        sources.HANDOVERS,
        _count_of(_contacted),
        _contacted,
    ),
    Measure(
        "follow_up.untouched",
        "Never followed up",
        "leads",
        "Hand-overs without any contact until now",
        sources.HANDOVERS,
        _count_of(lambda rows: ~rows.contacted),
        lambda rows: ~rows.contacted,
    ),
    Measure(
        "follow_up.rate",
        "Follow-up rate",
        "share",
        "Followed up, divided by handed over",
        sources.HANDOVERS,
        _share_of(_contacted),
    ),
    *(
        Measure(
            f"follow_up.p{round(share * 100)}",
            f"Time to first contact, {words}",
            "seconds",
            f"Clock time from hand-over to first contact that {words} of those followed up did not exceed",
            sources.HANDOVERS,
            _quantile(share),
            _contacted,
        )
        for share, words in ((0.5, "half"), (0.9, "nine of ten"))
    ),
    *(
        Measure(
            f"follow_up.in_{key}",
            f"Followed up within {words}",
            "share",
            f"Hand-overs with a contact within {words} of clock time, divided by all hand-overs",
            sources.HANDOVERS,
            _share_of(_quick(seconds)),
            _quick(seconds),
        )
        for key, words, seconds in WITHIN
    ),
)
_STAYS = (
    Measure(
        "stage_time.left",
        "Left a stage",
        "leads",
        "Stays in a stage that ended in the period; a lead that comes back stays twice",
        sources.STAYS,
        lambda rows: rows.count(),
    ),
    *(
        Measure(
            f"stage_time.{key}",
            f"Time in a stage, {words}",
            "seconds",
            f"Clock time from entering a stage to entering the next, {words}, of stays that ended in the period",
            sources.STAYS,
            value,
        )
        for key, words, value in (
            ("p50", "half", _quantile(0.5)),
            ("p90", "nine of ten", _quantile(0.9)),
            ("mean", "on average", lambda rows: rows.seconds.cast("float64").mean()),
        )
    ),
)
_MONEY = (
    Measure(
        "inquiries.count",
        "Inquiries",
        "inquiries",
        "Inquiries about buying that happened in the period, further ones of open leads included",
        sources.INQUIRIES,
        lambda rows: rows.count(),
    ),
    Measure(
        "cost.total",
        "Cost",
        "minor",
        "Lines of the cost book in the period, corrections taken off, at the rate of the day they were booked",
        sources.COSTS,
        _sum,
    ),
    Measure(
        "cost.shared",
        "Shared cost",
        "minor",
        "The part of the cost that no single programme caused",
        sources.COSTS,
        lambda rows: rows.minor.sum(where=_shared(rows)).fill_null(0),
        _shared,
    ),
    Measure(
        "won.deals",
        "Deals won",
        "deals",
        "Deals won in the period",
        sources.WINS,
        lambda rows: rows.count(),
    ),
    Measure(
        "won.revenue",
        "Won revenue",
        "minor",
        "What the deals won in the period are worth, each at the rate of its closing day",
        sources.WINS,
        _sum,
    ),
    Measure(
        "won.customers",
        "New customers",
        "customers",
        "Deals won in the period that are the first of their firm, or of their person where no firm is known",
        sources.WINS,
        _count_of(lambda rows: rows.is_new),
        lambda rows: rows.is_new,
    ),
    *(
        Measure(
            f"won.cycle_p{round(share * 100)}",
            f"From inquiry to win, {words}",
            "seconds",
            f"Clock time from opening the lead to winning, {words}, of deals won in the period",
            sources.WINS,
            _quantile(share),
        )
        for share, words in ((0.5, "half"), (0.9, "nine of ten"))
    ),
)
MEASURES = {measure.name: measure for measure in (*_FUNNEL, *_FOLLOW_UP, *_STAYS, *_MONEY)}
RATIOS = {
    ratio.name: ratio
    for ratio in (
        *(
            Ratio(
                f"cost.per_{key}",
                f"Cost per {words}",
                "minor",
                f"Cost of the period, shared cost included, divided by {below_words}",
                "cost.total",
                below,
            )
            for key, words, below, below_words in (
                ("inquiry", "inquiry", "inquiries.count", "inquiries about buying in the period"),
                ("mql", "MQL", "funnel.event.qualified", "leads that were qualified in the period"),
                ("sal", "SAL", "funnel.event.accepted", "leads that sales accepted in the period"),
                ("sql", "SQL", "funnel.event.in_contact", "leads that sales came into contact with in the period"),
                ("won", "won deal", "won.deals", "deals won in the period"),
            )
        ),
        Ratio(
            "cost.cac",
            "Cost per new customer (CAC)",
            "minor",
            "Cost of the period, shared cost included, divided by new customers of the period",
            "cost.total",
            "won.customers",
        ),
        Ratio(
            "won.per_cost",
            "Revenue per unit of cost",
            "ratio",
            "Won revenue of the period divided by its cost",
            "won.revenue",
            "cost.total",
        ),
    )
}


def measure(name: str) -> Measure:
    """The measure of this name; NotFound lists what there is."""
    if name not in MEASURES:
        raise NotFound(f"There is no measure {name}", field="measure", mend=f"There are: {', '.join(MEASURES)}")
    return MEASURES[name]
