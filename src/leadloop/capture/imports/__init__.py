"""Bringing in files: understanding one, showing how it was understood, storing its rows as deliveries."""
