"""What the room does. Batches throughout; every write states its moment."""

from leadloop.outreach.services.asking import may_call, may_contact
from leadloop.outreach.services.cancelling import cancel
from leadloop.outreach.services.delivering import deliver
from leadloop.outreach.services.noting import note
from leadloop.outreach.services.persons import return_person
from leadloop.outreach.services.policy import save_policy
from leadloop.outreach.services.queueing import queue
from leadloop.outreach.services.recovering import recover
from leadloop.outreach.services.returning import accept_again, note_returns
from leadloop.outreach.services.unsubscribing import unsubscribe

__all__ = [
    "accept_again",
    "cancel",
    "deliver",
    "may_call",
    "may_contact",
    "note",
    "note_returns",
    "queue",
    "recover",
    "return_person",
    "save_policy",
    "unsubscribe",
]
