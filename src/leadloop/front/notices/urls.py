"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from leadloop.front.notices import choosing, views

urlpatterns = [
    path("notifications", views.page),
    path("notifications/read", views.read_all),
    path("notifications/<int:notice_id>/read", views.read_one),
    path("me/notices", choosing.page),
]
