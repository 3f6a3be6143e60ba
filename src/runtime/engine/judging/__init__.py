"""Conditions kept up to date: what was touched, by a fact or by time alone, is judged again (X1, X3, G1)."""
