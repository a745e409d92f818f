"""What a file's rows may do to people who are known, and what allows marketing to write to its people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.capture.imports.contracts import AGREED, BASES, FILL, KNOWN, NO_BASIS, Options
from leadloop.kernel.errors import Invalid


def policy(options: Options, saved: Mapping[str, Any]) -> dict[str, str]:
    """Return `on_known`, `basis` and `basis_words` of a reading.

    How rows meet what is known is remembered with the mapping; that people agreed is not: it must be said for each
    file. Invalid for what there is not, and for people who agreed to no words.
    """
    on_known = options.on_known or saved.get("on_known") or FILL
    basis, words = options.basis or NO_BASIS, (options.basis_words or "").strip()
    if on_known not in KNOWN:
        raise Invalid(f"{on_known!r} is nothing a row can do", field="on_known", mend=f"Say one of: {', '.join(KNOWN)}")
    if basis not in BASES:
        raise Invalid(f"{basis!r} is no basis", field="basis", mend=f"Say one of: {', '.join(BASES)}")
    if basis == AGREED and not words:
        raise Invalid("what did they agree to?", field="basis_words", mend="Give the words that they saw")
    return {"on_known": on_known, "basis": basis, "basis_words": words if basis == AGREED else ""}
