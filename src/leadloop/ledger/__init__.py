"""Append-only facts, their readers and their positions."""
