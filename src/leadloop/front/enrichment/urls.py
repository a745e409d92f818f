"""Addresses of enrichment."""

from __future__ import annotations

from django.urls import path

from leadloop.front.enrichment import views

urlpatterns = [
    path("enrichment", views.overview),
    path("enrichment/policy", views.policy),
    path("enrichment/portals", views.portals),
    path("enrichment/file", views.file),
    path("enrichment/run", views.run),
    path("enrichment/runs/<int:run_id>/undo", views.undo),
]
