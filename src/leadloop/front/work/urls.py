"""Addresses of the pages people work with."""

from __future__ import annotations

from django.urls import path

from leadloop.front.work import acts, bulk, pins, views

urlpatterns = [
    path("worklist", views.worklist_page),
    path("worklist/rows", views.worklist_rows),
    path("leads", views.leads_list),
    path("leads/assign", bulk.assign),
    path("leads/views", pins.save),
    path("leads/views/<int:view_id>/remove", pins.remove),
    path("leads/<int:lead_id>", views.lead_page),
    path("leads/<int:lead_id>/record", views.lead_record),
    path("leads/<int:lead_id>/accept", acts.accept),
    path("leads/<int:lead_id>/qualify", acts.qualify),
    path("leads/<int:lead_id>/reject", acts.reject),
    path("leads/<int:lead_id>/recycle", acts.recycle),
    path("leads/<int:lead_id>/disqualify", acts.disqualify),
    path("leads/<int:lead_id>/snooze", acts.snooze),
    path("leads/<int:lead_id>/assign", acts.assign),
    path("leads/<int:lead_id>/note", acts.note),
    path("leads/<int:lead_id>/log/<slug:kind>", acts.log),
    path("undo/<int:undo_id>", acts.undo),
    path("search", views.search),
]
