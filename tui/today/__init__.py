"""What needs somebody now: the first screen, and tasks."""
