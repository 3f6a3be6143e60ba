"""The compiled form: one typed tree that the SQL compiler, the linter, the explainer and the engine all read."""
