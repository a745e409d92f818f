"""What crosses the door of `qualification`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """Read-only, and unknown keys are an error that names them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FitRule(Frozen):
    """Points for a lead that fits a condition over the values of a touch (see `facets`). `label` is for people."""

    code: str
    label: str
    points: int
    when: dict[str, Any]


class Rules(Frozen):
    """A whole set of scoring rules. Weights are points of a touch on its day; they halve every half-life.

    `win_percent` and `deal_minor` are priors for the expected value, until a company's own outcomes speak.
    """

    base: int = 20
    fit: tuple[FitRule, ...]
    touch_weights: dict[str, float]
    touch_default: float = 5.0
    half_life_days: float = 30.0
    win_percent: dict[str, float] = Field(default_factory=dict)
    deal_minor: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One raised hand of a lead. `values` are flat, keyed like "person.title"; `answers` what was stated in words.

    `weight_key` names the kind of touch in the rules' weights. `at` is when it happened.
    """

    lead_id: int
    inquiry_id: int
    at: datetime
    values: Mapping[str, Any]
    weight_key: str = ""
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment says. `engagement` is S, the base-2 logarithm of the decaying sum."""

    lead_id: int
    fit: int
    grade: str
    engagement: float | None
    readiness: int
    qualified: bool


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """The last assessment of a lead with every reason; reasons are dicts of code, text and, for fit, weight."""

    lead_id: int
    rules_version: int
    fit: int
    fit_reasons: list[dict[str, Any]]
    readiness: int
    readiness_reasons: list[dict[str, Any]]
    engagement: float | None
    engagement_reasons: list[dict[str, Any]]
    qualified: bool
    why: str
    assessed_at: datetime
