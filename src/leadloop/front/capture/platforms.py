"""What is pasted where to connect a portal with its platform, in plain steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.doors import HOOK_SECRETS, HookRow

_ADDRESS = "Copy the address above and enter it there"
SECRETS: Mapping[tuple[PortalKind, str], str] = {
    (PortalKind.META, "secret"): "App secret",
    (PortalKind.META, "verify_token"): "Verification token",
    (PortalKind.META, "access_token"): "Page access token",
    (PortalKind.LINKEDIN, "secret"): "Client secret",
    (PortalKind.LINKEDIN, "access_token"): "Access token",
    (PortalKind.GOOGLE_ADS, "secret"): "Key",
    (PortalKind.CALENDLY, "secret"): "Signing key",
}
STEPS: Mapping[PortalKind, tuple[str, ...]] = {
    PortalKind.META: (
        "In your app at developers.facebook.com copy the app secret (Settings → Basic) and paste it below.",
        "Make a page access token that lasts, with leads_retrieval, and paste it below.",
        "Make a verification token below and copy it.",
        f"{_ADDRESS} as callback URL (Webhooks → Page), together with the verification token; subscribe to leadgen.",
        "Try it with Meta’s testing tool for lead ads: the test arrives in quarantine, marked as a test.",
    ),
    PortalKind.LINKEDIN: (
        "In your app at LinkedIn’s developer portal copy the client secret (Auth) and paste it below.",
        "Paste an access token that may read lead forms. LinkedIn’s end after two months.",
        f"{_ADDRESS} as webhook of a lead notification subscription. LinkedIn asks at once whether it is yours.",
    ),
    PortalKind.GOOGLE_ADS: (
        "Make a key below and copy it.",
        f"{_ADDRESS} as webhook URL of the lead form (Other data integration options), together with the key.",
        "Send test data there: it arrives in quarantine, marked as a test.",
    ),
    PortalKind.TYPEFORM: (
        "Make a secret below and copy it.",
        f"{_ADDRESS} as webhook of the form (Connect → Webhooks), then enter the secret under Edit.",
        "Send a test request there.",
    ),
    PortalKind.CALENDLY: (
        "Make a signing key below and copy it.",
        f"{_ADDRESS} as url of a webhook subscription for invitee.created, with the key as signing_key, by Calendly’s"
        " API.",
    ),
    PortalKind.WEBHOOK: (
        "Say below how the other system shows who it is.",
        "Make a secret below and enter it there, or paste the one it gave you.",
        f"{_ADDRESS}, and send a test.",
        "Paste what it sent on the page Mapping, and say what is what.",
    ),
}
TROUBLES = {
    "signature": "Not signed with the secret",
    "stale": "Signed too long ago",
    "no_secret": "No secret is set",
    "challenge": "Wrong verification token",
    "unauthorised": "Wrong or missing secret",
    "origin": "From a page that may not deliver",
    "too_often": "Too often from one address",
    "too_large": "Too long",
    "too_many": "Too many at once",
    "key_reused": "A key sent again with another body",
    "method": "Not sent with POST",
    "away": "The database did not answer",
    "repeated": "Sent again, counted once",
    "no_event": "About something else",
    "refused": "The access token is refused",
    "no_token": "There is no access token",
    "busy": "The platform asks to wait",
    "gone": "The platform knows no such lead",
    "strange": "The platform’s answer is not understood",
}


def secret_label(kind: PortalKind, name: str) -> str:
    """What the platform calls this secret."""
    return SECRETS.get((kind, name), "Secret")


def connecting(portal: PortalRow, hook: HookRow) -> dict[str, Any]:
    """The steps, and each secret with whether it is there and whether it is made here."""
    missing = [secret_label(portal.kind, name) for name in HOOK_SECRETS[portal.kind] if name not in hook.held]
    return {
        "steps": STEPS[portal.kind],
        "secrets": [
            {
                "name": name,
                "label": secret_label(portal.kind, name),
                "held": name in hook.held,
                "made": made,
                "pasted": not made or portal.kind in (PortalKind.WEBHOOK, PortalKind.CALENDLY),
            }
            for name, made in HOOK_SECRETS[portal.kind].items()
        ],
        "secret_pairs": [
            {"term": secret_label(portal.kind, name), "value": "Set" if name in hook.held else "Not set"}
            for name in HOOK_SECRETS[portal.kind]
        ],
        "missing": missing,
        "missing_words": f"Still to be set: {', '.join(missing)}. The steps are under “Connect it”.",
    }


def trouble_words(code: str) -> str:
    """A reason of the door, or of fetching, in words."""
    return TROUBLES.get(code, code.replace("_", " ").capitalize())
