"""Programmes, sources, costs and budgets."""
