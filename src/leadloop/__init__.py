"""Leadloop: sales lead management as one closed loop."""
