"""Errors read as plain words and carry what a page or an answer needs."""

import pickle

import pytest

from leadloop.kernel import errors
from leadloop.kernel.decision import Reason, because
from leadloop.kernel.errors import Invalid, LeadloopError, Refused


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (Invalid("the zone is unknown"), "the zone is unknown"),
        (Invalid("it is unknown", field="zone"), "zone: it is unknown"),
        (Invalid("it is unknown", mend="Pick another"), "it is unknown. Pick another"),
        (Invalid("it is unknown.", field="zone", mend="Pick another"), "zone: it is unknown. Pick another"),
        (Invalid(problem="is it?", field="zone", mend="Pick another"), "zone: is it? Pick another"),
    ],
)
def test_an_error_reads_as_field_problem_and_mend(error, text):
    assert str(error) == text


def test_each_kind_has_its_own_code():
    kinds = [getattr(errors, n) for n in ("Invalid", "NotFound", "Conflict", "Forbidden", "Refused", "Unavailable")]
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(issubclass(kind, LeadloopError) for kind in kinds)


def test_an_error_becomes_plain_values():
    assert Invalid("it is unknown", field="zone", mend="Pick another").as_dict() == {
        "code": "invalid",
        "problem": "it is unknown",
        "field": "zone",
        "mend": "Pick another",
    }


def test_a_refusal_carries_the_reasons_of_its_decision():
    refusal = Refused("no", decision=because(False, Reason("full", "The team is full")))
    assert refusal.as_dict()["reasons"] == [{"code": "full", "text": "The team is full"}]
    assert Refused("no").as_dict()["reasons"] == []
    assert Refused("no").decision is None


def test_errors_survive_pickling_whole():
    error = Refused("no", field="team", mend="Ask", decision=because(0))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.decision) == (str(error), error.decision)
