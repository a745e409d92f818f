"""Addresses of segments."""

from __future__ import annotations

from django.urls import path

from leadloop.front.segments import views

urlpatterns = [
    path("segments", views.segments),
    path("segments/new", views.new),
    path("segments/draft", views.draft),
    path("segments/<int:segment_id>", views.one),
    path("segments/<int:segment_id>/edit", views.edit),
    path("segments/<int:segment_id>/archive", views.archive),
    path("segments/<int:segment_id>/people", views.people),
]
