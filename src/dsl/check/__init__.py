"""The checker: syntax and schema in, a program and findings out. `project.check_project` is its door.

    declarations   every name of the project, one namespace per kind
    conditions     names found, comparisons typed       -> Placed: the compiled condition with its places
      forms        one reader a form of condition: comparisons, value_tests, date_tests, has, history, ..
      operands     what is compared: paths, aggregates, counts, scores, functions; literals: what it is compared with
    whole          what only shows in a whole condition: contradictions, missing (X29), stage_names (X33)
      claims -> allowed -> clashes: the tests it makes, what each allows of a value, which cannot hold together
    segments, templates, definitions
      triggers, schedules, settings, guards, entry_guards, dynamic, texts, link_tags
      statements: flow, waiting, mailing, writes, creating, linking, telling, enrolling -> graphs
    circles, starts, many_writers (X23), absence (X8), asked_consent (X24): what only shows across declarations

Two conventions hold in all of it. A function that returns None has told why, or met what was told before: nothing
that follows from a mistake is told again. And nobody after this room reads syntax.
"""
