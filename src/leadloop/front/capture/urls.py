"""Addresses of the doors."""

from __future__ import annotations

from django.urls import path

from leadloop.front.capture import hosted, portals, quarantine

urlpatterns = [
    path("portals", portals.portals),
    path("portals/new", portals.new),
    path("portals/<int:portal_id>", portals.portal),
    path("portals/<int:portal_id>/save", portals.save),
    path("portals/<int:portal_id>/token", portals.token),
    path("quarantine", quarantine.quarantine),
    path("quarantine/replay", quarantine.replay),
    path("quarantine/<int:submission_id>", quarantine.delivery),
    path("quarantine/<int:submission_id>/replay", quarantine.replay_one),
    path("f/<slug:slug>", hosted.form),
    path("f/<slug:slug>/thanks", hosted.thanks),
]
