"""How many statements a page asks the database, told alike on an idle machine and on a busy one."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# Kept for a second by each process, and read each time while anything in the cluster writes that is older than it.
SOMETIMES = "agreement_agreement"


def asked(client: Client, address: str) -> int:
    """The statements behind one look at a page, apart from those that depend on what else the cluster does.

    The page must answer 200. What processes keep for longer should be kept already: look once before.
    """
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return count(queries)


def count(queries: CaptureQueriesContext) -> int:
    """The statements caught, apart from those that depend on what else the cluster does."""
    return sum(SOMETIMES not in query["sql"] for query in queries)
