"""How the installation runs, who may sign in, and everybody's own page."""
