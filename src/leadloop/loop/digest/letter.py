"""The letter: the same numbers as text and as a picture with a table below."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta
from html import escape

from django.conf import settings

from leadloop.loop.digest.figures import Figure, Week
from leadloop.loop.digest.picture import picture
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.platform.contracts import Viewer

TEMPLATE = "digest"
WAY_OUT = "You get this because you lead. Switch it off on your own page"


def letter(viewer: Viewer, week: Week, *, us: str) -> Draft:
    """For one reader; once for each week."""
    return Draft(
        occasion=occasion(week.first + timedelta(days=7)),
        purpose=Purpose.INTERNAL,
        user_id=viewer.user_id,
        subject=f"{us}: the week of {week.words}",
        text=_text(week),
        html=_html(week),
        template_key=TEMPLATE,
    )


def occasion(monday: date) -> str:
    """The reason to write on this Monday."""
    return f"digest:{monday:%Y-%m-%d}"


def _text(week: Week) -> str:
    figures = "\n".join(f"{one.label}: {one.now_words} ({_against(one)})" for one in week.figures)
    leaks = "\n".join(f"- {one}" for one in week.leaks) or "- Nothing is late."
    return (
        f"The week of {week.words}\n\n{figures}\n\nWhere money leaks now\n{leaks}\n\n"
        f"{settings.PUBLIC_URL}/home\n\n{WAY_OUT}: {settings.PUBLIC_URL}/me\n"
    )


def _html(week: Week) -> str:
    cell = 'style="padding:4px 16px 4px 0;text-align:left"'
    rows = "".join(
        f"<tr><td {cell}>{escape(one.label)}</td><td {cell}><b>{escape(one.now_words)}</b></td>"
        f"<td {cell}>{escape(_against(one))}</td></tr>"
        for one in week.figures
    )
    leaks = "".join(f"<li>{escape(one)}</li>" for one in week.leaks) or "<li>Nothing is late.</li>"
    shown = b64encode(picture(week.figures)).decode()
    said = "; ".join(f"{one.label} {one.now_words}, {_against(one)}" for one in week.figures)
    home, me = (escape(f"{settings.PUBLIC_URL}/{page}") for page in ("home", "me"))
    return (
        '<html><body style="font:15px sans-serif;color:#1a1d24;max-width:600px">'
        f'<h1 style="font-size:20px">The week of {escape(week.words)}</h1>'
        f'<p><img src="data:image/png;base64,{shown}" width="560" style="max-width:100%" alt="{escape(said)}"></p>'
        f'<table>{rows}</table><h2 style="font-size:16px">Where money leaks now</h2><ul>{leaks}</ul>'
        f'<p><a href="{home}">Open Leadloop</a></p>'
        f'<p style="color:#666a74">{escape(WAY_OUT)}: <a href="{me}">{me}</a></p></body></html>'
    )


def _against(one: Figure) -> str:
    if one.now == one.before:
        return "the same as the week before"
    return f"the week before {one.before_words}"
