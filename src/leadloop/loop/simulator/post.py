"""A post office that takes every letter and carries none: in the demo nothing ever leaves the machine."""

from __future__ import annotations

from leadloop.outreach.rules.answers import Phase, Reply
from leadloop.outreach.smtp import Letter


class PostOffice:
    """Takes letters as a mail server would; stands for the sender as well as for its session."""

    def connect(self) -> PostOffice:
        """See `outreach.smtp.Sender`."""
        return self

    def send(self, letter: Letter) -> Reply:  # noqa: ARG002 - nobody reads it
        """Take it, and throw it away."""
        return Reply(Phase.END, 250, "2.0.0 taken")

    def close(self) -> None:
        """See `outreach.smtp.Session`."""
