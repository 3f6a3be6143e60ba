"""The language: text and schema in; tree, program and diagnostics out.

Pure. Nothing here opens a file, asks the clock, a database or the environment.
"""
