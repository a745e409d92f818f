"""Last step of reading: from sorted texts to a raised hand, or to why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from uuid import UUID

from leadloop.capture import rules
from leadloop.capture.contracts import Claimed, Code, Parsed, Unreadable
from leadloop.capture.doors import HOOKS
from leadloop.capture.lists.matching import Caught, Lists
from leadloop.capture.parse.clean import is_blank, line, lines
from leadloop.capture.parse.dates import read, read_any
from leadloop.capture.parse.draft import Draft
from leadloop.capture.parse.fields import ANSWERS, Field
from leadloop.capture.parse.keys import squash
from leadloop.capture.parse.listed import SOUND, Proved, listed
from leadloop.capture.parse.platforms import TEST
from leadloop.capture.parse.standing import standing
from leadloop.capture.parse.who import Who, who
from leadloop.capture.parse.words import KINDS, is_yes
from leadloop.kernel.values import dataclass

_NO_CONTACT = "There is no e-mail address, phone number or profile to answer to, and no name together with a company."
_TEST = "The platform says that it is a test. Send it through again to see it as a lead."
_LONGEST_KEY, _LONGEST_VALUE, _MOST_ATTRIBUTES = 80, 1000, 80


@dataclass(frozen=True, slots=True)
class Known:
    """What texts can refer to, by squashed key and name; the lists by portal, the worth of solutions by delivery."""

    interests: Mapping[str, int]
    sources: Mapping[str, int]
    assets: Mapping[str, int]
    programmes: Mapping[str, int]
    lists: Mapping[int, Lists] = field(default_factory=dict)
    proofs: Mapping[int, Proved] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matched:
    """What the touch's codes say about where it came from."""

    source_id: int | None = None
    programme_id: int | None = None


UNMATCHED = Matched()


def build(draft: Draft, touch: dict[str, str], known: Known, matched: Matched) -> Parsed | Unreadable:
    """Turn sorted texts into a raised hand; what nothing takes is kept with the person as an attribute."""
    claimed, values, left = draft.claimed, draft.values, dict(draft.extra)
    found = who(draft, left)
    allowed, caught = listed(draft, found.email, known.lists.get(claimed.portal.id))
    proof = known.proofs.get(claimed.submission_id, SOUND)
    if refused := _suspected(draft, found, proof, caught, allowed=allowed) or _unusable(draft, found):
        return refused
    portal, plan = claimed.portal, draft.plan
    happened_at = rules.happened(_said(draft, left), claimed.received_at)
    interest_id = _named(values, Field.INTEREST, known.interests, left) or portal.interest_id
    source_id = _source(draft, known, left) or matched.source_id or portal.source_id
    asset_id = _named(values, Field.ASSET, known.assets, left) or portal.asset_id
    kind = _kind(values, left) or portal.inquiry_kind
    owner_id, stood = standing(draft)
    return Parsed(
        ref=claimed.submission_id,
        portal=portal,
        kind=kind,
        candidate=found.candidate(claimed, values, _attributes(left), overwrite=plan is not None and plan.overwrites),
        interest_id=interest_id,
        programme_id=_named(values, Field.PROGRAMME, known.programmes, left)
        or matched.programme_id
        or rules.programme_of(claimed.context)
        or portal.programme_id,
        source_id=source_id,
        happened_at=happened_at,
        received_at=claimed.received_at,
        message=lines(values[Field.MESSAGE]) if Field.MESSAGE in values else "",
        answers={str(name): lines(values[name], 500) for name in ANSWERS if name in values},
        touch=touch,
        asset_id=asset_id,
        external_id=line(values[Field.EXTERNAL_ID], 120) if Field.EXTERNAL_ID in values else "",
        owner_id=owner_id,
        stage=stood.stage,
        closed_as=stood.closed_as,
        close_reason=stood.reason,
        historic=rules.historic(
            happened_at, claimed.received_at, imported=plan is not None, fresh=plan is not None and plan.fresh
        ),
        consent=_consent(draft),
        opted_out=_opted_out(values),
        visitor=_visitor(values[Field.VISITOR]) if Field.VISITOR in values else None,
        in_reply_to=draft.in_reply_to,
        on_known=plan.on_known if plan and not claimed.released else "",
        flagged_by=caught.entry_id if caught and not allowed else None,
        proof=proof.digest,
    )


