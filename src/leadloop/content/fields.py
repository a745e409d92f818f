"""The merge fields a template may name, with what stands in them."""

from __future__ import annotations

FIELDS = {
    "person.given_name": "The recipient's given name",
    "person.family_name": "The recipient's family name",
    "person.name": "The recipient's whole name",
    "person.key": "Makes the address of a form or landing page of ours the recipient's own",
    "company.name": "The recipient's firm",
    "us.name": "The name of our own company",
    "owner.name": "Who looks after the lead",
    "owner.email": "That person's e-mail address",
    "owner.phone": "That person's telephone number",
    "reply.by": "By when an answer is promised, in the recipient's words and time",
    "interest.name": "What the inquiry is about",
    "asset.title": "The title of what was asked for",
    "asset.url": "Where to get it",
    "portal.name": "The way the inquiry came in",
    "inquiry.message": "What the inquirer wrote",
    "promise.label": "What is owed",
    "promise.due": "By when it is owed",
    "lead.url": "The page of the lead",
    "consent.wording": "What the recipient is asked to confirm",
    "confirm.url": "The page on which they confirm it",
    "confirm.by": "Until when they can",
}

# What somebody outside typed as a name. A link in it is never a name, so it is treated as missing: or else anybody
# could have our own mail server carry a link of theirs to whatever address they enter in a form.
PERSON_NAMES = frozenset({"person.given_name", "person.family_name", "person.name"})
FIRM_NAMES = frozenset({"company.name"})  # some firms are called like their domain
# The only values that keep their line breaks.
LONG = frozenset({"inquiry.message", "consent.wording"})
