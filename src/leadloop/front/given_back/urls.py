"""Addresses of leads given back."""

from __future__ import annotations

from django.urls import path

from leadloop.front.given_back import views

urlpatterns = [
    path("given-back", views.page),
    path("given-back/<int:assignment_id>/appeal", views.appeal),
    path("given-back/<int:assignment_id>/decide", views.decide),
]
