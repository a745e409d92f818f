"""What a draft changes, as its page says it."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.agreement.differences import diff
from leadloop.agreement.reading import changed
from leadloop.agreement.tests.support import text

NAMES = {5: "Grace Oyelaran", 6: "Viktor Hale"}
FIT = {"facet": "score.fit", "op": ">=", "value": 50}


def test_the_same_text_says_nothing():
    assert diff(text(), text()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"leadership": "sales"}, "Sales leads instead of sales and marketing together."),
        ({"handover": "all_inquiries"}, "Every inquiry is handed to sales at once."),
        ({"reopen_days": 30}, "A closed lead is picked up again within 30 days instead of 90."),
        ({"stages": {"won": {"label": "Sold"}}}, "The stage “Won” is now called “Sold”."),
        ({"stages": {"won": {"means": "Money came."}}}, "“Won” now means: Money came."),
        ({"stages": {"won": {"keeper_id": 5}}}, "Grace Oyelaran answers for “Won” instead of Viktor Hale."),
        ({"stages": {"won": {"deputy_id": None}}}, "Nobody stands in for “Won” instead of User 7."),
        ({"stages": {"won": {"enters_when": FIT}}}, "A lead enters “Won” when fit is at least 50."),
        (
            {"stages": {"qualified": {"enters_when": None}}},
            "Nothing decides by rule any more when a lead enters “Qualified (MQL)”.",
        ),
        (
            {"promises": {"accept": {"minutes": 60}}},
            "“Accept or reject” is promised within 1 working hour instead of 2 working hours.",
        ),
        ({"promises": {"accept": {"label": "Say"}}}, "The promise “Accept or reject” is now called “Say”."),
        ({"reasons": {"dear": {"label": "Dear", "uses": ["lose"]}}}, "The reason “Dear” is new."),
        ({"reasons": {"price": None}}, "The reason “Price” is dropped."),
        ({"reasons": {"price": {"label": "Cost"}}}, "The reason “Price” is now called “Cost”."),
        (
            {"reasons": {"price": {"uses": ["lose", "disqualify"]}}},
            "“Price” may be given for losing and disqualifying.",
        ),
        ({"reasons": {"price": {"back_to": "qualified"}}}, "“Price” sends a lead back to qualified."),
        ({"reasons": {"not_now": {"wake_days": 30}}}, "After “Not now” a lead is looked at again in 30 days."),
        ({"reasons": {"not_now": {"wake_days": None}}}, "After “Not now” a lead is not looked at again."),
        ({"places": {"job": 5}}, "Grace Oyelaran looks after “job” inquiries instead of Viktor Hale."),
        ({"places": {"job": None}}, "Nobody looks after “job” inquiries any more."),
    ],
)
def test_each_change_is_one_sentence(change: dict[str, Any], sentence: str):
    assert diff(text(), changed(text(), change), NAMES) == [sentence]
