"""The pages of the rail: who may open which, in which order."""

from __future__ import annotations

from dataclasses import dataclass

from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Verb


@dataclass(frozen=True, slots=True)
class Item:
    """One page. `go` is the second key of its G chord, `right` None what everybody may open."""

    key: str
    icon: str
    label: str
    url: str
    go: str
    right: Can | None
    verb: Verb = "see"
    count: int | None = None


PAGES = (
    Item("home", "home", "Today", "/home", "H", None),
    Item("worklist", "inbox", "Worklist", "/worklist", "W", Can.ACTIVITIES),
    Item("notices", "bell", "Notices", "/notifications", "N", None),
    Item("pipeline", "layout-kanban", "Pipeline", "/pipeline", "P", Can.OPPORTUNITIES),
    Item("leads", "users", "Leads", "/leads", "L", Can.LEADS),
    Item("calls", "phone", "Calls", "/calls", "K", Can.ACTIVITIES),
    Item("companies", "building", "Companies", "/companies", "C", Can.PEOPLE),
    Item("duplicates", "git-merge", "Duplicates", "/duplicates", "U", Can.PEOPLE, "edit"),
    Item("forecast", "trending-up", "Forecast", "/forecast", "F", Can.FORECAST),
    Item("loop", "repeat", "Loop", "/loop", "O", Can.REPORTS),
    Item("programmes", "speakerphone", "Programmes", "/programmes", "R", Can.PROGRAMMES),
    Item("segments", "filter", "Segments", "/segments", "E", Can.SEGMENTS),
    Item("mailings", "mail", "Mailings", "/mailings", "M", Can.MAILINGS),
    Item("agreement", "file-text", "Agreement", "/agreement", "A", Can.AGREEMENT),
    Item("portals", "door-enter", "Portals", "/portals", "D", Can.PORTALS),
    Item("imports", "file-import", "Imports", "/imports", "I", Can.IMPORTS),
    Item("quarantine", "shield", "Quarantine", "/quarantine", "Q", Can.QUARANTINE),
    Item("system", "settings", "System", "/system", "S", Can.SYSTEM),
)


def pages_for(viewer: Viewer) -> list[Item]:
    """What the rail shows this viewer."""
    return [item for item in PAGES if item.right is None or viewer.may(item.right, item.verb)]
