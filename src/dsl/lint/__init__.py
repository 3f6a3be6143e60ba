"""The linter: what is allowed and most likely not meant. Pure, like all of the language; stands above the checker."""
