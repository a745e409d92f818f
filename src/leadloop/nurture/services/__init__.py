"""Writing: lay down journeys, put leads on them, and go on with whatever is due."""

from leadloop.nurture.services.advancing import advance
from leadloop.nurture.services.enrolling import enrol, leave
from leadloop.nurture.services.persons import return_person
from leadloop.nurture.services.setup import install, install_standard, publish

__all__ = ["advance", "enrol", "install", "install_standard", "leave", "publish", "return_person"]
