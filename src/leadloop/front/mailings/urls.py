"""Addresses of mailings."""

from __future__ import annotations

from django.urls import path

from leadloop.front.mailings import views

urlpatterns = [
    path("mailings", views.mailings),
    path("mailings/new", views.new),
    path("mailings/texts/new", views.text),
    path("mailings/<int:mailing_id>", views.one),
    path("mailings/<int:mailing_id>/results", views.results),
    path("mailings/<int:mailing_id>/rows", views.rows),
    path("mailings/<int:mailing_id>/test", views.try_out),
    path("mailings/<int:mailing_id>/confirm", views.confirm),
    path("mailings/<int:mailing_id>/stop", views.stop),
]
