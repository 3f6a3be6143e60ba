"""What leaves the machine: texts rendered, mails composed, handed to a channel. No clock, no store."""
