"""Scoring rules to begin with; a company signs its own."""

from __future__ import annotations

from typing import Any

from leadloop.qualification.contracts import FitRule, Rules

_DECIDES = (
    "ceo", "cto", "cfo", "coo", "cio", "chief", "owner", "founder", "president", "vice president", "vp", "director",
    "head of", "managing", "geschäftsführ", "inhaber", "leiter", "leitung", "vorstand", "directeur", "gérant",
    "director general", "gerente",
)  # fmt: skip
_INFLUENCES = (
    "manager", "engineer", "buyer", "purchas", "procurement", "architect", "consultant", "specialist", "einkauf",
    "ingenieur", "technik", "responsable", "acheteur", "compras", "ingeniero",
)  # fmt: skip
_LEARNS = ("student", "intern", "trainee", "praktikant", "studier", "étudiant", "estudiante", "werkstudent")


def _title(words: tuple[str, ...]) -> dict[str, Any]:
    return {"any": [{"facet": "touch.title", "op": "contains", "value": word} for word in words]}


def _is(name: str) -> dict[str, Any]:
    return {"facet": f"touch.{name}", "op": "is", "value": True}


def _staff(least: int, below: int | None) -> dict[str, Any]:
    bounds: list[dict[str, Any]] = [{"facet": "touch.employees", "op": ">=", "value": least}]
    if below is not None:
        bounds.append({"facet": "touch.employees", "op": "<", "value": below})
    return {"all": bounds}


STANDARD = Rules(
    base=20,
    fit=(
        FitRule(code="decides", label="Decides about buying", points=25, when=_title(_DECIDES)),
        FitRule(
            code="influences",
            label="Has a say in buying",
            points=15,
            when={"all": [_title(_INFLUENCES), {"none": [_title(_DECIDES)]}]},
        ),
        FitRule(code="learns", label="Student or intern", points=-40, when=_title(_LEARNS)),
        FitRule(
            code="firm_named",
            label="Named the firm",
            points=10,
            when={"facet": "touch.company", "op": "is_set"},
        ),
        FitRule(code="business_mail", label="Writes from the firm's domain", points=10, when=_is("business_mail")),
        FitRule(code="free_mail", label="Writes from a free mail service", points=-10, when=_is("free_mail")),
        FitRule(code="disposable", label="Throw-away address", points=-30, when=_is("disposable")),
        FitRule(code="phone", label="Can be called", points=5, when=_is("phone")),
        FitRule(code="large", label="1,000 people or more", points=15, when=_staff(1000, None)),
        FitRule(code="medium", label="100 to 999 people", points=12, when=_staff(100, 1000)),
        FitRule(code="small", label="20 to 99 people", points=8, when=_staff(20, 100)),
        FitRule(code="industry", label="Industry is known", points=5, when={"facet": "touch.industry", "op": "is_set"}),
    ),
    touch_weights={"asset": 5, "web-form": 20, "api": 15, "trade-show": 10, "phone": 30, "referral": 30},
    touch_default=10,
    half_life_days=30,
    win_percent={"A": 20, "B": 10, "C": 4, "D": 1},
    deal_minor=1_000_000,
)
