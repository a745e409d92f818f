"""Scoring rules to begin with; a company signs its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadloop.qualification.contracts import Disqualifier, FitRule, Rules

# English, German, French, Spanish, Italian, Dutch, Portuguese, Polish and the Nordic languages. The first place of
# which a word fits counts, so an assistant to the CEO assists.
TITLES: dict[str, tuple[str, ...]] = {
    "learns": (
        "student*", "intern", "trainee", "apprentice", "praktikant*", "werkstudent*", "auszubildende*", "étudiant*",
        "stagiaire*", "estudiante*", "becari*", "studente", "studentessa", "stagista", "tirocinante", "stagiair*",
        "estudante", "estagiári*", "stażyst*", "praktikum",
    ),
    "assists": (
        "assistant to*", "executive assistant", "personal assistant", "secretary", "sekretär*", "sekretariat",
        "assistenz*", "assistentin", "assistante de direction", "secrétaire*", "secretari*", "segretari*",
    ),
    "decides": (
        "ceo", "cto", "cfo", "coo", "cio", "cmo", "cpo", "cso", "chief", "owner", "co-owner", "founder", "co-founder",
        "president", "vice president", "vp", "svp", "evp", "director", "head", "managing", "general manager",
        "geschäftsführ*", "inhaber*", "gründer*", "vorstand*", "vorständ*", "prokurist*", "leiter",
        "leiterin", "leitung", "*leiter", "*leiterin", "*leitung", "chef", "*chef", "directeur*", "directrice*",
        "gérant*", "président*", "pdg", "fondateur*", "fondatrice*", "responsable", "chef de service", "director*",
        "gerente*", "jefe", "jefa", "fundador*", "propietari*", "dueñ*", "presidente", "direttore", "direttrice",
        "titolare", "fondatore", "fondatrice", "amministratore", "directeur", "eigenaar*", "bestuurder", "oprichter",
        "hoofd", "diretor*", "sócio", "dono", "dyrektor*", "prezes", "właściciel*", "kierownik*", "direktör",
        "direktør", "johtaja", "toimitusjohtaja",
    ),
    "influences": (
        "manager*", "manageress", "engineer*", "buyer", "purchas*", "procurement", "architect*", "consultant*",
        "specialist*", "supervisor", "lead", "team lead*", "expert*", "administrator*", "*manager", "*managerin",
        "einkauf*", "einkäufer*", "ingenieur*", "*ingenieur", "*ingenieurin", "techniker*", "technik*", "berater*",
        "referent*", "meister*", "spezialist*", "acheteur*", "acheteuse*", "ingénieur*", "chargé*", "conseiller*",
        "technicien*", "compras", "comprador*", "ingenier*", "técnico*", "encargad*", "coordin*", "responsabile",
        "ingegner*", "acquist*", "tecnico", "inkoper*", "inkoop*", "adviseur*", "engenheir*", "inżynier*",
        "specjalist*", "kupiec",
    ),
}  # fmt: skip


def _is(name: str) -> dict[str, Any]:
    return {"facet": f"touch.{name}", "op": "is", "value": True}


def _set(name: str) -> dict[str, Any]:
    return {"facet": f"touch.{name}", "op": "is_set"}


def _place(place: str) -> dict[str, Any]:
    return {"facet": "touch.place", "op": "=", "value": place}


def _staff(least: int, below: int | None) -> dict[str, Any]:
    bounds: list[dict[str, Any]] = [{"facet": "touch.employees", "op": ">=", "value": least}]
    if below is not None:
        bounds.append({"facet": "touch.employees", "op": "<", "value": below})
    return {"all": bounds}


def standard(*, home: Sequence[str] = (), competitors: Sequence[str] = ()) -> Rules:
    """The rules to begin with, for a company that sells in these countries (ISO codes) against these domains."""
    fit = [
        FitRule(code="decides", label="Decides about buying", points=25, when=_place("decides")),
        FitRule(code="influences", label="Has a say in buying", points=15, when=_place("influences")),
        FitRule(code="assists", label="Assists somebody who may decide", points=5, when=_place("assists")),
        FitRule(code="firm_named", label="Named the firm", points=10, when=_set("company")),
        FitRule(code="business_mail", label="Writes from the firm's domain", points=10, when=_is("business_mail")),
        FitRule(code="free_mail", label="Writes from a free mail service", points=-10, when=_is("free_mail")),
        FitRule(code="disposable", label="Throw-away address", points=-30, when=_is("disposable")),
        FitRule(code="phone", label="Can be called", points=5, when=_is("phone")),
        FitRule(code="large", label="1,000 people or more", points=15, when=_staff(1000, None)),
        FitRule(code="medium", label="100 to 999 people", points=12, when=_staff(100, 1000)),
        FitRule(code="small", label="20 to 99 people", points=8, when=_staff(20, 100)),
        FitRule(code="industry", label="Industry is known", points=5, when=_set("industry")),
    ]
    out = [Disqualifier(code="not_a_fit", label="Student or intern", when=_place("learns"))]
    if home:
        at_home = {"facet": "touch.country", "op": "in", "value": list(home)}
        fit.append(FitRule(code="home_market", label="From a country we sell in", points=10, when=at_home))
    if competitors:
        rival = {"facet": "touch.domain", "op": "in", "value": list(competitors)}
        out.append(Disqualifier(code="competitor", label="A competitor asking", when=rival))
    return Rules(
        base=20,
        titles=TITLES,
        fit=tuple(fit),
        disqualifiers=tuple(out),
        touch_weights=WEIGHTS,
        touch_default=10,
        half_life_days=30,
        win_percent={"A": 20, "B": 10, "C": 4, "D": 1},
        deal_minor=1_000_000,
    )


# By what was asked for; where nobody says, by the portal it came through. Points begin to fade at once, so what should
# count as interest by itself stands above the 20 that the standard agreement asks for.
WEIGHTS: dict[str, float] = {
    "demo": 30,
    "phone": 30,
    "referral": 30,
    "contact": 25,
    "web-form": 25,
    "price-list": 15,
    "api": 15,
    "reply": 15,
    "webinar": 10,
    "trade-show": 10,
    "asset": 5,
    "brochure": 5,
    "click": 2,
    "visit": 1,
    "prospecting": 0,  # who was found has done nothing yet
}

STANDARD = standard()
