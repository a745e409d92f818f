"""Block and allow lists: of the whole company, and of one portal."""
