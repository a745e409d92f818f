"""What a person clicks. Each command is one transaction, so the next page shows it, and can be taken back."""

from leadloop.loop.commands.appealing import appeal, decide
from leadloop.loop.commands.bulk import MOST, Plan, Target, assign_many, plan_assign
from leadloop.loop.commands.calling import CallIn, call, call_later
from leadloop.loop.commands.coming_in import CameIn, Taken, call_came_in, phone_portal
from leadloop.loop.commands.deals import NewDeal, change_deal, lose, move_deal, open_deal, win
from leadloop.loop.commands.desk import Done
from leadloop.loop.commands.exporting import note_export
from leadloop.loop.commands.firms import (
    CompanyPlan,
    change_firm,
    give_owner,
    judge_firms,
    may_change_firm,
    may_merge_firms,
    merge_firms,
    plan_merge_firms,
    say_roles,
    unmerge_firms,
)
from leadloop.loop.commands.handing import accept, assign, disqualify, qualify, recycle, reject, snooze
from leadloop.loop.commands.likeness import alike_within, judge, merge_from, merge_pair, mergeable
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
from leadloop.loop.commands.returning import use_again
from leadloop.loop.commands.taking_back import undo
from leadloop.loop.commands.work import log

__all__ = [
    "MOST",
    "CallIn",
    "CameIn",
    "CompanyPlan",
    "Done",
    "MergePlan",
    "NewDeal",
    "Plan",
    "Taken",
    "Target",
    "accept",
    "alike_within",
    "appeal",
    "assign",
    "assign_many",
    "call",
    "call_came_in",
    "call_later",
    "change_deal",
    "change_firm",
    "decide",
    "disqualify",
    "give_owner",
    "judge",
    "judge_firms",
    "log",
    "lose",
    "may_change",
    "may_change_firm",
    "may_merge_firms",
    "merge",
    "merge_firms",
    "merge_from",
    "merge_pair",
    "mergeable",
    "move_deal",
    "note_export",
    "open_deal",
    "phone_portal",
    "plan_assign",
    "plan_merge",
    "plan_merge_firms",
    "plan_unmerge",
    "qualify",
    "recycle",
    "reject",
    "say_roles",
    "seen",
    "seen_among",
    "snooze",
    "unanswered",
    "undo",
    "unmerge",
    "unmerge_firms",
    "use_again",
    "win",
]
