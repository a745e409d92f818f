"""Persons, companies, contact points, consent and suppression."""
