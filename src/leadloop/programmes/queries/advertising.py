"""What is known of campaigns on advertising platforms, and the tags that lead to a programme."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from leadloop.kernel.errors import Invalid
from leadloop.programmes.contracts import Match, Rule, TouchHint
from leadloop.programmes.models import AdDay
from leadloop.programmes.queries.match import match, utm_rules
from leadloop.programmes.queries.tree import programmes


def programmes_of(campaigns: Collection[str]) -> dict[str, int]:
    """The programme each campaign seems to belong to: as it was brought in before, by the rules, or by its name.

    Campaigns of which nothing is known are left out. Three queries.
    """
    before = AdDay.objects.filter(campaign__in=list(campaigns)).order_by("campaign", "-day").distinct("campaign")
    found = dict(before.values_list("campaign", "programme_id"))
    named = {text.casefold(): key for key, row in programmes().items() for text in (row.key, row.name)}
    rest = [one for one in campaigns if one not in found]
    said = match([TouchHint(utm_campaign=one) for one in rest])
    for campaign, answer in zip(rest, said, strict=True):
        programme_id = named.get(campaign.casefold()) or answer.programme_id
        if programme_id is not None:
            found[campaign] = programme_id
    return found


def tags_for(programme_id: int) -> TouchHint:
    """The tags by which the rules know this programme; parts that may be anything are "". One query."""
    mine = [rule for rule in utm_rules() if rule.programme_id == programme_id]
    rule = next((one for one in mine if "*" not in one.utm_campaign), mine[0] if mine else Rule(0))
    parts = (rule.utm_source, rule.utm_medium, rule.utm_campaign)
    return TouchHint(*("" if "*" in part else part for part in parts))


def tagged(address: str, tags: TouchHint) -> tuple[str, Match]:
    """The address with these tags, other parameters kept, and where a visit with it would be counted. One query.

    Raises Invalid for what is no web address, or tags without a campaign.
    """
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or len(address) > 2000:
        raise Invalid("This is no web address", field="address", mend="Write it like https://www.example.com/page")
    wanted = {"utm_source": tags.utm_source, "utm_medium": tags.utm_medium, "utm_campaign": tags.utm_campaign}
    if not tags.utm_campaign or not tags.utm_source:
        raise Invalid("Source and campaign are needed", field="utm_campaign", mend="Say what the link stands in")
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in wanted]
    query = urlencode([*kept, *((key, value) for key, value in wanted.items() if value)])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment)), match([tags])[0]
