"""The page of one record, whatever it is: who it is, what it is linked to, what happened and what may be done."""
