"""Who asks: the bearer of a token, with rights that are both the user's and the token's."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from leadloop.kernel import clock
from leadloop.platform.contracts import Viewer
from leadloop.platform.services import token_viewer


class Token(HttpBearer):
    """Asks for a token with this scope; a wrong one is answered 403 by the handler of Forbidden, none 401."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:  # noqa: ARG002 - ninja's signature
        """The user for whom the token acts. Raises Forbidden."""
        return token_viewer(plain=token, scope=self.scope, now=clock.now())


def viewer(request: HttpRequest) -> Viewer:
    """Whom the token was found to act for."""
    return cast(Viewer, request.auth)  # type: ignore[attr-defined]  # set by ninja
