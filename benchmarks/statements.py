"""The statements of a page: recorded while Django makes it, and run again without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client


@dataclass
class Recorder:
    """What was run: the kind of cursor, the statement and its values."""

    statements: list[tuple[type[psycopg.Cursor], psycopg.pq.Format, str, Any]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  # Django's form
        cursor = context["cursor"].cursor
        self.statements.append((type(cursor), cursor.format, sql, params))
        return execute(sql, params, many, context)

    def again(self) -> None:
        """Run them as they were, without Django, and fetch their rows."""
        for kind, form, sql, params in self.statements:
            with kind(connection.connection) as cursor:
                cursor.format = form
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()


def of_page(email: str, path: str) -> Recorder:
    """The statements of one request for a page by a signed-in user, signing in apart."""
    client, recorder = Client(), Recorder()
    client.force_login(get_user_model().objects.get(email=email))
    with connection.execute_wrapper(recorder):
        answer = client.get(path, headers={"host": "127.0.0.1"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} was answered with {answer.status_code}")
    return recorder
