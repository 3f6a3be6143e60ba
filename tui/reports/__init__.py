"""Reports and dashboards of the rules (P14)."""
