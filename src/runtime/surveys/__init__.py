"""Surveys: who is invited, one answer to each invitation, and the figures that are made of them (P10-P12, X27)."""
