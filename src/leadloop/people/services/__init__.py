"""What the room does. Batches throughout; every write states its actor and its moment."""

from leadloop.people.services.asking import ask_consent, confirm
from leadloop.people.services.changing import change_fields
from leadloop.people.services.changing_companies import change_company
from leadloop.people.services.consenting import give_consent, withdraw_consent
from leadloop.people.services.erasing import forget
from leadloop.people.services.exporting import export, held
from leadloop.people.services.filling import fill_in
from leadloop.people.services.filling_companies import fill_in_companies, hold_companies, set_company_fields
from leadloop.people.services.lifting import lift
from leadloop.people.services.locking import hold, lock, lock_for_send
from leadloop.people.services.merging import merge_rows
from leadloop.people.services.merging_firms import lock_firms, merge_firms, offers_of_firms
from leadloop.people.services.numbers import fail_numbers, mend_numbers
from leadloop.people.services.offering import merge_offers
from leadloop.people.services.owning_companies import own_companies, set_buying_roles
from leadloop.people.services.parting import part, stand_before
from leadloop.people.services.parting_firms import part_firms
from leadloop.people.services.remembering import (
    allocate_company_ids,
    allocate_ids,
    remember,
    remember_companies,
)
from leadloop.people.services.reverting import TakenBack, revert, withdraw_given
from leadloop.people.services.suppressing import suppress
from leadloop.people.services.withdrawing import withdraw
from leadloop.people.stores import register_store

__all__ = [
    "TakenBack",
    "allocate_company_ids",
    "allocate_ids",
    "ask_consent",
    "change_company",
    "change_fields",
    "confirm",
    "export",
    "fail_numbers",
    "fill_in",
    "fill_in_companies",
    "forget",
    "give_consent",
    "held",
    "hold",
    "hold_companies",
    "lift",
    "lock",
    "lock_firms",
    "lock_for_send",
    "mend_numbers",
    "merge_firms",
    "merge_offers",
    "merge_rows",
    "offers_of_firms",
    "own_companies",
    "part",
    "part_firms",
    "register_store",
    "remember",
    "remember_companies",
    "revert",
    "set_buying_roles",
    "set_company_fields",
    "stand_before",
    "suppress",
    "withdraw",
    "withdraw_consent",
    "withdraw_given",
]
