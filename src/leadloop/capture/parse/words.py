"""Words for kinds, roles, yes and no, as others write them."""

from __future__ import annotations

from leadloop.capture.parse.keys import squash

_KINDS = {
    "sales": "sales|buy|purchase|quote|quotation|demo|pricing|offer|vertrieb|angebot|kauf|vente|devis|ventas",
    "support": "support|help|service|problem|complaint|hilfe|kundendienst|reklamation|assistance|soporte|ayuda",
    "job": "job|jobs|career|careers|application|bewerbung|karriere|stelle|emploi|candidature|empleo|trabajo",
    "supplier": "supplier|vendor|partnership offer|lieferant|lieferanten|fournisseur|proveedor",
    "other": "other|general|press|sonstiges|allgemein|presse|autre|otro|otros",
}
KINDS = {squash(word): kind for kind, words in _KINDS.items() for word in words.split("|")}

_ROLES = {
    "decision_maker": "decision maker|decision_maker|decisionmaker|entscheider|entscheiderin|décideur|decisor",
    "influencer": "influencer|beeinflusser|influenceur|influenciador|champion|evaluator",
    "user": "user|end user|end_user|anwender|anwenderin|utilisateur|usuario",
    "gatekeeper": "gatekeeper|assistant|assistenz|blocker",
}
BUYING_ROLES = {word: role for role, words in _ROLES.items() for word in words.split("|")}

_YES = frozenset(
    {
        *("yes", "y", "true", "t", "1", "1.0", "on", "x", "✓", "✔", "checked", "agreed", "accepted", "given"),
        *("opt-in", "optin", "opted-in", "subscribed", "ja", "j", "wahr", "oui", "o", "vrai", "sí", "si", "s"),
        "verdadero",
    }
)


def is_yes(text: str) -> bool:
    """Tell whether a text affirms, in one of our languages or by a mark."""
    return text.strip().casefold() in _YES


_NO = frozenset({"no", "n", "false", "f", "0", "0.0", "off", "nein", "falsch", "non", "faux", "falso", "unchecked"})


def is_no(text: str) -> bool:
    """Tell whether a text denies, in one of our languages."""
    return text.strip().casefold() in _NO
