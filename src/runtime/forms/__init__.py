"""Forms: who sent one is found by the e-mail address, and nobody loses by what was said (P13, X27)."""
