"""What crosses the door of `qualification`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from leadloop.kernel.values import dataclass

Points = Annotated[int, Field(ge=-100, le=100)]
Weight = Annotated[float, Field(ge=0, le=1000)]
Minor = Annotated[int, Field(ge=0, le=10**15)]


class Frozen(BaseModel):
    """Read-only, and unknown keys are an error that names them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Asking(Frozen):
    """A condition over the values of a touch (see `facets`), with a code of its own; `label` is for people."""

    code: str
    label: str
    when: dict[str, Any]


class FitRule(Asking):
    """Points for a lead that fits the condition."""

    points: Points


class Disqualifier(Asking):
    """What rules a lead out whatever else speaks for it. `code` is best a reason of the agreement to disqualify."""


class Rules(Frozen):
    """A whole set of scoring rules. Weights are points of a touch on its day; they halve every half-life.

    `titles` gives words by place in the firm, the first that fits counts; `*` stands for any letters, accents and case
    don't matter. `win_percent` by grade and `deal_minor` (minor units of the company's currency, by key of the
    interest in `deal_minor_by_interest`) are priors for the expected value, until a company's own outcomes speak.
    """

    base: Points = 20
    titles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    fit: tuple[FitRule, ...]
    disqualifiers: tuple[Disqualifier, ...] = ()
    touch_weights: dict[str, Weight]
    touch_default: Weight = 5.0
    half_life_days: Annotated[float, Field(gt=0, le=3650)] = 30.0
    win_percent: dict[str, Annotated[float, Field(ge=0, le=100)]] = Field(default_factory=dict)
    deal_minor: Minor = 1_000_000
    deal_minor_by_interest: dict[str, Minor] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One touch of a lead, `inquiry_id` None when it was no inquiry. `at` is when it happened.

    `values` are flat, keyed as `facets` declares ("touch.title"); what is missing, None or empty is not known.
    `answers` are what was stated, by `rules.readiness.STATED`. `weight_key` names the touch in the rules' weights.
    """

    lead_id: int
    inquiry_id: int | None = None
    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    weight_key: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment says. `engagement` is S, the base-2 logarithm of the decaying sum.

    `disqualifier` is the code of what rules the lead out, empty for most; such a lead has a fit of 0 and is not
    qualified.
    """

    lead_id: int
    fit: int
    grade: str
    engagement: float | None
    readiness: int
    qualified: bool
    disqualifier: str = ""


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
    disqualifier: str


@dataclass(frozen=True, slots=True)
class RulesRow:
    """A draft (`in_force_from` None) or a version of the rules; `signatures` are user ids by capacity."""

    version: int
    rules: Rules
    drafted_by: int | None
    drafted_at: datetime
    signatures: dict[str, int]
    in_force_from: datetime | None
