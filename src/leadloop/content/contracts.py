"""What crosses the door of `content`."""

from __future__ import annotations

from datetime import date

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsset:
    """Something to offer: a brochure, paper, film or page at a web address. `owner_id` keeps it up to date."""

    key: str
    title: str
    url: str
    owner_id: int
    summary: str = ""
    interest_id: int | None = None
    language: str = "en"
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class AssetRow:
    """An asset; from the day after `expires_on` it is out of date."""

    id: int
    key: str
    title: str
    summary: str
    url: str
    interest_id: int | None
    language: str
    owner_id: int
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A message with merge fields, in one language. `version` 0 is the text Leadloop comes with."""

    key: str
    language: str
    version: int
    channel: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A message ready to send: one line of subject, and the same body as plain text and as HTML."""

    subject: str
    text: str
    html: str
