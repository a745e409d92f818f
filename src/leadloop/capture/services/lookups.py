"""Reading a batch against what is known: interests, sources, content, and the rules for campaign codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from leadloop.capture.contracts import Claimed, Parsed, PortalKind, PortalRow, Unreadable
from leadloop.capture.lists.versions import lists_for
from leadloop.capture.parse import (
    UNMATCHED,
    Draft,
    Known,
    Matched,
    RowPlan,
    build,
    compile_plan,
    draft,
    is_telling,
    touch,
)
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import squash
from leadloop.capture.parse.listed import Proved
from leadloop.capture.parse.mail.verdict import NOT_OURS
from leadloop.capture.proofs import proved
from leadloop.capture.services.own_mail import ours
from leadloop.catalogue import queries as catalogue
from leadloop.content import queries as content
from leadloop.programmes import queries as programmes
from leadloop.programmes.contracts import TouchHint

_NAMING = (Field.INTEREST, Field.SOURCE, Field.ASSET, Field.PROGRAMME)
Sorted = Draft | Unreadable


def look_up(claimed: Sequence[Claimed]) -> Iterator[Parsed | Unreadable]:
    """Yield one result per delivery, in order. At most six queries, each only when the batch calls for it."""
    plans: dict[int, RowPlan] = {}
    own = ours() if any(one.portal.kind is PortalKind.MAIL for one in claimed) else NOT_OURS
    drafts: list[Sorted] = [draft(one, _plan(one, plans), own) for one in claimed]
    sound = [one for one in drafts if isinstance(one, Draft)]
    known = replace(_known(sound), lists=lists_for(_portals(claimed)), proofs=_proofs(sound))
    touches = [touch(one) for one in sound]
    origins = iter(zip(touches, _match(touches), strict=True))
    for one in drafts:
        if isinstance(one, Unreadable):
            yield one
        else:
            found, matched = next(origins)
            yield build(one, found, known, matched)


def _portals(claimed: Sequence[Claimed]) -> Iterable[PortalRow]:
    return {one.portal.id: one.portal for one in claimed}.values()


def _proofs(drafts: Sequence[Draft]) -> dict[int, Proved]:
    """What the solutions are worth that deliveries brought along, where their portal sets riddles."""
    return {
        one.claimed.submission_id: proved(
            one.values.get(Field.PROOF), one.claimed.portal.slug, at=one.claimed.received_at
        )
        for one in drafts
        if one.claimed.portal.proof_of_work and one.claimed.portal.kind is PortalKind.BROWSER
    }


def _plan(claimed: Claimed, plans: dict[int, RowPlan]) -> RowPlan | None:
    """Return the compiled reading of a delivery's import run, compiled once per batch."""
    if claimed.reading is None or claimed.import_run_id is None:
        return None
    if claimed.import_run_id not in plans:
        plans[claimed.import_run_id] = compile_plan(claimed.reading)
    return plans[claimed.import_run_id]


def _known(drafts: Sequence[Draft]) -> Known:
    """Load what the texts of this batch may name; nothing for fields that no delivery fills."""
    named = {field for one in drafts for field in _NAMING if field in one.values}
    families = catalogue.families().values() if Field.INTEREST in named else ()
    sources = programmes.sources().values() if Field.SOURCE in named else ()
    assets = content.assets().values() if Field.ASSET in named else ()
    tree = programmes.programmes().values() if Field.PROGRAMME in named else ()
    return Known(
        interests=_index((f.id, f.key, f.name) for f in families if f.is_active),
        sources=_index((s.id, s.key, s.label) for s in sources),
        assets=_index((a.id, a.key, a.title) for a in assets),
        programmes=_index((p.id, p.key, p.name) for p in tree),
    )


def _index(rows: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """Return ids by squashed key and name; a key counts before another's name."""
    by_name, by_key = {}, {}
    for row_id, key, name in rows:
        by_key[squash(key)] = row_id
        by_name[squash(name)] = row_id
    return by_name | by_key


def _match(touches: Sequence[dict[str, str]]) -> list[Matched]:
    """Return what the campaign rules make of each touch."""
    telling = [place for place, found in enumerate(touches) if is_telling(found)]
    result = [UNMATCHED] * len(touches)
    if telling:
        matches = programmes.match([_hint(touches[place]) for place in telling])
        for place, match in zip(telling, matches, strict=True):
            result[place] = Matched(match.source_id, match.programme_id)
    return result


def _hint(found: dict[str, str]) -> TouchHint:
    return TouchHint(
        utm_source=found.get(Field.UTM_SOURCE),
        utm_medium=found.get(Field.UTM_MEDIUM),
        utm_campaign=found.get(Field.UTM_CAMPAIGN),
        referrer=found.get(Field.REFERRER),
    )
