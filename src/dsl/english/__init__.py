"""Compiled rules in words: as an author would write them (`phrases`), and in plain English (`sentences`, `steps`)."""
