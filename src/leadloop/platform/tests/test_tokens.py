"""Tokens: shown once, kept as a hash, bounded in scope and time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leadloop.kernel.errors import Forbidden, Invalid, NotFound
from leadloop.ledger.contracts import by_user
from leadloop.ledger.models import Event
from leadloop.platform import queries, services
from leadloop.platform.models import ApiToken
from leadloop.platform.roles import Scope
from tests.support.cast import MONDAY, Cast

SECOND = timedelta(seconds=1)


def make(cast: Cast, who: str = "grace", **given: Any) -> tuple[int, str]:
    fine = {"user_id": cast.user[who], "name": "ERP", "scopes": ["leads:see", "leads:edit"]}
    return services.create_token(**{**fine, **given}, actor=by_user(cast.user[who]), now=MONDAY)


def use(plain: str, scope: str = "leads:see", at: Any = MONDAY) -> Any:
    return services.token_viewer(plain=plain, scope=scope, now=at)


def test_a_token_acts_for_its_user_within_its_scopes(db, cast, django_assert_num_queries):
    _, plain = make(cast)
    with django_assert_num_queries(3):
        viewer = use(plain)
    assert viewer.user_id == cast.user["grace"]
    assert viewer.scope("leads", "edit") is Scope.ALL
    assert not viewer.may("people", "see")
    with pytest.raises(Forbidden, match="people:see"):
        use(plain, "people:see")


def test_only_the_hash_is_kept(db, cast):
    token_id, plain = make(cast)
    row = ApiToken.objects.values().get(id=token_id)
    assert plain not in str(row)
    assert plain.startswith(row["prefix"])
    assert len(plain) - len(row["prefix"]) >= 30
    assert plain not in str(list(Event.objects.values()))
    assert row["digest"] not in str(list(Event.objects.values()))
    shown = queries.tokens(cast.user["grace"])[0]
    assert (shown.id, shown.prefix, shown.scopes) == (token_id, plain[:10], ("leads:edit", "leads:see"))
    assert not hasattr(shown, "digest")


def test_two_tokens_are_never_the_same(db, cast):
    assert make(cast)[1] != make(cast)[1]
    assert len(queries.tokens()) == 2


def test_an_expired_revoked_or_unknown_token_is_refused_in_the_same_words(db, cast):
    _, short = make(cast, expires_at=MONDAY + SECOND)
    revoked_id, revoked = make(cast)
    _, orphan = make(cast, "sam")
    services.revoke_token(token_id=revoked_id, actor=by_user(1), now=MONDAY)
    services.revoke_token(token_id=revoked_id, actor=by_user(1), now=MONDAY)
    services.deactivate_user(user_id=cast.user["sam"], owns={}, actor=by_user(1), now=MONDAY)
    use(short)
    said = set()
    for plain in (short, revoked, orphan, "ll_nothing", ""):
        with pytest.raises(Forbidden) as caught:
            use(plain, at=MONDAY + SECOND)
        said.add(str(caught.value))
    assert len(said) == 1
    assert Event.objects.filter(kind="token.revoked").count() == 2


def test_tokens_stay_revoked_when_an_account_is_opened_again(db, cast):
    _, plain = make(cast, "sam")
    services.deactivate_user(user_id=cast.user["sam"], owns={}, actor=by_user(1), now=MONDAY)
    services.reactivate_user(user_id=cast.user["sam"], actor=by_user(1), now=MONDAY)
    with pytest.raises(Forbidden):
        use(plain)


def test_a_token_lasts_a_year_unless_said_otherwise(db, cast):
    _, plain = make(cast)
    assert use(plain, at=MONDAY + timedelta(days=365) - SECOND)
    with pytest.raises(Forbidden):
        use(plain, at=MONDAY + timedelta(days=365))


def test_its_use_is_noted_once_a_minute(db, cast, django_assert_num_queries):
    token_id, plain = make(cast)
    for seconds, noted in [(0, 0), (59, 0), (60, 60), (61, 60)]:
        use(plain, at=MONDAY + seconds * SECOND)
        assert ApiToken.objects.get(id=token_id).last_used_at == MONDAY + noted * SECOND
    with django_assert_num_queries(2):
        use(plain, at=MONDAY + 62 * SECOND)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["*"]}, "scopes"),
        ({"scopes": ["leads:delete"]}, "scopes"),
        ({"scopes": ["users:edit"]}, "scopes"),
        ({"name": ""}, "name"),
        ({"expires_at": MONDAY}, "expires_at"),
    ],
)
def test_a_token_that_cannot_be_is_refused(db, cast, given: dict[str, Any], field: str):
    with pytest.raises(Invalid) as caught:
        make(cast, **given)
    assert caught.value.field == field
    assert queries.tokens() == []


def test_a_token_loses_what_its_user_loses(db, cast):
    _, plain = make(cast)
    services.change_user(
        user_id=cast.user["grace"], changes={"roles": ["salesperson"]}, actor=by_user(cast.user["ada"]), now=MONDAY
    )
    assert use(plain).scope("leads", "see") is Scope.OWN


def test_a_token_that_never_was_cannot_be_revoked(db, cast):
    with pytest.raises(NotFound):
        services.revoke_token(token_id=-1, actor=by_user(1), now=MONDAY)
