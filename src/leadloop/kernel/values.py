"""`dataclass` for values that are made by the thousand.

A frozen dataclass sets each field by a call, several times slower than an assignment, and a batch of leads is tens of
thousands of such values. So their being frozen is kept by the type checker, which every change goes through, and not
once more at run time. They compare, and hash where they are frozen, as dataclasses do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, **how: Any) -> Callable[[type], type] | type:
        """As `dataclasses.dataclass`, without the guard at run time."""
        make = dataclasses.dataclass(unsafe_hash=frozen, **how)
        return make if cls is None else make(cls)
