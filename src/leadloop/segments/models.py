"""Named selections."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from leadloop.ledger.fields import down
from leadloop.segments.contracts import Sharing, Subject


class Segment(models.Model):
    """A condition with a name and somebody who answers for it. Who is in it is asked anew each time."""

    name = models.TextField()
    subject = models.TextField(choices=[(str(one), str(one)) for one in Subject])
    criteria = models.JSONField()
    owner = down("platform.User")
    note = models.TextField(db_default="")
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), condition=Q(archived_at__isnull=True), name="segment_one_name"),
            models.CheckConstraint(condition=~Q(name=""), name="segment_named"),
        ]


class View(models.Model):
    """The filters and order of a list, kept under a name by one person."""

    user = down("platform.User", db_index=False)
    team = down("platform.Team", null=True)  # for views of a team: the one its maker was in
    page = models.TextField()
    name = models.TextField()
    asked = models.JSONField()
    sharing = models.TextField(choices=[(str(one), str(one)) for one in Sharing], db_default=Sharing.PRIVATE)
    pinned = models.BooleanField(db_default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "page", Lower("name"), name="view_one_name"),
            models.CheckConstraint(condition=~Q(name=""), name="view_named"),
            models.CheckConstraint(condition=~Q(sharing="team") | Q(team__isnull=False), name="view_team_known"),
        ]
