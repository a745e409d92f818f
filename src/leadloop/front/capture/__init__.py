"""Where inquiries come in: portals, the hosted form, the quarantine, and files."""
