"""The verbs of the command line, one file each. They read arguments, call the machine and print; nothing else."""

from __future__ import annotations

# Verb -> (module, what it is for), in the order of `segue --help`; "" begins a group.
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "A project": {
        "init": ("init", "Make a small project to start from"),
        "check": ("check", "Check the rules; tell every problem of every file"),
        "fmt": ("fmt", "Write rule files in their one layout"),
        "explain": ("explain", "Tell a rule in plain English with its SQL, or the story of a message"),
        "test": ("test", "Run the rule tests, in virtual time"),
        "lsp": ("lsp", "Serve an editor: findings, completion, renaming, by the Language Server Protocol"),
        "demo": ("demo", "See it all at work: a made-up shop, 60 days in seconds"),
        "docs": ("docs", "Build the documentation as a site; in a clone"),
    },
    "Its store": {
        "migrate": ("migrate", "Bring the store to the schema"),
        "import": ("import_", "Load a CSV file by a map"),
        "delete": ("delete", "Delete a record for good; figures stay"),
        "vacuum": ("vacuum", "Let go what is over for long, and nothing that is still needed"),
    },
    "At work": {
        "plan": ("plan", "Show what a run would do; write nothing"),
        "run": ("run", "Run the rules, on the real or the virtual clock"),
        "enroll": ("enroll", "Put somebody into a sequence or workflow by hand"),
        "enrollments": ("enrollments", "List enrollments; pause, resume or unenroll them"),
        "tasks": ("tasks", "List what people have to do; mark it done or skipped"),
        "notices": ("notices", "List what rules told people"),
        "playbook": ("playbook", "Run a playbook: its script, questions and answers; drafts and edits"),
        "form": ("form", "Fill in a form: whose it is, what it writes, what follows"),
        "survey": ("survey", "Invite to a survey, take an answer, tell the figures"),
        "note": ("note", "Write a note on a record; list what was noted"),
        "snippet": ("snippet", "Call up a text by its shortcut, such as #suc"),
        "ticket": ("ticket", "Tickets in their pipelines: list, make, move, assign and close them"),
        "deal": ("deal", "Deals in their pipelines: the same"),
        "broadcast": ("broadcast", "Send one mail to many, after a look at who gets it"),
        "outbox": ("outbox", "List what is on its way; settle what nobody knows the outcome of"),
        "hygiene": ("hygiene", "Find what is wrong with records; put it right, or look at it"),
    },
    "To see": {
        "status": ("status", "Say where the store stands"),
        "segments": ("segments", "List segments, or the members of one"),
        "report": ("report", "Show a report of the rules, or the figures of sequences"),
        "dashboard": ("dashboard", "Show the reports that belong together"),
        "why": ("why", "Say why somebody is, or is not, in a definition"),
        "audit": ("audit", "List what people did by hand, and what they were not allowed"),
        "tui": ("tui", "Do all of it in a terminal app"),
    },
}
VERBS = {verb: entry for group in GROUPS.values() for verb, entry in group.items()}


def overview() -> str:
    """The text of `segue --help`."""
    lines = ["Usage: segue VERB ..", "", "Segments, sequences and workflows over a CRM, declared in text."]
    for title, verbs in GROUPS.items():
        lines += ["", title, *(f"  {verb:<12} {words}" for verb, (_, words) in verbs.items())]
    lines += ["", "`segue VERB --help` says more about each.  `segue --version` tells the version."]
    lines += ["Exit codes: 0 done, 1 something was found, 2 it could not be done, and a sentence says why."]
    return "\n".join(lines)
