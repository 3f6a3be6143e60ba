"""Broadcasts: who would get one and who not, before it is sent; sending it; how those that were sent stand (L14).

The engine runs a broadcast as a definition of one step (`dsl.program.broadcasting`), so that its mails have steps, an
outbox, figures and reasons like all others.
"""
