"""The rule files of a project checked again, mended and laid out."""
