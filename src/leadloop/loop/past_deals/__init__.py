"""Bringing in deals that began in another system, with the dates they had."""
