"""Who may do what, and what people did: roles, and the log of acts (X9, decision 0033)."""
