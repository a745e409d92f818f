"""What can be kept as a segment or a view."""

from __future__ import annotations

from collections.abc import Mapping

from leadloop.kernel.errors import Invalid
from leadloop.segments.contracts import NewSegment, NewView, Sharing

LONGEST_NAME = 80
LONGEST_NOTE = 500
LONGEST_FILTER = 300
MOST_FILTERS = 20


def check_segment(new: NewSegment) -> None:
    """Raise Invalid for a name or note of the wrong form. Conditions are checked by `criteria`."""
    _check_name(new.name)
    if len(new.note) > LONGEST_NOTE:
        raise Invalid("The note is too long", field="note", mend=f"Use at most {LONGEST_NOTE} characters")


def check_view(new: NewView, *, has_team: bool) -> None:
    """Raise Invalid for a wrong name, too many filters, or sharing with a team by somebody who has none."""
    _check_name(new.name)
    if new.sharing is Sharing.TEAM and not has_team:
        raise Invalid("You are in no team", field="sharing", mend="Keep the view for yourself, or share it with all")
    if len(new.asked) > MOST_FILTERS or any(len(f"{k}{v}") > LONGEST_FILTER for k, v in new.asked.items()):
        raise Invalid("There are too many filters to keep", field="name", mend="Remove some and save again")


def kept(asked: Mapping[str, str]) -> dict[str, str]:
    """The part of a list's address that a view keeps: not which page of rows was shown, nor what is empty."""
    return {key: value for key, value in sorted(asked.items()) if value and key not in ("after", "view")}


def _check_name(name: str) -> None:
    if not name.strip():
        raise Invalid("The name is missing", field="name", mend="Say what is in it, in a few words")
    if len(name) > LONGEST_NAME:
        raise Invalid("The name is too long", field="name", mend=f"Use at most {LONGEST_NAME} characters")
