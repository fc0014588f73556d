"""Dates and numbers per language, as the house writes them."""
