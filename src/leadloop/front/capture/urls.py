"""Addresses of the doors."""

from __future__ import annotations

from django.urls import path

from leadloop.front.capture import hosted, portals

urlpatterns = [
    path("portals", portals.portals),
    path("portals/new", portals.new),
    path("portals/<int:portal_id>", portals.portal),
    path("portals/<int:portal_id>/save", portals.save),
    path("portals/<int:portal_id>/token", portals.token),
    path("f/<slug:slug>", hosted.form),
    path("f/<slug:slug>/thanks", hosted.thanks),
]
