"""Run as a module: install the company to begin with, in a process of its own. Its argument says of which kind."""

from __future__ import annotations

import json
import sys

from leadloop.kernel.errors import LeadloopError
from leadloop.loop.cli.loading import part, set_django_up
from leadloop.loop.cli.saying import say

if __name__ == "__main__":
    set_django_up()
    try:
        part("work.first").ensure(**json.loads(sys.argv[1]))
    except LeadloopError as error:
        say(f"Error: {error}")
        sys.exit(2)
