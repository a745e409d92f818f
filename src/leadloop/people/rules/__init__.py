"""Pure decisions about persons: no database, no clock."""
