"""Addresses of prospecting."""

from __future__ import annotations

from django.urls import path

from leadloop.front.prospects import views

urlpatterns = [
    path("prospects", views.start),
    path("prospects/read", views.read),
    path("prospects/new", views.one),
    path("prospects/add", views.add),
]
