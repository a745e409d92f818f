"""What the page says on which somebody confirms a consent, by language."""

from __future__ import annotations

from collections.abc import Mapping

from leadloop.kernel.values import dataclass
from leadloop.people.contracts import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of the page: what is asked, and how it stands afterwards."""

    asked: str
    why: str
    button: str
    done: tuple[str, str]
    expired: tuple[str, str]
    gone: tuple[str, str]

    def about(self, state: Asked | None) -> tuple[str, str]:
        """Heading and text once there is nothing to confirm any more."""
        return {Asked.CONFIRMED: self.done, Asked.EXPIRED: self.expired}.get(state, self.gone)  # type: ignore[arg-type]


_WORDS: Mapping[str, Words] = {
    "en": Words(
        asked="May we write to you?",
        why="This is what you agree to:",
        button="Yes, I agree",
        done=("Thank you", "We may write to you from now on. Every such e-mail has a link by which you end it."),
        expired=("This link is too old", "Fill in the form once more, and you get a new one."),
        gone=("There is nothing to confirm", "Open the link from the e-mail once more, and whole."),
    ),
    "de": Words(
        asked="Dürfen wir Ihnen schreiben?",
        why="Damit willigen Sie ein:",
        button="Ja, ich willige ein",
        done=("Danke", "Wir dürfen Ihnen ab jetzt schreiben. Jede solche E-Mail hat einen Link, der das beendet."),
        expired=("Dieser Link ist zu alt", "Füllen Sie das Formular noch einmal aus, dann bekommen Sie einen neuen."),
        gone=("Es gibt nichts zu bestätigen", "Öffnen Sie den Link aus der E-Mail noch einmal, und ganz."),
    ),
    "fr": Words(
        asked="Pouvons-nous vous écrire ?",
        why="Voici votre accord :",
        button="Oui, je suis d’accord",
        done=("Merci", "Nous pouvons désormais vous écrire. Chaque e-mail contient un lien pour y mettre fin."),
        expired=("Ce lien est trop ancien", "Remplissez encore une fois le formulaire pour en recevoir un nouveau."),
        gone=("Il n’y a rien à confirmer", "Ouvrez encore une fois le lien de l’e-mail, en entier."),
    ),
    "es": Words(
        asked="¿Podemos escribirle?",
        why="Este es su consentimiento:",
        button="Sí, estoy de acuerdo",
        done=("Gracias", "Desde ahora podemos escribirle. Cada correo de este tipo lleva un enlace para ponerle fin."),
        expired=("Este enlace ya no vale", "Rellene el formulario otra vez y recibirá uno nuevo."),
        gone=("No hay nada que confirmar", "Abra otra vez el enlace del correo, completo."),
    ),
}  # fmt: skip


def words(language: str) -> Words:
    """The texts in this language, in English where there are none."""
    return _WORDS.get(language, _WORDS["en"])
