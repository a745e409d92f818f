"""Every address of the product."""

from __future__ import annotations

from django.urls import include, path

from leadloop.front.away import health
from leadloop.front.public.confirming import confirmation_page
from leadloop.front.public.views import unsubscribe

handler500 = "leadloop.front.away.failed"
urlpatterns = [
    path("health", health),
    path("account/", include("allauth.urls")),
    path("unsubscribe/<str:token>", unsubscribe),
    path("confirm/<str:token>", confirmation_page),
    path("", include("leadloop.front.home.urls")),
    path("", include("leadloop.front.work.urls")),
    path("", include("leadloop.front.notices.urls")),
    path("", include("leadloop.front.given_back.urls")),
    path("", include("leadloop.front.calls.urls")),
    path("", include("leadloop.front.prospects.urls")),
    path("", include("leadloop.front.company.urls")),
    path("", include("leadloop.front.firms.urls")),
    path("", include("leadloop.front.alike.urls")),
    path("", include("leadloop.front.persons.urls")),
    path("", include("leadloop.front.segments.urls")),
    path("", include("leadloop.front.mailings.urls")),
    path("", include("leadloop.front.forecast.urls")),
    path("", include("leadloop.front.selling.urls")),
    path("", include("leadloop.front.agreement.urls")),
    path("", include("leadloop.front.capture.urls")),
    path("", include("leadloop.front.landing.urls")),
    path("", include("leadloop.front.enrichment.urls")),
    path("", include("leadloop.front.setup.urls")),
    path("", include("leadloop.front.system.urls")),
    path("", include("leadloop.front.api.urls")),
]
