"""Who comes in: checks, refusals and exclusivity at entry (S27-S31, X4-X7)."""
