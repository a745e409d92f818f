"""Fit, engagement and readiness, each explained."""
