"""Segments: made of conditions in the browser, counted while they are made, opened as rows."""
