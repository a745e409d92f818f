"""What happens to persons and companies. Identifiers and codes only."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("person.remembered", "A person became known")
class PersonRemembered(Fact):
    """A first contact."""


@fact("person.changed", "Details of a person changed")
class PersonChanged(Fact):
    """Names of the changed fields; the values stand in the erasable field history."""

    fields: list[str]


@fact("person.erased", "A person was erased on request")
class PersonErased(Fact):
    """Only hashes of the addresses remain, so that an import can't bring the person back."""


@fact("person.withdrawn", "A person known from one import alone went with it")
class PersonWithdrawn(Fact):
    """The import was taken back. Nothing bars their addresses: they may come again, as a new person."""


@fact("company.remembered", "A company became known")
class CompanyRemembered(Fact):
    """A firm met for the first time."""


@fact("company.changed", "Details of a company changed")
class CompanyChanged(Fact):
    """Names of the changed fields; the values stand in the erasable field history."""

    fields: list[str]


@fact("company.owned", "An account got another owner")
class CompanyOwned(Fact):
    """`owner_id` looks after the company from now on, None for nobody; `before_id` did until then."""

    owner_id: int | None
    before_id: int | None


@fact("consent.given", "Consent was given")
class ConsentGiven(Fact):
    """For a channel and purpose."""

    channel: str
    purpose: str


@fact("consent.asked", "A consent is to be confirmed by mail")
class ConsentAsked(Fact):
    """Nothing is allowed by it yet; `confirmation_id` is what the link in the mail names."""

    channel: str
    purpose: str
    confirmation_id: int


@fact("consent.withdrawn", "Consent was withdrawn")
class ConsentWithdrawn(Fact):
    """For a channel and purpose."""

    channel: str
    purpose: str


@fact("address.suppressed", "An address may no longer be used")
class AddressSuppressed(Fact):
    """`reason` says why: unsubscribed, complained, bounced, erased."""

    channel: str
    purpose: str


@fact("address.lifted", "An address may be used again")
class AddressLifted(Fact):
    """`reason` is why it had been suppressed: a bounce or complaint that somebody took back, or who had unsubscribed
    confirmed a consent anew."""

    channel: str
    purpose: str
