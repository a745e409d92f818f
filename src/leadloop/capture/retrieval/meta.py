"""A lead of Meta Lead Ads, from the Graph API."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import orjson

from leadloop.capture.doors import Wanted
from leadloop.capture.retrieval.web import NotGot, get
from leadloop.platform.config import load

_FIELDS = "created_time,id,ad_id,ad_name,form_id,campaign_id,campaign_name,adset_id,is_organic,platform,field_data"
_TOKEN, _BUSY, _NOTHING = (102, 190, 10, 200), (1, 2, 4, 17, 32, 613), (100,)  # codes in errors of the Graph API


def fetch(wanted: Wanted) -> bytes:
    """Return the lead. The request is proven with the app's secret, so that a stolen token alone is no use there."""
    token, secret = wanted.secrets.get("access_token", ""), wanted.secrets.get("secret", "")
    if not token:
        raise NotGot("no_token")
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    asked = {"fields": _FIELDS, "appsecret_proof": proof}
    try:
        found = get(load().meta_url, wanted.number, asked, {"Authorization": f"Bearer {token}"})
    except NotGot as missed:
        raise _meant(missed) from None
    return orjson.dumps(found)


def _meant(missed: NotGot) -> NotGot:
    """Read the error's own code, which says more than the status of the answer."""
    error: Any = missed.answer.get("error") if isinstance(missed.answer, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    if code in _TOKEN:
        return NotGot("refused")
    if code in _BUSY:
        return NotGot("busy")
    return NotGot("gone", final=True) if code in _NOTHING else missed
