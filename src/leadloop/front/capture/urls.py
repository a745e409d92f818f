"""Addresses of the doors."""

from __future__ import annotations

from django.urls import path

from leadloop.front.capture import (
    connect,
    counting,
    embedding,
    form_builder,
    hosted,
    imports,
    mail_in,
    mailboxes,
    mapping,
    portals,
    quarantine,
    visits,
)

urlpatterns = [
    path("portals", portals.portals),
    path("portals/new", portals.new),
    path("portals/<int:portal_id>", portals.portal),
    path("portals/<int:portal_id>/save", portals.save),
    path("portals/<int:portal_id>/token", portals.token),
    path("portals/<int:portal_id>/form", form_builder.build),
    path("portals/<int:portal_id>/secrets", connect.secrets),
    path("portals/<int:portal_id>/secrets/<slug:name>", connect.secret),
    path("portals/<int:portal_id>/scheme", connect.scheme),
    path("portals/<int:portal_id>/mapping", mapping.mapping),
    path("portals/<int:portal_id>/mapping/preview", mapping.preview),
    path("portals/<int:portal_id>/counts", counting.counts),
    path("portals/<int:portal_id>/mailbox", mailboxes.save),
    path("portals/<int:portal_id>/mailbox/try", mailboxes.attempt),
    path("api/mail-in/<slug:slug>", mail_in.mail_in),
    path("quarantine", quarantine.quarantine),
    path("quarantine/replay", quarantine.replay),
    path("quarantine/<int:submission_id>", quarantine.delivery),
    path("quarantine/<int:submission_id>/replay", quarantine.replay_one),
    path("quarantine/<int:submission_id>/use-again", quarantine.use_again),
    path("imports", imports.imports),
    path("imports/upload", imports.upload),
    path("imports/file/<slug:name>", imports.reading),
    path("imports/<int:run_id>", imports.run),
    path("imports/<int:run_id>/progress", imports.run_progress),
    path("imports/<int:run_id>/leads", imports.run_leads),
    path("imports/<int:run_id>/errors.csv", imports.run_errors),
    path("f/<slug:slug>", hosted.form),
    path("f/<slug:slug>/thanks", hosted.thanks),
    path("f/<slug:slug>/form.json", embedding.described_form),
    path("f/<slug:slug>/form.js", embedding.script),
    path("f/<slug:slug>/visits.js", visits.script),
    path("f/<slug:slug>/seen", visits.seen),
]
