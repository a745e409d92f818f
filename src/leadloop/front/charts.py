"""Charts made by the server as SVG: presentation attributes and classes only, so `style-src 'self'` holds.

Every function returns safe markup. Charts with a ``label`` carry it as their accessible name; the others stand
beside their own words and are hidden from screen readers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from leadloop.front.chart_axes import HEIGHT, LEFT, RIGHT, WIDE, WIDTH, Point, curve, names, scale, short_number

FUNNEL_WIDTH, FUNNEL_HEIGHT = 640, 196
_LEAST_BAND = 7


@dataclass(frozen=True)
class Series:
    """One tone of a stacked chart: its name in words and a value per label."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True)
class Band:
    """A forecast: ``low`` to ``high`` around ``middle``, point by point; ``inner_*`` is the narrower range."""

    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    inner_low: Sequence[float] = ()
    inner_high: Sequence[float] = ()


def ring(percent: float, state: str, label: str = "", size: int = 18) -> SafeString:
    """What is left of a promise, 0 to 100; a late one is a full ring. ``pathLength`` makes the dash the percentage."""
    left = 100 if state == "late" else min(max(percent, 0), 100)
    name = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="ring" data-state="{}" viewBox="0 0 20 20" width="{}" height="{}" {}>'
        '<circle class="ring-track" cx="10" cy="10" r="8"/>'
        '<circle class="ring-left" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray="{} 100" '
        'transform="rotate(-90 10 10)"/></svg>',
        state, size, size, name, f"{left:.0f}",
    )  # fmt: skip


