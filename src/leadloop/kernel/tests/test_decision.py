"""Decisions keep their reasons, in order."""

from leadloop.kernel.decision import Decision, Reason, because

SIZE = Reason("size", "Over 200 employees", 12.5)
COUNTRY = Reason("country", "Served from Vienna")


def test_because_joins_an_outcome_with_its_reasons():
    assert because("A", SIZE, COUNTRY) == Decision("A", (SIZE, COUNTRY))
    assert because("A") == Decision("A")


def test_reasons_become_plain_values_with_a_weight_only_where_there_is_one():
    assert because("A", SIZE, COUNTRY).as_json() == [
        {"code": "size", "text": "Over 200 employees", "weight": 12.5},
        {"code": "country", "text": "Served from Vienna"},
    ]
    assert Reason("nil", "Nothing", 0.0).as_json()["weight"] == 0.0


def test_equal_decisions_are_one_in_a_set():
    assert len({because("A", SIZE), because("A", SIZE), because("A", COUNTRY)}) == 2
