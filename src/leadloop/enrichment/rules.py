"""Whether a found value may be written. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.enrichment.contracts import Overwrite, Policy
from leadloop.kernel.decision import Decision, Reason
from leadloop.kernel.values import dataclass

_SAYS = {
    "filled": "Nothing stood there.",
    "renewed": "A provider's value gave way.",
    "replaced": "The policy lets it stand over what people said.",
    "same": "It stands there already.",
    "never": "The policy never lets this field be written.",
    "only_empty": "The policy fills gaps only.",
    "young": "What stands there is not old enough.",
    "said_by_people": "Somebody said it, or entered it by hand.",
}
_WRITES = ("filled", "renewed", "replaced")


@dataclass(frozen=True, slots=True)
class Stands:
    """The value that stands, as text, "" for none; `by_people` unless a provider wrote it; `since` None for unknown."""

    value: str
    by_people: bool = True
    since: datetime | None = None


def may_write(policy: Policy, stands: Stands, found: str, now: datetime) -> Decision[bool]:
    """Whether `found` may be written where `stands` stands; the reason's code says why, and is counted."""
    code = _code(policy, stands, found, now)
    return Decision(code in _WRITES, (Reason(code, _SAYS[code]),))


def _code(policy: Policy, stands: Stands, found: str, now: datetime) -> str:
    if found == stands.value:
        return "same"
    if policy.overwrite is Overwrite.NEVER:
        return "never"
    if not stands.value:
        return "filled"
    if stands.by_people and not policy.over_people:
        return "said_by_people"
    if policy.overwrite is Overwrite.EMPTY:
        return "only_empty"
    if policy.overwrite is Overwrite.OLDER and _is_young(stands, policy, now):
        return "young"
    return "replaced" if stands.by_people else "renewed"


def _is_young(stands: Stands, policy: Policy, now: datetime) -> bool:
    """What nobody dated stands since the first, and is old."""
    return stands.since is not None and now - stands.since < timedelta(days=policy.days)


def text_of(value: object) -> str:
    """A value as it is compared and kept."""
    return "" if value is None else str(value)
