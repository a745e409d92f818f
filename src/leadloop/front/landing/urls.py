"""Addresses of landing pages: those of the people who build them, and those of the public."""

from __future__ import annotations

from django.urls import path

from leadloop.front.landing import building, public, views

urlpatterns = [
    path("pages", views.pages),
    path("pages/new", views.new),
    path("pages/<int:page_id>", building.build),
    path("pages/<int:page_id>/preview", views.preview),
    path("pages/<int:page_id>/withdraw", building.withdraw),
    path("pages/<int:page_id>/views", views.views_of),
    path("pages/<int:page_id>/inquiries", views.inquiries_of),
    path("p/<slug:slug>", public.read),
    path("p/<slug:slug>/for/<str:key>", public.read),
    path("p/<slug:slug>/seen", public.seen),
    path("pictures/<slug:name>", public.drawing),
]
