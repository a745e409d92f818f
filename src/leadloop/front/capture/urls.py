"""Addresses of the doors."""

from __future__ import annotations

from django.urls import path

from leadloop.front.capture import batches, hosted, import_runs, imports, portals, quarantine, taking_over, trials

urlpatterns = [
    path("portals", portals.portals),
    path("portals/new", portals.new),
    path("portals/<int:portal_id>", portals.portal),
    path("portals/<int:portal_id>/save", portals.save),
    path("portals/<int:portal_id>/token", portals.token),
    path("quarantine", quarantine.quarantine),
    path("quarantine/replay", quarantine.replay),
    path("quarantine/<int:submission_id>", quarantine.delivery),
    path("quarantine/<int:submission_id>/replay", quarantine.replay_one),
    path("imports", imports.imports),
    path("imports/upload", imports.upload),
    path("imports/take-over", taking_over.take_over),
    path("imports/take-over/<slug:name>", taking_over.taken_over),
    path("imports/file/<slug:name>", imports.reading),
    path("imports/file/<slug:name>/tried", trials.tried),
    path("imports/<int:run_id>", import_runs.run),
    path("imports/<int:run_id>/progress", import_runs.run_progress),
    path("imports/<int:run_id>/cancel", import_runs.cancel),
    path("imports/<int:run_id>/undo", import_runs.take_back),
    path("imports/<int:run_id>/leads", import_runs.run_leads),
    path("imports/<int:run_id>/errors.csv", import_runs.run_errors),
    path("batches", batches.batches),
    path("batches/new", batches.open_new),
    path("batches/<int:batch_id>", batches.batch),
    path("batches/<int:batch_id>/enter", batches.enter),
    path("batches/<int:batch_id>/add", batches.add),
    path("batches/<int:batch_id>/drop", batches.drop),
    path("batches/<int:batch_id>/release", batches.release),
    path("f/<slug:slug>", hosted.form),
    path("f/<slug:slug>/thanks", hosted.thanks),
]
