"""The machine that runs programs against a CRM store. Gets its clock, store and channels handed in."""
