"""Writing: assess leads, draft rules and put them into force."""

from leadloop.qualification.services.assessing import assess
from leadloop.qualification.services.signing import install, propose, sign_rules

__all__ = ["assess", "install", "propose", "sign_rules"]
