"""What platforms send, read in the words of each: from a body to keys and texts, as `flat` gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from leadloop.capture.contracts import PortalKind
from leadloop.capture.parse.body import Flat, flat, flatten
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import Resolver, sure
from leadloop.capture.parse.paths import all_of, dotted

Reading = Callable[[bytes, str, Resolver], Flat]
TEST = "is_test"
_BY_TYPE = {"email": sure(Field.EMAIL), "phone_number": sure(Field.PHONE)}
_DUMMY = "<test lead:"  # how one platform fills in its own rehearsals


def reading(kind: PortalKind) -> Reading | None:
    """Return how bodies of this kind of portal are read; None for the general way."""
    return _READINGS.get(kind)


def _google_ads(body: bytes, content_type: str, find: Resolver) -> Flat:  # noqa: ARG001 - the common form
    """Columns are called by their id; the form's own key is nobody's."""
    return [pair for pair in flat(body, content_type) if pair[0] != "google_key" and pair != (TEST, "no")]


def _meta(body: bytes, content_type: str, find: Resolver) -> Flat:  # noqa: ARG001 - the common form
    """As anything else, but for leads that were made to try the form out."""
    found = flat(body, content_type)
    return [*found, (TEST, "yes")] if any(text.startswith(_DUMMY) for _, text in found) else found


def _typeform(body: bytes, content_type: str, find: Resolver) -> Flat:  # noqa: ARG001 - the common form
    """Answers are called by the question's reference where the portal maps it, else by its words, else by its type."""
    told = _object(body)
    answered = _dict(told.get("form_response"))
    if not answered:
        return flatten(told)
    titles = {str(one.get("id")): str(one.get("title", "")) for one in _dicts(answered, "definition", "fields")}
    found: Flat = []
    for answer in _dicts(answered, "answers"):
        asked = _dict(answer.get("field"))
        names = (str(asked.get("ref", "")), titles.get(str(asked.get("id")), ""))
        name = next((one for one in names if one and find(one)), "") or _BY_TYPE.get(str(answer.get("type")), "")
        found += _texts(name or names[1] or names[0], answer.get(str(answer.get("type"))))
    found += [(str(key), str(text)) for key, text in _dict(answered.get("hidden")).items() if text is not None]
    found += _texts("score", _dict(answered.get("calculated")).get("score"))
    found += _texts(sure(Field.CREATED_AT), answered.get("submitted_at"))
    return [*found, *_texts(sure(Field.EXTERNAL_ID), answered.get("token"))]


def _calendly(body: bytes, content_type: str, find: Resolver) -> Flat:  # noqa: ARG001 - the common form
    """Who booked, what they were asked, and the campaign codes of the page they came from."""
    told = _object(body)
    booked = _dict(told.get("payload"))
    if not booked:
        return flatten(told)
    taken = (
        (Field.GIVEN_NAME, "first_name"),
        (Field.FAMILY_NAME, "last_name"),
        (Field.FULL_NAME, "name"),
        (Field.EMAIL, "email"),
        (Field.PHONE, "text_reminder_number"),
        (Field.ZONE, "timezone"),
        (Field.CREATED_AT, "created_at"),
        (Field.EXTERNAL_ID, "uri"),
    )
    found: Flat = [pair for field, name in taken for pair in _texts(sure(field), booked.get(name))]
    for one in _dicts(booked, "questions_and_answers"):
        found += _texts(str(one.get("question", "")), one.get("answer"))
    found += [(key, text) for key, text in _dict(booked.get("tracking")).items() if isinstance(text, str)]
    return [*found, *_texts("meeting begins", _dict(booked.get("scheduled_event")).get("start_time"))]


def _linkedin(body: bytes, content_type: str, find: Resolver) -> Flat:  # noqa: ARG001 - the common form
    """Answers are called by what was asked, which is fetched with them, else by the number of the question."""
    told = _object(body)
    answered = _dict(told.get("formResponse"))
    if not answered:
        return flatten(told)
    names = _dict(told.get("questions"))
    found: Flat = []
    for one in _dicts(answered, "answers"):
        number = str(one.get("questionId", ""))
        said = list(_answers(_dict(one.get("answerDetails"))))
        found += _texts(number if find(number) else str(names.get(number, number)), said)
    agreed = [one.get("accepted") for one in _dicts(answered, "consentResponses")]
    if agreed and all(agreed):
        found.append((sure(Field.CONSENT), "yes"))
    found += _texts(sure(Field.EXTERNAL_ID), told.get("id"))
    found += _texts("campaign", _dict(_dict(told.get("leadMetadata")).get("sponsoredLeadMetadata")).get("campaign"))
    if told.get("testLead") is True:
        found.append((TEST, "yes"))
    moment = told.get("submittedAt")
    return [*found, *_texts(sure(Field.CREATED_AT), _moment(moment) if isinstance(moment, int) else None)]


def _webhook(body: bytes, content_type: str, find: Resolver) -> Flat:
    """First what the portal's own paths point at, then all the rest under its own names."""
    told, rest = _loaded(body), flat(body, content_type)
    taken: set[str] = set()
    found: Flat = []
    for path, field in find.mapped:
        texts = [text for value in all_of(told, path) for _, text in _texts(path, value)]
        if texts:
            found.append((sure(field), ", ".join(texts)))
            taken.add(dotted(path))
    return found + [(key, text) for key, text in rest if key not in taken]


_READINGS: dict[PortalKind, Reading] = {
    PortalKind.META: _meta,
    PortalKind.GOOGLE_ADS: _google_ads,
    PortalKind.TYPEFORM: _typeform,
    PortalKind.CALENDLY: _calendly,
    PortalKind.LINKEDIN: _linkedin,
    PortalKind.WEBHOOK: _webhook,
}


def _object(body: bytes) -> dict[str, Any]:
    """Return the object of a body. Raises BodyError, as `flat` does, where there is none."""
    told = _loaded(body)
    if not isinstance(told, dict):
        flat(body, "application/json")
        return {}
    return told


def _loaded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(holder: Mapping[str, Any], *names: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of the list under nested names."""
    for name in names[:-1]:
        holder = _dict(holder.get(name))
    found = holder.get(names[-1])
    yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


def _answers(details: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what was written or chosen, whatever kind of question it was."""
    for said in details.values():
        given = _dict(said)
        yield from (given[name] for name in ("answer", "options", "value") if given.get(name) is not None)


def _texts(name: str, value: Any) -> Flat:
    """Return a value as one text under a name: lists joined, objects by what they hold; none when it says nothing."""
    if value is None or value in ([], "") or not name:
        return []
    if isinstance(value, Mapping) and "label" in value:
        value = value["label"]
    elif isinstance(value, Mapping) and isinstance(value.get("labels"), list):
        value = value["labels"]
    inner = flatten({"value": value})
    return [(name, ", ".join(text for _, text in inner))] if inner else []


def _moment(milliseconds: int) -> str | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return None
