"""Addresses of everybody's first page."""

from __future__ import annotations

from django.urls import path

from leadloop.front.home import views

urlpatterns = [
    path("", views.first),
    path("home", views.home),
    path("home/rows/<str:name>", views.rows),
]
