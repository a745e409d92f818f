"""The fixed cast: a small company whose people every story names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from leadloop.agreement.models import Agreement
from leadloop.agreement.standard import Keepers, clauses
from leadloop.catalogue.models import Family
from leadloop.ledger.models import Epoch
from leadloop.platform.models import Setting, Team, User, WorkingCalendar
from leadloop.programmes.models import Programme, Source

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # 10:00 in Berlin, an ordinary working day
OFFICE = [["09:00", "17:30"]]

PEOPLE = {
    "ines": ("Ines Vogt", ["head_of_lead_management"], None),
    "paul": ("Paul Renner", ["head_of_marketing"], None),
    "grace": ("Grace Oyelaran", ["head_of_sales"], None),
    "ruth": ("Ruth Meier", ["sales_manager"], "dach"),
    "kim": ("Kim Maurer", ["salesperson"], "dach"),
    "ola": ("Ola Novak", ["salesperson"], "dach"),
    "sam": ("Sam Reyes", ["salesperson"], "world"),
    "dara": ("Dara Singh", ["salesperson"], "world"),
    "mira": ("Mira Costa", ["inside_sales"], "dach"),
    "tomas": ("Tomas Lind", ["marketer"], None),
    "helen": ("Helen Brandt", ["president"], None),
    "viktor": ("Viktor Hale", ["cfo"], None),
    "ada": ("Ada Quist", ["admin"], None),
    "pia": ("Pia Sandoval", ["partner"], "partner"),
}


@dataclass(frozen=True)
class Cast:
    """Ids by name: `cast.user["kim"]`, `cast.interest["general"]`, `cast.source["web"]`, …"""

    user: dict[str, int]
    team: dict[str, int]
    interest: dict[str, int]
    source: dict[str, int]
    programme: dict[str, int]


def build() -> None:
    """Write the cast into an empty, migrated database."""
    Epoch.objects.get_or_create(number=1, defaults={"system_identifier": "test"})
    week = [OFFICE] * 5 + [[], []]
    calendar = WorkingCalendar.objects.create(
        key="office", name="Office hours", zone="Europe/Berlin", week=week, country="DE", subdivision="BE"
    )
    Setting.objects.create(
        id=1, company_name="Alder & Finch", zone="Europe/Berlin", currency="EUR", country="DE", calendar=calendar
    )
    teams = {
        key: Team.objects.create(key=key, name=name, kind=kind)
        for key, name, kind in [("dach", "DACH", "own"), ("world", "World", "own"), ("partner", "Norte", "partner")]
    }
    users = {
        key: User.objects.create(
            email=f"{key}@alder-finch.example",
            name=name,
            roles=roles,
            team=teams.get(team or ""),
            zone="Europe/Berlin",
            password="!",
        )
        for key, (name, roles, team) in PEOPLE.items()
    }
    teams["dach"].manager = users["ruth"]
    teams["dach"].save()
    for key, name in [("general", "General"), ("pumps", "Pumps"), ("service", "Service contracts")]:
        Family.objects.create(key=key, name=name)
    for key, label, channel in [
        ("web", "Website", "web"),
        ("google", "Google Ads", "paid_search"),
        ("fair", "Trade show", "event"),
        ("referral", "Referral", "referral"),
    ]:
        Source.objects.create(key=key, label=label, channel=channel)
    spring = Programme.objects.create(key="spring", name="Spring", owner=users["paul"], starts_on=date(2026, 1, 1))
    Programme.objects.create(
        key="ads",
        name="Search ads",
        level="campaign",
        parent=spring,
        owner=users["tomas"],
        starts_on=date(2026, 1, 1),
        source=Source.objects.get(key="google"),
    )
    keepers = Keepers(
        capture=users["tomas"].id,
        qualification=users["mira"].id,
        nurturing=users["tomas"].id,
        distribution=users["ines"].id,
        selling=users["grace"].id,
        tracking=users["viktor"].id,
        deputy=users["ines"].id,
    )
    Agreement.objects.create(
        version=1,
        leadership="joint",
        clauses=clauses(keepers).model_dump(mode="json"),
        drafted_by=users["ines"],
        in_force_from=BEGIN,
    )


def load() -> Cast:
    """The ids as they stand in the database."""
    return Cast(
        user={u.email.partition("@")[0]: u.id for u in User.objects.all()},
        team=dict(Team.objects.values_list("key", "id")),
        interest=dict(Family.objects.values_list("key", "id")),
        source=dict(Source.objects.values_list("key", "id")),
        programme=dict(Programme.objects.values_list("key", "id")),
    )
