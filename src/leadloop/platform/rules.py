"""Who can be what, and whose account can be closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from leadloop.kernel.decision import Decision, Reason
from leadloop.platform.roles import ROLE_LABELS, Role

WALLED: dict[str, Role] = {"partner": Role.PARTNER, "agency": Role.AGENCY}  # the one role of a walled team's people


_YES = Decision(outcome=True)


def may_have(roles: Collection[str], team_kind: str | None) -> Decision[bool]:
    """Whether somebody in a team of this kind (None: in no team) may have these roles.

    Walls hold both ways: a partner's or agency's team takes its own people only, and they belong nowhere else.
    """
    unknown = sorted(role for role in roles if role not in set(Role))
    if unknown:
        return _no("unknown", f"There is no role “{unknown[0]}”")
    if not roles:
        return _no("none", "Everybody has at least one role")
    for kind, role in WALLED.items():
        if (role in roles) is not (team_kind == kind):
            return _no("wall", f"“{ROLE_LABELS[role]}” and a team of that kind go together")
        if role in roles and len(set(roles)) > 1:
            return _no("wall", f"“{ROLE_LABELS[role]}” can't be joined with another role")
    return _YES


def may_close(owns: Mapping[str, int], *, last_admin: bool) -> Decision[bool]:
    """Whether an account can be closed. `owns` counts what is still in this user's name, by what it is."""
    held = [f"{count} {what}" for what, count in owns.items() if count > 0]
    if held:
        return _no("owns", f"They still answer for {_listed(held)}")
    if last_admin:
        return _no("last_admin", "They are the last administrator")
    return _YES


def _no(code: str, text: str) -> Decision[bool]:
    return Decision(outcome=False, reasons=(Reason(code, text),))


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
