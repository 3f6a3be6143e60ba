"""The blocks of a definition: how a group of enrollments takes one, and what it asks for (X12, X23)."""
