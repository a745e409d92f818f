"""Writes of the room."""

from leadloop.mailing.services.confirming import confirm
from leadloop.mailing.services.drafting import save, try_out
from leadloop.mailing.services.stopping import stop
from leadloop.mailing.services.writing import write_due

__all__ = ["confirm", "save", "stop", "try_out", "write_due"]
