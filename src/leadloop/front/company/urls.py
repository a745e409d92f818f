"""Addresses of the company's own pages."""

from __future__ import annotations

from django.urls import path

from leadloop.front.company import advertising, costs, views

urlpatterns = [
    path("loop", views.loop),
    path("programmes", views.programmes),
    path("programmes/costs/new", costs.book),
    path("programmes/costs/import", advertising.bring_in),
    path("programmes/link", advertising.link),
    path("rows/<str:name>", views.rows),
]
