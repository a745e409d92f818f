"""Addresses of the first run."""

from __future__ import annotations

from django.urls import path

from leadloop.front.setup import entering, trial, views

urlpatterns = [
    path("setup", views.overview),
    path("setup/enter/<int:user_id>/<str:token>", entering.enter),
    path("setup/you", views.you),
    path("setup/company", views.company),
    path("setup/hours", views.hours),
    path("setup/team", views.team),
    path("setup/agreement", views.agreement),
    path("setup/portal", trial.portal),
    path("setup/portal/test", trial.send),
    path("setup/portal/test/<int:submission_id>", trial.arrived),
]
