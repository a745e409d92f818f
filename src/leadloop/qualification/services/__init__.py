"""Writing: assess leads, put rules into force."""

from leadloop.qualification.services.assessing import assess
from leadloop.qualification.services.signing import install, sign_rules

__all__ = ["assess", "install", "sign_rules"]
