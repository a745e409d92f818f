"""A journey to begin with: be useful, ask a question, then hand over or come back in three months."""

from __future__ import annotations

from leadloop.nurture.contracts import Decide, Graph, HandOver, Recycle, Send, Wait

FIRST_JOURNEY = "first-interest"
NAME = "First interest"
USEFUL, QUESTION = "nurture-useful", "nurture-question"

# The same bar as the standard agreement sets for readiness and engagement.
_READY = {
    "any": [
        {"facet": "score.readiness", "op": ">=", "value": 2},
        {"facet": "score.engagement", "op": ">=", "value": 20},
    ]
}

GRAPH = Graph(
    start="settle",
    nodes={
        "settle": Wait(label="Let the first answer arrive", days=1, next="useful"),
        "useful": Send(label="Something useful", template=USEFUL, next="think"),
        "think": Wait(label="Time to read", days=5, next="ready"),
        "ready": Decide(label="Ready to talk?", when=_READY, yes="sales", no="question"),
        "question": Send(label="One question", template=QUESTION, next="answer"),
        "answer": Wait(label="Time to answer", days=10, next="still_ready"),
        "still_ready": Decide(label="Ready by now?", when=_READY, yes="sales", no="later"),
        "sales": HandOver(label="Hand over to sales"),
        "later": Recycle(label="Not now", reason="not_now", days=90),
    },
)

# Subject and body by template and language; installed as the company's own, so that it can change them.
TEMPLATES: dict[tuple[str, str], tuple[str, str]] = {
    (USEFUL, "en"): (
        "Three questions worth settling before you compare offers",
        """
Hello {{ person.given_name | there }},

you looked into {{ interest.name | what we do }}. Before anybody compares offers, three questions usually save the most
time:

- What must be better afterwards, and how would you notice?
- Who else has a say, and what matters to them?
- By when does it have to work?

If you like, answer with whatever you know already. You get a short, plain assessment back, whether we fit or not.

{{ owner.name | Your contact }}
{{ us.name | - }}
""",
    ),
    (USEFUL, "de"): (
        "Drei Fragen, die man vor dem Vergleichen klärt",
        """
Guten Tag {{ person.name | zusammen }},

Sie haben sich über {{ interest.name | unser Angebot }} informiert. Bevor man Angebote vergleicht, sparen drei Fragen
meist die meiste Zeit:

- Was soll danach besser sein, und woran würden Sie es merken?
- Wer redet noch mit, und worauf kommt es diesen Menschen an?
- Bis wann muss es laufen?

Antworten Sie gern mit dem, was Sie schon wissen. Sie bekommen eine kurze, klare Einschätzung, ob wir passen oder nicht.

{{ owner.name | Ihr Ansprechpartner }}
{{ us.name | - }}
""",
    ),
    (QUESTION, "en"): (
        "Is {{ interest.name | this }} still on your list?",
        """
Hello {{ person.given_name | there }},

one short question: is {{ interest.name | this }} still on your list?

- **Yes, soon**: answer with a day that suits you, and we talk for fifteen minutes.
- **Yes, later**: tell us roughly when. Until then you hear nothing from us.
- **No**: a one-word answer is enough, and we stop.

{{ owner.name | Your contact }}
{{ us.name | - }}
""",
    ),
    (QUESTION, "de"): (
        "Steht {{ interest.name | das Thema }} noch auf Ihrer Liste?",
        """
Guten Tag {{ person.name | zusammen }},

eine kurze Frage: Steht {{ interest.name | das Thema }} noch auf Ihrer Liste?

- **Ja, bald**: Antworten Sie mit einem Tag, der Ihnen passt, und wir sprechen fünfzehn Minuten.
- **Ja, später**: Sagen Sie uns ungefähr, wann. Bis dahin hören Sie nichts von uns.
- **Nein**: Ein Wort genügt, und wir hören auf.

{{ owner.name | Ihr Ansprechpartner }}
{{ us.name | - }}
""",
    ),
}
