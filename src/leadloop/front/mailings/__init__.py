"""Mailings: who gets a letter and who does not, the letter itself, and what became of it."""
