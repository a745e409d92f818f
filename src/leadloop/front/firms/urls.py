"""Addresses of companies."""

from __future__ import annotations

from django.urls import path

from leadloop.front.firms import acts, views

urlpatterns = [
    path("companies", views.listed),
    path("companies/owner", acts.owner),
    path("companies/<int:company_id>", views.one),
    path("companies/<int:company_id>/edit", acts.edit),
    path("companies/<int:company_id>/people", acts.people),
    path("companies/<int:company_id>/alike", acts.alike),
    path("companies/<int:company_id>/merge", acts.merge),
    path("companies/<int:company_id>/unmerge/<int:merge_id>", acts.unmerge),
]
