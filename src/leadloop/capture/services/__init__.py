"""The room's writes."""

from leadloop.capture.services.batches import drop_row, enter, enter_again, open_batch, release, rows_of, rows_of_file
from leadloop.capture.services.counts import compare_counts, forget_refusals, say_counts
from leadloop.capture.services.fetching import fetched, missed, wanted
from leadloop.capture.services.hooks import make_secret, set_scheme, set_secrets
from leadloop.capture.services.persons import give, move_person, read_again
from leadloop.capture.services.portals import PortalIn, new_token, save_portal
from leadloop.capture.services.processing import beside, claim, claim_these, read, settle
from leadloop.capture.services.quarantine import quarantine, replay
from leadloop.capture.services.receive import delivery_key, receive, receive_several
from leadloop.capture.services.returns import REPORTS, returned
from leadloop.capture.services.spending import forget_spent, spend
from leadloop.capture.services.trying import try_out

__all__ = [
    "REPORTS",
    "PortalIn",
    "beside",
    "claim",
    "claim_these",
    "compare_counts",
    "delivery_key",
    "drop_row",
    "enter",
    "enter_again",
    "fetched",
    "forget_refusals",
    "forget_spent",
    "give",
    "make_secret",
    "missed",
    "move_person",
    "new_token",
    "open_batch",
    "quarantine",
    "read",
    "read_again",
    "receive",
    "receive_several",
    "release",
    "replay",
    "returned",
    "rows_of",
    "rows_of_file",
    "save_portal",
    "say_counts",
    "set_scheme",
    "set_secrets",
    "settle",
    "spend",
    "try_out",
    "wanted",
]
