"""Portals, the inbox, parsing, quarantine and imports."""
