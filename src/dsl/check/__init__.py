"""The checker: syntax and schema in, a program and findings out. `project.check_project` is its door.

    declarations   every name of the project, one namespace per kind
    conditions     names found, comparisons typed       -> Placed: the compiled condition with its places
      literals, comparisons, events, linked, membership, paths
    whole          what only shows in a whole condition: contradictions, missing (X29), stage_names (X33)
    segments, templates, definitions
      triggers, settings, guards, statements, dynamic, writes, texts, link_tags -> graphs
    circles, starts, absence (X8), pruned: what only shows across declarations

Two conventions hold in all of it. A function that returns None has told why, or met what was told before: nothing
that follows from a mistake is told again. And nobody after this room reads syntax.
"""
