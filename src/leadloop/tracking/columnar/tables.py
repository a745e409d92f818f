"""What is copied: the ledger and the facets of the rooms, without anything personal.

Every moment stands as UTC without a zone and every amount as integer minor units, so that each engine reads the same.
"""

from __future__ import annotations

from enum import StrEnum

from leadloop.kernel.values import dataclass


class Kind(StrEnum):
    """The type of a column; the value is what DuckDB calls it."""

    ID = "BIGINT"
    COUNT = "INTEGER"
    TEXT = "VARCHAR"
    FLAG = "BOOLEAN"
    REAL = "DOUBLE"
    MOMENT = "TIMESTAMP"
    DAY = "DATE"


SUMMED = (Kind.ID, Kind.COUNT)  # what is added up on both sides to see that nothing was lost


class Subject(StrEnum):
    """Whose rows are written anew when a fact speaks of it; NONE where rows never change."""

    NONE = ""
    LEAD = "lead_id"
    OPPORTUNITY = "opportunity_id"
    PERSON = "person_id"
    COMPANY = "company_id"
    COST = "cost_id"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the SQL that gives it where that is not its name."""

    name: str
    kind: Kind
    sql: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the copy. `view` is what PostgreSQL reads; empty where it is worked out from the copied ledger.

    `month` is the column whose month names the partition: it never changes in the life of a row.
    """

    name: str
    view: str
    subject: Subject
    month: str
    columns: tuple[Column, ...]
    order: str

    @property
    def summed(self) -> tuple[str, ...]:
        """The columns that are added up."""
        return tuple(column.name for column in self.columns if column.kind in SUMMED)


def _columns(text: str) -> tuple[Column, ...]:
    """From "id: lead_id owner_id; text: stage": kinds with the names of their columns."""
    found = []
    for part in text.split(";"):
        kind, _, names = part.partition(":")
        found += [Column(name, Kind[kind.strip().upper()]) for name in names.split()]
    return tuple(found)


EVENT = Table(
    "event",
    "ledger_event",
    Subject.NONE,
    "happened_at",
    (
        *_columns(
            "id: id; count: epoch; text: kind; moment: happened_at recorded_at; text: actor; id: person_id company_id"
            " lead_id opportunity_id programme_id; text: reason; count: agreement_version; id: amount; text: currency;"
            " id: base_amount"
        ),
        Column("payload", Kind.TEXT, "payload::text"),
        *_columns("id: cause_id"),
    ),
    "kind, lead_id, id",
)

LEAD = Table(
    "lead",
    "leads_facet_lead",
    Subject.LEAD,
    "opened_at",
    _columns(
        "id: lead_id; text: stage; moment: stage_since; flag: is_open; id: owner_id team_id person_id company_id"
        " interest_id programme_id source_id; text: handover grade; real: propensity; id: expected_value;"
        " text: buying_stage; moment: due_at; text: due_kind; moment: last_touch_at; count: touches recycled;"
        " text: exception_code; moment: opened_at closed_at; text: close_reason; id: follows_id"
    ),
    "lead_id",
)

PROMISE = Table(
    "promise",
    "leads_facet_promise",
    Subject.LEAD,
    "made_at",
    _columns(
        "id: lead_id promise_id; text: kind state; id: owner_id; moment: made_at due_at; flag: is_broken;"
        " moment: broken_at settled_at; id: late_seconds"
    ),
    "promise_id",
)

# Worked out from the copied ledger: the same as `leads_facet_stage_entry`, which reads every move there ever was, and
# when the stage was left.
STAGE_ENTRY = Table(
    "stage_entry",
    "",
    Subject.LEAD,
    "entered_at",
    _columns(
        "id: lead_id event_id; text: stage before; moment: entered_at left_at; id: owner_id; text: reason exception;"
        " count: agreement_version"
    ),
    "lead_id, event_id",
)

# When each lead first came as far as each step, or further.
ARRIVAL = Table(
    "arrival",
    "",
    Subject.LEAD,
    "in_inquiries",
    _columns(
        "id: lead_id;"
        " moment: in_inquiries in_qualified in_handed_over in_accepted in_in_contact in_opportunities in_won"
    ),
    "lead_id",
)

INQUIRY = Table(
    "inquiry",
    "capture_facet_inquiry",
    Subject.LEAD,
    "happened_at",
    _columns(
        "id: lead_id inquiry_id person_id portal_id; text: portal_key kind; id: interest_id programme_id source_id"
        " asset_id; text: outcome; moment: happened_at received_at; text: utm_source utm_medium utm_campaign"
    ),
    "inquiry_id",
)

ASSIGNMENT = Table(
    "assignment",
    "distribution_facet_assignment",
    Subject.LEAD,
    "offered_at",
    _columns(
        "id: lead_id assignment_id user_id pool_id; text: how rule state; moment: offered_at settled_at; text: reason"
    ),
    "assignment_id",
)

ACTIVITY = Table(
    "activity",
    "selling_facet_activity",
    Subject.LEAD,
    "happened_at",
    _columns(
        "id: lead_id activity_id opportunity_id user_id; text: kind outcome; flag: contacted; moment: happened_at"
    ),
    "activity_id",
)

MESSAGE = Table(
    "message",
    "outreach_facet_message",
    Subject.LEAD,
    "queued_at",
    _columns("id: lead_id message_id; text: channel purpose template_key state; moment: queued_at sent_at"),
    "message_id",
)

OPPORTUNITY = Table(
    "opportunity",
    "selling_facet_opportunity",
    Subject.OPPORTUNITY,
    "opened_at",
    _columns(
        "id: opportunity_id; text: state stage; count: win_percent; moment: stage_since; id: owner_id team_id"
        " company_id person_id lead_id minor; text: currency; id: base_minor; day: close_on; count: pushed;"
        " moment: next_step_at opened_at closed_at; text: close_reason"
    ),
    "opportunity_id",
)

WIN = Table(
    "win",
    "selling_facet_win",
    Subject.OPPORTUNITY,
    "won_at",
    _columns("id: opportunity_id lead_id base_minor; moment: won_at; flag: is_primary"),
    "opportunity_id, lead_id",
)

COST = Table(
    "cost",
    "programmes_facet_cost",
    Subject.COST,
    "booked_on",
    _columns("id: cost_id programme_id; text: kind; id: base_minor; day: booked_on paid_on; text: allocation"),
    "cost_id",
)

# Of a person only what does not name anybody. It is written anew when the person is erased.
PERSON = Table(
    "person",
    "people_facet_person",
    Subject.PERSON,
    "known_since",
    _columns("id: person_id; text: buying_role country language; id: company_id; moment: known_since"),
    "person_id",
)

COMPANY = Table(
    "company",
    "people_facet_company",
    Subject.COMPANY,
    "known_since",
    _columns("id: company_id; text: industry; count: employees; text: country; id: parent_id; moment: known_since"),
    "company_id",
)

TABLES = {
    table.name: table
    for table in (
        EVENT,
        LEAD,
        PROMISE,
        STAGE_ENTRY,
        ARRIVAL,
        INQUIRY,
        ASSIGNMENT,
        ACTIVITY,
        MESSAGE,
        OPPORTUNITY,
        WIN,
        COST,
        PERSON,
        COMPANY,
    )
}
