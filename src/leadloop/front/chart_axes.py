"""What charts stand on: the drawing's size, round steps on the axis, names below it, and the smooth line."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import ceil, floor, log10

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

Point = tuple[float, float]

WIDTH, WIDE, HEIGHT = 520, 1000, 220
LEFT, BOTTOM, TOP, RIGHT = 48, 24, 12, 8


def short_number(value: float) -> str:
    """1200 is "1.2k", 3400000 is "3.4M"; below a thousand at most one decimal."""
    for unit, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= unit:
            return f"{value / unit:.1f}".removesuffix(".0") + letter
    return f"{value:.1f}".removesuffix(".0")


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round steps (1, 2, 2.5 or 5 times a power of ten) that cover low to high, at most ``most`` steps apart."""
    span = high - low or 1.0
    power = 10 ** floor(log10(span / most))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power * most >= span)
    first, last = floor(low / step), ceil((low + span) / step)
    return [at * step for at in range(first, last + 1)]


def scale(
    low: float, high: float, words: Callable[[float], str], width: int = WIDTH
) -> tuple[Callable[[float], float], SafeString]:
    """The way from a value to its height in the picture, and the grid lines with their values in words."""
    marks = ticks(low, high)
    bottom, top = marks[0], marks[-1]

    def y(value: float) -> float:
        return TOP + (HEIGHT - BOTTOM - TOP) * (1 - (value - bottom) / (top - bottom))

    grid = format_html_join(
        "",
        '<line class="chart-grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (LEFT, width - RIGHT, f"{y(mark):.1f}", f"{y(mark):.1f}", LEFT - 8, f"{y(mark) + 4:.1f}", words(mark))
            for mark in marks
        ),
    )
    return y, grid


def names(labels: Sequence[str], x: Callable[[int], float], most: int = 8) -> SafeString:
    """Names under the axis, thinned out so that they don't run into each other."""
    every = ceil(len(labels) / most) or 1
    shown = ((f"{x(at):.1f}", HEIGHT - 6, name) for at, name in enumerate(labels) if at % every == 0)
    return format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', shown)


def curve(points: Sequence[Point]) -> str:
    """A path through the points that never overshoots them: each piece leaves and arrives level."""
    x, y = points[0]
    path = f"M{x:.1f} {y:.1f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        half = (x0 + x1) / 2
        path += f"C{half:.1f} {y0:.1f} {half:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return path
