"""Mailings: one letter to everybody of a segment who may have it."""
