"""Processes are killed without warning; nothing may be lost and nothing may happen twice."""
