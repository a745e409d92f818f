"""Where the interface hangs. Its views need no session: each operation asks for a token of its own scope."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from leadloop.front.api.app import api
from leadloop.front.openly import openly

_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    if isinstance(_pattern, URLPattern):
        openly(_pattern.callback)

urlpatterns = [path("api/v1/", include((_patterns, _app), namespace=_namespace))]
