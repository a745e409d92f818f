"""Addresses of the agreement."""

from __future__ import annotations

from django.urls import path

from leadloop.front.agreement import views

urlpatterns = [
    path("agreement", views.agreement),
    path("agreement/draft", views.draft),
    path("agreement/<int:agreement_id>", views.version),
    path("agreement/<int:agreement_id>/sign", views.sign),
]
