"""How the machine stands: its worker, its rules, what is late or failed, and who did what."""
