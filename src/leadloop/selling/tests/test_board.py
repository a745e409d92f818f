"""The board: who sees which deals, what the columns add up to, and moving cards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from leadloop.criteria.compile import select_ids
from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.leads.contracts import Stage
from leadloop.ledger.models import Event
from leadloop.selling import queries, services
from leadloop.selling.contracts import Column, StageIn
from leadloop.selling.models import Opportunity
from leadloop.selling.sql import fetch
from leadloop.selling.standard import PIPELINE
from leadloop.selling.tests.desk import CALL, Desk, counted, line


def columns(desk: Desk, who: str = "grace", per_column: int = 25) -> dict[str, Column]:
    return {one.stage.key: one for one in queries.board(desk.viewer(who), now=desk.now, per_column=per_column)}


def deals(desk: Desk, count: int, **more: object) -> list[int]:
    return [desk.deal(lead.id, **more) for lead in desk.leads_in(Stage.WORKING, ["kim"] * count)]


def names(desk: Desk, stage: str = "contacted") -> list[int]:
    return [card.row.id for card in desk.cards(stage)]


def test_the_first_board_has_four_columns_with_their_chances(desk: Desk) -> None:
    assert [(one.key, one.win_percent) for one in queries.pipeline_stages()] == [
        ("contacted", 10),
        ("need_confirmed", 25),
        ("proposal", 50),
        ("negotiation", 75),
    ]


def test_installing_again_changes_labels_and_order_and_keeps_the_deals(desk: Desk) -> None:
    (deal,) = deals(desk, 1)
    before = queries.pipeline_stages()
    turned = [*PIPELINE[1:3], StageIn("contacted", "First talk", 5), StageIn("signing", "Signing", 95)]

    services.install_pipeline(turned)

    after = queries.pipeline_stages()
    assert [one.key for one in after] == ["need_confirmed", "proposal", "contacted", "signing"]
    assert {one.id for one in after} >= {one.id for one in before if one.key != "negotiation"}
    assert desk.look(deal).row.stage == "contacted"
    with pytest.raises(Invalid):
        services.install_pipeline(turned[:2])


def test_a_column_shows_how_many_how_much_and_for_how_long(desk: Desk) -> None:
    desk.rate("USD", date(2026, 1, 1), "0.50")
    deals(desk, 3, amount=10_000)
    deals(desk, 1, amount=10_000, currency="USD")
    deals(desk, 1, amount=10_000, currency="CHF")
    desk.later(days=9)

    first = columns(desk)["contacted"]

    assert (first.count, first.sum_minor, first.currency, first.unconverted) == (5, 35_000, "EUR", ("CHF",))
    assert (first.weighted_minor, first.median_days) == (3_500, 9)
    empty = columns(desk)["proposal"]
    assert (empty.count, empty.sum_minor, empty.median_days, empty.cards, empty.next_cursor) == (0, 0, None, (), None)


def test_cards_come_in_pages_whatever_the_size_of_the_column(desk: Desk) -> None:
    made = deals(desk, 7)
    first = columns(desk, per_column=3)["contacted"]
    assert first.count == 7
    seen = [card.row.id for card in first.cards]
    cursor = first.next_cursor
    while cursor:
        page = queries.cards(desk.viewer("grace"), "contacted", now=desk.now, after=cursor, limit=2)
        seen += [card.row.id for card in page.rows]
        cursor = page.next_cursor
    assert seen == made


def test_a_cursor_of_another_column_and_an_unknown_column_are_refused(desk: Desk) -> None:
    deals(desk, 3)
    cursor = columns(desk, per_column=1)["contacted"].next_cursor
    with pytest.raises(Invalid):
        queries.cards(desk.viewer("grace"), "proposal", now=desk.now, after=cursor)
    with pytest.raises(NotFound):
        queries.cards(desk.viewer("grace"), "dreams", now=desk.now)


def test_everybody_sees_the_deals_that_are_theirs_to_see(desk: Desk) -> None:
    owners = ["kim", "ola", "sam"]
    made = {owner: desk.deal(lead.id) for owner, lead in zip(owners, desk.leads_in(Stage.WORKING, owners), strict=True)}
    seen = {
        who: {card.row.id for card in columns(desk, who)["contacted"].cards}
        for who in ("kim", "sam", "ruth", "grace", "viktor", "pia")
    }
    assert seen["kim"] == {made["kim"]}
    assert seen["sam"] == {made["sam"]}
    assert seen["ruth"] == {made["kim"], made["ola"]}
    assert seen["grace"] == seen["viktor"] == set(made.values())
    assert seen["pia"] == set()
    assert columns(desk, "kim")["contacted"].count == 1
    with pytest.raises(NotFound):
        queries.opportunity(desk.viewer("kim"), made["sam"])
    assert queries.visible(desk.viewer("ruth"), made.values(), "edit") == {made["kim"], made["ola"]}
    assert queries.visible(desk.viewer("viktor"), made.values(), "edit") == set()


def test_a_card_goes_where_it_is_put(desk: Desk) -> None:
    first, second, third = deals(desk, 3)
    places = [card.row.position for card in desk.cards("contacted")]

    services.move_stage(third, stage_key="contacted", position=(places[0] + places[1]) / 2, **desk.kim)
    assert names(desk) == [first, third, second]
    services.move_stage(first, stage_key="contacted", **desk.kim)
    assert names(desk) == [third, second, first]
    assert not Event.objects.filter(kind="opportunity.moved").exists()

    desk.later(days=1)
    services.move_stage(second, stage_key="need_confirmed", **desk.kim)
    assert (names(desk), names(desk, "need_confirmed")) == ([third, first], [second])
    assert desk.look(second).row.stage_since == desk.now
    moved = Event.objects.get(kind="opportunity.moved")
    assert moved.payload == {"before": "contacted", "after": "need_confirmed"}


def test_there_is_always_room_between_two_cards(desk: Desk) -> None:
    first, second, third = deals(desk, 3)
    for turn in range(60):
        above, below = (card.row.position for card in desk.cards("contacted")[:2])
        mover = names(desk)[2]
        services.move_stage(mover, stage_key="contacted", position=(above + below) / 2, **desk.kim)
        assert names(desk)[1] == mover, turn
    assert set(names(desk)) == {first, second, third}


def test_a_column_asks_for_what_a_deal_must_have_there(desk: Desk) -> None:
    (deal,) = deals(desk, 1, amount=0)
    with pytest.raises(Refused) as no:
        services.move_stage(deal, stage_key="proposal", **desk.kim)
    assert (no.value.field, no.value.problem) == ("amount", "“Proposal” needs an amount")
    services.add_lines(deal, lines=[line("1", 500)], **desk.kim)
    services.move_stage(deal, stage_key="proposal", **desk.kim)
    with pytest.raises(NotFound):
        services.move_stage(deal, stage_key="dreams", **desk.kim)


def test_cards_tell_what_endangers_the_deal(desk: Desk) -> None:
    deals(desk, 1)
    assert desk.cards("contacted")[0].risks == ()
    desk.later(days=20)
    assert {reason.code for reason in desk.cards("contacted")[0].risks} == {"step_late", "silent"}
    lead_id = desk.cards("contacted")[0].primary_lead_id
    assert lead_id
    desk.log(lead_id, CALL, "no_answer")
    assert desk.cards("contacted")[0].risks == ()


def test_the_board_takes_five_queries_and_a_page_of_cards_three(desk: Desk) -> None:
    viewer = desk.viewer("grace")
    assert counted(lambda: queries.board(viewer, now=desk.now)) == 5
    deals(desk, 12)
    assert counted(lambda: queries.board(viewer, now=desk.now)) == 5
    assert counted(lambda: queries.cards(viewer, "contacted", now=desk.now)) == 3


def test_others_read_activities_deals_and_wins_through_conditions(desk: Desk) -> None:
    talked, silent = desk.leads_in(Stage.WORKING, ["kim", "kim"])
    logged = desk.log(talked.id, CALL, "talked")
    desk.log(silent.id, CALL, "no_answer")
    deal = desk.deal(talked.id)
    reached = {"facet": "activity.contacted", "op": "is", "value": True}
    assert select_ids(reached, "lead", desk.now) == [talked.id]
    big = {
        "all": [
            {"facet": "opportunity.minor", "op": ">=", "value": 100_000},
            {"facet": "lead.stage", "op": "in", "value": ["opportunity"]},
        ]
    }
    assert select_ids(big, "opportunity", desk.now) == [deal]
    won = {"facet": "win.base_minor", "op": ">", "value": 0}
    assert select_ids(won, "lead", desk.now) == []
    services.win(deal, **desk.acting)
    assert select_ids(won, "lead", desk.now) == [talked.id]
    services.undo_log([logged.activity_id], **desk.kim)
    assert select_ids(reached, "lead", desk.now) == []


def test_every_won_cent_stands_once_among_the_primary_rows(desk: Desk) -> None:
    buyer, user = desk.leads_in(Stage.WORKING, ["kim", "kim"])
    services.win(desk.deal(buyer.id, user.id), **desk.acting)
    services.win(desk.deal(owner_id=desk.user("kim"), amount=7), **desk.acting)
    deals(desk, 1)
    rows = fetch("select lead_id, base_minor, is_primary from selling_facet_win order by base_minor, is_primary")
    assert rows == [(None, 7, True), (user.id, 100_000, False), (buyer.id, 100_000, True)]
    assert sum(minor for _, minor, primary in rows if primary) == sum(
        Opportunity.objects.filter(state="won").values_list("base_minor", flat=True)
    )


def test_an_hour_is_not_a_day(desk: Desk) -> None:
    deals(desk, 1)
    desk.now += timedelta(hours=23)
    assert columns(desk)["contacted"].median_days == 0
