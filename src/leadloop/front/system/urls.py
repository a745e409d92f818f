"""Addresses of the system, its users, and one's own page."""

from __future__ import annotations

from django.urls import path

from leadloop.front.system import me, persons, samples, tokens, users, views

urlpatterns = [
    path("system", views.system),
    path("system/replay", views.replay),
    path("system/skip", views.skip),
    path("system/release", views.release),
    path("system/sample", samples.shown),
    path("system/sample/load", samples.load),
    path("system/sample/remove", samples.remove),
    path("system/users", users.users),
    path("system/users/new", users.new),
    path("system/users/<int:user_id>", users.user),
    path("system/users/<int:user_id>/password", users.password),
    path("system/users/<int:user_id>/hand-over", users.hand_over),
    path("system/users/<int:user_id>/close", users.close),
    path("system/users/<int:user_id>/reopen", users.reopen),
    path("system/tokens", tokens.tokens),
    path("system/tokens/<int:token_id>/revoke", tokens.revoke),
    path("system/persons", persons.persons),
    path("system/persons/<int:person_id>", persons.person),
    path("system/persons/<int:person_id>/export", persons.taken_out),
    path("system/persons/<int:person_id>/erase", persons.erased_now),
    path("me", me.me),
    path("me/theme", me.theme),
    path("me/digest", me.digest),
    path("me/token", me.token),
]
