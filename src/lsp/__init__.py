"""The language server: what an editor asks, answered from the checker's own findings.

`handlers` speak the protocol, one file a request, and are thin; beside them stand the pure functions they call, which
know texts, offsets and names but no protocol. `project` and `projects` know which files there are and what is in them.
"""
