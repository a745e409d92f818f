"""Addresses of the forecast."""

from __future__ import annotations

from django.urls import path

from leadloop.front.forecast import saying, views

urlpatterns = [
    path("forecast", views.forecast),
    path("forecast/open", views.open_deals),
    path("forecast/won", views.won_deals),
    path("forecast/mine", saying.mine),
    path("forecast/adjust", saying.adjust),
    path("forecast/plan", saying.plan),
    path("deals/<int:opportunity_id>/category", saying.category),
]
