"""From rule files to what the engine runs: versions, the first look at everybody, and edits (X26)."""
