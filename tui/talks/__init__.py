"""Playbooks run with somebody, what was saved of them, forms and invitations from a record (P1-P6, P13)."""
