"""Addresses of the queue of calls."""

from __future__ import annotations

from django.urls import path

from leadloop.front.calls import came_in, guide, views

urlpatterns = [
    path("calls", views.calls),
    path("calls/in", came_in.came_in),
    path("calls/in/known", came_in.known),
    path("calls/guide", guide.edit),
    path("calls/<int:lead_id>", views.one),
    path("calls/<int:lead_id>/part", views.part),
    path("calls/<int:lead_id>/outcome", views.outcome),
    path("calls/<int:lead_id>/later", views.later),
    path("calls/undo/<int:undo_id>", views.undo),
]
