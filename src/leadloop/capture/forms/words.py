"""Our own words on forms, by language."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}

_EN = {
    "send": "Send",
    "sending": "One moment…",
    "optional": "optional",
    "choose": "Please choose",
    "thanks": "Thank you, your message has arrived.",
    "later": "We can't be reached right now. Your message is kept in this browser and sent as soon as we can be.",
    "contact": "Please leave an e-mail address or a phone number, so that we can answer.",
    "wrong": "This could not be sent. Please look through what you wrote.",
    "by_hand": "Your browser runs no scripts, so this form can’t tell you from a program. Send it all the same: "
    "somebody looks at it by hand, which takes longer.",
    "often": "Too many messages came from your address. Please wait a moment and send it again.",
}
_DE = {
    "send": "Senden",
    "sending": "Einen Moment …",
    "optional": "freiwillig",
    "choose": "Bitte wählen",
    "thanks": "Danke, Ihre Nachricht ist angekommen.",
    "later": "Wir sind nicht erreichbar. Ihre Nachricht bleibt in diesem Browser und wird gesendet, sobald es geht.",
    "contact": "Bitte nennen Sie eine E-Mail-Adresse oder Telefonnummer, damit wir antworten können.",
    "wrong": "Das konnte nicht gesendet werden. Bitte prüfen Sie Ihre Angaben.",
    "by_hand": "Ihr Browser führt keine Skripte aus, deshalb kann dieses Formular Sie nicht von einem Programm "
    "unterscheiden. Senden Sie es trotzdem ab: Jemand sieht es von Hand durch, das dauert länger.",
    "often": "Von Ihrer Adresse kamen zu viele Nachrichten. Bitte warten Sie einen Moment und senden Sie noch einmal.",
}
_FR = {
    "send": "Envoyer",
    "sending": "Un instant…",
    "optional": "facultatif",
    "choose": "Veuillez choisir",
    "thanks": "Merci, votre message est bien arrivé.",
    "later": "Nous ne sommes pas joignables. Votre message reste dans ce navigateur et partira dès que possible.",
    "contact": "Laissez une adresse e-mail ou un numéro de téléphone pour que nous puissions vous répondre.",
    "wrong": "L’envoi n’a pas abouti. Veuillez vérifier ce que vous avez écrit.",
    "by_hand": "Votre navigateur n’exécute pas de scripts : ce formulaire ne peut pas vous distinguer d’un programme. "
    "Envoyez-le quand même, quelqu’un le lira à la main, ce qui prend plus de temps.",
    "often": "Trop de messages sont venus de votre adresse. Attendez un moment, puis envoyez de nouveau.",
}
_ES = {
    "send": "Enviar",
    "sending": "Un momento…",
    "optional": "opcional",
    "choose": "Elija una opción",
    "thanks": "Gracias, su mensaje ha llegado.",
    "later": "Ahora no es posible conectar. Su mensaje queda en este navegador y se enviará en cuanto se pueda.",
    "contact": "Deje un correo electrónico o un teléfono para que podamos responderle.",
    "wrong": "No se ha podido enviar. Revise lo que ha escrito.",
    "by_hand": "Su navegador no ejecuta scripts, así que este formulario no puede distinguirle de un programa. Envíelo "
    "igualmente: alguien lo mirará a mano, lo que tarda más.",
    "often": "Han llegado demasiados mensajes desde su dirección. Espere un momento y envíe de nuevo.",
}
_WORDS = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}


def words(language: str) -> Mapping[str, str]:
    """The texts of a form in this language."""
    return _WORDS[language]
