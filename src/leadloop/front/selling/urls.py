"""Addresses of the board and its deals."""

from __future__ import annotations

from django.urls import path

from leadloop.front.selling import views

urlpatterns = [
    path("pipeline", views.pipeline),
    path("pipeline/<slug:stage>", views.column),
    path("deals", views.listed),
    path("deals/move", views.move),
    path("deals/<int:opportunity_id>", views.deal_page),
    path("deals/<int:opportunity_id>/win", views.win),
    path("deals/<int:opportunity_id>/lose", views.lose),
    path("leads/<int:lead_id>/opportunity", views.open_deal),
]
