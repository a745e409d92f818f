"""Everybody's first page: what matters today, by role; every figure opens its rows within what the viewer sees."""
