"""Template tags and filters of the design system: `{% load ui %}`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from leadloop.front import charts
from leadloop.front.keymap import caps
from leadloop.front.templatetags.due_text import due_text
from leadloop.kernel import money as moneys

register = template.Library()

HUES = 7


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; hidden from screen readers unless it has a label of its own."""
    access = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', access, static("dist/icons.svg"), name)


@register.simple_tag
def key(action: str) -> SafeString:
    """The key cap of an action in the one key registry; empty for no action, KeyError for an unknown one."""
    return format_html("<kbd>{}</kbd>", " ".join(caps(action))) if action else SafeString("")


@register.simple_tag
def avatar(user_name: str, hue: Any = 0, size: str = "medium", *, alone: bool = False) -> SafeString:
    """Initials in a circle. ``hue`` is the person's id, which picks one of seven colours for good.

    Beside the name it is decoration; ``alone=True`` gives it the name to speak.
    """
    access = format_html('role="img" aria-label="{}"', user_name) if alone else SafeString('aria-hidden="true"')
    colour = 1 + crc32(str(hue).encode()) % HUES
    return format_html(
        '<span class="avatar" data-hue="{}" data-size="{}" {}>{}</span>', colour, size, access, initials(user_name)
    )


def initials(name: str) -> str:
    """The first letters of the first and the last word: "Kim Maurer" is KM; "?" for no name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.simple_tag
def ring(pct: float, state: str, label: str = "", size: int = 18) -> SafeString:
    return charts.ring(pct, state, label, size)


@register.simple_tag
def spark(values: Sequence[float], state: str = "none") -> SafeString:
    return charts.spark(values, state)


@register.simple_tag
def funnel(rows: Sequence[tuple[str, int]]) -> SafeString:
    return charts.funnel(rows)


@register.simple_tag
def grade(letter: str, score: int | None = None) -> SafeString:
    """The grade chip: letter and score. Without a letter "–" says that nothing is known yet."""
    if not letter:
        return SafeString('<span class="chip grade">–<span class="visually-hidden">not scored yet</span></span>')
    points = "" if score is None else format_html("<b>{}</b>", score)
    return format_html('<span class="chip grade" data-grade="{0}">{0}{1}</span>', letter, points)


@register.simple_tag
def due(promise_due: datetime | None, now: datetime, state: str) -> SafeString:
    """What is left of a promise in words, coloured by its state; "no clock" when none runs."""
    if promise_due is None:
        return SafeString('<span class="clock" data-state="none">no clock</span>')
    return format_html(
        '<time class="clock" data-state="{}" datetime="{}">{}</time>',
        state, promise_due.isoformat(), due_text(promise_due, now),
    )  # fmt: skip


@register.simple_tag
def figure(value: int, url: str, label: str = "", state: str = "") -> SafeString:
    """A number that opens the rows behind it.

    ``value`` is how many rows the page at ``url`` holds (its `data-rows-total`); ``label`` is what is shown when
    that is not the count itself, such as a sum of money.
    """
    colour = format_html(' data-state="{}"', state) if state else ""
    return format_html(
        '<a class="fig" data-figure="{}"{} href="{}">{}</a>', value, colour, url, label or thousands(value)
    )


@register.simple_tag
def change(delta: float | str | None, unit: str = "", better: str = "up") -> SafeString:
    """The change against the same period before: the arrow tells the direction, the colour good or bad.

    ``unit`` is in the plural, ``better`` is "up" or "down". Nothing is rendered for None, "same" for zero.
    """
    if delta is None or isinstance(delta, str):  # a template's missing value is an empty string
        return SafeString("")
    if not delta:
        return format_html('<small class="change" data-state="none">{}same</small>', icon("minus"))
    rising = delta > 0
    state = "ok" if rising == (better == "up") else "late"
    arrow = icon("arrow-up-right" if rising else "arrow-down-right")
    words = format_html('<span class="visually-hidden">{} </span>', "up" if rising else "down")
    unit = unit.removesuffix("s") if abs(delta) == 1 else unit
    return format_html(
        '<small class="change" data-state="{}">{}{}{} {}</small>', state, arrow, words, plain(abs(delta)), unit
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A form field's control in the look of the house; Django adds `aria-invalid` and `aria-describedby`."""
    return field.as_widget(attrs={"class": "input"})


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units as people write them; whole amounts without decimals. Empty for None."""
    if minor is None:
        return ""
    shown = moneys.format(moneys.Money(minor, currency))
    digits = moneys.exponent(currency)
    if digits and minor % 10**digits == 0:
        shown = shown.replace("." + "0" * digits, "")
    return shown.replace("-", "−")


@register.filter
def money_short(minor: int | None, currency: str) -> str:
    """Minor units for a tile: €48.5k, €1.2M. Empty for None."""
    return "" if minor is None else moneys.format_short(moneys.Money(minor, currency)).replace("-", "−")


@register.filter
def thousands(count: int | None) -> str:
    """2901 is "2,901". Empty for None."""
    return "" if count is None else f"{count:,}".replace("-", "−")


@register.filter
def plain(value: float | None) -> str:
    """A number without a needless decimal: 6.0 is "6", 3.25 is "3.3". Empty for None."""
    return "" if value is None else f"{value:,.1f}".removesuffix(".0").replace("-", "−")


@register.filter
def signed(points: int) -> str:
    """Points with their sign: "+21", "−6"."""
    return f"{points:+d}".replace("-", "−")


@register.filter
def bar_width(points: int) -> int:
    """The width of a reason's bar, 2 to 24, whatever its sign."""
    return min(max(abs(points), 2), 24)


@register.filter
def cell_text(cell: Any) -> Any:
    """What a table cell shows: the cell itself, or its "text" when it is a mapping."""
    return cell["text"] if isinstance(cell, Mapping) else cell


@register.filter
def percent(share: float | None) -> str:
    """A share of one in whole percent: .93 is "93 %", 12.94 "1,294 %". Empty for None."""
    return "" if share is None else f"{share:,.0%}".replace("%", "\u00a0%").replace("-", "−")


@register.filter
def local(moment: datetime | None, zone: str | tzinfo = "UTC") -> str:
    """Day and time in a zone: "21 Nov 2026, 14:03". Empty for None."""
    return f"{local_date(moment, zone)}, {local_time(moment, zone)}" if moment else ""


@register.filter
def local_date(moment: datetime | None, zone: str | tzinfo = "UTC") -> str:
    """The day in a zone: "21 Nov 2026". Empty for None."""
    return f"{_in_zone(moment, zone):%-d %b %Y}" if moment else ""


@register.filter
def local_time(moment: datetime | None, zone: str | tzinfo = "UTC") -> str:
    """The time of day in a zone: "14:03". Empty for None."""
    return f"{_in_zone(moment, zone):%H:%M}" if moment else ""


def _in_zone(moment: datetime, zone: str | tzinfo) -> datetime:
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
