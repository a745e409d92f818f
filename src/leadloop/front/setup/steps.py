"""Which steps of the first run are done: read from what stands, so each can be left and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadloop.agreement.queries import history
from leadloop.ledger.queries import kinds_present
from leadloop.loop.install import FIRST_NAME, FIRST_USER
from leadloop.platform.queries import company_now, user_by_email, users


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `optional` ones are not waited for."""

    key: str
    title: str
    words: str
    url: str
    done: bool
    optional: bool = False


def steps() -> list[Step]:
    """Every step in its order. Eight queries."""
    return list(_steps())


def _steps() -> Iterator[Step]:
    first, staff, signed = user_by_email(FIRST_USER), users(active=True), history()
    said = kinds_present(["calendar.saved"], by_users=True)
    there = kinds_present(["inquiry.received", "import.finished"])
    yield Step("you", "You", "Your name, your address and a password of your own", "/setup/you",
               first is None or not first.is_active)  # fmt: skip
    yield Step("company", "Company", "How it is called, where it is, what it counts in", "/setup/company",
               company_now().name != FIRST_NAME)  # fmt: skip
    yield Step("hours", "Hours", "When people work; promises run in these hours", "/setup/hours",
               "calendar.saved" in said)  # fmt: skip
    yield Step("team", "Team", "Who works here, and as what", "/setup/team", len(staff) > 1)
    yield Step("agreement", "Agreement", "Who answers for which part of the loop, signed by those who lead it",
               "/setup/agreement", any(row.signatures for row in signed))  # fmt: skip
    yield Step("portal", "First portal", "Your form, and an inquiry that arrives while you watch", "/setup/portal",
               "inquiry.received" in there)  # fmt: skip
    yield Step("import", "Import", "Leads you have in files", "/imports", "import.finished" in there, optional=True)


def waiting(found: list[Step]) -> list[Step]:
    """Those that are still to be done."""
    return [step for step in found if not step.done and not step.optional]
