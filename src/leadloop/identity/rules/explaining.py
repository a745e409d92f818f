"""Why a candidate was taken for somebody, in plain words."""

from __future__ import annotations

from functools import lru_cache

from leadloop.identity.rules.keys import EMAIL, EXTERNAL, PHONE
from leadloop.kernel.decision import Decision, Reason, because

KNOWN, NEW = "known", "new"
_WORDS = {EMAIL: "e-mail address", PHONE: "telephone number"}


@lru_cache(maxsize=512)
def explained(by: tuple[str, ...], against: tuple[str, ...], *, is_new: bool) -> Decision[str]:
    """Return "new" or "known" with the reasons; `by` and `against` are kinds of key, as `matching.Match` has them."""
    if is_new:
        first = Reason("nobody_known", "Nobody known has these details")
        if against:
            first = Reason("told_apart", f"Shares the {_list(against)} with somebody, but is not the same person")
        return because(NEW, first)
    same = Reason("same_" + (_code(by[0]) if by else "batch"), f"Same {_list(by)} as a known person")
    if not against:
        return because(KNOWN, same)
    return because(KNOWN, same, Reason("keys_disagree", f"The {_list(against)} belongs to somebody else"))


def _list(kinds: tuple[str, ...]) -> str:
    return " and ".join(dict.fromkeys(map(_word, kinds)))


def _word(kind: str) -> str:
    system = kind.removeprefix(f"{EXTERNAL}:")
    return _WORDS.get(kind, f"id in {system}")


def _code(kind: str) -> str:
    return kind.partition(":")[0]
