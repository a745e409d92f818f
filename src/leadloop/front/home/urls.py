"""Addresses of everybody's first page."""

from __future__ import annotations

from django.urls import path

from leadloop.front.home import checklist, views

urlpatterns = [
    path("", views.first),
    path("home", views.home),
    path("home/checklist", checklist.checklist),
    path("home/checklist/put-away", checklist.put_away),
    path("home/rows/<str:name>", views.rows),
]
