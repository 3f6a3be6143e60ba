"""Why one record is in a definition or a segment, or is not: conditions proved part by part, and what was done."""
