"""What crosses the door of `people`."""

from leadloop.people.contracts.addresses import (
    EVERY_PURPOSE,
    KIND_OF,
    AddressKind,
    Channel,
    ContactPointRow,
    ContactValue,
)
from leadloop.people.contracts.consent import Asked, ConfirmationRow, ConsentRow, ConsentWord, Reach, Suppress
from leadloop.people.contracts.identities import CompanyRow, NamesakeRow, NewCompany, NewPerson, PersonRow, PositionRow
from leadloop.people.contracts.keeping import Erased, Held, RowChange, Standing
from leadloop.people.contracts.likeness import Comparable, Place, Profile

__all__ = [
    "EVERY_PURPOSE",
    "KIND_OF",
    "AddressKind",
    "Asked",
    "Channel",
    "CompanyRow",
    "Comparable",
    "ConfirmationRow",
    "ConsentRow",
    "ConsentWord",
    "ContactPointRow",
    "ContactValue",
    "Erased",
    "Held",
    "NamesakeRow",
    "NewCompany",
    "NewPerson",
    "PersonRow",
    "Place",
    "PositionRow",
    "Profile",
    "Reach",
    "RowChange",
    "Standing",
    "Suppress",
]
