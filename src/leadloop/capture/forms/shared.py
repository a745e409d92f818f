"""A form as the pages of other sites are told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.capture.contracts import PortalRow
from leadloop.capture.forms.layouts import LONG, Layout, Question
from leadloop.capture.forms.words import words
from leadloop.capture.parse.fields import Field

CONTROLS = {"email": "email", "phone": "tel", "website": "url"}
# For `autocomplete`: browsers fill in what somebody has typed elsewhere.
PURPOSES = {
    "name": "name",
    "given_name": "given-name",
    "family_name": "family-name",
    "email": "email",
    "phone": "tel",
    "company": "organization",
    "title": "organization-title",
    "website": "url",
    "city": "address-level2",
    "country": "country-name",
}


def asked(layout: Layout, interests: Mapping[str, str]) -> list[Question]:
    """The questions that make sense: a choice of interests only where there are several."""
    return [one for one in layout.questions if one.key != "interest" or len(interests) > 1]


def described(portal: PortalRow, layout: Layout, interests: Mapping[str, str]) -> dict[str, Any]:
    """Everything a script needs to show the form and to send it, JSON-ready. Nothing in it is a secret."""
    return {
        "portal": portal.slug,
        "language": layout.language,
        "title": layout.title,
        "intro": layout.intro,
        "button": layout.button or words(layout.language)["send"],
        "thanks": layout.thanks,
        "forward": layout.forward,
        "at_once": layout.at_once,
        "fields": [_field(one, interests) for one in asked(layout, interests)],
        "consent": portal.consent_wording,
        "names": {
            "consent": Field.CONSENT,
            "wording": Field.CONSENT_WORDING,
            "elapsed": Field.ELAPSED,
            "proof": _proof(portal),
        },
        "words": dict(words(layout.language)),
    }


def _proof(portal: PortalRow) -> str:
    """Under which name the solution of a riddle is sent, "" where the form sets none."""
    return str(Field.PROOF) if portal.proof_of_work else ""


def _field(one: Question, interests: Mapping[str, str]) -> dict[str, Any]:
    options = [[key, name] for key, name in interests.items()] if one.key == "interest" else []
    return {
        "key": one.key,
        "label": one.label,
        "help": one.help,
        "required": one.required,
        "queued": one.queued,
        "control": "choice" if options or one.options else "long" if one.key in LONG else CONTROLS.get(one.key, "text"),
        "purpose": PURPOSES.get(one.key, ""),
        "options": options or [[text, text] for text in one.options],
    }
