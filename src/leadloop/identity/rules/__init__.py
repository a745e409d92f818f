"""Pure decisions about who is who: no database, no clock."""
