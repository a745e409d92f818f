"""What stands after a story, in words that two tellings of it share: no ids, but hands, addresses and keys.

Each reading is a statement whose rows must be the same, in the same order, whoever wrote the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

# A lead is called by the delivery that opened it.
_LEADS = """
with first as (
    select distinct on (i.lead_id) i.lead_id, s.delivery_key as lead
      from capture_inquiry i join capture_submission s on s.id = i.id
     where i.lead_id is not null order by i.lead_id, i.received_at, i.id
)
"""
_WHO = "(select u.email from platform_user u where u.id = {})"
_PERSON = "(select c.value from people_contactpoint c where c.person_id = {} and c.kind = 'email' limit 1)"
# Ids within payloads and evidence differ where one telling drew a number that it did not use.
_PAYLOAD = """
(coalesce(e.payload, '{}') - array['promise_id', 'assignment_id', 'enrolment_id', 'activity_id', 'inquiry_id',
 'message_id', 'lead_ids', 'outcomes', 'follows_id', 'evidence'])::text
"""

READINGS: Mapping[str, str] = {
    "deliveries": """
        select s.delivery_key, p.key, s.state, s.digest, s.content_type, s.context::text, s.received_at, s.settled_at,
               s.reason_code, s.reason_text
          from capture_submission s join capture_portal p on p.id = s.portal_id order by 1
        """,
    "inquiries": f"""
        {_LEADS}
        select s.delivery_key, f.lead, {_PERSON.format("i.person_id")}, i.kind, i.interest_id, i.programme_id,
               i.source_id, i.happened_at, i.received_at, i.outcome, i.answers::text, i.message, i.touch::text,
               i.asset_id, i.place_id
          from capture_inquiry i join capture_submission s on s.id = i.id left join first f on f.lead_id = i.lead_id
         order by 1
        """,
    "persons": f"""
        select {_PERSON.format("p.id")}, p.given_name, p.family_name, p.language, p.zone, p.country, p.city, p.search,
               p.attributes::text, p.created_at, o.title, o.buying_role, c.name, c.name_key, c.domain, c.website,
               c.industry, c.employees, c.country, c.city, c.created_at
          from people_person p left join people_position o on o.person_id = p.id
          left join people_company c on c.id = o.company_id order by 1
        """,
    "addresses": f"""
        select {_PERSON.format("a.person_id")}, a.kind, a.value, a.norm, a.is_primary, a.disposable
          from people_contactpoint a order by 1, 2, 4
        """,
    "consent": f"""
        select {_PERSON.format("c.person_id")}, c.channel, c.purpose, c.state, c.wording, c.source, c.at
          from people_consent c order by 1, c.at
        """,
    "keys": f"""
        select k.kind, k.value, {_PERSON.format("k.person_id")} from identity_matchkey k
         union all
        select k.kind, k.value, c.name from identity_companykey k join people_company c on c.id = k.company_id
         order by 1, 2
        """,
    "matches": f"""
        select s.delivery_key, {_PERSON.format("d.person_id")}, d.outcome, d.keys, d.reasons::text, d.at
          from identity_matchdecision d join capture_submission s on s.id = d.inquiry_id order by 1
        """,
    "leads": f"""
        {_LEADS}
        select f.lead, {_PERSON.format("l.person_id")}, c.name, l.interest_id, l.stage, l.stage_since,
               {_WHO.format("l.owner_id")}, l.team_id, l.due_at, l.due_kind, l.fit, l.grade, l.engagement, l.readiness,
               l.propensity, l.expected_value, l.buying_stage, l.programme_id, l.source_id, l.handover, l.why,
               l.last_touch_at, l.touches, l.recycled, l.exception_code, l.opened_at, l.closed_at, l.close_reason,
               b.lead
          from leads_lead l join first f on f.lead_id = l.id left join people_company c on c.id = l.company_id
          left join first b on b.lead_id = l.follows_id order by 1
        """,
    "promises": f"""
        {_LEADS}
        select f.lead, p.made_at, p.kind, {_WHO.format("p.owner_id")}, p.due_at, p.state, p.note,
               split_part(p.evidence, ':', 1), p.broken_at, p.settled_at
          from leads_promise p join first f on f.lead_id = p.lead_id order by 1, p.id
        """,
    "assessments": f"""
        {_LEADS}
        select f.lead, a.rules_version, a.fit, a.fit_reasons::text, a.readiness, a.readiness_reasons::text,
               a.engagement,
               (select jsonb_agg(t - 'inquiry_id') from jsonb_array_elements(a.engagement_reasons) t)::text,
               a.qualified, a.why, a.disqualifier, a.assessed_at
          from qualification_assessment a join first f on f.lead_id = a.lead_id order by 1
        """,
    "hand-overs": f"""
        {_LEADS}
        select f.lead, a.pool_id, {_WHO.format("a.user_id")}, {_WHO.format("a.from_user_id")}, a.routing_version,
               a.rule, a.how, a.log::text, a.state, a.offered_at, a.settled_at, a.reason
          from distribution_assignment a join first f on f.lead_id = a.lead_id order by 1, a.id
        """,
    "turns": "select user_id, taken, today, taken_today from distribution_member order by 1",
    "journeys": f"""
        {_LEADS}
        select f.lead, n.journey_id, {_PERSON.format("n.person_id")}, n.node, n.state, n.due_at, n.entered_at,
               n.left_at, n.reason, n.steps
          from nurture_enrolment n join first f on f.lead_id = n.lead_id order by 1, n.entered_at
        """,
    "activities": f"""
        {_LEADS}
        select f.lead, a.happened_at, o.name, {_WHO.format("a.user_id")}, a.kind, a.outcome, a.contacted, a.note,
               a.minutes, a.next_step, a.next_step_at, a.step_before ->> 0, (a.step_before ->> 1)::timestamptz
          from selling_activity a join first f on f.lead_id = a.lead_id
          left join selling_opportunity o on o.id = a.opportunity_id order by 1, 2
        """,
    "deals": f"""
        {_LEADS}
        select f.lead, o.name, {_WHO.format("o.owner_id")}, o.team_id, s.key, o.stage_since, o.state, o.minor,
               o.currency, o.base_minor, o.close_on, o.pushed, o.next_step, o.next_step_at, o.position, o.opened_at,
               o.closed_at, o.close_reason, c.name, {_PERSON.format("o.person_id")},
               (select string_agg(g.lead || k.role, ',' order by g.lead) from selling_opportunitylead k
                  join first g on g.lead_id = k.lead_id where k.opportunity_id = o.id)
          from selling_opportunity o join selling_pipelinestage s on s.id = o.stage_id
          join selling_opportunitylead p on p.opportunity_id = o.id and p.is_primary
          join first f on f.lead_id = p.lead_id left join people_company c on c.id = o.company_id order by 1, o.id
        """,
    "lines": f"""
        {_LEADS}
        select f.lead, o.opened_at, n.product_id, n.name, n.quantity, n.unit_minor, n.months, n.terms_id
          from selling_line n join selling_opportunity o on o.id = n.opportunity_id
          join selling_opportunitylead p on p.opportunity_id = o.id and p.is_primary
          join first f on f.lead_id = p.lead_id order by 1, 2, n.id
        """,
    "letters": f"""
        {_LEADS}
        select f.lead, m.queued_at, split_part(m.occasion, ':', 1), m.channel, m.purpose,
               {_PERSON.format("m.person_id")}, {_WHO.format("m.user_id")}, {_PERSON.format("m.about_person_id")},
               m.reply_to, m.language, regexp_replace(m.subject, '\\d+', '0', 'g'),
               regexp_replace(m.text, '/leads/\\d+', '', 'g'), m.template_key, m.auto_answer
          from outreach_message m join first f on f.lead_id = m.lead_id order by 1, 2, 3, 6, 7
        """,
    "facts of each lead": f"""
        {_LEADS}
        select f.lead, e.kind, e.happened_at, e.actor, {_PERSON.format("e.person_id")}, c.name, o.opened_at,
               e.programme_id, e.reason, e.agreement_version, e.amount, e.currency, e.base_amount, {_PAYLOAD},
               split_part(e.payload ->> 'evidence', ':', 1)
          from ledger_event e join first f on f.lead_id = e.lead_id left join people_company c on c.id = e.company_id
          left join selling_opportunity o on o.id = e.opportunity_id
         where e.kind not in ('message.sent', 'message.refused') order by 1, e.id
        """,
    "facts of no lead": f"""
        select e.kind, e.happened_at, e.actor, {_PERSON.format("e.person_id")}, c.name, e.reason, {_PAYLOAD}
          from ledger_event e left join people_company c on c.id = e.company_id
         where e.lead_id is null and e.opportunity_id is null order by 2, 1, 4, 5, 7
        """,
}


def standing() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that stands, by the name of its reading."""
    found = {}
    with connection.cursor() as cursor:
        for name, statement in READINGS.items():
            cursor.execute(statement)
            found[name] = list(cursor.fetchall())
    return found
