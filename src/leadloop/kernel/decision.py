"""What a rule returns: an outcome together with the reasons for it."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from leadloop.kernel.values import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a decision: a stable code, plain words, and its weight where weights are added up."""

    code: str
    text: str
    weight: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return JSON-ready values; the weight only when there is one."""
        plain: dict[str, Any] = {"code": self.code, "text": self.text}
        if self.weight is not None:
            plain["weight"] = self.weight
        return plain


@dataclass(frozen=True, slots=True)
class Decision(Generic[T]):
    """An outcome and its reasons, the weightiest or first-checked reason first."""

    outcome: T
    reasons: tuple[Reason, ...] = ()

    def as_json(self) -> list[dict[str, Any]]:
        """Return the reasons as JSON-ready values, for storing beside the outcome."""
        return [reason.as_json() for reason in self.reasons]


def because(outcome: T, *reasons: Reason) -> Decision[T]:
    """Build a decision: ``because(True, Reason("in_hours", "The office is open"))``."""
    return Decision(outcome, reasons)
