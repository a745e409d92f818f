"""A sound agreement to begin with; a company changes it by drafting and signing its own."""

from __future__ import annotations

from leadloop.agreement.contracts import Clauses, Leadership, PromiseClause, ReasonClause, StageClause
from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """User ids of those who answer for the stages, and who stands in."""

    capture: int
    qualification: int
    nurturing: int
    distribution: int
    selling: int
    tracking: int
    deputy: int | None = None


_MEANS = {
    "inquiry": ("Inquiry", "Somebody raised a hand; nobody has judged it yet."),
    "nurturing": ("Nurturing", "Interested, but not ready to talk to sales. We keep in touch and useful."),
    "qualified": ("Qualified (MQL)", "Fits us and is ready to hear from sales."),
    "assigned": ("Handed over", "A named salesperson has it and must accept or reject it in time."),
    "accepted": ("Accepted (SAL)", "Sales took it on and owes the first contact."),
    "working": ("In contact (SQL)", "We have spoken, and the need is real."),
    "opportunity": ("Opportunity", "A deal with an amount and a closing date."),
    "won": ("Won", "They bought."),
    "lost": ("Lost", "They did not buy from us; the reason says why."),
    "disqualified": ("Disqualified", "Never a buyer for us; the reason says why."),
    "merged": ("Merged", "The same pursuit goes on under another record of the same person."),
}

_STAGE_OF_KEEPER = {
    "inquiry": "qualification",
    "nurturing": "nurturing",
    "qualified": "distribution",
    "assigned": "distribution",
    "accepted": "selling",
    "working": "selling",
    "opportunity": "selling",
    "won": "tracking",
    "lost": "tracking",
    "disqualified": "qualification",
    "merged": "capture",
}

_PROMISES = {
    "reply": PromiseClause(label="First answer", minutes=240),
    "qualify": PromiseClause(label="Judge the inquiry", minutes=480),
    "accept": PromiseClause(label="Accept or reject", minutes=120),
    "contact": PromiseClause(label="First contact", minutes=480),
    "next_step": PromiseClause(label="Next step", minutes=2400),
    "nurture": PromiseClause(label="Nurture step", minutes=10080, working_time=False),
    "wake": PromiseClause(label="Look at it again", minutes=129600, working_time=False),
}

_REASONS = {
    "no_need": ReasonClause(label="No need", uses=("reject", "disqualify", "lose"), back_to="nurturing"),
    "not_now": ReasonClause(label="Not now", uses=("reject", "recycle", "lose"), back_to="nurturing", wake_days=90),
    "no_answer": ReasonClause(
        label="Could not be reached", uses=("recycle", "lose"), back_to="nurturing", wake_days=30
    ),
    "not_my_area": ReasonClause(label="Belongs to a colleague", uses=("reject",), back_to="qualified"),
    "bad_data": ReasonClause(label="Wrong contact details", uses=("reject", "disqualify"), back_to="nurturing"),
    "not_a_fit": ReasonClause(label="Not our market", uses=("reject", "disqualify"), back_to="nurturing"),
    "junk": ReasonClause(label="Junk", uses=("disqualify",)),
    "competitor": ReasonClause(label="A competitor asking", uses=("disqualify",)),
    "price": ReasonClause(label="Price", uses=("lose",)),
    "bought_elsewhere": ReasonClause(label="Bought elsewhere", uses=("lose",)),
    "went_silent": ReasonClause(label="Went silent", uses=("lose", "recycle"), back_to="nurturing", wake_days=60),
    "imported_lost": ReasonClause(label="Lost before it was imported", uses=("lose",)),
    "imported_won": ReasonClause(label="Won before it was imported", uses=("win",)),
    "bought": ReasonClause(label="They bought", uses=("win",)),
    "asked_for_sales": ReasonClause(label="Asked to talk to sales", uses=("skip",)),
    "known_customer": ReasonClause(label="Known customer", uses=("skip",)),
    "portal_hands_over": ReasonClause(label="This portal hands everything over", uses=("skip",)),
    "own_prospect": ReasonClause(label="Found by the salesperson", uses=("skip",)),
    "imported_stage": ReasonClause(label="Stood there before it was imported", uses=("skip",)),
    "called_ahead": ReasonClause(label="Worked ahead of the order", uses=("skip",)),
    "not_worked": ReasonClause(label="Nobody acted in time", uses=("pull_back",), back_to="qualified"),
    "erased": ReasonClause(label="Erased on request", uses=("disqualify",)),
    "import_undone": ReasonClause(label="Its import was taken back", uses=("disqualify",)),
    "same_person": ReasonClause(label="Same person", uses=("merge",)),
}


def clauses(keepers: Keepers, *, leadership: Leadership = "joint") -> Clauses:
    """The standard text with these people in it. Fit at least 40 and a reason to talk make a qualified lead."""
    return Clauses(
        leadership=leadership,
        stages={
            key: StageClause(
                label=label,
                means=means,
                keeper_id=getattr(keepers, _STAGE_OF_KEEPER[key]),
                deputy_id=_deputy(keepers, getattr(keepers, _STAGE_OF_KEEPER[key])),
                enters_when=_QUALIFIED if key == "qualified" else None,
            )
            for key, (label, means) in _MEANS.items()
        },
        promises=_PROMISES,
        reasons=_REASONS,
        places={
            "support": keepers.tracking,
            "job": keepers.tracking,
            "supplier": keepers.tracking,
            "other": keepers.capture,
        },
    )


def _deputy(keepers: Keepers, keeper_id: int) -> int | None:
    """Nobody stands in for themselves."""
    return None if keepers.deputy == keeper_id else keepers.deputy


_QUALIFIED = {
    "all": [
        {"facet": "score.fit", "op": ">=", "value": 40},
        {
            "any": [
                {"facet": "score.readiness", "op": ">=", "value": 2},
                {"facet": "score.engagement", "op": ">=", "value": 20},
            ]
        },
    ]
}
