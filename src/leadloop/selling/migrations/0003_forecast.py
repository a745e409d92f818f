"""The forecast category of a deal, and its lines as others may read them."""

from django.db import migrations, models

OPPORTUNITY = """
create or replace view selling_facet_opportunity as
select o.id as opportunity_id, o.state, s.key as stage, s.win_percent, o.stage_since, o.owner_id, o.team_id,
       o.company_id, o.person_id, k.lead_id, o.minor, o.currency, o.base_minor, o.close_on, o.pushed, o.next_step_at,
       o.opened_at, o.closed_at, o.close_reason{category}
  from selling_opportunity o
  join selling_pipelinestage s on s.id = o.stage_id
  left join selling_opportunitylead k on k.opportunity_id = o.id and k.is_primary;
"""

LINE = """
create view selling_facet_line as
select l.opportunity_id, l.id as line_id, l.product_id, l.quantity, l.months, l.terms_id,
       round(l.unit_minor * l.quantity * coalesce(l.months, 1))::bigint as minor
  from selling_line l;
"""

STAGE = """
create view selling_facet_stage as
select s.key as stage, s.label, s."order" as place, s.win_percent from selling_pipelinestage s;
"""

FORWARD = OPPORTUNITY.format(category=", o.category") + LINE + STAGE
BACK = "drop view selling_facet_stage; drop view selling_facet_line; drop view selling_facet_opportunity;" + OPPORTUNITY.format(category="")


class Migration(migrations.Migration):
    dependencies = [("selling", "0002_facets")]

    operations = [
        migrations.AddField(
            model_name="opportunity",
            name="category",
            field=models.TextField(
                choices=[
                    ("omitted", "Omitted"),
                    ("pipeline", "Pipeline"),
                    ("best_case", "Best Case"),
                    ("commit", "Commit"),
                ],
                db_default="pipeline",
            ),
        ),
        migrations.AddField(
            model_name="opportunity",
            name="source_key",
            field=models.TextField(null=True, unique=True),
        ),
        migrations.AddConstraint(
            model_name="opportunity",
            constraint=models.CheckConstraint(
                condition=models.Q(("category__in", ["omitted", "pipeline", "best_case", "commit"])),
                name="opportunity_category",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
