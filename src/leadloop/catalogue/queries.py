"""Named reads of the catalogue; one query each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from leadloop.catalogue.contracts import FamilyRow, PriceRow, ProductRow, TermRow
from leadloop.catalogue.models import Family, PaymentTerm, Price, Product
from leadloop.ledger.kept import Kept
from leadloop.ledger.reads import Read


def families() -> dict[int, FamilyRow]:
    """Every family by id, in the order of their names. At most one query."""
    return dict(FAMILIES())


FAMILIES = Kept(
    Read(
        "select id, key, name, is_active from catalogue_family order by name, id",
        (),
        lambda rows: {row[0]: FamilyRow(*row) for row in rows},
    )
)


def family_id(key: str) -> int | None:
    """The family a key stands for, None when there is none."""
    return Family.objects.filter(key=key).values_list("id", flat=True).first()


def products() -> dict[int, ProductRow]:
    """Every product by id, in the order of their names."""
    rows = Product.objects.order_by("name", "id").values_list("id", "family_id", "sku", "name", "unit", "is_active")
    return {row[0]: ProductRow(*row) for row in rows}


def prices(product_ids: Collection[int], currency: str, on: date) -> dict[tuple[int, bool], PriceRow]:
    """List prices that hold on a day, by product and whether they are per month; products without one are left out."""
    rows = (
        Price.objects.filter(product_id__in=product_ids, currency=currency, valid_from__lte=on)
        .order_by("product_id", "per_month", "-valid_from")
        .distinct("product_id", "per_month")
        .values_list("product_id", "currency", "minor", "per_month", "valid_from")
    )
    return {(row[0], row[3]): PriceRow(*row) for row in rows}


def price(product_id: int, currency: str, on: date, *, per_month: bool = False) -> PriceRow | None:
    """The list price of one product on a day, None when the list has none yet."""
    return prices([product_id], currency, on).get((product_id, per_month))


def terms() -> dict[int, TermRow]:
    """Every payment term by id, the shortest first."""
    rows = PaymentTerm.objects.order_by("days", "id").values_list("id", "key", "name", "days")
    return {row[0]: TermRow(*row) for row in rows}
