"""A lead of LinkedIn Lead Gen Forms, and the words of the questions that it answers."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import orjson

from leadloop.capture.doors import Wanted
from leadloop.capture.retrieval.web import NotGot, get
from leadloop.platform.config import load

_FORM = re.compile(r"urn:li:versionedLeadGenForm:\(urn:li:leadGenForm:(\d{1,20}),\d{1,10}\)")


def fetch(wanted: Wanted) -> bytes:
    """Return the answered form; `questions` holds what was asked by number, as far as it can be had."""
    token = wanted.secrets.get("access_token", "")
    if not token:
        raise NotGot("no_token")
    headers = {
        "Authorization": f"Bearer {token}",
        "LinkedIn-Version": load().linkedin_version,
        "X-Restli-Protocol-Version": "2.0.0",
    }
    found = get(load().linkedin_url, f"leadFormResponses/{quote(wanted.number, safe='')}", {}, headers)
    form = _FORM.fullmatch(str(found.get("versionedLeadGenFormUrn", "")))
    if form:
        found["questions"] = _questions(form[1], headers)
    return orjson.dumps(found)


def _questions(form: str, headers: dict[str, str]) -> dict[str, str]:
    """Return the name of each question by its number. Without them a lead still counts: portals may map numbers."""
    try:
        told = get(load().linkedin_url, f"leadForms/{form}", {}, headers)
    except NotGot as missed:
        if missed.code in ("away", "busy"):
            raise
        return {}
    content = told.get("content")
    asked = content.get("questions") if isinstance(content, dict) else None
    return {str(one.get("questionId")): _name(one) for one in asked or [] if isinstance(one, dict)}


def _name(question: dict[str, Any]) -> str:
    """Call a question by what kind of answer it wants, else by its name, else by its words."""
    words = question.get("question")
    spoken = words.get("localized") if isinstance(words, dict) else None
    first = next(iter(spoken.values()), "") if isinstance(spoken, dict) else ""
    return str(question.get("predefinedField") or question.get("name") or first or question.get("questionId"))
