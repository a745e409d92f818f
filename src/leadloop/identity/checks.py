"""One human, one person; one firm, one company."""

from __future__ import annotations

from leadloop.ledger.checks import Check

CHECKS = (
    Check(
        2,
        "one e-mail address at two persons",
        "Two persons never share an e-mail address that identifies, unless somebody said they are not the same",
        """
        select 'persons ' || string_agg(distinct c.person_id::text, ', ')
          from people_contactpoint c join identity_matchkey k on k.kind = 'email' and k.value = c.norm
         where c.kind = 'email'
         group by c.norm having count(distinct c.person_id) > 1
            and not exists (select from identity_nevermerge n
                             where n.low_id = min(c.person_id) and n.high_id = max(c.person_id)) limit %s
        """,
    ),
    Check(
        2,
        "an alias that leads to another alias",
        "An old id leads straight to the survivor",
        """
        select 'person ' || a.old_id from identity_alias a join identity_alias b on b.old_id = a.survivor_id limit %s
        """,
    ),
    Check(
        2,
        "a lead that still hangs on a merged person",
        "Merging moves everything",
        "select 'lead ' || l.id from leads_lead l join identity_alias a on a.old_id = l.person_id limit %s",
    ),
    Check(
        2,
        "an inquiry that still hangs on a merged person",
        "Merging moves everything",
        "select 'inquiry ' || i.id from capture_inquiry i join identity_alias a on a.old_id = i.person_id limit %s",
    ),
    Check(
        2,
        "a deal that still hangs on a merged person",
        "Merging moves everything",
        "select 'deal ' || o.id from selling_opportunity o join identity_alias a on a.old_id = o.person_id limit %s",
    ),
    Check(
        2,
        "an old id that no standing merge made",
        "A merge that was taken back leaves no alias, and one that stands has its alias",
        """
        select 'person ' || coalesce(a.old_id, j.loser_id)
          from identity_alias a
          full join (select distinct loser_id from identity_mergejournal where undone_at is null) j
            on j.loser_id = a.old_id
         where a.old_id is null or j.loser_id is null limit %s
        """,
    ),
    Check(
        2,
        "a suggestion that waits for a person who was merged or erased",
        "What is to be decided is about two persons who are there",
        """
        select 'suggestion ' || s.id
          from identity_suggestion s cross join unnest(array[s.low_id, s.high_id]) as of (person_id)
          join people_person p on p.id = of.person_id
         where s.state = 'open' and (p.merged_into_id is not null or p.erased_at is not null) limit %s
        """,
    ),
    Check(
        2,
        "two persons who were said never to be the same, and are one",
        "Nobody is merged with somebody of whom it was said that they are not the same",
        """
        select 'persons ' || n.low_id || ', ' || n.high_id
          from identity_nevermerge n join people_person l on l.id = n.low_id join people_person h on h.id = n.high_id
         where coalesce(l.merged_into_id, l.id) = coalesce(h.merged_into_id, h.id) limit %s
        """,
    ),
    Check(
        2,
        "one domain at two companies",
        "A firm is one company",
        """
        select 'companies ' || string_agg(id::text, ', ') from people_company
         where domain is not null and merged_into_id is null group by domain having count(*) > 1 limit %s
        """,
    ),
    Check(
        2,
        "something that still hangs on a merged company",
        "Merging moves everything",
        """
        select t.what || ' ' || t.id
          from people_company c
          join lateral (select 'lead' as what, l.id from leads_lead l where l.company_id = c.id
                         union all
                        select 'position', o.id from people_position o where o.company_id = c.id
                         union all
                        select 'deal', d.id from selling_opportunity d where d.company_id = c.id
                         union all
                        select 'company', b.id from people_company b
                         where b.parent_id = c.id and b.merged_into_id is null
                         union all
                        select 'key', k.id from identity_companykey k where k.company_id = c.id) t on true
         where c.merged_into_id is not null limit %s
        """,
    ),
    Check(
        2,
        "a company that is merged without a standing merge",
        "A merge that was taken back leaves two companies, and one that stands has its journal",
        """
        select 'company ' || coalesce(c.id, j.loser_id)
          from (select id from people_company where merged_into_id is not null) c
          full join (select distinct loser_id from identity_companymerge where undone_at is null) j
            on j.loser_id = c.id
         where c.id is null or j.loser_id is null limit %s
        """,
    ),
    Check(
        2,
        "two companies that were said never to be the same, and are one",
        "Nobody merges companies of which it was said that they are not the same",
        """
        select 'companies ' || n.low_id || ', ' || n.high_id
          from identity_companypair n
          join people_company l on l.id = n.low_id join people_company h on h.id = n.high_id
         where n.verdict = 'never' and coalesce(l.merged_into_id, l.id) = coalesce(h.merged_into_id, h.id) limit %s
        """,
    ),
    Check(
        2,
        "a company that stands above itself",
        "A group of companies is a tree",
        """
        with recursive up (id, at_id, height) as (
            select id, parent_id, 1 from people_company where parent_id is not null
             union all
            select u.id, c.parent_id, u.height + 1 from up u join people_company c on c.id = u.at_id
             where c.parent_id is not null and u.at_id <> u.id and u.height < 50
        ) select distinct 'company ' || id from up where at_id = id limit %s
        """,
    ),
    Check(
        10,
        "an inquiry without a reason why it is this person",
        "Every match says which keys decided",
        """
        select 'inquiry ' || i.id from capture_inquiry i
         where not exists (select from identity_matchdecision d where d.inquiry_id = i.id and d.reasons <> '[]')
         limit %s
        """,
    ),
)
