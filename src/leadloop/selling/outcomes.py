"""How an activity may end: the coded outcomes of each kind, as data."""

from __future__ import annotations

from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import PromiseKind
from leadloop.selling.contracts import ActivityKind

ANSWERED = (PromiseKind.REPLY, PromiseKind.CONTACT)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way an activity ends.

    `contacted`: a person was reached or really written to. `keeps` are the promises for which it is evidence.
    `no_more_calls`: the person does not want to be called, so the number is barred. `wrong_number`: the number is
    somebody else's, so it is no longer taken for theirs.
    """

    label: str
    contacted: bool = False
    keeps: tuple[PromiseKind, ...] = ()
    no_more_calls: bool = False
    wrong_number: bool = False


def _contact(label: str) -> Outcome:
    return Outcome(label, contacted=True, keeps=ANSWERED)


OUTCOMES: dict[ActivityKind, dict[str, Outcome]] = {
    ActivityKind.CALL: {
        "booked_meeting": _contact("Meeting booked"),
        "talked": _contact("Talked"),
        "voicemail": Outcome("Left a voicemail"),
        "no_answer": Outcome("No answer"),
        "wrong_number": Outcome("Wrong number", wrong_number=True),
        "do_not_call": Outcome("Does not want calls", contacted=True, keeps=ANSWERED, no_more_calls=True),
    },
    ActivityKind.MAIL: {
        "sent": _contact("Sent"),
        "replied": _contact("They replied"),
        "bounced": Outcome("Came back"),
    },
    ActivityKind.MEETING: {
        "held": _contact("Held"),
        "no_show": Outcome("Nobody came"),
    },
    ActivityKind.SOCIAL: {
        "messaged": _contact("Wrote to them"),
        "replied": _contact("They replied"),
    },
    ActivityKind.NOTE: {},
}

NO_OUTCOME = Outcome("Note")


def outcome_of(kind: ActivityKind, code: str) -> Outcome | None:
    """The outcome of this code; None when the kind has none such. A note has no outcome, and needs none."""
    if kind is ActivityKind.NOTE:
        return NO_OUTCOME if not code else None
    return OUTCOMES[kind].get(code)