def spark(values: Sequence[float], state: str = "none", width: int = 96, height: int = 28) -> SafeString:
    """A small line of at least two values, oldest first; empty markup for fewer. A flat line stays flat."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    span = max(high - low, 0.12 * abs(high), 1e-9)
    floor_value = (low + high - span) / 2
    step = (width - 6) / (len(values) - 1)
    points = [
        (2 + at * step, height - 4 - (value - floor_value) / span * (height - 8)) for at, value in enumerate(values)
    ]
    line = curve(points)
    x, y = points[-1]
    return format_html(
        '<svg class="spark" data-state="{0}" viewBox="0 0 {1} {2}" width="{1}" height="{2}" aria-hidden="true">'
        '<path class="spark-area" d="{3}L{4} {2}L2 {2}Z"/><path class="spark-line" d="{3}"/>'
        '<circle cx="{4}" cy="{5}" r="2.5"/></svg>',
        state, width, height, line, f"{x:.1f}", f"{y:.1f}",
    )  # fmt: skip


def funnel(rows: Sequence[tuple[str, int]]) -> SafeString:
    """A stream that narrows from step to step. Heights follow the square root of the count, so that small late
    stages stay readable; the words and numbers stand below it, in the funnel part."""
    if not rows:
        return SafeString("")
    top = max(1, *(count for _, count in rows))
    heights = [max(_LEAST_BAND, (max(count, 0) / top) ** 0.5 * (FUNNEL_HEIGHT - 8)) for _, count in rows]
    heights.append(heights[-1] * 0.92)
    wide = FUNNEL_WIDTH / len(rows)
    last = max(len(rows) - 1, 1)
    bands = format_html_join(
        "",
        '<path class="funnel-band" opacity="{}" d="{}"/>',
        (
            (f"{0.24 + 0.76 * at / last:.2f}", _stream(at * wide, wide, here, there))
            for at, (here, there) in enumerate(pairwise(heights))
        ),
    )
    return format_html(
        '<svg class="funnel-shape" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        FUNNEL_WIDTH, FUNNEL_HEIGHT, bands,
    )  # fmt: skip


def _stream(x: float, wide: float, here: float, there: float) -> str:
    """One step of the funnel: flat at ``here`` high, then easing to ``there``."""
    middle = FUNNEL_HEIGHT / 2
    flat, bend, end = x + wide * 0.35, x + wide * 0.62, x + wide - 2
    top, next_top = middle - here / 2, middle - there / 2
    foot, next_foot = middle + here / 2, middle + there / 2
    return (
        f"M{x:.1f} {top:.1f}L{flat:.1f} {top:.1f}"
        f"C{bend:.1f} {top:.1f} {bend:.1f} {next_top:.1f} {end:.1f} {next_top:.1f}"
        f"L{end:.1f} {next_foot:.1f}C{bend:.1f} {next_foot:.1f} {bend:.1f} {foot:.1f} {flat:.1f} {foot:.1f}"
        f"L{x:.1f} {foot:.1f}Z"
    )


def stacked_bars(
    labels: Sequence[str], series: Sequence[Series], label: str, show: Callable[[float], str] | None = None
) -> SafeString:
    """Bars of at most three series stacked in the order given, one bar per label. ``show`` words a value."""
    words = show or short_number
    totals = [sum(values) for values in zip(*(each.values for each in series), strict=True)]
    y, grid = scale(0, max(totals, default=0), words)
    wide = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    parts: list[SafeString] = [grid]
    for at, name in enumerate(labels):
        x = LEFT + (at + 0.22) * wide
        parts.append(_bar(x, wide * 0.56, name, [(each.name, each.values[at]) for each in series], y, words))
    parts.append(names(labels, lambda at: LEFT + (at + 0.5) * wide))
    return _frame(parts, label)


def _bar(
    x: float,
    wide: float,
    name: str,
    pieces: Sequence[tuple[str, float]],
    y: Callable[[float], float],
    words: Callable[[float], str],
) -> SafeString:
    edges = accumulate((value for _, value in pieces), initial=0.0)
    return format_html_join(
        "",
        '<rect data-tone="{}" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}: {} {}</title></rect>',
        (
            (tone, f"{x:.1f}", f"{y(high) + 1:.1f}", f"{wide:.1f}", f"{max(0, y(low) - y(high) - 1.5):.1f}",
             name, piece, words(value))
            for tone, ((piece, value), (low, high)) in enumerate(zip(pieces, pairwise(edges), strict=True))
        ),
    )  # fmt: skip


def line_band(
    labels: Sequence[str],
    past: Sequence[float],
    band: Band,
    label: str,
    *,
    plan: Sequence[float] = (),
    show: Callable[[float], str] | None = None,
) -> SafeString:
    """Ink for the past, accent for what is expected, bands for the ranges, dashes for the plan.

    ``band`` starts at the last point of ``past``; ``labels`` name every point from the first past one on. Drawn twice,
    for a wide panel and for a narrow one, of which the style sheet shows the one that fits.
    """
    drawn = [_line_band(labels, past, band, label, plan, show or short_number, width) for width in (WIDE, WIDTH)]
    return format_html('<div class="chart-pair">{}{}</div>', *drawn)


def _line_band(
    labels: Sequence[str],
    past: Sequence[float],
    band: Band,
    label: str,
    plan: Sequence[float],
    words: Callable[[float], str],
    width: int,
) -> SafeString:
    everything = [*past, *band.low, *band.high, *plan]
    y, grid = scale(min([0.0, *everything]), max([0.0, *everything]), words, width)
    step = (width - LEFT - 24) / max(len(labels) - 1, 1)

    def points(values: Sequence[float], start: int = 0) -> list[Point]:
        return [(LEFT + 8 + (start + at) * step, y(value)) for at, value in enumerate(values)]

    now = max(len(past) - 1, 0)
    parts = [
        grid,
        _area("chart-wide", points(band.high, now), points(band.low, now)),
        _area("chart-narrow", points(band.inner_high, now), points(band.inner_low, now)),
        _line("chart-past", points(past)),
        _line("chart-expected", points(band.middle, now)),
        _plan(points(plan)),
        _dots(points(past)[-1:]),
        names(labels, lambda at: LEFT + 8 + at * step, most=width // 65),
    ]
    return _frame(parts, label, width)


def _frame(parts: Iterable[SafeString], label: str, width: int = WIDTH) -> SafeString:
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', width, HEIGHT, label, body
    )


def _line(name: str, points: Sequence[Point]) -> SafeString:
    return format_html('<path class="{}" d="{}"/>', name, curve(points)) if len(points) > 1 else SafeString("")


def _plan(points: Sequence[Point]) -> SafeString:
    """Straight from point to point: a plan promises no curve."""
    marks = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return format_html('<polyline class="chart-plan" points="{}"/>', marks) if marks else SafeString("")


def _area(name: str, upper: Sequence[Point], lower: Sequence[Point]) -> SafeString:
    if len(upper) < 2 or len(lower) < 2:
        return SafeString("")
    back = curve(lower[::-1]).replace("M", "L", 1)
    return format_html('<path class="{}" d="{}{}Z"/>', name, curve(upper), back)


def _dots(points: Sequence[Point]) -> SafeString:
    marks = ((f"{x:.1f}", f"{y:.1f}") for x, y in points)
    return format_html_join("", '<circle class="chart-dot" cx="{}" cy="{}" r="3.5"/>', marks)