def _suspected(draft: Draft, found: Who, proof: Proved, caught: Caught | None, *, allowed: bool) -> Unreadable | None:
    """Return why a delivery from outside is held, None when it may pass: also what a person has sent through again."""
    claimed, values = draft.claimed, draft.values
    if claimed.released or draft.is_ours:
        return None
    verdict = rules.suspicion(
        claimed.portal,
        rules.Signs(
            trapped=Field.TRAP in values,
            elapsed=_seconds(values.get(Field.ELAPSED)),
            disposable=found.disposable,
            blocked=f"{caught.kind} (entry {caught.entry_id})" if caught else "",
            unproved=proof.code,
            allowed=allowed,
        ),
    )
    if verdict.outcome is None:
        return None
    by = caught.entry_id if caught and verdict.outcome is Code.BLOCKED else None
    return Unreadable(claimed.submission_id, verdict.outcome, verdict.reasons[0].text, caught_by=by)


def _unusable(draft: Draft, found: Who) -> Unreadable | None:
    """Return why nobody can work with a delivery, None when somebody can."""
    claimed, values, extra = draft.claimed, draft.values, draft.extra
    if claimed.portal.kind in HOOKS and not claimed.released and is_yes(extra.get(TEST, "")):
        return Unreadable(claimed.submission_id, Code.TEST_LEAD, _TEST)
    if not found.reachable(firm=Field.COMPANY in values, filed=_filed(claimed, values)):
        return Unreadable(claimed.submission_id, Code.NO_CONTACT, _NO_CONTACT)
    return None


def _filed(claimed: Claimed, values: Mapping[str, str]) -> bool:
    """Whether a row of a file says under which number it can be looked up where it comes from."""
    return claimed.reading is not None and (Field.EXTERNAL_ID in values or Field.PERSON_ID in values)


def _said(draft: Draft, left: dict[str, str]) -> datetime | None:
    """Return when the delivery says it happened; a text that can't be read is kept as an attribute."""
    if draft.claimed.happened_at:
        return draft.claimed.happened_at
    text = draft.values.get(Field.CREATED_AT)
    if text is None:
        return None
    plan = draft.plan
    said = read(text, plan.style, plan.zone) if plan and plan.style else read_any(text, plan.zone if plan else UTC)
    if said is None:
        left.setdefault(Field.CREATED_AT, text)
    return said


def _named(values: Mapping[str, str], field: Field, known: Mapping[str, int], left: dict[str, str]) -> int | None:
    """Return what a text names; a name nobody knows is kept as an attribute."""
    text = values.get(field)
    if text is None:
        return None
    found = known.get(squash(text))
    if found is None:
        left.setdefault(field, text)
    return found


def _source(draft: Draft, known: Known, left: dict[str, str]) -> int | None:
    text = draft.values.get(Field.SOURCE)
    if text and draft.plan and text in draft.plan.sources:
        return draft.plan.sources[text]
    return _named(draft.values, Field.SOURCE, known.sources, left)


def _kind(values: Mapping[str, str], left: dict[str, str]) -> str | None:
    text = values.get(Field.KIND)
    if text is None:
        return None
    found = KINDS.get(squash(text))
    if found is None:
        left.setdefault(Field.KIND, text)
    return found


def _consent(draft: Draft) -> str:
    """Return the wording somebody agreed to, empty when nobody did or nobody knows to what.

    What a row says of itself counts before what was said of its file.
    """
    values, of_file = draft.values, draft.plan.consent if draft.plan else ""
    if Field.CONSENT not in values:
        return "" if Field.NO_EMAIL in values and is_yes(values[Field.NO_EMAIL]) else of_file
    if not is_yes(values[Field.CONSENT]):
        return ""
    return lines(values.get(Field.CONSENT_WORDING, "") or of_file or draft.claimed.portal.consent_wording, 2000)


def _opted_out(values: Mapping[str, str]) -> tuple[str, ...]:
    channels = ((Field.NO_EMAIL, "email"), (Field.NO_PHONE, "phone"))
    return tuple(channel for field, channel in channels if field in values and is_yes(values[field]))


def _visitor(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _seconds(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def _attributes(left: dict[str, str]) -> dict[str, str]:
    """Return what is kept under the sender's own names, clean and within bounds."""
    kept: dict[str, str] = {}
    for key, text in left.items():
        name = line(key.lstrip("="), _LONGEST_KEY)
        if name and not is_blank(text):
            kept[name] = lines(text, _LONGEST_VALUE)
        if len(kept) == _MOST_ATTRIBUTES:
            break
    return kept
