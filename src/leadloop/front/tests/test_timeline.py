"""What a lead's timeline tells of its journey and of what was not sent."""

from __future__ import annotations

import pytest

from leadloop.front.tests.pages import as_user
from leadloop.identity.tests.world import somebody, who
from leadloop.kernel import clock
from leadloop.leads.tests.world import world
from leadloop.ledger.contracts import by_system
from leadloop.ledger.services import record
from leadloop.nurture.facts import JourneyStepped
from leadloop.outreach.facts import MessageRefused
from tests.support.cast import Cast


@pytest.mark.parametrize(
    ("reason", "said"), [("no_consent", "They have not agreed to it"), ("some_clause", "Some clause")]
)
def test_a_step_names_what_is_next_and_a_refusal_its_reason(db: None, cast: Cast, reason: str, said: str) -> None:
    office = world(cast)
    (person_id,) = who(somebody("anna@acme.com", given="Anna"))
    lead_id = office.raise_hand(person_id).lead_id
    about = {"happened_at": office.now, "person_id": person_id, "lead_id": lead_id}
    sent = {"message_id": 1, "channel": "email", "purpose": "marketing"}
    way = {"enrolment_id": 1, "journey": "first-interest@1", "node": "useful", "after": "time_to_read"}
    record([JourneyStepped(**about, **way), MessageRefused(**about, **sent, reason=reason)], actor=by_system("test"))
    with clock.at(office.now):
        page = as_user(cast, "ines").get(f"/leads/{lead_id}").content.decode()
    assert "Journey: “useful” is done, “time to read” is next" in page
    assert said in page
