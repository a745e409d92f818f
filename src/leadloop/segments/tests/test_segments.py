"""Segments are kept, changed and put away; views are kept for oneself, a team or everybody."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.ledger.contracts import by_user
from leadloop.ledger.models import Event
from leadloop.platform.queries import viewer
from leadloop.segments import queries, services
from leadloop.segments.contracts import NewSegment, NewView, Sharing, Subject
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
GRADE_A = {"all": [{"facet": "lead.grade", "op": "in", "value": ["A"]}]}


def keep(cast: Cast, segment_id: int | None = None, **changes: Any) -> int:
    wanted = {"name": "Grade A", "subject": Subject.LEAD, "criteria": GRADE_A, "owner_id": cast.user["tomas"]}
    new = NewSegment(**{**wanted, **changes})
    return services.save(segment=new, segment_id=segment_id, actor=by_user(cast.user["tomas"]), now=MONDAY)


def kinds() -> list[str]:
    kept = Event.objects.filter(kind__regex="^(segment|view)").order_by("id")
    return list(kept.values_list("kind", flat=True))


def test_a_segment_is_kept_changed_and_put_away(cast: Cast) -> None:
    first = keep(cast)
    keep(cast, first, name="The best", note="For the spring letter")
    row = queries.segment(first)
    assert (row.name, row.note, row.criteria) == ("The best", "For the spring letter", GRADE_A)
    services.archive(segment_id=first, actor=by_user(cast.user["tomas"]), now=MONDAY)
    services.archive(segment_id=first, actor=by_user(cast.user["tomas"]), now=MONDAY)
    assert queries.segments() == []
    assert queries.segment(first).archived_at == MONDAY
    assert kinds() == ["segment.saved", "segment.saved", "segment.archived"]


def test_two_in_use_never_have_one_name_and_a_name_comes_free_again(cast: Cast) -> None:
    first = keep(cast)
    with pytest.raises(Conflict):
        keep(cast, name="grade a")
    services.archive(segment_id=first, actor=by_user(cast.user["tomas"]), now=MONDAY)
    assert keep(cast) != first


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"note": "x" * 501}, "note"),
        ({"criteria": {"all": [{"facet": "lead.shoe_size", "op": "=", "value": 1}]}}, "all[0].facet"),
        ({"subject": Subject.PERSON}, "all[0].facet"),
        ({"owner_id": 0}, "owner_id"),
    ],
)
def test_what_can_not_be_read_is_named(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        keep(cast, **changes)
    assert wrong.value.field == field
    assert queries.segments() == []


def test_what_was_put_away_can_not_be_changed(cast: Cast) -> None:
    first = keep(cast)
    services.archive(segment_id=first, actor=by_user(cast.user["tomas"]), now=MONDAY)
    with pytest.raises(NotFound):
        keep(cast, first, name="Again")
    with pytest.raises(NotFound):
        queries.segment(first + 1)


def test_segments_go_to_a_colleague(cast: Cast) -> None:
    mine = keep(cast)
    given = {"from_user": cast.user["tomas"], "to_user": cast.user["paul"]}
    assert services.hand_over_all(**given, actor=by_user(cast.user["ada"]), now=MONDAY) == 1
    assert queries.segment(mine).owner_id == cast.user["paul"]
    assert (queries.owned_by(cast.user["tomas"]), queries.owned_by(cast.user["paul"])) == (0, 1)


def view(cast: Cast, who: str, name: str, sharing: Sharing) -> int:
    new = NewView(name=name, page="leads", asked={"stage": "qualified", "after": "x", "q": ""}, sharing=sharing)
    return services.save_view(view=new, viewer=viewer(cast.user[who]), now=MONDAY)


def seen(cast: Cast, who: str) -> list[str]:
    return [row.name for row in queries.views(viewer(cast.user[who]), page="leads")]


def test_a_view_is_seen_by_whom_it_is_shared_with(cast: Cast) -> None:
    view(cast, "ruth", "Mine alone", Sharing.PRIVATE)
    view(cast, "ruth", "The team's", Sharing.TEAM)
    view(cast, "ruth", "Everybody's", Sharing.PUBLIC)
    view(cast, "kim", "Kim's", Sharing.PRIVATE)
    assert seen(cast, "ruth") == ["Everybody's", "Mine alone", "The team's"]
    assert seen(cast, "kim") == ["Kim's", "Everybody's", "The team's"]
    assert seen(cast, "sam") == ["Everybody's"]
    [mine] = [row for row in queries.views(viewer(cast.user["kim"])) if row.name == "Kim's"]
    assert mine.asked == {"stage": "qualified"}


def test_only_its_maker_removes_a_view(cast: Cast) -> None:
    one = view(cast, "ruth", "Everybody's", Sharing.PUBLIC)
    with pytest.raises(NotFound):
        services.remove_view(view_id=one, viewer=viewer(cast.user["kim"]), now=MONDAY)
    services.remove_view(view_id=one, viewer=viewer(cast.user["ruth"]), now=MONDAY)
    assert seen(cast, "ruth") == []
    assert kinds() == ["view.saved", "view.removed"]


def test_a_view_needs_a_name_of_its_own_and_a_team_to_share_with(cast: Cast) -> None:
    view(cast, "kim", "Hot", Sharing.PRIVATE)
    with pytest.raises(Conflict):
        view(cast, "kim", "hot", Sharing.PRIVATE)
    with pytest.raises(Invalid):
        view(cast, "helen", "Hot", Sharing.TEAM)
