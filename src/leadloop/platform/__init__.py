"""What every room stands on: users, roles, tokens, settings, calendars, and the embedded database."""
