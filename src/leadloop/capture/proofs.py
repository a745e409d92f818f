"""Riddles that a browser solves before it may deliver (ALTCHA proof of work), where a portal asks for it.

Each is signed, made for one portal and good for ten minutes; a delivery brings the solution along. Nothing is kept of
a riddle until it comes back solved, and then only that it was used.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from altcha import v1 as altcha
from django.conf import settings

from leadloop.capture.contracts import Code
from leadloop.capture.parse.listed import Proved
from leadloop.kernel import ids

HARDEST = 50_000  # hashes at most: a second or two on a phone
VALID = timedelta(minutes=10)
LONGEST = 2_000


def riddle(slug: str, *, now: datetime) -> dict[str, Any]:
    """A riddle for one portal, JSON-ready."""
    options = altcha.ChallengeOptions(max_number=HARDEST, hmac_key=_key(), expires=now + VALID, params={"portal": slug})
    return dict(altcha.create_challenge(options).to_dict())


def proved(text: str | None, slug: str, *, at: datetime) -> Proved:
    """Look at a solution that came with a delivery at that moment. Whether it was used before is asked elsewhere."""
    if not text:
        return Proved(Code.NOT_PROVED)
    try:
        payload = altcha.Payload.from_base64(text[:LONGEST])
        sound = payload.algorithm == "SHA-256" and altcha.verify_solution(payload, _key(), check_expires=False)[0]
        _, expires, said = payload.parse_salt()
    except (ValueError, TypeError, KeyError, AttributeError):
        return Proved(Code.NOT_PROVED)
    if not sound or said.get("portal") != [slug] or expires is None:
        return Proved(Code.NOT_PROVED)
    if at > datetime.fromtimestamp(expires, UTC):
        return Proved(Code.PROOF_TOO_OLD)
    return Proved(digest=ids.sha256_hex(str(payload.challenge)))


def _key() -> str:
    """The key riddles are signed with, which opens nothing else."""
    return ids.sha256_hex(f"leadloop.capture.proofs:{settings.SECRET_KEY}")
