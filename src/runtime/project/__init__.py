"""A project on disk: its files, its rules as the engine runs them, its store and its channel."""
