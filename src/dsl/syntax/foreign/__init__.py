"""What other languages, spreadsheets and plain speech write: understood, reported, and mended where it is sure."""
