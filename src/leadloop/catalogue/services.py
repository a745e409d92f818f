"""Writing the catalogue. Adding what is there already changes nothing, so an installation may be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from leadloop.catalogue.contracts import NewFamily, NewPrice, NewProduct, NewTerm
from leadloop.catalogue.facts import FamilyAdded, PaymentTermAdded, PriceSet, ProductAdded
from leadloop.catalogue.models import Family, PaymentTerm, Product
from leadloop.catalogue.queries import FAMILIES
from leadloop.catalogue.rules import check_families, check_prices, check_products, check_terms
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record


@transaction.atomic
def add_family(*, families: Sequence[NewFamily], actor: Actor, now: datetime) -> dict[str, int]:
    """Return the id per key; a key that exists keeps its family as it is. Invalid for a wrong key or name."""
    check_families(families)
    added = _insert(
        """
        insert into catalogue_family (key, name) select * from unnest(%s::text[], %s::text[])
            on conflict (key) do nothing returning id
        """,
        [[f.key for f in families], [one_line(f.name) for f in families]],
    )
    FAMILIES.forget()
    record([FamilyAdded(happened_at=now, family_id=row[0]) for row in added], actor=actor)
    return dict(Family.objects.filter(key__in=[f.key for f in families]).values_list("key", "id"))


@transaction.atomic
def add_product(*, products: Sequence[NewProduct], actor: Actor, now: datetime) -> dict[str, int]:
    """Return the id per SKU; one that exists stays as it is. Invalid for an unknown family."""
    check_products(products)
    _must_exist(Family, {p.family_id for p in products}, "family", "Add the family first")
    added = _insert(
        """
        insert into catalogue_product (sku, name, family_id, unit)
        select * from unnest(%s::text[], %s::text[], %s::bigint[], %s::text[])
            on conflict (sku) do nothing returning id, family_id
        """,
        [
            [p.sku.strip() for p in products],
            [one_line(p.name) for p in products],
            [p.family_id for p in products],
            [p.unit.strip() for p in products],
        ],
    )
    record([ProductAdded(happened_at=now, product_id=i, family_id=f) for i, f in added], actor=actor)
    return dict(Product.objects.filter(sku__in=[p.sku.strip() for p in products]).values_list("sku", "id"))


@transaction.atomic
def set_price(*, prices: Sequence[NewPrice], actor: Actor, now: datetime) -> int:
    """Set list prices and return how many changed; another amount for the same day replaces the old one.

    Invalid for an unknown product or currency, or a negative amount.
    """
    check_prices(prices)
    _must_exist(Product, {p.product_id for p in prices}, "product", "Add the product first")
    changed = _insert(
        """
        insert into catalogue_price as p (product_id, currency, minor, per_month, valid_from)
        select * from unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bool[], %s::date[])
            on conflict (product_id, currency, per_month, valid_from)
            do update set minor = excluded.minor where p.minor <> excluded.minor
        returning product_id, currency, minor, per_month, valid_from
        """,
        [
            [p.product_id for p in prices],
            [p.currency for p in prices],
            [p.minor for p in prices],
            [p.per_month for p in prices],
            [p.valid_from for p in prices],
        ],
    )
    facts = [
        PriceSet(happened_at=now, amount=minor, currency=currency, product_id=i, per_month=monthly, valid_from=str(day))
        for i, currency, minor, monthly, day in changed
    ]
    record(facts, actor=actor)
    return len(facts)


@transaction.atomic
def add_term(*, terms: Sequence[NewTerm], actor: Actor, now: datetime) -> dict[str, int]:
    """Return the id per key; a key that exists keeps its term as it is. Invalid for a wrong key or days."""
    check_terms(terms)
    added = _insert(
        """
        insert into catalogue_paymentterm (key, name, days) select * from unnest(%s::text[], %s::text[], %s::int[])
            on conflict (key) do nothing returning id, days
        """,
        [[t.key for t in terms], [one_line(t.name) for t in terms], [t.days for t in terms]],
    )
    record([PaymentTermAdded(happened_at=now, term_id=i, days=days) for i, days in added], actor=actor)
    return dict(PaymentTerm.objects.filter(key__in=[t.key for t in terms]).values_list("key", "id"))


def _insert(sql: str, columns: list[list[Any]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, columns)
        return list(cursor.fetchall())


def _must_exist(model: type[Family | Product], ids: set[int], field: str, mend: str) -> None:
    missing = ids - set(model._default_manager.filter(id__in=ids).values_list("id", flat=True))
    if missing:
        raise Invalid(f"there is no {field} {min(missing)}", field=field, mend=mend)
