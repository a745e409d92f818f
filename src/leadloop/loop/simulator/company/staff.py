"""Who works at the demo company, and how diligently its salespeople follow up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadloop.loop.install import Colleague, Firm, Squad

DOMAIN = "alder-finch.example"
FIRM = Firm("Alder & Finch", zone="Europe/Berlin", country="DE", subdivision="BE", currency="EUR")
SQUADS = (
    Squad("dach", "DACH", manager=f"ruth@{DOMAIN}"),
    Squad("world", "World", manager=f"ruth@{DOMAIN}"),
    Squad("norte", "Norte, our partner in Iberia", kind="partner"),
    Squad("calls", "Bellman call centre", kind="agency"),
)
_PEOPLE = (
    ("kim", "Kim Maurer", "salesperson", "dach"),
    ("ola", "Ola Novak", "salesperson", "dach"),
    ("jule", "Jule Hansen", "salesperson", "dach"),
    ("emil", "Emil Brauer", "salesperson", "dach"),
    ("sam", "Sam Reyes", "salesperson", "world"),
    ("dara", "Dara Singh", "salesperson", "world"),
    ("tess", "Tess Whitlock", "salesperson", "world"),
    ("yann", "Yann Morel", "salesperson", "world"),
    ("mira", "Mira Costa", "inside_sales", "dach"),
    ("jonas", "Jonas Falk", "presales", "dach"),
    ("tomas", "Tomas Lind", "marketer", ""),
    ("lea", "Lea Brandl", "content_owner", ""),
    ("omar", "Omar Haddad", "sales_operations", ""),
    ("ruth", "Ruth Meier", "sales_manager", "dach"),
    ("grace", "Grace Oyelaran", "head_of_sales", ""),
    ("paul", "Paul Renner", "head_of_marketing", ""),
    ("ines", "Ines Vogt", "head_of_lead_management", ""),
    ("helen", "Helen Brandt", "president", ""),
    ("viktor", "Viktor Hale", "cfo", ""),
    ("nina", "Nina Petrov", "agency", "calls"),
    ("pia", "Pia Sandoval", "partner", "norte"),
    ("ada", "Ada Quist", "admin", ""),
)
# How likely somebody follows up what is handed over to them. Between the good and the bad there are few.
DILIGENCE: Mapping[str, float] = {
    "kim": 0.96,
    "ola": 0.94,
    "jule": 0.95,
    "sam": 0.92,
    "yann": 0.78,
    "tess": 0.6,
    "emil": 0.2,
    "dara": 0.1,
    "mira": 0.97,
    "nina": 0.9,
    "pia": 0.82,
    "grace": 0.9,
}
CALLERS = ("mira", "nina")  # they find out what it is, and give it to a salesperson
LEADS_EACH = 600  # so many leads in the story call for one more salesperson
MOST_SELLERS = 60
_PACE = (0.96, 0.93, 0.9, 0.8, 0.62, 0.22, 0.15)  # diligence of further salespeople, in turn


@dataclass(frozen=True)
class Staff:
    """Colleagues in the order in which they are hired, and diligence by short name of those who sell."""

    people: Sequence[tuple[str, str, str, str]]
    diligence: Mapping[str, float]

    @property
    def keys(self) -> list[str]:
        """Short names, which are what stands before the `@` of their addresses."""
        return [key for key, *_ in self.people]

    @property
    def sellers(self) -> list[str]:
        """Short names of the salespeople."""
        return [key for key, _, role, _ in self.people if role == "salesperson"]

    def colleagues(self, passwords: Mapping[str, str]) -> list[Colleague]:
        """Everybody; `passwords` by short name, who has none can't sign in."""
        return [
            Colleague(f"{key}@{DOMAIN}", name, (role,), squad=squad, password=passwords.get(key))
            for key, name, role, squad in self.people
        ]


def staff_for(leads: int) -> Staff:
    """The people it takes for so many leads: the fixed ones, and further salespeople for a large story."""
    named = sum(role == "salesperson" for _, _, role, _ in _PEOPLE)
    more = min(MOST_SELLERS, leads // LEADS_EACH) - named
    further = [(f"seller{n}", f"Salesperson {n}", "salesperson", ("dach", "world")[n % 2]) for n in range(1, more + 1)]
    pace = {key: _PACE[place % len(_PACE)] for place, (key, *_) in enumerate(further)}
    return Staff((*_PEOPLE, *further), {**DILIGENCE, **pace})
