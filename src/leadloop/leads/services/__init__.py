"""Everything that changes a pursuit. Each call takes a batch, locks leads in ascending order and records its facts."""

from leadloop.leads.services.breaking import break_due
from leadloop.leads.services.companies import move_company
from leadloop.leads.services.merging import give_person, move_person, return_person, take_touches
from leadloop.leads.services.moving import move
from leadloop.leads.services.newborn import all_or_nothing, write_now, written_once
from leadloop.leads.services.opening import open_or_join
from leadloop.leads.services.owning import hand_over_all, own
from leadloop.leads.services.past_touches import PastTouch, join_past
from leadloop.leads.services.promising import drop, keep, promise, reschedule
from leadloop.leads.services.scoring import rebase_engagement, score, touch
from leadloop.leads.services.store import lock
from leadloop.leads.services.undoing import restore, snapshot, stamped
from leadloop.leads.services.withdrawing import withdraw

__all__ = [
    "PastTouch",
    "all_or_nothing",
    "break_due",
    "drop",
    "give_person",
    "hand_over_all",
    "join_past",
    "keep",
    "lock",
    "move",
    "move_company",
    "move_person",
    "open_or_join",
    "own",
    "promise",
    "rebase_engagement",
    "reschedule",
    "restore",
    "return_person",
    "score",
    "snapshot",
    "stamped",
    "take_touches",
    "touch",
    "withdraw",
    "write_now",
    "written_once",
]
