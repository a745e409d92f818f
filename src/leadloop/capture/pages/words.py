"""Our own words on landing pages, by language."""

from __future__ import annotations

from collections.abc import Mapping

_EN = {
    "ask": "May we remember which of our pages you read, so that we can answer you better? It works without a cookie.",
    "yes": "Yes, remember it",
    "no": "No",
    "kept": "We remember which of our pages this browser reads.",
    "forget": "Stop and forget",
}
_DE = {
    "ask": "Dürfen wir uns merken, welche unserer Seiten Sie lesen, um Ihnen besser zu antworten? Ganz ohne Cookie.",
    "yes": "Ja, gern",
    "no": "Nein",
    "kept": "Wir merken uns, welche unserer Seiten dieser Browser liest.",
    "forget": "Beenden und vergessen",
}
_FR = {
    "ask": "Pouvons-nous retenir quelles pages vous lisez, afin de mieux vous répondre ? Sans aucun cookie.",
    "yes": "Oui, d’accord",
    "no": "Non",
    "kept": "Nous retenons quelles pages ce navigateur lit chez nous.",
    "forget": "Arrêter et oublier",
}
_ES = {
    "ask": "¿Podemos recordar qué páginas nuestras lee, para responderle mejor? Sin ninguna cookie.",
    "yes": "Sí, de acuerdo",
    "no": "No",
    "kept": "Recordamos qué páginas nuestras lee este navegador.",
    "forget": "Parar y olvidar",
}
_WORDS: Mapping[str, Mapping[str, str]] = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}


def words(language: str) -> Mapping[str, str]:
    """What a page says by itself in this language."""
    return _WORDS[language]
