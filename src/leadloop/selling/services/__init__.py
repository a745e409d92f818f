"""Everything that changes activities, deals and the board. Leads are locked before deals, both in ascending order."""

from leadloop.selling.services.board import install_pipeline, move_stage
from leadloop.selling.services.changing import change, hand_over_all
from leadloop.selling.services.closing import lose, win
from leadloop.selling.services.companies import deals_since, move_company
from leadloop.selling.services.correcting import correct_win, reopen
from leadloop.selling.services.importing import bring_in_deals
from leadloop.selling.services.lines import add_lines, change_line, remove_lines
from leadloop.selling.services.logging import log
from leadloop.selling.services.opening import link_leads, open_opportunity
from leadloop.selling.services.past_activities import bring_in_activities
from leadloop.selling.services.persons import deals_of, move_person, return_person
from leadloop.selling.services.undoing import undo_log

__all__ = [
    "add_lines",
    "bring_in_activities",
    "bring_in_deals",
    "change",
    "change_line",
    "correct_win",
    "deals_of",
    "deals_since",
    "hand_over_all",
    "install_pipeline",
    "link_leads",
    "log",
    "lose",
    "move_company",
    "move_person",
    "move_stage",
    "open_opportunity",
    "remove_lines",
    "reopen",
    "return_person",
    "undo_log",
    "win",
]
