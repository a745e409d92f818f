"""What a person clicks. Each command is one transaction, so the next page shows it, and can be taken back."""

from leadloop.loop.commands.appealing import appeal, decide
from leadloop.loop.commands.bulk import MOST, Plan, Target, assign_many, plan_assign
from leadloop.loop.commands.calling import CallIn, call, call_later
from leadloop.loop.commands.deals import NewDeal, change_deal, lose, move_deal, open_deal, win
from leadloop.loop.commands.desk import Done
from leadloop.loop.commands.exporting import note_export
from leadloop.loop.commands.handing import accept, assign, disqualify, qualify, recycle, reject, snooze
from leadloop.loop.commands.merging import (
    MergePlan,
    may_change,
    merge,
    plan_merge,
    plan_unmerge,
    seen,
    seen_among,
    unanswered,
    unmerge,
)
from leadloop.loop.commands.taking_back import undo
from leadloop.loop.commands.work import log

__all__ = [
    "MOST",
    "CallIn",
    "Done",
    "MergePlan",
    "NewDeal",
    "Plan",
    "Target",
    "accept",
    "appeal",
    "assign",
    "assign_many",
    "call",
    "call_later",
    "change_deal",
    "decide",
    "disqualify",
    "log",
    "lose",
    "may_change",
    "merge",
    "move_deal",
    "note_export",
    "open_deal",
    "plan_assign",
    "plan_merge",
    "plan_unmerge",
    "qualify",
    "recycle",
    "reject",
    "seen",
    "seen_among",
    "snooze",
    "unanswered",
    "undo",
    "unmerge",
    "win",
]
