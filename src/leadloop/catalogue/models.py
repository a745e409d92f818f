"""What is sold: families (the interests a lead is about), products, prices and payment terms."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadloop.ledger.fields import down


class Family(models.Model):
    """A product family: the interest a lead pursues."""

    key = models.TextField(unique=True)
    name = models.TextField()
    is_active = models.BooleanField(db_default=True)


class Product(models.Model):
    """Something that can stand on a line of an opportunity."""

    family = down("catalogue.Family")
    sku = models.TextField(unique=True)
    name = models.TextField()
    unit = models.TextField(db_default="piece")
    is_active = models.BooleanField(db_default=True)


class Price(models.Model):
    """List price of a product from a day on; `per_month` marks a recurring price."""

    product = down("catalogue.Product")
    currency = models.TextField()
    minor = models.BigIntegerField()
    per_month = models.BooleanField(db_default=False)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "currency", "per_month", "valid_from"], name="price_one"),
            models.CheckConstraint(condition=Q(minor__gte=0), name="price_not_negative"),
        ]


class PaymentTerm(models.Model):
    """How many days after invoicing the money is due."""

    key = models.TextField(unique=True)
    name = models.TextField()
    days = models.IntegerField()
    created_at = models.DateTimeField(db_default=Now())
