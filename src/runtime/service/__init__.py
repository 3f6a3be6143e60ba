"""A store in service: the worker and its journal, where it stands, and its upkeep."""
