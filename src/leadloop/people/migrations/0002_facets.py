"""The views through which other rooms read persons and firms. Shells of merged persons are not in them."""

from django.db import migrations

FORWARD = """
create view people_facet_person as
select p.id as person_id, p.given_name, p.family_name, e.value as email,
       split_part(e.norm, '@', 2) as email_domain, t.value as phone, coalesce(e.disposable, false) as disposable_email,
       coalesce(o.title, '') as title, coalesce(o.buying_role, 'unknown') as buying_role,
       p.country, p.city, p.language, p.zone, o.company_id, p.created_at as known_since, p.attributes
  from people_person p
  left join people_contactpoint e on e.person_id = p.id and e.kind = 'email' and e.is_primary
  left join people_contactpoint t on t.person_id = p.id and t.kind = 'phone' and t.is_primary
  left join people_position o on o.person_id = p.id and o.is_primary
 where p.merged_into_id is null;

create view people_facet_company as
select id as company_id, name, coalesce(domain, '') as domain, industry, employees, country, city, parent_id,
       account_owner_id, created_at as known_since, attributes
  from people_company;
"""

BACK = """
drop view people_facet_company;
drop view people_facet_person;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
