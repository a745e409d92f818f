"""Journeys and enrolments."""
