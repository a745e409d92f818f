"""How ready to buy: what somebody stated about budget, authority, need and timing."""

from __future__ import annotations

from collections.abc import Mapping

from leadloop.kernel.decision import Reason

STATED = {
    "budget": "Money is set aside",
    "authority": "May decide",
    "need": "Needs it",
    "timing": "Knows when",
}
_NO = frozenset(
    {
        "no", "none", "not yet", "unknown", "n/a", "na", "false", "0", "-",
        "nein", "keine", "keins", "noch nicht", "unbekannt",
        "non", "aucun", "aucune", "pas encore", "inconnu",
        "ninguno", "ninguna", "todavía no", "desconocido",
        "nessuno", "nessuna", "non ancora", "geen", "nee", "nog niet", "não", "nenhum", "brak", "nie", "nej",
    }
)  # fmt: skip


def stated(answers: Mapping[str, str], before: Mapping[str, Reason]) -> dict[str, Reason]:
    """What is known of readiness after these answers, by code; its number is the readiness, 0 to 4.

    What isn't answered now stands as it was; a "no" takes it back. The words of the answer are not repeated: they
    stand on the inquiry.
    """
    known = dict(before)
    for key, words in STATED.items():
        answer = " ".join(answers.get(key, "").casefold().split()).strip(".!")
        if answer in _NO:
            known.pop(key, None)
        elif answer:
            known[key] = Reason(key, words, 1)
    return known
