"""Addresses of persons. An old id leads to whom it stands for now."""

from __future__ import annotations

from django.urls import path

from leadloop.front.persons import views

urlpatterns = [
    path("persons/<int:person_id>", views.person),
    path("persons/<int:person_id>/merge", views.merge),
    path("persons/<int:person_id>/unmerge/<int:merge_id>", views.unmerge),
    path("persons/<int:person_id>/unmerge/<int:merge_id>/undo", views.undo),
]
