"""Addresses of companies."""

from __future__ import annotations

from django.urls import path

from leadloop.front.firms import views

urlpatterns = [
    path("companies", views.listed),
    path("companies/<int:company_id>", views.one),
]
