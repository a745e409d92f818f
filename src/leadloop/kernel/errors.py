"""Errors that people can act on: what is wrong, in which field, and how to mend it."""

from __future__ import annotations

from typing import Any, ClassVar

from leadloop.kernel.decision import Decision


class LeadloopError(Exception):
    """Base of all errors meant to be shown. ``code`` is stable; the words are for people.

    ``field`` is empty when no single field is at fault, ``mend`` when there is nothing to advise.
    """

    code: ClassVar[str] = "error"

    def __init__(self, problem: str, *, field: str = "", mend: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.field = field
        self.mend = mend

    def __str__(self) -> str:
        """Read as "field: problem. mend", leaving out what is empty."""
        text = f"{self.field}: {self.problem}" if self.field else self.problem
        if not self.mend:
            return text
        stop = "" if text.endswith((".", "!", "?")) else "."
        return f"{text}{stop} {self.mend}"

    def as_dict(self) -> dict[str, Any]:
        """Return the error as plain JSON-ready values."""
        return {"code": self.code, "problem": self.problem, "field": self.field, "mend": self.mend}


class Invalid(LeadloopError):
    """The input can't be read or breaks a rule of form."""

    code = "invalid"


class NotFound(LeadloopError):
    """What was asked for does not exist, or is not visible to the one who asks."""

    code = "not_found"


class Conflict(LeadloopError):
    """The state has changed since it was read, or something unique exists already."""

    code = "conflict"


class Forbidden(LeadloopError):
    """The actor lacks the right."""

    code = "forbidden"


class Refused(LeadloopError):
    """A rule said no; ``decision``, if given, carries its reasons."""

    code = "refused"

    def __init__(self, problem: str, *, field: str = "", mend: str = "", decision: Decision[Any] | None = None) -> None:
        super().__init__(problem, field=field, mend=mend)
        self.decision = decision

    def as_dict(self) -> dict[str, Any]:
        """Return the error with the reasons of its decision, an empty list when it carries none."""
        reasons = self.decision.as_json() if self.decision else []
        return {**super().as_dict(), "reasons": reasons}


class Unavailable(LeadloopError):
    """Something needed is down for the moment; the same request may work later."""

    code = "unavailable"
