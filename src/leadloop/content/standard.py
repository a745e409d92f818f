"""The texts Leadloop comes with. A company that saves its own template of the same key replaces them."""

from __future__ import annotations

from leadloop.content import guide
from leadloop.content.contracts import TemplateRow

ACKNOWLEDGEMENT = "acknowledgement"
ACKNOWLEDGEMENT_WITH_ASSET = "acknowledgement_with_asset"
NEW_LEAD = "new_lead"

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
}

STANDARD = {
    (key, language): TemplateRow(key, language, 0, "email", subject, body.strip() + "\n")
    for (key, language), (subject, body) in _TEXTS.items()
} | {
    (key, language): TemplateRow(key, language, 0, guide.CALL, subject, body.strip() + "\n")
    for (key, language), (subject, body) in guide.TEXTS.items()
}
