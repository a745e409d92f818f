"""The texts Leadloop comes with. A company that saves its own template of the same key replaces them."""

from __future__ import annotations

from leadloop.content import guide
from leadloop.content.contracts import TemplateRow

ACKNOWLEDGEMENT = "acknowledgement"
ACKNOWLEDGEMENT_WITH_ASSET = "acknowledgement_with_asset"
NEW_LEAD = "new_lead"
CONFIRM_CONSENT = "confirm_consent"

_TEXTS = {
    (ACKNOWLEDGEMENT, "en"): (
        "Thank you for your inquiry",
        """
Hello {{ person.given_name | there }},

thank you for your interest in {{ interest.name | what we do }}. Your message has arrived.

{{ owner.name | One of us }} will read it and get back to you by {{ reply.by | the next working day }}.

If something is missing, just answer this e-mail.

{{ us.name | Your contact }}
""",
    ),
    (ACKNOWLEDGEMENT, "de"): (
        "Danke für Ihre Anfrage",
        """
Guten Tag {{ person.name | zusammen }},

danke für Ihr Interesse an {{ interest.name | unserem Angebot }}. Ihre Nachricht ist angekommen.

{{ owner.name | Jemand von uns }} liest sie und meldet sich bis {{ reply.by | zum nächsten Werktag }} bei Ihnen.

Fehlt noch etwas? Antworten Sie einfach auf diese E-Mail.

{{ us.name | Ihr Ansprechpartner }}
""",
    ),
    (ACKNOWLEDGEMENT_WITH_ASSET, "en"): (
        "Here is what you asked for: {{ asset.title | your document }}",
        """
Hello {{ person.given_name | there }},

thank you for asking. Here it is:

[{{ asset.title | Open the document }}]({{ asset.url | - }})

{{ owner.name | One of us }} will get back to you by {{ reply.by | the next working day }} and answer your questions.

If something is missing, just answer this e-mail.

{{ us.name | Your contact }}
""",
    ),
    (ACKNOWLEDGEMENT_WITH_ASSET, "de"): (
        "Wie gewünscht: {{ asset.title | Ihre Unterlage }}",
        """
Guten Tag {{ person.name | zusammen }},

danke für Ihre Anfrage. Hier ist, worum Sie gebeten haben:

[{{ asset.title | Unterlage öffnen }}]({{ asset.url | - }})

{{ owner.name | Jemand von uns }} meldet sich bis {{ reply.by | zum nächsten Werktag }} bei Ihnen und beantwortet \
gern Ihre Fragen.

Fehlt noch etwas? Antworten Sie einfach auf diese E-Mail.

{{ us.name | Ihr Ansprechpartner }}
""",
    ),
    (NEW_LEAD, "en"): (
        "New lead: {{ person.name | no name given }}, {{ company.name | no company given }}",
        """
Hello {{ owner.name | there }},

you have a new lead: **{{ person.name | no name given }}** from {{ company.name | no company given }}, \
about {{ interest.name | no product named }}. It came by {{ portal.name | an unknown way }}.

{{ promise.label | Your next step }} by {{ promise.due | today }}.

[Open the lead]({{ lead.url | - }})

What they wrote:
{{ inquiry.message | Nothing. }}
""",
    ),
    (NEW_LEAD, "de"): (
        "Neuer Lead: {{ person.name | ohne Namen }}, {{ company.name | ohne Firma }}",
        """
Guten Tag {{ owner.name | zusammen }},

Sie haben einen neuen Lead: **{{ person.name | ohne Namen }}** von {{ company.name | ohne Firma }}, \
es geht um {{ interest.name | kein genanntes Produkt }}. Eingang: {{ portal.name | unbekannt }}.

{{ promise.label | Ihr nächster Schritt }} bis {{ promise.due | heute }}.

[Lead öffnen]({{ lead.url | - }})

Das steht in der Anfrage:
{{ inquiry.message | Nichts. }}
""",
    ),
    (CONFIRM_CONSENT, "en"): (
        "Please confirm: may we write to you?",
        """
Hello {{ person.given_name | there }},

your e-mail address was entered with us, and this was agreed to:

{{ consent.wording | That we send you news by e-mail. }}

Was it you? Then please confirm it by {{ confirm.by | the end of next week }}:

[Yes, I agree]({{ confirm.url | - }})

If it was not you, do nothing. Without your yes we send you no news.

{{ us.name | Your contact }}
""",
    ),
    (CONFIRM_CONSENT, "de"): (
        "Bitte bestätigen: Dürfen wir Ihnen schreiben?",
        """
Guten Tag {{ person.name | zusammen }},

Ihre E-Mail-Adresse wurde bei uns eingetragen, mit dieser Einwilligung:

{{ consent.wording | Wir senden Ihnen Neuigkeiten per E-Mail. }}

Waren Sie das? Dann bestätigen Sie es bitte bis {{ confirm.by | Ende nächster Woche }}:

[Ja, ich willige ein]({{ confirm.url | - }})

Waren Sie es nicht, brauchen Sie nichts zu tun. Ohne Ihr Ja senden wir Ihnen keine Neuigkeiten.

{{ us.name | Ihr Ansprechpartner }}
""",
    ),
    (CONFIRM_CONSENT, "fr"): (
        "À confirmer : pouvons-nous vous écrire ?",
        """
Bonjour {{ person.name | à vous }},

votre adresse e-mail a été saisie chez nous, avec cet accord :

{{ consent.wording | Nous vous envoyons des nouvelles par e-mail. }}

Était-ce vous ? Alors confirmez-le avant le {{ confirm.by | dernier jour de la semaine prochaine }} :

[Oui, je suis d’accord]({{ confirm.url | - }})

Si ce n’était pas vous, vous n’avez rien à faire. Sans votre oui, nous ne vous envoyons pas de nouvelles.

{{ us.name | Votre contact }}
""",
    ),
    (CONFIRM_CONSENT, "es"): (
        "Por favor, confirme: ¿podemos escribirle?",
        """
Hola {{ person.given_name | a usted }}:

su dirección de correo se ha introducido en nuestro sitio, con este consentimiento:

{{ consent.wording | Le enviamos novedades por correo electrónico. }}

¿Ha sido usted? Entonces confírmelo antes del {{ confirm.by | final de la próxima semana }}:

[Sí, estoy de acuerdo]({{ confirm.url | - }})

Si no ha sido usted, no tiene que hacer nada. Sin su sí no le enviamos novedades.

{{ us.name | Su contacto }}
""",
    ),
}

STANDARD = {
    (key, language): TemplateRow(key, language, 0, "email", subject, body.strip() + "\n")
    for (key, language), (subject, body) in _TEXTS.items()
} | {
    (key, language): TemplateRow(key, language, 0, guide.CALL, subject, body.strip() + "\n")
    for (key, language), (subject, body) in guide.TEXTS.items()
}
