"""Addresses of records that look alike."""

from __future__ import annotations

from django.urls import path

from leadloop.front.alike import views

urlpatterns = [
    path("duplicates", views.queue),
    path("duplicates/accept", views.accept),
    path("duplicates/<int:suggestion_id>", views.pair),
    path("duplicates/<int:suggestion_id>/merge", views.merge),
    path("duplicates/<int:suggestion_id>/<str:verdict>", views.judge),
]
